/*
 * Reports: a preflight as text for people or as a document for programs.
 */
#ifndef WANPREP_REPORT_H
#define WANPREP_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "wanprep/job.h"
#include "wanprep/preflight.h"
#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum wp_report_format {
    WP_REPORT_TEXT,   /**< for people; may change */
    WP_REPORT_JSON,   /**< schema wanprep.check/1, see docs/check.schema.json */
    WP_REPORT_JUNIT,  /**< JUnit XML, one test case a rule that ran */
    WP_REPORT_GITHUB, /**< GitHub Actions workflow commands */
};

struct wp_report_options {
    bool color;   /**< ANSI colours (text only) */
    bool verbose; /**< facts and notes too (text only) */
    bool quiet;   /**< findings only, nothing if there are none (text only) */
};

/** Reads "text", "json", "junit" or "github". False, and *out untouched, if text is none. */
WP_API bool wp_report_format_parse(enum wp_report_format *out, const char *text);

/**
 * Writes a report. *out is a NUL-terminated string of *length bytes that ends with a newline (quiet text may
 * be empty); the caller frees it with wp_free(). Fails with WP_NOMEM only.
 */
WP_API enum wp_status wp_report_write(char **out, size_t *length, const struct wp_preflight *preflight,
                                      enum wp_report_format format, const struct wp_report_options *options,
                                      struct wp_error *error);

/** What came of a whole run, as far as it went. Everything is borrowed; NULL is "there is none". */
struct wp_run_report {
    enum wp_status status;
    const char *message;                  /**< why, where status is not WP_OK */
    bool dry_run;                         /**< nothing was to be sent */
    const struct wp_preflight *preflight; /**< NULL: skipped */
    const char *request;                  /**< of wp_job_describe() */
    const struct wp_cost *cost;           /**< the estimate */
    bool cost_is_ceiling;                 /**< the duration is not known: it costs at most that */
    const struct wp_job_result *result;   /**< NULL: no job was begun */
    const struct wp_cost *billed;         /**< what the seconds that the service counted come to */
};

/**
 * Writes a run as a JSON document, schema wanprep.run/1 (docs/run.schema.json). *out is freed with wp_free().
 * Fails with WP_NOMEM or WP_INTERNAL.
 */
WP_API enum wp_status wp_report_run(char **out, size_t *length, const struct wp_run_report *run,
                                    struct wp_error *error);

#ifdef __cplusplus
}
#endif
#endif
