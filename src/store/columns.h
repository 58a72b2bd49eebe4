/*
 * The columns of the table of jobs: one list makes the table, the statements, and both ways between row and
 * record.
 */
#ifndef WP_STORE_COLUMNS_H
#define WP_STORE_COLUMNS_H

#include <stddef.h>

#include "base/buf.h"

/* The type of the field of struct wp_job_record. */
enum wp_column_kind {
    WP_COLUMN_TEXT, /* an array of char */
    WP_COLUMN_INT64,
    WP_COLUMN_STATE, /* enum wp_job_state */
    WP_COLUMN_MODE,  /* enum wp_mode */
    WP_COLUMN_BOOLEAN,
    WP_COLUMN_REAL,
};

struct wp_column {
    const char *name;
    enum wp_column_kind kind;
    size_t offset, size; /* in struct wp_job_record */
};

/* The columns, in the order of the statements' parameters and results. Static storage. */
const struct wp_column *wp_columns(size_t *count);

/* SELECT of all columns; rest is what follows FROM jobs. */
void wp_columns_write_select(struct wp_buf *sql, const char *rest);

/* INSERT, or UPDATE where there is the job_id already. */
void wp_columns_write_put(struct wp_buf *sql);

/* CREATE TABLE, with its indexes. */
void wp_columns_write_table(struct wp_buf *sql);

#endif
