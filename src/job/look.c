/* Looks at a task: queries, and the record of what they say. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "job/look.h"

#include "base/banned.h"

#define LIFE_MS  ((int64_t)24 * 3600 * 1000) /* of a result */
#define SLACK_MS 60000                       /* between the service's clocks */

struct wp_reply wp_reply_new(void)
{
    return (struct wp_reply){.body = wp_buf_new((size_t)1024 * 1024)};
}

void wp_reply_free(struct wp_reply *reply)
{
    wp_buf_free(&reply->body);
}

/* An answer about another task is none. */
static bool read_reply(void *out, const char *body, size_t len)
{
    struct wp_reply *reply = out;
    wp_buf_clear(&reply->body);
    return wp_task_answer_parse(&reply->task, body, len) &&
           strcmp(reply->task.task_id, reply->task_id) == 0 && wp_buf_add(&reply->body, body, len);
}

static enum wp_status make_call(struct wp_call_spec *spec, struct wp_buf *url, struct wp_reply *reply,
                                const struct wp_job *job, struct wp_error *error)
{
    const struct wp_clock *clock = job->caller.clock;
    *spec = (struct wp_call_spec){.call = WP_CALL_QUERY};
    reply->asked_ms = clock->now_ms(clock->user);
    reply->task_id = job->record.task_id;
    if (!wp_endpoint_task_url(&job->caller.client->endpoint, job->record.task_id, url))
        return wp_fail_nomem(error, "query");
    spec->url = wp_buf_text(url);
    return WP_OK;
}

enum wp_status wp_job_ask(struct wp_job *job, struct wp_reply *reply, struct wp_error *error)
{
    struct wp_buf url = wp_buf_new(2048);
    struct wp_call_spec spec;
    enum wp_status status = make_call(&spec, &url, reply, job, error);
    if (status == WP_OK)
        status = wp_call_ask(&job->caller, &spec, read_reply, reply, error);
    wp_buf_free(&url);
    return status;
}

/* The service's own times. A result is gone a day after its task has ended, and surely a day from now. */
static void take_times(struct wp_job *job, const struct wp_task_answer *task)
{
    struct wp_job_record *record = &job->record;
    int64_t submitted = wp_service_time_ms(task->submit_time), ended = wp_service_time_ms(task->end_time);
    int64_t scheduled = wp_service_time_ms(task->scheduled_time), now = wp_call_service_ms(&job->caller);
    if (!record->submitted_ms)
        record->submitted_ms = submitted;
    if (scheduled > 0)
        record->scheduled_ms = scheduled;
    if (ended <= 0)
        return;
    record->ended_ms = ended;
    if (task->status == WP_TASK_STATUS_SUCCEEDED)
        record->expires_ms = (ended < now + SLACK_MS ? ended : now) + LIFE_MS;
}

/* Keeps the final answer and what it says. */
static enum wp_status finish(struct wp_job *job, const struct wp_reply *reply, enum wp_job_state state,
                             struct wp_error *error)
{
    struct wp_job_record *record = &job->record;
    const struct wp_task_answer *task = &reply->task;
    char path[WP_PATH_SIZE];
    wp_places_answer(path, &job->site->places, record);
    enum wp_status status = WP_OK;
    if (state != WP_JOB_EXPIRED || !record->result_url[0]) /* what was said of a success is better evidence */
        status = wp_evidence_keep_answer(path, reply->body.data, reply->body.len, error);
    if (status != WP_OK)
        return status;
    (void)wp_text_copy(record->code, sizeof record->code, task->error.code);
    (void)wp_text_copy(record->message, sizeof record->message, task->error.message);
    if (task->video_url[0])
        (void)wp_text_copy(record->result_url, sizeof record->result_url, task->video_url);
    take_times(job, task);
    if (task->has_billed_seconds) {
        record->has_billed_seconds = true;
        record->billed_seconds = task->billed_seconds;
    }
    return wp_job_enter(job, state, error);
}

static enum wp_status failed(struct wp_job *job, const struct wp_reply *reply, struct wp_error *error)
{
    const struct wp_service_error *said = &reply->task.error;
    const struct wp_error_row *row = wp_error_find(said->code);
    enum wp_status status = finish(job, reply, WP_JOB_FAILED, error);
    if (status != WP_OK)
        return status;
    return wp_fail(error, WP_TASK_FAILED, "task", "the task %s failed: %s%s%.300s%s%.200s",
                   job->record.task_id, said->code[0] ? said->code : "no code was given",
                   said->message[0] ? ": " : "", said->message, row ? "; " : "", row ? row->advice : "");
}

