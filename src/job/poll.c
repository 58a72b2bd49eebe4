#include "job/poll.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "job/job.h"

#include "base/banned.h"

#define FIRST_WAIT_MS 2000
#define LAST_WAIT_MS  15000
#define UNKNOWN_ENDS  3 /* a task just made may not be known everywhere yet */
#define NO_URL_ENDS   6 /* SUCCEEDED and no URL */

int64_t wp_poll_wait_ms(unsigned poll, int64_t fixed_ms, uint32_t random)
{
    if (fixed_ms > 0)
        return fixed_ms;
    int64_t wait = FIRST_WAIT_MS;
    for (unsigned i = 0; i < poll && wait < LAST_WAIT_MS; i++)
        wait += wait / 2;
    if (wait > LAST_WAIT_MS)
        wait = LAST_WAIT_MS;
    return wait - (int64_t)(random % (uint32_t)(wait / 5 + 1));
}

/* Where the waiting for one task stands. */
struct watch {
    struct wp_job *job;
    int64_t started_ms;
    unsigned polls, failures, unknown, without_url;
    struct wp_http_answer answer;
    struct wp_task_answer task;
    struct wp_error why;
};

/* Waits until the next poll is due. floor_ms: no less than this. WP_TIMEOUT once the time is up; the last
 * poll is made at that very moment. */
static enum wp_status wait_turn(struct watch *watch, int64_t floor_ms, struct wp_error *error)
{
    struct wp_job *job = watch->job;
    const struct wp_clock *clock = job->caller.clock;
    int64_t limit = job->options->timeout_ms;
    int64_t wait = wp_poll_wait_ms(watch->polls, job->options->poll_interval_ms, wp_random_below(UINT32_MAX));
    if (wait < floor_ms)
        wait = floor_ms;
    if (limit > 0) {
        int64_t left = watch->started_ms + limit - clock->now_ms(clock->user);
        if (left <= 0)
            return wp_fail(
                error, WP_TIMEOUT, "poll",
                "the task %s was still %s after %.1f s; it goes on, and the same command waits for it "
                "again without paying twice",
                job->record.task_id, job->record.task_status, (double)limit / 1000);
        if (wait > left)
            wait = left;
    }
    watch->polls++;
    return wp_call_pause(&job->caller, wait, error);
}

/* One query. WP_OK: watch->task is the answer for our task. */
static enum wp_status query(struct watch *watch, bool *passing)
{
    struct wp_job *job = watch->job;
    struct wp_buf url = wp_buf_new(2048);
    struct wp_call_spec spec = {.call = WP_CALL_QUERY};
    enum wp_status status;
    wp_http_answer_free(&watch->answer);
    memset(&watch->answer, 0, sizeof watch->answer);
    *passing = false;
    if (!wp_endpoint_task_url(&job->caller.client->endpoint, job->record.task_id, &url)) {
        status = wp_fail_nomem(&watch->why, "poll");
        goto out;
    }
    spec.url = wp_buf_text(&url);
    const struct wp_http_answer *answer = &watch->answer;
    status = wp_call_once(&job->caller, &spec, &watch->answer, &watch->why);
    *passing = status == WP_NETWORK;
    if (status != WP_OK)
        goto out;
    if (answer->status != 200) {
        struct wp_service_error said;
        wp_service_error_parse(&said, answer->body.data, answer->body.len);
        status = wp_call_refused("the query", answer, &said, &watch->why);
        *passing = wp_call_judge(WP_CALL_QUERY, answer->status, said.code) == WP_CALL_TRY_AGAIN;
    } else if (!wp_task_answer_parse(&watch->task, answer->body.data, answer->body.len) ||
               strcmp(watch->task.task_id, job->record.task_id) != 0) {
        status = wp_fail(&watch->why, WP_NETWORK, "poll", "the answer is not about the task %s",
                         job->record.task_id);
        *passing = true;
    }
out:
    wp_buf_free(&url);
    return status;
}

