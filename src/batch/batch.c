/* A batch: adding jobs to it, and seeing it to its end. */
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "batch/crew.h"
#include "job/client.h"

#include "base/banned.h"

#define SLICE_MS 100 /* so often is asked whether the user wants to stop */

enum wp_status wp_batch_new(struct wp_batch **out, struct wp_client *client,
                            const struct wp_batch_options *options, struct wp_error *error)
{
    *out = NULL;
    struct wp_batch *batch = wp_calloc(1, sizeof *batch);
    if (!batch)
        return wp_fail_nomem(error, "batch");
    (void)pthread_mutex_init(&batch->mutex, NULL); /* these three cannot fail with glibc */
    (void)pthread_mutex_init(&batch->telling, NULL);
    (void)pthread_cond_init(&batch->changed, NULL);
    batch->options = *options;
    batch->client = client;
    batch->ledger.most = options->has_max_cost ? options->max_cost : UINT64_MAX;
    batch->forecast = wp_forecast_new();
    enum wp_status status = wp_site_open(&batch->site, options->job.output_dir, options->job.store, client,
                                         wp_clock_system(), error);
    if (status != WP_OK) {
        wp_batch_free(batch);
        return status;
    }
    *out = batch;
    return WP_OK;
}

void wp_batch_free(struct wp_batch *batch)
{
    if (!batch)
        return;
    wp_hands_free(batch);
    wp_client_free(batch->watcher_client);
    wp_http_loop_free(batch->loop);
    wp_idset_free(&batch->counted);
    wp_memory_free(&batch->memory);
    wp_free(batch->waiting);
    wp_site_close(&batch->site);
    (void)pthread_cond_destroy(&batch->changed);
    (void)pthread_mutex_destroy(&batch->telling);
    (void)pthread_mutex_destroy(&batch->mutex);
    wp_free(batch);
}

/* The threads, with the first job. */
static enum wp_status begin(struct wp_batch *batch, struct wp_error *error)
{
    if (batch->watching)
        return WP_OK;
    enum wp_status status = batch->loop ? WP_OK : wp_http_loop_new(&batch->loop, error);
    if (status == WP_OK && !batch->watcher_client)
        status = wp_crew_client(&batch->watcher_client, batch, error);
    if (status == WP_OK && !batch->hands)
        status = wp_hands_make(batch, error);
    if (status == WP_OK)
        status = wp_hands_start(batch, error);
    if (status != WP_OK)
        return status;
    batch->watching = wp_crew_start_thread(&batch->watcher, wp_crew_watch, batch);
    return batch->watching ? WP_OK : wp_fail_nomem(error, "batch");
}

/* Reserves the price of so many seconds; joined: a job of the same pair is under way or done here, and costs
 * what it costs. A pair that stands in the batch twice is counted once. */
static enum wp_status reserve(struct wp_batch *batch, struct wp_item *item, double seconds, bool joined,
                              struct wp_error *error)
{
    bool known, ok = true;
    uint64_t price = wp_crew_price(batch, item->mode, seconds, &known), total;
    if (!known && batch->options.has_max_cost)
        return wp_fail(
            error, WP_TOO_EXPENSIVE, "batch",
            "there is no price for %s in this region, so the maximum cannot be kept; give one in a "
            "--profile",
            wp_mode_name(item->mode));
    (void)pthread_mutex_lock(&batch->mutex);
    total = wp_ledger_total(&batch->ledger);
    if (joined)
        wp_ledger_commit(&batch->ledger, price);
    else
        ok = wp_ledger_reserve(&batch->ledger, price);
    (void)pthread_mutex_unlock(&batch->mutex);
    item->reserved = ok ? price : 0;
    if (ok)
        return WP_OK;
    return wp_fail(error, WP_TOO_EXPENSIVE, "batch",
                   "its estimated price of %.3f would bring the batch from %.3f to more than the maximum of "
                   "%.3f; it was not submitted",
                   (double)price / 1000, (double)total / 1000, (double)batch->ledger.most / 1000);
}

static void give_back(struct wp_batch *batch, struct wp_item *item)
{
    (void)pthread_mutex_lock(&batch->mutex);
    wp_ledger_settle(&batch->ledger, item->reserved, 0);
    (void)pthread_mutex_unlock(&batch->mutex);
    item->reserved = 0;
}

/* Whether a joined job has a task, or may have: then its money is not ours to refuse any more. */
static bool has_task(const struct wp_job_record *record)
{
    return record->state >= WP_JOB_SUBMITTING;
}

