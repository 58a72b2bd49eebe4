/* Tasks by their id, with a clock of the caller's. */
#ifndef WP_JOB_TASK_H
#define WP_JOB_TASK_H

#include "job/work.h"
#include "wanprep/task.h"

/* What is done with a task. */
enum wp_deed {
    WP_DEED_WAIT,
    WP_DEED_STATUS,
    WP_DEED_DOWNLOAD,
    WP_DEED_CANCEL,
};

enum wp_status wp_task_do(struct wp_job_result *result, struct wp_client *client, const char *task_id,
                          const struct wp_job_options *options, enum wp_deed deed,
                          const struct wp_clock *clock, struct wp_error *error);

/* Finds the job of a task, or makes a record for one that was made elsewhere, if the service knows it: its
 * job id is then in work->job->record. looks: how often an UNKNOWN is asked again, since a task that was just
 * made may not be known everywhere yet. Takes nothing up. WP_TASK_EXPIRED: nobody knows it. */
enum wp_status wp_task_find(struct wp_work *work, const char *task_id, unsigned looks,
                            struct wp_error *error);

/* Asks for the task of work->job->record once, its status word into the record; and records the answer if the
 * job is taken up. Fails as wp_job_look() where the task has ended badly, and with WP_TASK_EXPIRED where the
 * service does not know it. */
enum wp_status wp_task_ask(struct wp_work *work, struct wp_error *error);

/* Asks the service to cancel the task of work->job->record, and records what came of it. */
enum wp_status wp_task_call_off(struct wp_work *work, struct wp_error *error);

#endif