static enum wp_status canceled(struct wp_job *job, const struct wp_reply *reply, struct wp_error *error)
{
    enum wp_status status = finish(job, reply, WP_JOB_CANCELED, error);
    return status != WP_OK ? status
                           : wp_fail(error, WP_TASK_CANCELED, "task",
                                     "the task %s was cancelled; nothing is billed", job->record.task_id);
}

static enum wp_status expired(struct wp_job *job, const struct wp_reply *reply, struct wp_error *error)
{
    enum wp_status status = finish(job, reply, WP_JOB_EXPIRED, error);
    return status != WP_OK
               ? status
               : wp_fail(error, WP_TASK_EXPIRED, "task",
                         "the service does not know the task %s (any more): tasks and results are kept "
                         "for 24 hours%s",
                         job->record.task_id,
                         wp_record_has_inputs(&job->record) ? "; submitting the pair again makes a new one"
                                                            : "");
}

/* The task goes on. What is new is kept, for who looks at the records only. */
static enum wp_status go_on(struct wp_job *job, const struct wp_reply *reply, const char *before,
                            struct wp_error *error)
{
    wp_job_schedule_look(job, reply->asked_ms);
    take_times(job, &reply->task);
    return strcmp(before, job->record.task_status) != 0 ? wp_job_save(job, error) : WP_OK;
}

enum wp_status wp_job_take_reply(struct wp_job *job, const struct wp_reply *reply, struct wp_error *error)
{
    char before[sizeof job->record.task_status];
    memcpy(before, job->record.task_status, sizeof before);
    (void)wp_text_copy(job->record.task_status, sizeof job->record.task_status, reply->task.status_word);
    wp_job_tell(job, &(struct wp_job_event){.kind = WP_EVENT_STATUS});
    switch (wp_watch_take(&job->course.watch, &reply->task)) {
    case WP_WATCH_ON:
        break;
    case WP_WATCH_SUCCEEDED:
        return finish(job, reply, WP_JOB_SUCCEEDED, error);
    case WP_WATCH_FAILED:
        return failed(job, reply, error);
    case WP_WATCH_CANCELED:
        return canceled(job, reply, error);
    case WP_WATCH_EXPIRED:
        return expired(job, reply, error);
    case WP_WATCH_NO_URL:
        return wp_fail(error, WP_BAD_RESULT, "task",
                       "the service says that the task %s succeeded, but names no usable URL of the result; "
                       "the same command asks again, for up to 24 hours",
                       job->record.task_id);
    }
    return go_on(job, reply, before, error);
}

void wp_job_schedule_look(struct wp_job *job, int64_t since_ms)
{
    wp_watch_schedule(&job->course.watch, since_ms, job->options->poll_interval_ms,
                      wp_random_below(UINT32_MAX));
}

/* A query that failed in a way that passes: the task goes on, so it is asked again without end. */
static void back_off(struct wp_job *job, const char *retry_after, const struct wp_error *why)
{
    struct wp_caller *caller = &job->caller;
    int64_t wait = wp_watch_back_off(
        &job->course.watch, caller->clock->now_ms(caller->clock->user), job->options->poll_interval_ms,
        wp_retry_after_ms(retry_after, wp_call_service_ms(caller)), wp_random_below(UINT32_MAX));
    wp_call_tell_retry(caller, why, wait);
}

static enum wp_status look(struct wp_job *job, struct wp_reply *reply, struct wp_error *error)
{
    struct wp_buf url = wp_buf_new(2048);
    struct wp_http_answer answer = {0};
    struct wp_error why = {0};
    struct wp_call_spec spec;
    bool passing = false;
    enum wp_status status = make_call(&spec, &url, reply, job, &why);
    if (status == WP_OK)
        status = wp_call_try(&job->caller, &spec, read_reply, reply, &answer, &passing, &why);
    if (status == WP_OK) {
        status = wp_job_take_reply(job, reply, error);
    } else if (passing) {
        back_off(job, answer.retry_after, &why);
        status = WP_OK;
    } else if (error) {
        *error = why;
    }
    wp_http_answer_free(&answer);
    wp_buf_free(&url);
    return status;
}

enum wp_status wp_job_look(struct wp_job *job, struct wp_error *error)
{
    struct wp_reply *reply = wp_malloc(sizeof *reply);
    if (!reply)
        return wp_fail_nomem(error, "query");
    *reply = wp_reply_new();
    enum wp_status status = look(job, reply, error);
    wp_reply_free(reply);
    wp_free(reply);
    return status;
}
