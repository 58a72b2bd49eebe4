#include "job/step.h"

#include <string.h>

#include "base/error.h"

#include "base/banned.h"

enum wp_step wp_step_of(const struct wp_job_record *record, int64_t wall_ms)
{
    switch (record->state) {
    case WP_JOB_PLANNED:
    case WP_JOB_CHECKED:
    case WP_JOB_UPLOADING:
        return wp_job_wants_upload(record, wall_ms) ? WP_STEP_UPLOAD : WP_STEP_SUBMIT;
    case WP_JOB_SUBMITTING:
    case WP_JOB_UNCERTAIN:
        return WP_STEP_SETTLE;
    case WP_JOB_SUBMITTED:
        return WP_STEP_LOOK;
    case WP_JOB_SUCCEEDED:
    case WP_JOB_DOWNLOADING:
        return WP_STEP_FETCH;
    case WP_JOB_DONE:
    case WP_JOB_REJECTED:
    case WP_JOB_FAILED:
    case WP_JOB_CANCELED:
    case WP_JOB_EXPIRED:
        break;
    }
    return WP_STEP_NONE;
}

int64_t wp_step_due_ms(enum wp_step step, const struct wp_course *course)
{
    return step == WP_STEP_LOOK ? course->watch.due_ms : course->due_ms;
}

/* How a job ended that was over when it was taken up: another process brought it there. */
static enum wp_status tell_end(const struct wp_job_record *record, struct wp_error *error)
{
    enum wp_status status;
    switch ((int)record->state) {
    case WP_JOB_DONE:
        return WP_OK;
    case WP_JOB_REJECTED:
        status = WP_REFUSED;
        break;
    case WP_JOB_FAILED:
        status = WP_TASK_FAILED;
        break;
    case WP_JOB_CANCELED:
        status = WP_TASK_CANCELED;
        break;
    case WP_JOB_EXPIRED:
        status = WP_TASK_EXPIRED;
        break;
    default:
        return wp_fail(error, WP_INTERNAL, "job", "a job is in no known state");
    }
    return wp_fail(error, status, "job", "the job ended earlier as %s%s%.100s%s%.300s",
                   wp_job_state_name(record->state), record->code[0] ? ": " : "", record->code,
                   record->message[0] ? ": " : "", record->message);
}

enum wp_status wp_job_check_service(const struct wp_job *job, const struct wp_job_record *record,
                                    struct wp_error *error)
{
    const char *ours = job->caller.client->endpoint.base_url;
    if (strcmp(record->base_url, ours) == 0)
        return WP_OK;
    return wp_fail(error, WP_NO_KEY, "job",
                   "this job is one of the service at %s, and the key at hand is for %s; give --base-url %s, "
                   "and its key",
                   record->base_url, ours, record->base_url);
}

enum wp_status wp_job_step(struct wp_job *job, struct wp_error *error)
{
    const struct wp_clock *clock = job->caller.clock;
    job->course.due_ms = 0;
    switch (wp_step_of(&job->record, clock->wall_ms(clock->user))) {
    case WP_STEP_UPLOAD:
        return wp_job_upload(job, error);
    case WP_STEP_SUBMIT:
        return wp_job_submit(job, error);
    case WP_STEP_SETTLE:
        return wp_job_resolve(job, error);
    case WP_STEP_LOOK:
        return wp_job_look(job, error);
    case WP_STEP_FETCH:
        return wp_job_download(job, error);
    case WP_STEP_NONE:
        break;
    }
    return tell_end(&job->record, error);
}
