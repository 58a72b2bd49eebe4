/*
 * The table of jobs: one list of columns makes the table of both backends, its migrations, the statements,
 * and both ways between row and record.
 */
#ifndef WP_STORE_COLUMNS_H
#define WP_STORE_COLUMNS_H

#include <stddef.h>

#include "base/buf.h"
#include "store/store.h"

/* The version of the layout. A database of an older one is brought up to it when it is opened. */
#define WP_SCHEMA_VERSION 2

/* The type of the field of struct wp_job_record. */
enum wp_column_kind {
    WP_COLUMN_TEXT, /* an array of char */
    WP_COLUMN_INT64,
    WP_COLUMN_STATE, /* enum wp_job_state */
    WP_COLUMN_MODE,  /* enum wp_mode */
    WP_COLUMN_BOOLEAN,
    WP_COLUMN_REAL,
    WP_COLUMN_KINDS,
};

struct wp_column {
    const char *name;
    enum wp_column_kind kind;
    int since;           /* the version of the layout that brought it */
    size_t offset, size; /* in struct wp_job_record */
};

/* What differs from one SQL to another. */
struct wp_dialect {
    const char *jobs; /* the table's name, and the beginning of its indexes' names */
    const char *types[WP_COLUMN_KINDS];
    bool typed; /* parameters are $1::TYPE, else ?1 */
    const char
        *row_number; /* a further column "rowid" that counts the rows, where a table has none by itself */
    const char *table_end;
};

/* The columns, in the order of the statements' parameters and results. Static storage. */
const struct wp_column *wp_columns(size_t *count);

/* What a record is looked up by. */
enum wp_lookup { WP_LOOKUP_KEY, WP_LOOKUP_JOB, WP_LOOKUP_TASK, WP_LOOKUPS };

/* SELECT of all columns of the record that has parameter 1 as its key, job id or task id. */
void wp_columns_write_find(struct wp_buf *sql, const struct wp_dialect *dialect, enum wp_lookup by);

/* SELECT of all columns, and rowid behind them, of the next rows of a filter: those behind created_ms and
 * rowid (parameters 1 and 2), at most parameter 3 many. */
void wp_columns_write_next(struct wp_buf *sql, const struct wp_dialect *dialect, enum wp_store_filter filter);

/* Whether the filter goes from new to old. */
bool wp_filter_is_backward(enum wp_store_filter filter);

/* The condition of a filter, "state = 3" say. */
void wp_columns_write_filter(struct wp_buf *sql, enum wp_store_filter filter);

/* INSERT, or UPDATE where there is the job_id already, of one record; source follows SELECT and the
 * parameters. */
void wp_columns_write_put(struct wp_buf *sql, const struct wp_dialect *dialect, const char *source);

/* What brings the table of jobs from the version before (0: there is none) to this one, with its indexes. */
void wp_columns_write_step(struct wp_buf *sql, const struct wp_dialect *dialect, int version);

#endif
