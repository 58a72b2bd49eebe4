/*
 * Tasks by their id, whoever made them, and lists of tasks.
 *
 * A task that this output folder knows is the job that made it. One that was made elsewhere gets a record
 * without inputs as soon as the service knows it, so that nothing about it is lost either. Records of a
 * service other than the client's are refused (WP_NO_KEY): an id means nothing there.
 */
#ifndef WANPREP_TASK_H
#define WANPREP_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "wanprep/client.h"
#include "wanprep/job.h"
#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Whether text can be a task's id: 1 to 127 letters, digits, '-', '_' and '.', not beginning with '.'. What
 * is none is WP_USAGE everywhere below. */
WP_API bool wp_task_id_is_valid(const char *text);

/**
 * Waits until the task has ended, for up to options->timeout_ms. WP_OK: it succeeded. Fails as wp_job_run();
 * WP_TASK_EXPIRED: the service does not know it (any more).
 */
WP_API enum wp_status wp_task_wait(struct wp_job_result *result, struct wp_client *client,
                                   const char *task_id, const struct wp_job_options *options,
                                   struct wp_error *error);

/**
 * Asks once what the task's status is: result->task_status. WP_OK whatever the status, but WP_TASK_EXPIRED if
 * the service does not know the task. The answer is recorded, unless another process is at work on the task,
 * which will see for itself.
 */
WP_API enum wp_status wp_task_status(struct wp_job_result *result, struct wp_client *client,
                                     const char *task_id, const struct wp_job_options *options,
                                     struct wp_error *error);

/** Fetches the result of a task that has succeeded, and verifies it. Waits for no task: one that goes on is
 * WP_TIMEOUT. Else as wp_job_run(). */
WP_API enum wp_status wp_task_download(struct wp_job_result *result, struct wp_client *client,
                                       const char *task_id, const struct wp_job_options *options,
                                       struct wp_error *error);

/**
 * Cancels a task that is still PENDING. WP_OK: it is cancelled (also if it was before), or the service has
 * accepted that and does not show it yet: see result->task_status. WP_REFUSED: it is not PENDING any more.
 */
WP_API enum wp_status wp_task_cancel(struct wp_job_result *result, struct wp_client *client,
                                     const char *task_id, const struct wp_job_options *options,
                                     struct wp_error *error);

/** Takes one job. The result is valid during the call. False: no more. */
typedef bool wp_task_local_fn(void *user, const struct wp_job_result *result);

/**
 * Gives the jobs of an output folder (NULL: "output"), or of a store (as wp_job_options.store): those whose
 * result waits to be fetched first, what expires first before the others; then what is under way, oldest
 * first; then what is over, newest first (not with unfinished). Makes nothing: where there is no folder there
 * are no jobs. Fails with WP_OUTPUT, WP_NOMEM.
 */
WP_API enum wp_status wp_tasks_local(const char *output_dir, const char *store, bool unfinished,
                                     wp_task_local_fn *each, void *user, struct wp_error *error);

/** A task as the service lists it. Texts are valid during the call. Times since the epoch; 0: not said. */
struct wp_remote_task {
    const char *task_id;
    const char *task_status; /**< "PENDING", … */
    const char *request_id;  /**< of the create; "" if not said */
    int64_t created_ms, started_ms, ended_ms;
    bool is_ours;            /**< the output folder has a job of it */
    enum wp_job_state state; /**< of that */
};

typedef bool wp_task_remote_fn(void *user, const struct wp_remote_task *task);

/** No more of the service's tasks are read. */
#define WP_MAX_REMOTE_TASKS 2000

/**
 * Gives the tasks of the model that the service made for the account within the last 24 hours, as it sorts
 * them. *more: there are more than WP_MAX_REMOTE_TASKS. Fails as any call of the service, and with WP_OUTPUT.
 */
WP_API enum wp_status wp_tasks_remote(struct wp_client *client, const char *output_dir, const char *store,
                                      wp_task_remote_fn *each, void *user, bool *more,
                                      struct wp_error *error);

#ifdef __cplusplus
}
#endif
#endif
