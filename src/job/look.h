/* What the service says of a task, and what that makes of a job. */
#ifndef WP_JOB_LOOK_H
#define WP_JOB_LOOK_H

#include "job/job.h"

/* An answer to a query. Large. */
struct wp_reply {
    const char *task_id; /* of which task */
    int64_t asked_ms;    /* monotonic */
    struct wp_task_answer task;
    struct wp_buf body; /* as it came */
};

struct wp_reply wp_reply_new(void);
void wp_reply_free(struct wp_reply *reply);

/* Asks for the task of job->record, and again where that may help; changes nothing. */
enum wp_status wp_job_ask(struct wp_job *job, struct wp_reply *reply, struct wp_error *error);

/* SUBMITTED: records what a reply says. As wp_job_look(). */
enum wp_status wp_job_take_reply(struct wp_job *job, const struct wp_reply *reply, struct wp_error *error);

#endif