/* Finds out what the planned job will cost the batch, and reserves that. */
static enum wp_status admit(struct wp_batch *batch, struct wp_item *item, struct wp_error *error)
{
    const struct wp_job_record *planned = &batch->hands[0].job->record;
    struct wp_job_record *found = wp_malloc(sizeof *found);
    bool exists = false;
    if (!found)
        return wp_fail_nomem(error, "batch");
    enum wp_status status = WP_OK;
    if (!batch->options.job.force)
        status = wp_store_find_key(batch->site.store, planned->key, found, &exists, error);
    item->mode = planned->mode;
    item->seconds = wp_crew_seconds(batch, planned);
    if (status == WP_OK && !(exists && wp_idset_has(&batch->counted, found->job_id)))
        status =
            reserve(batch, item, exists && found->has_billed_seconds ? found->billed_seconds : item->seconds,
                    exists && has_task(found), error);
    wp_free(found);
    return status;
}

static enum wp_status add(struct wp_batch *batch, struct wp_item *item, const struct wp_job_request *request,
                          enum wp_stage_kind *stage, struct wp_error *error)
{
    struct wp_hand *planner = &batch->hands[0];
    bool taken = false;
    enum wp_status status = wp_job_plan(&planner->job->record, request, planner->client, error);
    if (status == WP_OK)
        status = admit(batch, item, error);
    if (status != WP_OK)
        return status;
    planner->item = item;
    status = wp_job_open(planner->job, &item->joined, &taken, error);
    planner->item = NULL;
    *stage = taken ? wp_crew_first_stage(batch, &planner->job->record) : WP_STAGE_BEGIN;
    wp_job_leave(planner->job);
    if (status == WP_OK && !wp_idset_add(&batch->counted, planner->job->record.job_id))
        status = wp_fail_nomem(error, "batch");
    if (status != WP_OK) {
        give_back(batch, item);
        return status;
    }
    (void)wp_text_copy(item->job_id, sizeof item->job_id, planner->job->record.job_id);
    return WP_OK;
}

enum wp_status wp_batch_add(struct wp_batch *batch, size_t index, const struct wp_job_request *request,
                            struct wp_error *error)
{
    enum wp_status status = begin(batch, error);
    if (status != WP_OK)
        return status;
    struct wp_item *item = wp_crew_item(index, error);
    if (!item)
        return WP_NOMEM;
    enum wp_stage_kind stage;
    status = add(batch, item, request, &stage, error);
    if (status == WP_OK)
        wp_crew_admit(batch, item, stage);
    else
        wp_free(item);
    return status;
}

bool wp_batch_recall(struct wp_batch *batch, size_t index, const struct wp_job_request *request)
{
    struct wp_job_record *record = wp_malloc(sizeof *record);
    struct wp_item *item = NULL;
    if (record && begin(batch, NULL) == WP_OK &&
        wp_memory_find(&batch->memory, &batch->site, batch->client, request, record))
        item = wp_crew_item_of(batch, record, index, NULL);
    if (item) {
        item->joined = true;
        wp_crew_admit(batch, item, wp_crew_first_stage(batch, record));
    }
    wp_free(record);
    return item != NULL;
}

struct resume {
    struct wp_batch *batch;
    size_t count;
    struct wp_error *error;
    bool failed;
};

static bool add_unfinished(void *user, const struct wp_job_record *record)
{
    struct resume *resume = user;
    struct wp_item *item = wp_crew_item_of(resume->batch, record, resume->count, resume->error);
    resume->failed = !item;
    if (!item)
        return false;
    resume->count++;
    item->joined = true;
    wp_crew_admit(resume->batch, item, wp_crew_first_stage(resume->batch, record));
    return true;
}

enum wp_status wp_batch_resume(struct wp_batch *batch, size_t *count, struct wp_error *error)
{
    struct resume resume = {.batch = batch, .error = error};
    *count = 0;
    enum wp_status status = begin(batch, error);
    if (status == WP_OK)
        status = wp_store_each(batch->site.store, WP_STORE_UNFINISHED, add_unfinished, &resume, error);
    *count = resume.count;
    return status == WP_OK && resume.failed ? WP_NOMEM : status;
}

/* Whether another job may be taken from the store: no more than the hands can begin with, so that other
 * workers have their share. */
static bool may_claim(struct wp_batch *batch, bool *idle)
{
    (void)pthread_mutex_lock(&batch->mutex);
    bool may = batch->stages[WP_STAGE_BEGIN].count == 0 && !batch->stopped;
    *idle = batch->live == 0;
    (void)pthread_mutex_unlock(&batch->mutex);
    return may;
}

