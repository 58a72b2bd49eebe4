/* The inside of a job: what its steps share. How one is worked on from outside of a run: step.h. */
#ifndef WP_JOB_INTERNAL_H
#define WP_JOB_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "job/call.h"
#include "job/evidence.h"
#include "job/site.h"
#include "job/watch.h"
#include "store/store.h"
#include "wanprep/job.h"

/* What is remembered of a job between its steps and is worth no record: it bounds what is tried again. Zero
 * is a job of which nothing was tried yet. */
struct wp_course {
    struct wp_watch watch;
    struct wp_attempts attempts; /* of what is being tried; without a policy: nothing failed yet */
    int64_t due_ms;              /* what failed is not to be tried again before; monotonic, 0: at once */
    unsigned policy_refusals;    /* how often the storage would not take an upload policy */
    unsigned refreshes;          /* how often a new result URL was asked for */
    unsigned resends;            /* --resubmit is taken once */
    bool rejected;               /* a result was fetched that is no video */
};

struct wp_job {
    const struct wp_job_options *options;
    const struct wp_site *site;
    struct wp_caller caller;
    struct wp_evidence evidence;
    struct wp_lock lock; /* of the job id: while it is held nobody else steps this job */
    struct wp_job_record record;
    struct wp_course course;
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
enum wp_status wp_job_lock(struct wp_job *job, struct wp_lock *lock, const char *name, const char *waiting,
                           struct wp_error *error);

/* The log takes the task's name once there is one; also after a crash between the two. */
void wp_job_name_log(struct wp_job *job);

/* The task id is on disk: names the files by it and tells. */
void wp_job_name_task(struct wp_job *job);

/*
 * Patience with what may pass. A step that fails so is not repeated there and then: it ends with WP_OK in the
 * state in which it can be called again, and is due at course.due_ms.
 */

/* An attempt of a matter, which is known by its policy, begins: the first of it, or a further one. */
void wp_job_attempt(struct wp_job *job, const struct wp_retry_policy *policy);

/* It failed as `why` tells: WP_OK where it is due again, else why's status. */
enum wp_status wp_job_put_off(struct wp_job *job, const char *retry_after, const struct wp_error *why);

/* It has succeeded, or gets on: the next failure is the first. */
void wp_job_got_on(struct wp_job *job);

/* The next look at the task is due after the usual wait since the last one began. */
void wp_job_schedule_look(struct wp_job *job, int64_t since_ms);

/* Fills a record from a request: absolute paths, hashes, the key. WP_INPUT, WP_INTERRUPTED, WP_NOMEM. */
enum wp_status wp_job_plan(struct wp_job_record *record, const struct wp_job_request *request,
                           const struct wp_client *client, struct wp_error *error);

/* Where an input is: a URL as it was given, or an absolute path, so that a resume from another folder finds
 * it. False: it is not there, or the name is too long. */
bool wp_job_locate(char location[2048], const char *given);

/* Whether an input is a file of ours and not a URL of any kind. */
bool wp_job_is_local(const char *location);

/* False: a task that was made elsewhere, and is followed by its id. */
bool wp_record_has_inputs(const struct wp_job_record *record);

/* Whether an input has no URL that the service can read, or one that will not live long enough. */
bool wp_job_wants_upload(const struct wp_job_record *record, int64_t wall_ms);

/*
 * The steps. Each is called in the states named, and leaves the record in a further state, is put off, or
 * fails; a step that fails leaves a state from which it can be called again.
 */

/* PLANNED, CHECKED, UPLOADING: makes sure that both inputs have URLs that the service can read. */
enum wp_status wp_job_upload(struct wp_job *job, struct wp_error *error);

/* PLANNED, CHECKED, UPLOADING: creates the task; a lost answer is settled. To SUBMITTED. */
enum wp_status wp_job_submit(struct wp_job *job, struct wp_error *error);

/* SUBMITTING, UNCERTAIN, as an earlier run left it: finds out what came of the create. To SUBMITTED, or to
 * UPLOADING where it may be sent (again). */
enum wp_status wp_job_resolve(struct wp_job *job, struct wp_error *error);

/* SUBMITTED: one query. To SUCCEEDED, or still SUBMITTED with course.watch.due_ms the time of the next look:
 * also after a failure that may pass. Fails where the task failed, or the service will not tell. */
enum wp_status wp_job_look(struct wp_job *job, struct wp_error *error);

/* SUCCEEDED, DOWNLOADING: fetches, verifies and names the result. To DONE, or back to SUBMITTED for a fresh
 * URL. */
enum wp_status wp_job_download(struct wp_job *job, struct wp_error *error);

#endif
