/* The job of a task id: the one that made it, or a record for a task that was made elsewhere. */
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "job/look.h"
#include "job/task.h"

#include "base/banned.h"

/* Where a pair has the hash of itself as its key, a task that was made elsewhere has that of its id. */
static enum wp_status make_key(struct wp_job_record *record, struct wp_error *error)
{
    struct wp_buf text = wp_buf_new(1024);
    (void)wp_buf_add_format(&text, "wanprep task 1\n%s\n%s\n", record->base_url, record->task_id);
    enum wp_status status = text.failed != WP_OK ? wp_fail_nomem(error, "job")
                                                 : wp_sha256_text(record->key, wp_buf_text(&text), error);
    wp_buf_free(&text);
    return status;
}

static enum wp_status find_owner(struct wp_work *work, const char *task_id, bool *found,
                                 struct wp_error *error)
{
    struct wp_job_record *owner = wp_malloc(sizeof *owner);
    if (!owner)
        return wp_fail_nomem(error, "job");
    enum wp_status status = wp_store_find_task(work->site.store, task_id, owner, found, error);
    if (status == WP_OK && *found)
        status = wp_job_check_service(work->job, owner, error);
    if (status == WP_OK && *found)
        work->job->record = *owner;
    wp_free(owner);
    return status;
}

/* WP_OK: the service knows the task, and its status word is in the record. */
static enum wp_status ask_for_it(struct wp_work *work, unsigned looks, struct wp_error *error)
{
    struct wp_job *job = work->job;
    struct wp_reply *reply = wp_malloc(sizeof *reply);
    if (!reply)
        return wp_fail_nomem(error, "job");
    *reply = wp_reply_new();
    enum wp_status status = WP_OK;
    for (unsigned look = 0; status == WP_OK; look++) {
        status = wp_job_ask(job, reply, error);
        if (status != WP_OK || reply->task.status != WP_TASK_STATUS_UNKNOWN)
            break;
        if (look + 1 >= looks)
            status =
                wp_fail(error, WP_TASK_EXPIRED, "task",
                        "neither the service nor this output folder knows the task %s; tasks are kept for "
                        "24 hours, and each region and account knows its own alone",
                        job->record.task_id);
        else
            status =
                wp_call_pause(&job->caller, wp_watch_wait_ms(look, job->options->poll_interval_ms, 0), error);
    }
    (void)wp_text_copy(job->record.task_status, sizeof job->record.task_status, reply->task.status_word);
    job->record.submitted_ms = wp_service_time_ms(reply->task.submit_time);
    wp_reply_free(reply);
    wp_free(reply);
    return status;
}

static enum wp_status make_record(struct wp_job *job, struct wp_error *error)
{
    struct wp_job_record *record = &job->record;
    wp_random_hex(record->job_id, sizeof record->job_id);
    record->state = WP_JOB_SUBMITTED;
    record->created_ms = job->caller.clock->wall_ms(job->caller.clock->user);
    return wp_job_save(job, error);
}

/* Under the lock of the key, so that of two processes one makes the record and the other finds it. */
static enum wp_status adopt(struct wp_work *work, struct wp_error *error)
{
    struct wp_job *job = work->job;
    struct wp_lock lock;
    bool found = false;
    enum wp_status status =
        wp_job_lock(job, &lock, job->record.key, "another process looks for the same task", error);
    if (status == WP_OK)
        status = find_owner(work, job->record.task_id, &found, error);
    if (status == WP_OK && !found)
        status = make_record(job, error);
    wp_store_unlock(&lock);
    return status;
}

enum wp_status wp_task_find(struct wp_work *work, const char *task_id, unsigned looks, struct wp_error *error)
{
    struct wp_job_record *record = &work->job->record;
    bool found = false;
    enum wp_status status = find_owner(work, task_id, &found, error);
    if (status != WP_OK || found)
        return status;
    memset(record, 0, sizeof *record);
    (void)wp_text_copy(record->task_id, sizeof record->task_id, task_id);
    (void)wp_text_copy(record->base_url, sizeof record->base_url,
                       work->job->caller.client->endpoint.base_url);
    status = make_key(record, error);
    if (status == WP_OK)
        status = ask_for_it(work, looks, error);
    return status == WP_OK ? adopt(work, error) : status;
}
