/* Cancelling a task: only one that is still PENDING can be. */
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "job/task.h"

#include "base/banned.h"

#define LOOKS_FOR_CANCELED 4

/* An accepted cancel says nothing more. */
static bool read_nothing(void *out, const char *body, size_t len)
{
    (void)out;
    (void)body;
    (void)len;
    return true;
}

/* Sent again where the answer is lost: what was cancelled stays so. */
static enum wp_status send_cancel(struct wp_job *job, struct wp_error *error)
{
    struct wp_buf url = wp_buf_new(2048);
    struct wp_call_spec spec = {.call = WP_CALL_CANCEL};
    enum wp_status status;
    if (wp_endpoint_cancel_url(&job->caller.client->endpoint, job->record.task_id, &url)) {
        spec.url = wp_buf_text(&url);
        status = wp_call_ask(&job->caller, &spec, read_nothing, NULL, error);
    } else {
        status = wp_fail_nomem(error, "cancel");
    }
    wp_buf_free(&url);
    return status;
}

/* WP_OK: the status word of the task is known, however it ended. */
static enum wp_status see(struct wp_work *work, struct wp_error *error)
{
    enum wp_status status = wp_task_ask(work, error);
    return status == WP_TASK_FAILED || status == WP_TASK_CANCELED ? WP_OK : status;
}

static enum wp_task_status status_of(const struct wp_work *work)
{
    return wp_task_status_parse(work->job->record.task_status);
}

/* The service took the cancel: its answers show it soon. */
static enum wp_status confirm(struct wp_work *work, struct wp_error *error)
{
    struct wp_job *job = work->job;
    for (unsigned look = 0;; look++) {
        enum wp_status status = see(work, error);
        bool pending = status_of(work) == WP_TASK_STATUS_PENDING;
        if (status != WP_OK || status_of(work) == WP_TASK_STATUS_CANCELED)
            return status;
        if (!pending)
            return wp_fail(error, WP_REFUSED, "cancel",
                           "the service accepted to cancel the task %s, and yet it is %s",
                           job->record.task_id, job->record.task_status);
        if (look + 1 == LOOKS_FOR_CANCELED)
            return WP_OK;
        status =
            wp_call_pause(&job->caller, wp_watch_wait_ms(look, job->options->poll_interval_ms, 0), error);
        if (status != WP_OK)
            return status;
    }
}

/* It did not: because it is cancelled already, or too late, or for a reason of its own. */
static enum wp_status explain(struct wp_work *work, const struct wp_error *why, struct wp_error *error)
{
    struct wp_job_record *record = &work->job->record;
    enum wp_status status = see(work, NULL);
    if (status == WP_OK && status_of(work) == WP_TASK_STATUS_CANCELED)
        return WP_OK;
    if (status == WP_OK && status_of(work) != WP_TASK_STATUS_PENDING)
        return wp_fail(
            error, WP_REFUSED, "cancel",
            "the task %s cannot be cancelled: it is %s, and the service cancels only what is still "
            "PENDING (%.300s)",
            record->task_id, record->task_status, why->message);
    if (error)
        *error = *why;
    return why->status;
}

enum wp_status wp_task_call_off(struct wp_work *work, struct wp_error *error)
{
    struct wp_job *job = work->job;
    struct wp_error why = {0};
    bool taken = false;
    /* A run that waits for the task has the job: it will see for itself. */
    enum wp_status status = wp_job_take(job, job->record.job_id, &taken, error);
    if (status == WP_OK && !taken)
        status = wp_job_peek(job, job->record.job_id, error);
    if (status != WP_OK)
        return status;
    status = send_cancel(job, &why);
    if (status == WP_OK)
        return confirm(work, error);
    if (status == WP_REFUSED)
        return explain(work, &why, error);
    if (error)
        *error = why;
    return status;
}
