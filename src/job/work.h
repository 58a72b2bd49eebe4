/* Blocking work on one job: taking it up, however long another process has it, and stepping it to a goal. */
#ifndef WP_JOB_WORK_H
#define WP_JOB_WORK_H

#include "job/step.h"

struct wp_work {
    struct wp_site site;
    struct wp_job *job;
    bool waiting; /* since when the task, or whoever has the job, is waited for */
    int64_t since_ms;
};

/* Everything is borrowed. Ended with wp_work_end() in every case. The site is opened by the caller, if it
 * comes to that: wp_work_open_site(). WP_NOMEM. */
enum wp_status wp_work_begin(struct wp_work *work, struct wp_client *client,
                             const struct wp_job_options *options, const struct wp_clock *clock,
                             struct wp_error *error);

enum wp_status wp_work_open_site(struct wp_work *work, struct wp_error *error);

/* As wp_job_open() and wp_job_take(), but waits while somebody else is at work on the job: WP_TIMEOUT when
 * the time is up. A job of another service than the client's is WP_NO_KEY. */
enum wp_status wp_work_open(struct wp_work *work, bool *joined, struct wp_error *error);
enum wp_status wp_work_take(struct wp_work *work, const char *job_id, struct wp_error *error);

/* Steps the job until it has come to a goal, or to its end. */
enum wp_status wp_work_go(struct wp_work *work, enum wp_job_goal goal, struct wp_error *error);

/* Leaves the job, and fills *result (NULL is fine) with what is known of it. */
void wp_work_end(struct wp_work *work, struct wp_job_result *result);

#endif
