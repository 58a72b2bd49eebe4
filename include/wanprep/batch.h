/*
 * Many jobs at the same time, in bounded stages: uploads, creates one at a time, one watch over all tasks,
 * downloads.
 */
#ifndef WANPREP_BATCH_H
#define WANPREP_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/client.h"
#include "wanprep/job.h"
#include "wanprep/limits.h"
#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Something happened to the job that was added under this index. Called from any thread, one call at a time;
 * valid during the call. */
typedef void wp_batch_event_fn(void *user, size_t index, const struct wp_job_event *event);

/** The job that was added under this index is at rest: status and error are what wp_job_run() would have
 * returned. Called once for each, as wp_batch_event_fn. */
typedef void wp_batch_ended_fn(void *user, size_t index, enum wp_status status,
                               const struct wp_job_result *result, const struct wp_error *error);

/** How to do many jobs. Zero is the default everywhere. */
struct wp_batch_options {
    struct wp_job_options job; /**< of every job; its event is not called */
    wp_batch_event_fn *event;  /**< NULL: none */
    wp_batch_ended_fn *ended;  /**< NULL: none */
    void *user;
    bool has_max_cost;
    uint64_t max_cost;              /**< of all jobs together, in thousandths of the region's currency */
    const struct wp_limits *limits; /**< for prices; NULL: wp_limits_default() */
    enum wp_region region;          /**< for prices */
    unsigned uploads;               /**< at the same time; 0: 4 */
    unsigned downloads;             /**< at the same time; 0: 4 */
    unsigned in_flight; /**< jobs between upload and result at the same time; 0: 1000. Further ones wait in
                           the store. */
};

/** Where a batch stands. Plain data. */
struct wp_batch_state {
    size_t queued; /**< not begun */
    size_t uploading;
    size_t submitting;
    size_t waiting; /**< the service has a task: pending or running */
    size_t downloading;
    size_t elsewhere;    /**< another process is at work on it */
    size_t done;         /**< at rest with a video */
    size_t failed;       /**< at rest without */
    uint64_t reserved;   /**< estimates of what is not over, in thousandths of the currency */
    uint64_t spent;      /**< of what is done, as billed; as estimated where the service did not say */
    int64_t forecast_ms; /**< until the service will be through with what it has of this batch: an estimate */
};

/** A batch. wp_batch_add() and the like from one thread. */
struct wp_batch;

/**
 * Makes a batch; no thread is started and nothing is sent before the first job is added. client is borrowed
 * and must not be used otherwise until the batch is freed; *out is freed with wp_batch_free(). Fails with
 * WP_OUTPUT (the store), WP_NOMEM.
 */
WP_API enum wp_status wp_batch_new(struct wp_batch **out, struct wp_client *client,
                                   const struct wp_batch_options *options, struct wp_error *error);

/**
 * Plans a job, or joins an earlier one of the same pair and parameters, and begins with it. Local inputs are
 * read for their hash during the call. A row whose estimate would bring the batch over max_cost is not
 * planned: WP_TOO_EXPENSIVE. Other failures: WP_INPUT, WP_USAGE, WP_OUTPUT, WP_NOMEM, WP_INTERRUPTED. Where
 * it fails the job is not part of the batch, and ended is not called for it.
 */
WP_API enum wp_status wp_batch_add(struct wp_batch *batch, size_t index, const struct wp_job_request *request,
                                   struct wp_error *error);

/**
 * In place of wp_batch_add() for a row that is not to be begun any more: where the store has a job of it that
 * is done, that is told as the end of this index. Inputs are known by their names and are not read; one that
 * has changed since is not known. False: nothing is told.
 */
WP_API bool wp_batch_recall(struct wp_batch *batch, size_t index, const struct wp_job_request *request);

/** Adds all jobs of the store that are not at an end, under the indexes from 0; *count is their number. */
WP_API enum wp_status wp_batch_resume(struct wp_batch *batch, size_t *count, struct wp_error *error);

/**
 * Takes jobs that anybody has planned in the store, as long as keep_on says so, under indexes from 0 in the
 * order in which they are taken. idle is true where there is nothing to take and nothing under way. Returns
 * when keep_on says no; then call wp_batch_finish(). Fails as wp_batch_resume().
 */
typedef bool wp_batch_keep_on_fn(void *user, bool idle);
WP_API enum wp_status wp_batch_work(struct wp_batch *batch, wp_batch_keep_on_fn *keep_on, void *user,
                                    struct wp_error *error);

/** Nothing more is submitted: jobs without a task come to rest with WP_INTERRUPTED, tasks are still waited
 * for. From any thread, also from within the callbacks. */
WP_API void wp_batch_stop(struct wp_batch *batch);

/** Waits until all jobs are at rest. WP_OK, whatever came of them; WP_INTERRUPTED where the client's
 * interrupt ended it: what is unfinished is carried on by the next run. */
WP_API enum wp_status wp_batch_finish(struct wp_batch *batch, struct wp_error *error);

/** Where it stands now. From any thread, also from within the callbacks. */
WP_API void wp_batch_look(struct wp_batch_state *out, struct wp_batch *batch);

/** Frees a batch that was finished, or to which nothing was added. NULL is fine. */
WP_API void wp_batch_free(struct wp_batch *batch);

#ifdef __cplusplus
}
#endif
#endif
