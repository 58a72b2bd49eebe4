#include "job/work.h"

#include <string.h>

#include "base/error.h"

#include "base/banned.h"

#define LOCK_PAUSE_MS 200

enum wp_status wp_work_begin(struct wp_work *work, struct wp_client *client,
                             const struct wp_job_options *options, const struct wp_clock *clock,
                             struct wp_error *error)
{
    *work = (struct wp_work){.site = {.clock = clock}};
    return wp_job_new(&work->job, &work->site, client, options, error);
}

enum wp_status wp_work_open_site(struct wp_work *work, struct wp_error *error)
{
    struct wp_job *job = work->job;
    enum wp_status status = wp_site_open(&work->site, job->options->output_dir, job->options->store,
                                         job->caller.client, work->site.clock, error);
    job->caller.limiter = work->site.limiter;
    return status;
}

/* Sleeps ms, but not over the end of the time for waiting; *up: that is over. */
static enum wp_status wait_some(struct wp_work *work, int64_t ms, bool *up, struct wp_error *error)
{
    const struct wp_clock *clock = work->site.clock;
    int64_t limit = work->job->options->timeout_ms, now = clock->now_ms(clock->user);
    if (!work->waiting)
        work->since_ms = now;
    work->waiting = true;
    int64_t left = work->since_ms + limit - now;
    *up = limit > 0 && left <= 0 && ms > 0;
    if (*up || ms <= 0)
        return WP_OK;
    return wp_call_pause(&work->job->caller, limit > 0 && ms > left ? left : ms, error);
}

/* Somebody else has the job, and has moved it on since we last saw it. */
static enum wp_status wait_for_lock(struct wp_work *work, bool *told, struct wp_error *error)
{
    bool up = false;
    if (!*told)
        wp_job_tell(work->job,
                    &(struct wp_job_event){.kind = WP_EVENT_RETRY,
                                           .message = "another process is at work on this job; waiting to "
                                                      "join it"});
    *told = true;
    enum wp_status status = wait_some(work, LOCK_PAUSE_MS, &up, error);
    if (status != WP_OK || up)
        (void)wp_job_peek(work->job, work->job->record.job_id, NULL);
    return up ? wp_fail(error, WP_TIMEOUT, "job",
                        "another process was still at work on this job after %.1f s; it goes on",
                        (double)work->job->options->timeout_ms / 1000)
              : status;
}

enum wp_status wp_work_open(struct wp_work *work, bool *joined, struct wp_error *error)
{
    bool taken = false, told = false;
    enum wp_status status = wp_job_open(work->job, joined, &taken, error);
    while (status == WP_OK && !taken) {
        status = wait_for_lock(work, &told, error);
        if (status == WP_OK)
            status = wp_job_open(work->job, joined, &taken, error);
    }
    return status;
}

enum wp_status wp_work_take(struct wp_work *work, const char *job_id, struct wp_error *error)
{
    bool taken = false, told = false;
    enum wp_status status = wp_job_take(work->job, job_id, &taken, error);
    while (status == WP_OK && !taken) {
        status = wait_for_lock(work, &told, error);
        if (status == WP_OK)
            status = wp_job_take(work->job, job_id, &taken, error);
    }
    return status == WP_OK ? wp_job_check_service(work->job, &work->job->record, error) : status;
}

/* Waits until the next look is due. WP_TIMEOUT once the time is up; the last look is at that very moment. */
static enum wp_status wait_for_look(struct wp_work *work, struct wp_error *error)
{
    const struct wp_clock *clock = work->site.clock;
    const struct wp_job *job = work->job;
    bool up = false;
    enum wp_status status =
        wait_some(work, job->course.watch.due_ms - clock->now_ms(clock->user), &up, error);
    return up ? wp_fail(
                    error, WP_TIMEOUT, "poll",
                    "the task %s was still %s after %.1f s; it goes on, and the same command waits for it "
                    "again without paying twice",
                    job->record.task_id, job->record.task_status, (double)job->options->timeout_ms / 1000)
              : status;
}

static bool is_reached(enum wp_job_goal goal, enum wp_job_state state)
{
    bool succeeded = state == WP_JOB_SUCCEEDED || state == WP_JOB_DOWNLOADING;
    return (goal == WP_GOAL_SUBMITTED && (state == WP_JOB_SUBMITTED || succeeded)) ||
           (goal == WP_GOAL_SUCCEEDED && succeeded);
}

enum wp_status wp_work_go(struct wp_work *work, enum wp_job_goal goal, struct wp_error *error)
{
    struct wp_job *job = work->job;
    const struct wp_clock *clock = work->site.clock;
    enum wp_status status = WP_OK;
    for (bool over = false; status == WP_OK && !over && !is_reached(goal, job->record.state);) {
        enum wp_step step = wp_step_of(&job->record, clock->wall_ms(clock->user));
        over = step == WP_STEP_NONE;
        if (step == WP_STEP_LOOK)
            status = wait_for_look(work, error);
        else if (job->course.due_ms > 0)
            status = wp_call_pause(&job->caller, job->course.due_ms - clock->now_ms(clock->user), error);
        if (status == WP_OK)
            status = wp_job_step(job, error);
    }
    return status;
}

void wp_work_end(struct wp_work *work, struct wp_job_result *result)
{
    struct wp_job *job = work->job;
    if (job && result)
        wp_job_fill_result(result, &work->site.places, &job->record);
    wp_job_free(work->job);
    wp_site_close(&work->site);
}
