/* A look at a task: one query, and the record of what it says. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "job/job.h"

#include "base/banned.h"

struct look {
    struct wp_job *job;
    struct wp_http_answer answer;
    struct wp_task_answer task;
    struct wp_error why;
};

/* One query. WP_OK: look->task is the answer for our task. *passing: a failure may pass. */
static enum wp_status query(struct look *look, bool *passing)
{
    struct wp_job *job = look->job;
    struct wp_buf url = wp_buf_new(2048);
    struct wp_call_spec spec = {.call = WP_CALL_QUERY};
    const struct wp_http_answer *answer = &look->answer;
    enum wp_status status;
    *passing = false;
    if (!wp_endpoint_task_url(&job->caller.client->endpoint, job->record.task_id, &url)) {
        status = wp_fail_nomem(&look->why, "poll");
        goto out;
    }
    spec.url = wp_buf_text(&url);
    status = wp_call_once(&job->caller, &spec, &look->answer, &look->why);
    *passing = status == WP_NETWORK;
    if (status != WP_OK)
        goto out;
    if (answer->status != 200) {
        struct wp_service_error said;
        wp_service_error_parse(&said, answer->body.data, answer->body.len);
        status = wp_call_refused("the query", answer, &said, &look->why);
        *passing = wp_call_judge(WP_CALL_QUERY, answer->status, said.code) == WP_CALL_TRY_AGAIN;
    } else if (!wp_task_answer_parse(&look->task, answer->body.data, answer->body.len) ||
               strcmp(look->task.task_id, job->record.task_id) != 0) {
        status = wp_fail(&look->why, WP_NETWORK, "poll", "the answer is not about the task %s",
                         job->record.task_id);
        *passing = true;
    }
out:
    wp_buf_free(&url);
    return status;
}

/* Keeps the final answer and what it says. */
static enum wp_status finish(struct look *look, enum wp_job_state state, struct wp_error *error)
{
    struct wp_job *job = look->job;
    struct wp_job_record *record = &job->record;
    const struct wp_task_answer *task = &look->task;
    char path[WP_PATH_SIZE];
    wp_places_answer(path, &job->site->places, record);
    enum wp_status status =
        wp_evidence_keep_answer(path, look->answer.body.data, look->answer.body.len, error);
    if (status != WP_OK)
        return status;
    (void)wp_text_copy(record->code, sizeof record->code, task->error.code);
    (void)wp_text_copy(record->message, sizeof record->message, task->error.message);
    if (task->video_url[0])
        (void)wp_text_copy(record->result_url, sizeof record->result_url, task->video_url);
    record->has_billed_seconds = task->has_billed_seconds;
    record->billed_seconds = task->billed_seconds;
    return wp_job_enter(job, state, error);
}

static enum wp_status failed(struct look *look, struct wp_error *error)
{
    const struct wp_service_error *said = &look->task.error;
    const struct wp_error_row *row = wp_error_find(said->code);
    enum wp_status status = finish(look, WP_JOB_FAILED, error);
    if (status != WP_OK)
        return status;
    return wp_fail(error, WP_TASK_FAILED, "task", "the task %s failed: %s%s%.300s%s%.200s",
                   look->job->record.task_id, said->code[0] ? said->code : "no code was given",
                   said->message[0] ? ": " : "", said->message, row ? "; " : "", row ? row->advice : "");
}

static enum wp_status canceled(struct look *look, struct wp_error *error)
{
    enum wp_status status = finish(look, WP_JOB_CANCELED, error);
    return status != WP_OK
               ? status
               : wp_fail(error, WP_TASK_CANCELED, "task", "the task %s was cancelled; nothing is billed",
                         look->job->record.task_id);
}

static enum wp_status expired(struct look *look, struct wp_error *error)
{
    enum wp_status status = finish(look, WP_JOB_EXPIRED, error);
    return status != WP_OK
               ? status
               : wp_fail(error, WP_TASK_EXPIRED, "task",
                         "the service does not know the task %s (any more): tasks and results are kept "
                         "for 24 hours; the same command makes a new one",
                         look->job->record.task_id);
}

/* Keeps what an answer says, and tells. */
static enum wp_status take_answer(struct look *look, struct wp_error *error)
{
    struct wp_job *job = look->job;
    (void)wp_text_copy(job->record.task_status, sizeof job->record.task_status, look->task.status_word);
    wp_job_tell(job, &(struct wp_job_event){.kind = WP_EVENT_STATUS});
    switch (wp_watch_take(&job->course.watch, &look->task)) {
    case WP_WATCH_ON:
        break;
    case WP_WATCH_SUCCEEDED:
        return finish(look, WP_JOB_SUCCEEDED, error);
    case WP_WATCH_FAILED:
        return failed(look, error);
    case WP_WATCH_CANCELED:
        return canceled(look, error);
    case WP_WATCH_EXPIRED:
        return expired(look, error);
    case WP_WATCH_NO_URL:
        return wp_fail(error, WP_BAD_RESULT, "task",
                       "the service says that the task %s succeeded, but names no usable URL of the result; "
                       "the same command asks again, for up to 24 hours",
                       job->record.task_id);
    }
    wp_job_schedule_look(job);
    return WP_OK;
}

/* A query that failed in a way that passes: the task goes on, so it is asked again without end. */
static void back_off(struct look *look)
{
    struct wp_job *job = look->job;
    struct wp_caller *caller = &job->caller;
    int64_t wait = wp_watch_back_off(
        &job->course.watch, caller->clock->now_ms(caller->clock->user), job->options->poll_interval_ms,
        wp_retry_after_ms(look->answer.retry_after, wp_call_service_ms(caller)), wp_random_below(UINT32_MAX));
    wp_call_tell_retry(caller, &look->why, wait);
}

void wp_job_schedule_look(struct wp_job *job)
{
    const struct wp_clock *clock = job->caller.clock;
    wp_watch_schedule(&job->course.watch, clock->now_ms(clock->user), job->options->poll_interval_ms,
                      wp_random_below(UINT32_MAX));
}

enum wp_status wp_job_look(struct wp_job *job, struct wp_error *error)
{
    struct look *look = wp_calloc(1, sizeof *look);
    if (!look)
        return wp_fail_nomem(error, "poll");
    look->job = job;
    bool passing = false;
    enum wp_status status = query(look, &passing);
    if (status == WP_OK) {
        status = take_answer(look, error);
    } else if (passing) {
        back_off(look);
        status = WP_OK;
    } else if (error) {
        *error = look->why;
    }
    wp_http_answer_free(&look->answer);
    wp_free(look);
    return status;
}
