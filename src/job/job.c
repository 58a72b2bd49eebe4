#include "job/job.h"

#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "job/step.h"

#include "base/banned.h"

#define LOCK_PAUSE_MS 200

void wp_job_tell(struct wp_job *job, const struct wp_job_event *event)
{
    struct wp_job_event full = *event;
    full.state = job->record.state;
    full.task_id = job->record.task_id;
    full.task_status = job->record.task_status;
    if (!full.path)
        full.path = "";
    if (!full.message)
        full.message = "";
    if (job->options->event)
        job->options->event(job->options->event_user, &full);
}

static void tell_retry(void *user, const char *message)
{
    wp_job_tell(user, &(struct wp_job_event){.kind = WP_EVENT_RETRY, .message = message});
}

enum wp_status wp_job_new(struct wp_job **out, const struct wp_site *site, struct wp_client *client,
                          const struct wp_job_options *options, struct wp_error *error)
{
    struct wp_job *job = *out = wp_calloc(1, sizeof *job);
    if (!job)
        return wp_fail_nomem(error, "job");
    job->options = options;
    job->site = site;
    job->evidence = (struct wp_evidence){.clock = site->clock, .log = &options->log};
    job->caller = (struct wp_caller){.client = client,
                                     .clock = site->clock,
                                     .limiter = site->limiter,
                                     .evidence = &job->evidence,
                                     .retrying = tell_retry,
                                     .retrying_user = job};
    return WP_OK;
}

bool wp_job_is_held(const struct wp_job *job)
{
    return job->lock.store != NULL;
}

void wp_job_leave(struct wp_job *job)
{
    wp_store_unlock(&job->lock);
    job->evidence.log_path[0] = '\0';
    job->evidence.complained = false;
}

void wp_job_free(struct wp_job *job)
{
    if (job)
        wp_job_leave(job);
    wp_free(job);
}

enum wp_status wp_job_save(struct wp_job *job, struct wp_error *error)
{
    job->record.updated_ms = job->caller.clock->wall_ms(job->caller.clock->user);
    return wp_store_put(job->site->store, &job->record, error);
}

enum wp_status wp_job_enter(struct wp_job *job, enum wp_job_state state, struct wp_error *error)
{
    enum wp_job_state before = job->record.state;
    job->record.state = state;
    enum wp_status status = wp_job_save(job, error);
    if (status != WP_OK) {
        job->record.state = before;
        return status;
    }
    wp_log_line(&job->options->log, WP_LOG_DEBUG, "job", "job %s: %s to %s", job->record.job_id,
                wp_job_state_name(before), wp_job_state_name(state));
    if (state != before)
        wp_job_tell(job, &(struct wp_job_event){.kind = WP_EVENT_STATE});
    return WP_OK;
}

void wp_job_attempt(struct wp_job *job, const struct wp_retry_policy *policy)
{
    if (job->course.attempts.policy != policy)
        job->course.attempts = wp_attempts_new(&job->caller, policy);
}

enum wp_status wp_job_put_off(struct wp_job *job, const char *retry_after, const struct wp_error *why)
{
    const struct wp_clock *clock = job->caller.clock;
    int64_t wait_ms = 0;
    enum wp_status status = wp_attempts_next(&job->course.attempts, &job->caller, retry_after, why, &wait_ms);
    job->course.due_ms = clock->now_ms(clock->user) + wait_ms;
    return status;
}

void wp_job_got_on(struct wp_job *job)
{
    job->course.attempts = (struct wp_attempts){0};
}

enum wp_status wp_job_lock(struct wp_job *job, struct wp_lock *lock, const char *name, const char *waiting,
                           struct wp_error *error)
{
    for (bool told = false;; told = true) {
        bool taken = false;
        enum wp_status status = wp_store_lock(job->site->store, name, lock, &taken, error);
        if (status != WP_OK || taken)
            return status;
        if (!told)
            tell_retry(job, waiting);
        status = wp_call_pause(&job->caller, LOCK_PAUSE_MS, error);
        if (status != WP_OK)
            return status;
    }
}

void wp_job_name_log(struct wp_job *job)
{
    char early[WP_PATH_SIZE];
    const struct wp_places *places = &job->site->places;
    wp_places_early_log(early, places, &job->record);
    wp_places_log(job->evidence.log_path, places, &job->record);
    if (strcmp(early, job->evidence.log_path) != 0 && access(early, F_OK) == 0 &&
        access(job->evidence.log_path, F_OK) != 0)
        (void)wp_file_rename(early, job->evidence.log_path, NULL); /* else it stays under its first name */
}

void wp_job_name_task(struct wp_job *job)
{
    wp_job_name_log(job);
    wp_job_tell(job, &(struct wp_job_event){.kind = WP_EVENT_TASK});
}
