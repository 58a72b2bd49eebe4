/*
 * Reports: a preflight as text for people or as a document for programs.
 */
#ifndef WANPREP_REPORT_H
#define WANPREP_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/job.h"
#include "wanprep/preflight.h"
#include "wanprep/status.h"
#include "wanprep/task.h"

#ifdef __cplusplus
extern "C" {
#endif

enum wp_report_format {
    WP_REPORT_TEXT,   /**< for people; may change */
    WP_REPORT_JSON,   /**< schema wanprep.check/1, see docs/check.schema.json */
    WP_REPORT_JUNIT,  /**< JUnit XML, one test case a rule that ran */
    WP_REPORT_JSONL,  /**< one line of wanprep.check/1 a pair */
    WP_REPORT_SARIF,  /**< SARIF 2.1.0 */
    WP_REPORT_HTML,   /**< one self-contained page, with the small pictures that the preflight has */
    WP_REPORT_GITHUB, /**< GitHub Actions workflow commands */
};

struct wp_report_options {
    bool color;   /**< ANSI colours (text only) */
    bool verbose; /**< facts and notes too (text only) */
    bool quiet;   /**< findings only, nothing if there are none (text only) */
    int64_t
        wall_ms; /**< when the report is made, in ms since the Unix epoch; 0: it is not said (HTML only) */
};

/** Reads "text", "json", "jsonl", "junit", "github", "sarif" or "html". False, and *out untouched, if text is
 * none. */
WP_API bool wp_report_format_parse(enum wp_report_format *out, const char *text);

/**
 * Writes a report of one pair. *out is a NUL-terminated string of *length bytes that ends with a newline
 * (quiet text may be empty); the caller frees it with wp_free(). Fails with WP_NOMEM only.
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

/** What is known of a task or a job. Everything is borrowed; NULL is "there is none". */
struct wp_task_report {
    bool has_status; /**< something was done with it, and came to status */
    enum wp_status status;
    const char *message;                 /**< why, where status is not WP_OK */
    const struct wp_job_result *result;  /**< what the output folder knows */
    const struct wp_limits *limits;      /**< for prices; NULL: wp_limits_default() */
    const struct wp_remote_task *remote; /**< what the service lists */
};

/**
 * Writes a task as a JSON document on one line, schema wanprep.task/1 (docs/task.schema.json). *out is freed
 * with wp_free(). Fails with WP_NOMEM.
 */
WP_API enum wp_status wp_report_task(char **out, size_t *length, const struct wp_task_report *task,
                                     struct wp_error *error);

/** What came of one row of a batch, or of one job of a worker. */
struct wp_batch_row_report {
    size_t row;        /**< from 1 */
    size_t line;       /**< at which it begins in the manifest; 0: there is none */
    const char *image; /**< as in struct wp_manifest_row; NULL: there is none */
    const char *video;
    struct wp_run_report run;
};

/** Writes a row as one line of JSON, schema wanprep.batch/1 (docs/batch.schema.json). Fails as
 * wp_report_run(). */
WP_API enum wp_status wp_report_batch_row(char **out, size_t *length, const struct wp_batch_row_report *row,
                                          struct wp_error *error);

/** How many rows have a status. */
struct wp_status_count {
    enum wp_status status;
    size_t count;
};

/** What came of a whole batch. Everything is borrowed; amounts are in thousandths of the currency. */
struct wp_batch_report {
    enum wp_status status; /**< of the worst row, or why it ended early */
    const char *message;   /**< why, where status is not WP_OK; NULL: the rows tell */
    bool dry_run;
    size_t rows;
    const struct wp_status_count *counts; /**< those of no rows are left out */
    size_t count_count;
    const char *currency; /**< NULL: nothing is known of prices */
    bool has_estimate;
    uint64_t estimate; /**< of the rows that are not rejected */
    bool estimate_is_ceiling;
    bool has_spent;
    uint64_t spent;    /**< as billed */
    uint64_t reserved; /**< for tasks that go on, or may */
    bool has_max_cost;
    uint64_t max_cost;
    const char *results; /**< path of the results file; NULL: none was written */
    int64_t elapsed_ms;
};

/** Writes the last line of a batch, schema wanprep.batch/1. Fails as wp_report_run(). */
WP_API enum wp_status wp_report_batch(char **out, size_t *length, const struct wp_batch_report *batch,
                                      struct wp_error *error);

/**
 * The sentence of the finding that weighs most, without control bytes, cut to size; for people. False, and
 * "", if there is no error among the findings.
 */
WP_API bool wp_report_reason(char *out, size_t size, const struct wp_preflight *preflight);

/** Takes a part of a report; false stops with WP_OUTPUT. */
typedef bool wp_report_sink_fn(void *user, const char *bytes, size_t length);

/** A report of many pairs that is being written. */
struct wp_report;

/**
 * Begins a report of many pairs: wp_report_add() for each, then wp_report_end(). Each hands what it wrote to
 * the sink before it returns, so memory stays flat; WP_REPORT_JSON holds the first pair back, since it gives
 * one document if there is one pair and JSON Lines if there are more. *out is freed with wp_report_free().
 * They fail with WP_NOMEM or WP_OUTPUT (the sink said no); after that a report can only be freed.
 */
WP_API enum wp_status wp_report_new(struct wp_report **out, enum wp_report_format format,
                                    const struct wp_report_options *options, wp_report_sink_fn *sink,
                                    void *user, struct wp_error *error);
WP_API enum wp_status wp_report_add(struct wp_report *report, const struct wp_preflight *preflight,
                                    struct wp_error *error);
WP_API enum wp_status wp_report_end(struct wp_report *report, struct wp_error *error);

/** Frees a report. NULL is fine. */
WP_API void wp_report_free(struct wp_report *report);

#ifdef __cplusplus
}
#endif
#endif
