/*
 * What came of the rows of a manifest, in the manifest's own format.
 */
#ifndef WANPREP_RESULTS_H
#define WANPREP_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/job.h"
#include "wanprep/manifest.h"
#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What came of one row. Strings are borrowed; NULL or "" is "there is none". */
struct wp_row_result {
    enum wp_status status;
    bool has_state; /**< a job was begun */
    enum wp_job_state state;
    const char *task_id;
    const char *result; /**< path of the video */
    bool has_billed_seconds;
    double billed_seconds;
    bool has_amount;
    uint64_t amount;  /**< what the billed seconds come to, in thousandths of the region's currency */
    const char *code; /**< of the service, or the rule that rejected the row */
    const char *message;
};

/**
 * The text that a results file begins with: the header line of CSV; "" for JSON Lines. *out, of *length
 * bytes, is freed with wp_free(). Fails with WP_NOMEM only.
 */
WP_API enum wp_status wp_results_header(char **out, size_t *length, const struct wp_manifest *manifest,
                                        struct wp_error *error);

/**
 * One row of a results file, with its line break: the columns or members of the row in the manifest as they
 * are, and then status, state, task_id, result, billed_seconds, amount, code and message, which take the
 * place of columns or members of the same names. So a results file is a manifest again. Of a row that could
 * not be read the manifest's columns are empty where they are not known. In CSV a text of ours that a
 * spreadsheet would take for a formula gets an apostrophe in front, a path "./". Fails with WP_NOMEM only.
 */
WP_API enum wp_status wp_results_row(char **out, size_t *length, const struct wp_manifest *manifest,
                                     size_t index, const struct wp_row_result *result,
                                     struct wp_error *error);

#ifdef __cplusplus
}
#endif
#endif
