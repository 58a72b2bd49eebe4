/* The inside of a job: what its steps share. */
#ifndef WP_JOB_INTERNAL_H
#define WP_JOB_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "job/call.h"
#include "job/evidence.h"
#include "job/places.h"
#include "store/lock.h"
#include "store/store.h"
#include "wanprep/job.h"

struct wp_job {
    const struct wp_job_options *options;
    struct wp_caller caller;
    struct wp_places places;
    struct wp_evidence evidence;
    struct wp_store *store;
    struct wp_lock lock; /* of the job id: while it is held nobody else steps this job */
    struct wp_job_record record;
    struct wp_job_result *result;
    bool fresh;         /* the task was made by this run: it need not be asked for at once */
    unsigned refreshes; /* how often a new result URL was asked for */
    bool rejected;      /* a result was fetched that is no video */
    unsigned resends;   /* --resubmit is taken once a run */
};

/* wp_job_run() with a clock of the caller's. */
enum wp_status wp_job_run_with(struct wp_job_result *result, struct wp_client *client,
                               const struct wp_job_request *request, const struct wp_job_options *options,
                               const struct wp_clock *clock, struct wp_error *error);

/* Enters a state: puts the record, so that it is on disk, and tells of it. */
enum wp_status wp_job_enter(struct wp_job *job, enum wp_job_state state, struct wp_error *error);

/* Puts the record in the state that it has. */
enum wp_status wp_job_save(struct wp_job *job, struct wp_error *error);

/* Tells the caller; kind, and what differs from the record. */
void wp_job_tell(struct wp_job *job, const struct wp_job_event *event);

/* Tries until a lock is had; WP_INTERRUPTED, WP_OUTPUT. waiting: what people are told if it takes long. */
enum wp_status wp_job_lock(struct wp_job *job, struct wp_lock *lock, const char *hex_key, const char *waiting,
                           struct wp_error *error);

/* The task id is on disk: names the files by it and tells. */
void wp_job_name_task(struct wp_job *job);

/* Fills a record from a request: absolute paths, hashes, the key. WP_INPUT, WP_INTERRUPTED, WP_NOMEM. */
enum wp_status wp_job_plan(struct wp_job_record *record, const struct wp_job_request *request,
                           const struct wp_client *client, struct wp_error *error);

/* Whether an input is a file of ours and not a URL of any kind. */
bool wp_job_is_local(const char *location);

/*
 * The steps. Each is called in the states named, and leaves the record in a further state or fails; a step
 * that fails leaves a state from which it can be called again.
 */

/* PLANNED, CHECKED, UPLOADING: makes sure that both inputs have URLs that the service can read. */
enum wp_status wp_job_upload(struct wp_job *job, struct wp_error *error);

/* PLANNED, CHECKED, UPLOADING: creates the task; a lost answer is settled. To SUBMITTED. */
enum wp_status wp_job_submit(struct wp_job *job, struct wp_error *error);

/* SUBMITTING, UNCERTAIN, as an earlier run left it: finds out what came of the create. To SUBMITTED, or to
 * UPLOADING where it may be sent (again). */
enum wp_status wp_job_resolve(struct wp_job *job, struct wp_error *error);

/* SUBMITTED: waits for the task. To SUCCEEDED. */
enum wp_status wp_job_poll(struct wp_job *job, struct wp_error *error);

/* SUCCEEDED, DOWNLOADING: fetches, verifies and names the result. To DONE, or back to SUBMITTED for a fresh
 * URL. */
enum wp_status wp_job_download(struct wp_job *job, struct wp_error *error);

#endif
