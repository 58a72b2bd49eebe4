#include "job/task.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "dashscope/fields.h"
#include "job/look.h"

#include "base/banned.h"

#define LOOKS_FOR_UNKNOWN 3

bool wp_task_id_is_valid(const char *text)
{
    return text && wp_is_task_id(text);
}

enum wp_status wp_task_ask(struct wp_work *work, struct wp_error *error)
{
    struct wp_job *job = work->job;
    struct wp_reply *reply = wp_malloc(sizeof *reply);
    if (!reply)
        return wp_fail_nomem(error, "query");
    *reply = wp_reply_new();
    enum wp_status status = wp_job_ask(job, reply, error);
    bool unknown = status == WP_OK && reply->task.status == WP_TASK_STATUS_UNKNOWN;
    if (status == WP_OK && wp_job_is_held(job) && job->record.state == WP_JOB_SUBMITTED)
        status = wp_job_take_reply(job, reply, error);
    else if (status == WP_OK)
        (void)wp_text_copy(job->record.task_status, sizeof job->record.task_status, reply->task.status_word);
    if (status == WP_OK && unknown)
        status =
            wp_fail(error, WP_TASK_EXPIRED, "task",
                    "the service does not know the task %s (any more): tasks and results are kept for 24 "
                    "hours",
                    job->record.task_id);
    wp_reply_free(reply);
    wp_free(reply);
    return status;
}

/* Whatever it is, it was told. */
static enum wp_status tell_status(struct wp_work *work, struct wp_error *error)
{
    bool taken = false;
    enum wp_status status = wp_job_take(work->job, work->job->record.job_id, &taken, error);
    if (status == WP_OK && !taken)
        status = wp_job_peek(work->job, work->job->record.job_id, error);
    if (status == WP_OK)
        status = wp_task_ask(work, error);
    return status == WP_TASK_FAILED || status == WP_TASK_CANCELED || status == WP_BAD_RESULT ? WP_OK : status;
}

static enum wp_status fetch(struct wp_work *work, struct wp_error *error)
{
    struct wp_job *job = work->job;
    enum wp_status status = wp_job_reopen(job, error);
    if (status == WP_OK && job->record.state == WP_JOB_SUBMITTED)
        status = wp_task_ask(work, error);
    if (status == WP_OK && job->record.state == WP_JOB_SUBMITTED)
        return wp_fail(error, WP_TIMEOUT, "download",
                       "the task %s is %s: it has no result yet; wait for it and download then",
                       job->record.task_id, job->record.task_status);
    return status == WP_OK ? wp_work_go(work, WP_GOAL_DONE, error) : status;
}

static enum wp_status do_deed(struct wp_work *work, enum wp_deed deed, struct wp_error *error)
{
    enum wp_status status = WP_OK;
    switch (deed) {
    case WP_DEED_STATUS:
        return tell_status(work, error);
    case WP_DEED_CANCEL:
        return wp_task_call_off(work, error);
    case WP_DEED_WAIT:
        status = wp_work_take(work, work->job->record.job_id, error);
        return status == WP_OK ? wp_work_go(work, WP_GOAL_SUCCEEDED, error) : status;
    case WP_DEED_DOWNLOAD:
        status = wp_work_take(work, work->job->record.job_id, error);
        return status == WP_OK ? fetch(work, error) : status;
    }
    return wp_fail(error, WP_INTERNAL, "task", "an unknown deed");
}

enum wp_status wp_task_do(struct wp_job_result *result, struct wp_client *client, const char *task_id,
                          const struct wp_job_options *options, enum wp_deed deed,
                          const struct wp_clock *clock, struct wp_error *error)
{
    struct wp_work work;
    memset(result, 0, sizeof *result);
    if (!wp_task_id_is_valid(task_id))
        return wp_fail(error, WP_USAGE, "task",
                       "'%.200s' is no task id: that is up to 127 letters, digits, '-', '_' and '.'",
                       task_id ? task_id : "");
    enum wp_status status = wp_work_begin(&work, client, options, clock, error);
    if (status == WP_OK)
        status = wp_work_open_site(&work, error);
    if (status == WP_OK)
        status = wp_task_find(&work, task_id, deed == WP_DEED_STATUS ? 1 : LOOKS_FOR_UNKNOWN, error);
    if (status == WP_OK)
        status = do_deed(&work, deed, error);
    wp_work_end(&work, result);
    (void)wp_text_copy(result->task_id, sizeof result->task_id, task_id);
    return status;
}

enum wp_status wp_task_wait(struct wp_job_result *result, struct wp_client *client, const char *task_id,
                            const struct wp_job_options *options, struct wp_error *error)
{
    return wp_task_do(result, client, task_id, options, WP_DEED_WAIT, wp_clock_system(), error);
}

enum wp_status wp_task_status(struct wp_job_result *result, struct wp_client *client, const char *task_id,
                              const struct wp_job_options *options, struct wp_error *error)
{
    return wp_task_do(result, client, task_id, options, WP_DEED_STATUS, wp_clock_system(), error);
}

enum wp_status wp_task_download(struct wp_job_result *result, struct wp_client *client, const char *task_id,
                                const struct wp_job_options *options, struct wp_error *error)
{
    return wp_task_do(result, client, task_id, options, WP_DEED_DOWNLOAD, wp_clock_system(), error);
}

enum wp_status wp_task_cancel(struct wp_job_result *result, struct wp_client *client, const char *task_id,
                              const struct wp_job_options *options, struct wp_error *error)
{
    return wp_task_do(result, client, task_id, options, WP_DEED_CANCEL, wp_clock_system(), error);
}
