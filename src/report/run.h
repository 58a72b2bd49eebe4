/* What documents about a job have in common. */
#ifndef WP_REPORT_RUN_H
#define WP_REPORT_RUN_H

#include "base/buf.h"
#include "wanprep/report.h"
#include "json/json.h"

/* A preflight's document and a request are a few KB; paths and messages are bounded by their arrays. */
#define WP_RUN_CEILING ((size_t)1 << 20)

/** Puts what came of a run as members of an open object. Fails as wp_report_run(). */
enum wp_status wp_run_put(struct wp_json_writer *json, const struct wp_run_report *run,
                          struct wp_error *error);

/** Hands a finished document over, or frees it. Fails as wp_report_run(). */
enum wp_status wp_run_hand_over(char **out, size_t *length, struct wp_buf *buf, struct wp_error *error);

#endif
