/* Fetching the result: into a .part file beside its place, judged, and named when it is whole and good. */
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "job/fetch.h"
#include "job/step.h"

#include "base/banned.h"

#define MAX_REFRESHES 2

/* A result that is no video is kept aside, never under the result's name. It is fetched once more: it may
 * have been damaged on its way. */
static enum wp_status reject(struct wp_fetch *fetch, const struct wp_error *why, struct wp_error *error)
{
    char bad[WP_PATH_SIZE];
    struct wp_job *job = fetch->job;
    wp_places_video(bad, &job->site->places, &job->record, ".bad");
    job->record.result_etag[0] = '\0';
    enum wp_status status = wp_file_rename(fetch->part, bad, error);
    if (status == WP_OK)
        status = wp_job_enter(job, WP_JOB_SUCCEEDED, error);
    if (status != WP_OK)
        return status;
    (void)wp_fail(
        error, WP_BAD_RESULT, "download",
        "what the service delivered is not the video that was promised: %.400s; it is kept as '%.200s'",
        why->message, bad);
    if (job->course.rejected)
        return WP_BAD_RESULT;
    job->course.rejected = true;
    wp_call_tell_retry(&job->caller, error, 0);
    return WP_OK;
}

/* What is not as expected stands in the task's log, too. */
static void note_differences(struct wp_job *job)
{
    struct wp_job_note notes[WP_MAX_JOB_NOTES];
    struct wp_job_result *result = wp_calloc(1, sizeof *result);
    if (!result)
        return; /* it can be told again at any time, from the record */
    wp_job_fill_result(result, &job->site->places, &job->record);
    size_t count = wp_job_notes(notes, result);
    for (size_t i = 0; i < count; i++)
        wp_evidence_note(&job->evidence, notes[i].about, notes[i].message);
    wp_free(result);
}

/* On disk, judged, named. */
static enum wp_status conclude(struct wp_fetch *fetch, struct wp_error *error)
{
    struct wp_job *job = fetch->job;
    const struct wp_job_options *options = job->options;
    struct wp_error why = {0};
    struct wp_result_facts facts = {0};
    enum wp_status status = wp_fetch_sync(fetch, error);
    if (status != WP_OK)
        return status;
    if (options->verify) {
        enum wp_status verdict = options->verify(options->verify_user, fetch->part, &facts, &why);
        if (verdict == WP_INTERRUPTED || verdict == WP_NOMEM) {
            if (error)
                *error = why;
            return verdict;
        }
        if (verdict != WP_OK)
            return reject(fetch, &why, error);
    }
    status = wp_file_rename(fetch->part, fetch->final, error);
    if (status != WP_OK)
        return status;
    char bad[WP_PATH_SIZE];
    wp_places_video(bad, &job->site->places, &job->record, ".bad");
    (void)unlink(bad); /* an earlier delivery, of no use now */
    (void)wp_text_copy(job->record.video_path, sizeof job->record.video_path, fetch->final);
    job->record.width = facts.width;
    job->record.height = facts.height;
    job->record.frame_rate = facts.frame_rate;
    job->record.duration = facts.duration;
    status = wp_job_enter(job, WP_JOB_DONE, error);
    if (status == WP_OK)
        note_differences(job);
    return status;
}

/* Asks for a fresh URL, by going back to where the task is asked for. */
static enum wp_status refresh_url(struct wp_job *job, const struct wp_error *why, struct wp_error *error)
{
    if (job->course.refreshes >= MAX_REFRESHES) {
        return wp_fail(
            error, WP_NETWORK, "download",
            "the result of the task %s is refused also with a fresh URL: %.400s; the same command tries "
            "again, for up to 24 hours after the task",
            job->record.task_id, why->message);
    }
    job->course.refreshes++;
    job->course.watch = (struct wp_watch){0};
    return wp_job_enter(job, WP_JOB_SUBMITTED, error);
}

enum wp_status wp_job_download(struct wp_job *job, struct wp_error *error)
{
    struct wp_fetch *fetch = wp_calloc(1, sizeof *fetch);
    struct wp_error why = {0};
    enum wp_fetched came = WP_FETCHED_PUT_OFF;
    if (!fetch)
        return wp_fail_nomem(error, "download");
    fetch->fd = -1;
    enum wp_status status = wp_job_enter(job, WP_JOB_DOWNLOADING, &why);
    if (status == WP_OK)
        status = wp_fetch_open(fetch, job, &why);
    if (status == WP_OK)
        status = wp_fetch_some(fetch, &came, &why);
    if (status == WP_OK && came != WP_FETCHED_PUT_OFF)
        wp_job_got_on(job);
    if (status == WP_OK && came == WP_FETCHED_REFRESH)
        status = refresh_url(job, &why, &why);
    else if (status == WP_OK && came == WP_FETCHED_ALL)
        status = conclude(fetch, &why);
    wp_fetch_close(fetch);
    wp_free(fetch);
    if (status != WP_OK && error)
        *error = why;
    return status;
}
