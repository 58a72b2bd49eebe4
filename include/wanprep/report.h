/*
 * Reports: a preflight as text for people or as a document for programs.
 */
#ifndef WANPREP_REPORT_H
#define WANPREP_REPORT_H

#include <stdbool.h>
#include <stddef.h>

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

#ifdef __cplusplus
}
#endif
#endif
