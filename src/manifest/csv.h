/* CSV as RFC 4180 has it, one record after the other. Lines may also end with LF alone. */
#ifndef WP_MANIFEST_CSV_H
#define WP_MANIFEST_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define WP_CSV_MAX_FIELDS 64

struct wp_csv {
    const char *at, *end;
    size_t line;        /**< of at, from 1 */
    struct wp_buf text; /**< the fields of the last record, each with a NUL behind it */
};

/** One record. Fields are borrowed until the next one is read. */
struct wp_csv_record {
    size_t line;         /**< at which it begins */
    const char *problem; /**< why it is none; the fields then say nothing. Static storage; NULL: it is fine */
    size_t count;
    const char *fields[WP_CSV_MAX_FIELDS];
};

/** A reader of bytes, which stay the caller's. Freed with wp_buf_free(&csv.text). */
struct wp_csv wp_csv_new(const char *bytes, size_t len);

/**
 * Reads the next record. After a problem the reader goes on behind the line where it came to light. False:
 * there is none any more, or memory is out (csv->text.failed).
 */
bool wp_csv_next(struct wp_csv *csv, struct wp_csv_record *record);

#endif
