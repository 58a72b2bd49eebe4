/* A whole job in one call: step after step, and the waiting in between. */
#include <string.h>

#include "base/error.h"
#include "job/step.h"

#include "base/banned.h"

/* How long the task has been waited for. */
struct waiting {
    bool begun;
    int64_t since_ms;
};

/* Waits until the next look is due. WP_TIMEOUT once the time is up; the last look is at that very moment. */
static enum wp_status wait_turn(struct wp_job *job, struct waiting *waiting, struct wp_error *error)
{
    const struct wp_clock *clock = job->caller.clock;
    int64_t limit = job->options->timeout_ms, now = clock->now_ms(clock->user);
    int64_t wait = job->course.watch.due_ms - now;
    if (!waiting->begun)
        *waiting = (struct waiting){true, now};
    if (wait <= 0)
        return WP_OK;
    if (limit > 0) {
        int64_t left = waiting->since_ms + limit - now;
        if (left <= 0)
            return wp_fail(
                error, WP_TIMEOUT, "poll",
                "the task %s was still %s after %.1f s; it goes on, and the same command waits for it "
                "again without paying twice",
                job->record.task_id, job->record.task_status, (double)limit / 1000);
        if (wait > left)
            wait = left;
    }
    return wp_call_pause(&job->caller, wait, error);
}

static bool is_reached(const struct wp_job *job)
{
    enum wp_job_state state = job->record.state;
    return job->options->goal == WP_GOAL_SUBMITTED &&
           (state == WP_JOB_SUBMITTED || state == WP_JOB_SUCCEEDED || state == WP_JOB_DOWNLOADING);
}

/* Steps a job that was taken up until it has come to its goal, or to its end. */
static enum wp_status go(struct wp_job *job, struct wp_error *error)
{
    const struct wp_clock *clock = job->caller.clock;
    struct waiting waiting = {0};
    enum wp_status status = WP_OK;
    while (status == WP_OK && !is_reached(job)) {
        enum wp_step step = wp_step_of(&job->record, clock->wall_ms(clock->user));
        if (step == WP_STEP_LOOK)
            status = wait_turn(job, &waiting, error);
        if (status == WP_OK)
            status = wp_job_step(job, error);
        if (step == WP_STEP_NONE)
            break;
    }
    return status;
}

enum wp_status wp_job_run_with(struct wp_job_result *result, struct wp_client *client,
                               const struct wp_job_request *request, const struct wp_job_options *options,
                               const struct wp_clock *clock, struct wp_error *error)
{
    struct wp_site site = {.clock = clock};
    struct wp_job *job = NULL;
    memset(result, 0, sizeof *result);
    enum wp_status status = wp_job_new(&job, &site, client, options, error);
    if (status == WP_OK) /* first: where an input cannot be read, no folder is made */
        status = wp_job_plan(&job->record, request, client, error);
    if (status == WP_OK)
        status = wp_site_open(&site, options->output_dir, clock, error);
    if (status == WP_OK)
        status = wp_job_open(job, &result->joined, NULL, error);
    if (status == WP_OK)
        status = go(job, error);
    if (job)
        wp_job_fill_result(result, job);
    wp_job_free(job);
    wp_site_close(&site);
    return status;
}

enum wp_status wp_job_run(struct wp_job_result *result, struct wp_client *client,
                          const struct wp_job_request *request, const struct wp_job_options *options,
                          struct wp_error *error)
{
    return wp_job_run_with(result, client, request, options, wp_clock_system(), error);
}
