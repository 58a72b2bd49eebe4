#include "job/job.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"

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

enum wp_status wp_job_save(struct wp_job *job, struct wp_error *error)
{
    job->record.updated_ms = job->caller.clock->wall_ms(job->caller.clock->user);
    return wp_store_put(job->store, &job->record, error);
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

enum wp_status wp_job_lock(struct wp_job *job, struct wp_lock *lock, const char *hex_key, const char *waiting,
                           struct wp_error *error)
{
    char path[WP_PATH_SIZE];
    wp_places_lock(path, &job->places);
    for (bool told = false;; told = true) {
        bool taken = false;
        enum wp_status status = wp_lock_try(lock, path, hex_key, &taken, error);
        if (status != WP_OK || taken)
            return status;
        if (!told)
            tell_retry(job, waiting);
        status = wp_call_pause(&job->caller, LOCK_PAUSE_MS, error);
        if (status != WP_OK)
            return status;
    }
}

/* The log takes the task's name once there is one; also after a crash between the two. */
static void name_log(struct wp_job *job)
{
    char early[WP_PATH_SIZE];
    wp_places_early_log(early, &job->places, &job->record);
    wp_places_log(job->evidence.log_path, &job->places, &job->record);
    if (strcmp(early, job->evidence.log_path) != 0 && access(early, F_OK) == 0 &&
        access(job->evidence.log_path, F_OK) != 0)
        (void)wp_file_rename(early, job->evidence.log_path, NULL); /* else it stays under its first name */
}

void wp_job_name_task(struct wp_job *job)
{
    name_log(job);
    wp_job_tell(job, &(struct wp_job_event){.kind = WP_EVENT_TASK});
}

/* A finished job whose video is still where it was put. */
static bool is_done(const struct wp_job *job)
{
    char path[WP_PATH_SIZE];
    struct stat info;
    wp_places_video(path, &job->places, &job->record, "");
    return job->record.state == WP_JOB_DONE && stat(path, &info) == 0 && S_ISREG(info.st_mode) &&
           info.st_size > 0;
}

static enum wp_status make_record(struct wp_job *job, struct wp_error *error)
{
    wp_random_hex(job->record.job_id, sizeof job->record.job_id);
    job->record.state = WP_JOB_PLANNED;
    job->record.created_ms = job->caller.clock->wall_ms(job->caller.clock->user);
    return wp_job_save(job, error);
}

/*
 * Finds the record of the same pair and parameters, or makes one. Two processes with the same pair do this
 * one after the other, under the lock of the key; the job itself is then held by the lock of its id.
 */
static enum wp_status find_or_make(struct wp_job *job, struct wp_error *error)
{
    struct wp_lock key_lock;
    struct wp_job_record *found = wp_malloc(sizeof *found);
    bool joined = false;
    if (!found)
        return wp_fail_nomem(error, "job");
    enum wp_status status =
        wp_job_lock(job, &key_lock, job->record.key, "another process plans the same pair", error);
    if (status == WP_OK && !job->options->force)
        status = wp_store_find_key(job->store, job->record.key, found, &joined, error);
    if (status == WP_OK && joined) /* read whole once it is ours alone: see take_over() */
        memcpy(job->record.job_id, found->job_id, sizeof job->record.job_id);
    else if (status == WP_OK)
        status = make_record(job, error);
    job->result->joined = joined;
    wp_lock_release(&key_lock);
    wp_free(found);
    return status;
}

/* Reads the record that was joined. The paths are those of today's request: the same bytes may have moved. */
static enum wp_status read_record(struct wp_job *job, struct wp_error *error)
{
    bool found = false;
    struct wp_job_record *record = wp_malloc(sizeof *record);
    if (!record)
        return wp_fail_nomem(error, "job");
    enum wp_status status = wp_store_find_job(job->store, job->record.job_id, record, &found, error);
    if (status == WP_OK && !found)
        status = wp_fail(error, WP_OUTPUT, "job", "the record of this job was removed meanwhile");
    if (status == WP_OK) {
        (void)wp_text_copy(record->image, sizeof record->image, job->record.image);
        (void)wp_text_copy(record->video, sizeof record->video, job->record.video);
        job->record = *record;
    }
    wp_free(record);
    return status;
}

/* Takes the job over; whoever had it before may have moved it on. */
static enum wp_status take_over(struct wp_job *job, struct wp_error *error)
{
    enum wp_status status =
        wp_job_lock(job, &job->lock, job->record.job_id,
                    "another process is at work on the same pair and parameters; waiting to join it", error);
    if (status == WP_OK)
        status = read_record(job, error);
    if (status != WP_OK)
        return status;
    name_log(job);
    if (job->result->joined)
        wp_job_tell(job, &(struct wp_job_event){.kind = WP_EVENT_JOINED});
    if (job->record.state == WP_JOB_DONE && !is_done(job)) {
        wp_log_line(&job->options->log, WP_LOG_WARN, "job",
                    "the video of the task %s is gone from its place; it is fetched again",
                    job->record.task_id);
        return wp_job_enter(job, WP_JOB_SUCCEEDED, error);
    }
    return WP_OK;
}

/* Another process, which we waited for, brought the job to a bad end. */
static enum wp_status tell_end(const struct wp_job_record *record, enum wp_status status,
                               struct wp_error *error)
{
    return wp_fail(error, status, "job",
                   "the job of the same pair that was joined ended as %s%s%.100s%s%.300s",
                   wp_job_state_name(record->state), record->code[0] ? ": " : "", record->code,
                   record->message[0] ? ": " : "", record->message);
}

/* One step from the state at hand; *done at the end of the road. */
static enum wp_status step(struct wp_job *job, bool *done, struct wp_error *error)
{
    enum wp_status status;
    switch (job->record.state) {
    case WP_JOB_PLANNED:
    case WP_JOB_CHECKED:
    case WP_JOB_UPLOADING:
        status = wp_job_upload(job, error);
        return status == WP_OK ? wp_job_submit(job, error) : status;
    case WP_JOB_SUBMITTING:
    case WP_JOB_UNCERTAIN:
        return wp_job_resolve(job, error);
    case WP_JOB_SUBMITTED:
        return wp_job_poll(job, error);
    case WP_JOB_SUCCEEDED:
    case WP_JOB_DOWNLOADING:
        return wp_job_download(job, error);
    case WP_JOB_DONE:
        *done = true;
        return WP_OK;
    case WP_JOB_REJECTED:
        return tell_end(&job->record, WP_REFUSED, error);
    case WP_JOB_FAILED:
        return tell_end(&job->record, WP_TASK_FAILED, error);
    case WP_JOB_CANCELED:
        return tell_end(&job->record, WP_TASK_CANCELED, error);
    case WP_JOB_EXPIRED:
        return tell_end(&job->record, WP_TASK_EXPIRED, error);
    }
    return wp_fail(error, WP_INTERNAL, "job", "a job is in no known state");
}

static void fill_result(const struct wp_job *job)
{
    const struct wp_job_record *record = &job->record;
    struct wp_job_result *result = job->result;
    char path[WP_PATH_SIZE];
    result->state = record->state;
    (void)wp_text_copy(result->job_id, sizeof result->job_id, record->job_id);
    (void)wp_text_copy(result->task_id, sizeof result->task_id, record->task_id);
    (void)wp_text_copy(result->request_id, sizeof result->request_id, record->request_id);
    (void)wp_text_copy(result->code, sizeof result->code, record->code);
    (void)wp_text_copy(result->message, sizeof result->message, record->message);
    (void)wp_text_copy(result->log_path, sizeof result->log_path, job->evidence.log_path);
    result->has_billed_seconds = record->has_billed_seconds;
    result->billed_seconds = record->billed_seconds;
    if (!record->job_id[0])
        return; /* it never came to a record */
    if (record->state == WP_JOB_DONE)
        wp_places_video(result->video_path, &job->places, record, "");
    wp_places_answer(path, &job->places, record);
    if (access(path, F_OK) == 0)
        (void)wp_text_copy(result->answer_path, sizeof result->answer_path, path);
}

static enum wp_status open_job(struct wp_job *job, const struct wp_job_request *request,
                               struct wp_error *error)
{
    char path[WP_PATH_SIZE];
    enum wp_status status = wp_job_plan(&job->record, request, job->caller.client, error);
    if (status == WP_OK)
        status = wp_places_make(&job->places, job->options->output_dir, error);
    if (status != WP_OK)
        return status;
    wp_places_database(path, &job->places);
    status = wp_store_open(&job->store, path, error);
    if (status == WP_OK)
        status = find_or_make(job, error);
    return status == WP_OK ? take_over(job, error) : status;
}

enum wp_status wp_job_run_with(struct wp_job_result *result, struct wp_client *client,
                               const struct wp_job_request *request, const struct wp_job_options *options,
                               const struct wp_clock *clock, struct wp_error *error)
{
    memset(result, 0, sizeof *result);
    struct wp_job *job = wp_calloc(1, sizeof *job);
    if (!job)
        return wp_fail_nomem(error, "job");
    job->options = options;
    job->result = result;
    job->lock.fd = -1;
    job->evidence = (struct wp_evidence){.clock = clock, .log = &options->log};
    job->caller = (struct wp_caller){.client = client,
                                     .clock = clock,
                                     .evidence = &job->evidence,
                                     .retrying = tell_retry,
                                     .retrying_user = job};
    enum wp_status status = open_job(job, request, error);
    for (bool done = false; status == WP_OK && !done;)
        status = step(job, &done, error);
    fill_result(job);
    wp_lock_release(&job->lock);
    wp_store_close(job->store);
    wp_free(job);
    return status;
}

enum wp_status wp_job_run(struct wp_job_result *result, struct wp_client *client,
                          const struct wp_job_request *request, const struct wp_job_options *options,
                          struct wp_error *error)
{
    return wp_job_run_with(result, client, request, options, wp_clock_system(), error);
}