/* Keeps the final answer and what it says. */
static enum wp_status finish(struct watch *watch, enum wp_job_state state, struct wp_error *error)
{
    struct wp_job *job = watch->job;
    struct wp_job_record *record = &job->record;
    const struct wp_task_answer *task = &watch->task;
    char path[WP_PATH_SIZE];
    wp_places_answer(path, &job->places, record);
    enum wp_status status =
        wp_evidence_keep_answer(path, watch->answer.body.data, watch->answer.body.len, error);
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

static enum wp_status failed(struct watch *watch, struct wp_error *error)
{
    const struct wp_service_error *said = &watch->task.error;
    const struct wp_error_row *row = wp_error_find(said->code);
    enum wp_status status = finish(watch, WP_JOB_FAILED, error);
    if (status != WP_OK)
        return status;
    return wp_fail(error, WP_TASK_FAILED, "task", "the task %s failed: %s%s%.300s%s%.200s",
                   watch->job->record.task_id, said->code[0] ? said->code : "no code was given",
                   said->message[0] ? ": " : "", said->message, row ? "; " : "", row ? row->advice : "");
}

static enum wp_status canceled(struct watch *watch, struct wp_error *error)
{
    enum wp_status status = finish(watch, WP_JOB_CANCELED, error);
    return status != WP_OK
               ? status
               : wp_fail(error, WP_TASK_CANCELED, "task", "the task %s was cancelled; nothing is billed",
                         watch->job->record.task_id);
}

static enum wp_status unknown(struct watch *watch, struct wp_error *error)
{
    if (++watch->unknown < UNKNOWN_ENDS)
        return WP_OK;
    enum wp_status status = finish(watch, WP_JOB_EXPIRED, error);
    return status != WP_OK
               ? status
               : wp_fail(error, WP_TASK_EXPIRED, "task",
                         "the service does not know the task %s (any more): tasks and results are kept "
                         "for 24 hours; the same command makes a new one",
                         watch->job->record.task_id);
}

static enum wp_status succeeded(struct watch *watch, struct wp_error *error)
{
    if (watch->task.video_url[0])
        return finish(watch, WP_JOB_SUCCEEDED, error);
    if (++watch->without_url < NO_URL_ENDS)
        return WP_OK;
    return wp_fail(
        error, WP_BAD_RESULT, "task",
        "the service says that the task %s succeeded, but names no usable URL of the result; the same "
        "command asks again, for up to 24 hours",
        watch->job->record.task_id);
}

/* What an answer means. WP_OK with the state still SUBMITTED: wait on. */
static enum wp_status take_answer(struct watch *watch, struct wp_error *error)
{
    struct wp_job *job = watch->job;
    const struct wp_task_answer *task = &watch->task;
    watch->failures = 0;
    (void)wp_text_copy(job->record.task_status, sizeof job->record.task_status, task->status_word);
    wp_job_tell(job, &(struct wp_job_event){.kind = WP_EVENT_STATUS});
    if (task->status != WP_TASK_STATUS_UNKNOWN)
        watch->unknown = 0;
    switch (task->status) {
    case WP_TASK_STATUS_SUCCEEDED:
        return succeeded(watch, error);
    case WP_TASK_STATUS_FAILED:
        return failed(watch, error);
    case WP_TASK_STATUS_CANCELED:
        return canceled(watch, error);
    case WP_TASK_STATUS_UNKNOWN:
        return unknown(watch, error);
    case WP_TASK_STATUS_PENDING:
    case WP_TASK_STATUS_RUNNING:
    case WP_TASK_STATUS_SUSPENDED:
    case WP_TASK_STATUS_OTHER:
        break;
    }
    return WP_OK;
}

/* A query that failed in a way that passes: the task goes on, so it is asked again without end. Returns the
 * least wait before that. */
static int64_t back_off(struct watch *watch)
{
    struct wp_caller *caller = &watch->job->caller;
    int64_t floor = wp_retry_after_ms(watch->answer.retry_after, wp_call_service_ms(caller));
    int64_t wait = wp_poll_wait_ms(watch->failures++, 0, wp_random_below(UINT32_MAX));
    if (watch->job->options->poll_interval_ms > 0 && wait > watch->job->options->poll_interval_ms)
        wait = watch->job->options->poll_interval_ms;
    if (wait < floor)
        wait = floor;
    wp_call_tell_retry(caller, &watch->why, wait);
    return wait;
}

enum wp_status wp_job_poll(struct wp_job *job, struct wp_error *error)
{
    struct watch *watch = wp_calloc(1, sizeof *watch);
    if (!watch)
        return wp_fail_nomem(error, "poll");
    watch->job = job;
    watch->started_ms = job->caller.clock->now_ms(job->caller.clock->user);
    int64_t floor = 0;
    bool wait = job->fresh;
    enum wp_status status = WP_OK;
    while (status == WP_OK && job->record.state == WP_JOB_SUBMITTED) {
        if (wait)
            status = wait_turn(watch, floor, error);
        wait = true;
        floor = 0;
        if (status != WP_OK)
            break;
        bool passing = false;
        status = query(watch, &passing);
        if (status == WP_OK) {
            status = take_answer(watch, error);
        } else if (passing) {
            status = WP_OK;
            floor = back_off(watch);
        } else if (error) {
            *error = watch->why;
        }
    }
    wp_http_answer_free(&watch->answer);
    wp_free(watch);
    return status;
}
