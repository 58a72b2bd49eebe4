/* Rows of a results file, form by form. */
#ifndef WP_MANIFEST_RESULTS_H
#define WP_MANIFEST_RESULTS_H

#include "base/buf.h"
#include "manifest/rows.h"
#include "wanprep/results.h"

/** The names of what is added to a row, in their order. */
enum wp_result_column {
    WP_RESULT_STATUS,
    WP_RESULT_STATE,
    WP_RESULT_TASK_ID,
    WP_RESULT_RESULT,
    WP_RESULT_BILLED_SECONDS,
    WP_RESULT_AMOUNT,
    WP_RESULT_CODE,
    WP_RESULT_MESSAGE,
    WP_RESULT_COLUMNS
};

/** Static storage. */
const char *wp_result_column_name(enum wp_result_column column);

/** The text of a column; NULL where the row has none, or it is a number. */
const char *wp_result_text(const struct wp_row_result *result, enum wp_result_column column);

/** The number of a column, in thousandths. False where the row has none, or it is a text. */
bool wp_result_number(uint64_t *thousandths, const struct wp_row_result *result,
                      enum wp_result_column column);

void wp_results_csv_header(struct wp_buf *out, const struct wp_manifest *manifest);
void wp_results_csv_row(struct wp_buf *out, const struct wp_manifest *manifest, size_t index,
                        const struct wp_row_result *result);
void wp_results_jsonl_row(struct wp_buf *out, const struct wp_manifest *manifest, size_t index,
                          const struct wp_row_result *result);

#endif
