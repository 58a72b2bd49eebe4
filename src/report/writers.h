/*
 * One writer a format: what it does at the beginning, for each pair, and at the end. All append to the
 * report's buffer, whose failures stick (base/buf.h) and which is handed to the sink after each step.
 */
#ifndef WP_REPORT_WRITERS_H
#define WP_REPORT_WRITERS_H

#include "base/buf.h"
#include "wanprep/report.h"
#include "json/json.h"

/** What was added so far. */
struct wp_report_totals {
    size_t pairs;
    size_t rejected;
    size_t errors;
    size_t warnings;
    size_t notes;
};

/** What the page says of all pairs. */
struct wp_page_sums {
    char profile[64];
    enum wp_depth depth;
    char currency[8];
    enum wp_mode mode;
    bool has_both_modes;  /**< rows of a manifest may name their own */
    uint64_t milli_total; /**< of the accepted pairs */
};

struct wp_report {
    const struct wp_writer *writer;
    struct wp_report_options options;
    wp_report_sink_fn *sink;
    void *user;
    struct wp_buf buf;              /**< what was not handed over yet */
    enum wp_status failed;          /**< sticks */
    struct wp_report_totals totals; /**< the pair that is being added is counted */
    bool has_blocks;                /**< text: something was written */
    struct wp_preflight *first;     /**< JSON: the only pair so far; owned */
    struct wp_json_writer json;     /**< SARIF: the document that is open */
    struct wp_page_sums page;       /**< HTML */
};

/** The steps of a format; NULL is nothing to do. */
struct wp_writer {
    const char *name; /**< as users write it */
    void (*begin)(struct wp_report *report);
    void (*add)(struct wp_report *report, const struct wp_preflight *preflight);
    void (*end)(struct wp_report *report);
};

extern const struct wp_writer wp_writer_text;
extern const struct wp_writer wp_writer_json;
extern const struct wp_writer wp_writer_jsonl;
extern const struct wp_writer wp_writer_junit;
extern const struct wp_writer wp_writer_sarif;
extern const struct wp_writer wp_writer_html;
extern const struct wp_writer wp_writer_github;

/** "image.jpg and video.mp4", fit for a terminal and without secrets. */
void wp_writer_names(struct wp_buf *out, const struct wp_preflight *preflight);

/** "2 errors". */
void wp_writer_count(struct wp_buf *out, size_t count, const char *noun);

/** "3 pairs: 2 accepted, 1 rejected; 1 error, 4 warnings". */
void wp_writer_totals(struct wp_buf *out, const struct wp_report_totals *totals);

#endif
