/* Taking up a job: of a request, or by its id. */
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "job/step.h"

#include "base/banned.h"

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
static enum wp_status find_or_make(struct wp_job *job, bool *joined, struct wp_error *error)
{
    struct wp_lock key_lock;
    struct wp_job_record *found = wp_malloc(sizeof *found);
    *joined = false;
    if (!found)
        return wp_fail_nomem(error, "job");
    enum wp_status status =
        wp_job_lock(job, &key_lock, job->record.key, "another process plans the same pair", error);
    if (status == WP_OK && !job->options->force)
        status = wp_store_find_key(job->site->store, job->record.key, found, joined, error);
    if (status == WP_OK && *joined) /* read whole once it is ours alone: see take_over() */
        memcpy(job->record.job_id, found->job_id, sizeof job->record.job_id);
    else if (status == WP_OK)
        status = make_record(job, error);
    wp_store_unlock(&key_lock);
    wp_free(found);
    return status;
}

/* Reads the record of a job that is ours alone now; whoever had it before may have moved it on. */
static enum wp_status read_record(struct wp_job *job, struct wp_job_record *out, struct wp_error *error)
{
    bool found = false;
    enum wp_status status = wp_store_find_job(job->site->store, job->record.job_id, out, &found, error);
    return status == WP_OK && !found
               ? wp_fail(error, WP_OUTPUT, "job", "the record of this job was removed meanwhile")
               : status;
}

/* A finished job whose video is still where it was put. */
static bool is_done(const struct wp_job *job)
{
    char path[WP_PATH_SIZE];
    struct stat info;
    wp_places_video(path, &job->site->places, &job->record, "");
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0;
}

enum wp_status wp_job_reopen(struct wp_job *job, struct wp_error *error)
{
    if (job->record.state != WP_JOB_DONE || is_done(job))
        return WP_OK;
    wp_log_line(&job->options->log, WP_LOG_WARN, "job",
                "the video of the task %s is gone from its place; it is fetched again", job->record.task_id);
    return wp_job_enter(job, WP_JOB_SUCCEEDED, error);
}

static enum wp_status lock_job(struct wp_job *job, bool *taken, struct wp_error *error)
{
    return wp_store_lock(job->site->store, job->record.job_id, &job->lock, taken, error);
}

/* Locks the job and reads its record. The paths are those of today's request: the same bytes may have moved.
 */
static enum wp_status take_over(struct wp_job *job, bool *taken, struct wp_error *error)
{
    enum wp_status status = lock_job(job, taken, error);
    if (status != WP_OK || !*taken)
        return status;
    struct wp_job_record *record = wp_malloc(sizeof *record);
    if (!record)
        return wp_fail_nomem(error, "job");
    status = read_record(job, record, error);
    if (status == WP_OK) {
        bool told = job->record.has_predicted_seconds && !record->has_predicted_seconds;
        bool moved =
            strcmp(record->image, job->record.image) != 0 || strcmp(record->video, job->record.video) != 0;
        (void)wp_text_copy(record->image, sizeof record->image, job->record.image);
        (void)wp_text_copy(record->video, sizeof record->video, job->record.video);
        if (told) {
            record->has_predicted_seconds = true;
            record->predicted_seconds = job->record.predicted_seconds;
        }
        job->record = *record;
        if (moved || told)
            status = wp_job_save(job, error);
    }
    wp_free(record);
    if (status != WP_OK)
        return status;
    wp_job_name_log(job);
    return wp_job_reopen(job, error);
}

enum wp_status wp_job_open(struct wp_job *job, bool *joined, bool *taken, struct wp_error *error)
{
    enum wp_status status = WP_OK;
    wp_job_leave(job);
    *taken = false;
    if (!job->record.job_id[0])
        status = find_or_make(job, joined, error);
    if (status == WP_OK)
        status = take_over(job, taken, error);
    if (status == WP_OK && *taken && *joined)
        wp_job_tell(job, &(struct wp_job_event){.kind = WP_EVENT_JOINED});
    return status;
}

static enum wp_status name_job(struct wp_job *job, const char *job_id, struct wp_error *error)
{
    char id[sizeof job->record.job_id]; /* job_id may be that of job itself */
    wp_job_leave(job);
    if (!wp_text_copy(id, sizeof id, job_id))
        return wp_fail(error, WP_INTERNAL, "job", "a job id is too long");
    memset(&job->record, 0, sizeof job->record);
    memcpy(job->record.job_id, id, sizeof id);
    return WP_OK;
}

enum wp_status wp_job_take(struct wp_job *job, const char *job_id, bool *taken, struct wp_error *error)
{
    *taken = false;
    enum wp_status status = name_job(job, job_id, error);
    if (status == WP_OK)
        status = lock_job(job, taken, error);
    if (status != WP_OK || !*taken)
        return status;
    status = read_record(job, &job->record, error);
    if (status == WP_OK)
        wp_job_name_log(job);
    return status;
}

enum wp_status wp_job_take_held(struct wp_job *job, const char *job_id, struct wp_lock *lock,
                                struct wp_error *error)
{
    enum wp_status status = name_job(job, job_id, error);
    job->lock = *lock;
    *lock = (struct wp_lock){0};
    if (status == WP_OK)
        status = read_record(job, &job->record, error);
    if (status == WP_OK)
        wp_job_name_log(job);
    return status;
}

void wp_job_put_down(struct wp_job *job, struct wp_lock *lock)
{
    *lock = job->lock;
    job->lock = (struct wp_lock){0};
}

enum wp_status wp_job_peek(struct wp_job *job, const char *job_id, struct wp_error *error)
{
    enum wp_status status = name_job(job, job_id, error);
    return status == WP_OK ? read_record(job, &job->record, error) : status;
}
