/*
 * Working on jobs one step at a time, from outside of a blocking run: what a batch does.
 *
 * A struct wp_job is a pair of hands, made once a thread (it is large). It opens or takes up a job, which
 * locks it, steps it, and leaves it. Between the steps a job is its record in the store, its id, and its
 * struct wp_course, which whoever holds the id carries along (job->course, before and after).
 */
#ifndef WP_JOB_STEP_H
#define WP_JOB_STEP_H

#include "job/job.h"

enum wp_step {
    WP_STEP_UPLOAD,
    WP_STEP_SUBMIT, /* UPLOADING with both URLs: one create, and what it takes to be sure of it */
    WP_STEP_SETTLE, /* an earlier create is of unknown fate */
    WP_STEP_LOOK,
    WP_STEP_FETCH,
    WP_STEP_NONE, /* the end of the road, good or bad */
};

/* The step that a record asks for next. Pure. */
enum wp_step wp_step_of(const struct wp_job_record *record, int64_t wall_ms);

/* When that step is to be taken: not before this monotonic time. Pure. */
int64_t wp_step_due_ms(enum wp_step step, const struct wp_course *course);

/* Hands for the jobs of a site, which may be opened later. Everything is borrowed; the client is theirs alone
 * as long as they work. *out is freed with wp_job_free(). WP_NOMEM. */
enum wp_status wp_job_new(struct wp_job **out, const struct wp_site *site, struct wp_client *client,
                          const struct wp_job_options *options, struct wp_error *error);
void wp_job_free(struct wp_job *job);

/*
 * Opens the job of a plan, job->record as wp_job_plan() filled it: joins the one of the same pair and
 * parameters (unless options.force), or makes its record; *joined tells which. *taken tells whether it could
 * be locked; where not, somebody else is at work on it, and the same call again tries again.
 */
enum wp_status wp_job_open(struct wp_job *job, bool *joined, bool *taken, struct wp_error *error);

/* Takes up a job by its id: locks it and reads its record. *taken false: somebody else is at work on it. */
enum wp_status wp_job_take(struct wp_job *job, const char *job_id, bool *taken, struct wp_error *error);

/* Takes up a job whose lock was put down, or claimed: *lock is its own, and goes into the hands; where it
 * fails, it is there, too, and wp_job_leave() gives it up. */
enum wp_status wp_job_take_held(struct wp_job *job, const char *job_id, struct wp_lock *lock,
                                struct wp_error *error);

/* Puts the job down without giving it up: its lock goes out of the hands into *lock. */
void wp_job_put_down(struct wp_job *job, struct wp_lock *lock);

/* Reads the record of a job without taking it up: for looking only. */
enum wp_status wp_job_peek(struct wp_job *job, const char *job_id, struct wp_error *error);

/* Whether a record is one of the client's service: WP_NO_KEY and the way out. */
enum wp_status wp_job_check_service(const struct wp_job *job, const struct wp_job_record *record,
                                    struct wp_error *error);

/* DONE, and the video is gone from its place: back to SUCCEEDED, so that it is fetched again. */
enum wp_status wp_job_reopen(struct wp_job *job, struct wp_error *error);

/* Takes the step that wp_step_of() names; of WP_STEP_NONE it tells the end: WP_OK, or why there is no result.
 * What failed and may pass is due again later, which is WP_OK, too. Only where all that follow would have to
 * wait for the same is it waited for: for the lock of creates, for a turn at the service, while settling. */
enum wp_status wp_job_step(struct wp_job *job, struct wp_error *error);

/* Whether a job is taken up. */
bool wp_job_is_held(const struct wp_job *job);

/* Gives the job up for others. Fine where none is held; needed also where taking it up failed. */
void wp_job_leave(struct wp_job *job);

/* What a record says, and which of its files are there; not result->joined. */
void wp_job_fill_result(struct wp_job_result *result, const struct wp_places *places,
                        const struct wp_job_record *record);

#endif
