/* Members of documents about jobs. */
#ifndef WP_REPORT_JOB_H
#define WP_REPORT_JOB_H

#include "wanprep/job.h"
#include "wanprep/limits.h"
#include "json/json.h"

/** A member, if there is a text. */
void wp_put_text(struct wp_json_writer *json, const char *name, const char *text);

/** An object that is left open for more members. */
void wp_begin_cost(struct wp_json_writer *json, const char *name, const struct wp_cost *cost);

/** The members that tell what a job is known by, and where its files are. */
void wp_put_result(struct wp_json_writer *json, const struct wp_job_result *result);

#endif