enum wp_status wp_batch_work(struct wp_batch *batch, wp_batch_keep_on_fn *keep_on, void *user,
                             struct wp_error *error)
{
    struct wp_job_record *record = wp_malloc(sizeof *record);
    if (!record)
        return wp_fail_nomem(error, "batch");
    batch->works = true;
    enum wp_status status = begin(batch, error);
    for (size_t index = 0; status == WP_OK;) {
        struct wp_lock lock = {0};
        bool found = false, idle = false;
        if (may_claim(batch, &idle))
            status = wp_store_claim(batch->site.store, record, &lock, &found, error);
        if (status != WP_OK || wp_client_interrupted(batch->client) || !keep_on(user, idle && !found)) {
            wp_store_unlock(&lock);
            break;
        }
        struct wp_item *item = found ? wp_crew_item_of(batch, record, index, error) : NULL;
        if (found && !item) {
            status = WP_NOMEM;
            wp_store_unlock(&lock);
        } else if (found) {
            item->lock = lock;
            index++;
            wp_crew_admit(batch, item, WP_STAGE_BEGIN);
        } else {
            (void)wp_store_wait(batch->site.store, SLICE_MS);
        }
    }
    wp_free(record);
    return status;
}

void wp_batch_stop(struct wp_batch *batch)
{
    (void)pthread_mutex_lock(&batch->mutex);
    batch->stopped = true;
    (void)pthread_cond_broadcast(&batch->changed);
    (void)pthread_mutex_unlock(&batch->mutex);
}

/* Waits until all is at rest. False: the user wants to stop before. */
static bool wait_for_rest(struct wp_batch *batch)
{
    bool interrupted = false;
    (void)pthread_mutex_lock(&batch->mutex);
    while (batch->live > 0 && !(interrupted = wp_client_interrupted(batch->client))) {
        struct timespec until;
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += (int64_t)SLICE_MS * 1000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000;
        }
        (void)pthread_cond_clockwait(&batch->changed, &batch->mutex, CLOCK_MONOTONIC, &until);
    }
    batch->over = true;
    (void)pthread_cond_broadcast(&batch->changed);
    (void)pthread_mutex_unlock(&batch->mutex);
    return !interrupted;
}

/* What was not at rest when the user stopped it: told as far as it came, which may be to its end. */
static void rest_left_over(struct wp_batch *batch)
{
    struct wp_hand *planner = &batch->hands[0];
    struct wp_item *item;
    while ((item = wp_crew_left_over(batch))) {
        struct wp_error why = {0};
        if (item->wait == WP_WAIT_COOLING) { /* it was told before */
            wp_free(item);
            continue;
        }
        planner->item = item;
        enum wp_status status = wp_job_peek(planner->job, item->job_id, &why);
        if (status == WP_OK && wp_crew_is_over(planner))
            status = wp_job_step(planner->job, &why);
        else /* where it cannot be read, little is told of it */
            status =
                wp_fail(&why, WP_INTERRUPTED, "batch", "interrupted; the same command carries on from here");
        batch->works = false; /* nothing cools down any more */
        wp_crew_rest(planner, item, status, &why);
    }
}

enum wp_status wp_batch_finish(struct wp_batch *batch, struct wp_error *error)
{
    if (!batch->watching && !batch->hands)
        return WP_OK; /* nothing was added */
    bool all = wait_for_rest(batch);
    wp_hands_join(batch);
    if (batch->watching)
        (void)pthread_join(batch->watcher, NULL);
    batch->watching = false;
    rest_left_over(batch);
    return all ? WP_OK
               : wp_fail(
                     error, WP_INTERRUPTED, "batch",
                     "interrupted; tasks that were submitted go on, and the same command carries on and pays "
                     "nothing twice");
}

void wp_batch_look(struct wp_batch_state *out, struct wp_batch *batch)
{
    const struct wp_stage *stages = batch->stages;
    memset(out, 0, sizeof *out);
    (void)pthread_mutex_lock(&batch->mutex);
    out->queued = stages[WP_STAGE_BEGIN].count;
    out->uploading = stages[WP_STAGE_BEGIN].busy;
    out->submitting = stages[WP_STAGE_SUBMIT].count + stages[WP_STAGE_SUBMIT].busy;
    out->waiting = stages[WP_STAGE_LOOK].count + stages[WP_STAGE_LOOK].busy;
    out->downloading = stages[WP_STAGE_FETCH].count + stages[WP_STAGE_FETCH].busy;
    out->waiting += batch->swept;
    for (size_t i = 0; i < batch->waiting_count; i++) {
        const struct wp_item *item = batch->waiting[i];
        bool retries = item->wait == WP_WAIT_RETRY;
        out->uploading += retries && item->stage == WP_STAGE_BEGIN;
        out->submitting += retries && item->stage == WP_STAGE_SUBMIT;
        out->downloading += retries && item->stage == WP_STAGE_FETCH;
        out->waiting += item->wait == WP_WAIT_LOOK;
        out->elsewhere += item->wait == WP_WAIT_ELSEWHERE;
    }
    out->done = batch->done;
    out->failed = batch->failed;
    out->reserved = batch->ledger.reserved;
    out->spent = batch->ledger.spent;
    out->forecast_ms = wp_forecast_ms(&batch->forecast);
    (void)pthread_mutex_unlock(&batch->mutex);
}
