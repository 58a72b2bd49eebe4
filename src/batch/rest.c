/* What becomes of an item that is at rest: its money, and who is told. */
#include <string.h>

#include "base/alloc.h"
#include "batch/crew.h"

#include "base/banned.h"

#define COOLING_MS 60000

static const struct wp_limits *limits_of(const struct wp_batch *batch)
{
    return batch->options.limits ? batch->options.limits : wp_limits_default();
}

uint64_t wp_crew_price(const struct wp_batch *batch, enum wp_mode mode, double seconds, bool *known)
{
    struct wp_cost cost = {0};
    *known = wp_cost_estimate(&cost, limits_of(batch), batch->options.region, mode, seconds);
    return *known ? cost.milli_total : 0;
}

double wp_crew_seconds(const struct wp_batch *batch, const struct wp_job_record *record)
{
    if (record->has_predicted_seconds && record->predicted_seconds > 0)
        return record->predicted_seconds;
    return limits_of(batch)->max_duration_s;
}

/* Whether a job has cost money, may still, or will not. */
enum spending { SPENT, MAY_SPEND, FREE };

static enum spending spending_of(const struct wp_job_record *record)
{
    switch (record->state) {
    case WP_JOB_SUCCEEDED:
    case WP_JOB_DOWNLOADING:
    case WP_JOB_DONE:
        return SPENT;
    case WP_JOB_SUBMITTING:
    case WP_JOB_SUBMITTED:
    case WP_JOB_UNCERTAIN:
    case WP_JOB_EXPIRED: /* it may have succeeded before */
        return MAY_SPEND;
    case WP_JOB_PLANNED:
    case WP_JOB_CHECKED:
    case WP_JOB_UPLOADING:
    case WP_JOB_REJECTED:
    case WP_JOB_FAILED:
    case WP_JOB_CANCELED:
        break;
    }
    return FREE;
}

/* Under the mutex. A further item of a job that was counted has nothing reserved, and books nothing. */
static void book(struct wp_batch *batch, const struct wp_item *item, const struct wp_job_record *record)
{
    enum spending spending = spending_of(record);
    if (item->reserved == 0 || spending == MAY_SPEND || !record->key[0]) /* "": it could not be read */
        return;
    uint64_t spent = spending == SPENT ? item->reserved : 0;
    if (spending == SPENT && record->has_billed_seconds) {
        bool known;
        uint64_t billed = wp_crew_price(batch, record->mode, record->billed_seconds, &known);
        spent = known ? billed : spent;
    }
    wp_ledger_settle(&batch->ledger, item->reserved, spent);
}

static void tell_ended(struct wp_hand *hand, const struct wp_item *item, enum wp_status status,
                       const struct wp_error *why)
{
    struct wp_batch *batch = hand->batch;
    static const struct wp_error nothing;
    struct wp_job_result *result = batch->options.ended ? wp_calloc(1, sizeof *result) : NULL;
    if (!batch->options.ended)
        return;
    static const struct wp_job_result empty;
    if (result) {
        wp_job_fill_result(result, &batch->site.places, &hand->job->record);
        result->joined = item->joined;
    }
    (void)pthread_mutex_lock(&batch->telling);
    batch->options.ended(batch->options.user, item->index, status, result ? result : &empty,
                         status == WP_OK || !why ? &nothing : why);
    (void)pthread_mutex_unlock(&batch->telling);
    wp_free(result);
}

void wp_crew_rest(struct wp_hand *hand, struct wp_item *item, enum wp_status status,
                  const struct wp_error *why)
{
    struct wp_batch *batch = hand->batch;
    const struct wp_clock *clock = batch->site.clock;
    bool unfinished = !wp_crew_is_over(hand);
    wp_job_leave(hand->job);
    wp_store_unlock(&item->lock); /* of one that was never taken up again */
    tell_ended(hand, item, status, why);
    hand->item = NULL;
    (void)pthread_mutex_lock(&batch->mutex);
    book(batch, item, &hand->job->record);
    if (item->forecast)
        wp_forecast_remove(&batch->forecast, item->mode, item->seconds);
    item->forecast = false;
    batch->in_flight -= item->in_flight;
    item->in_flight = false;
    batch->live--;
    batch->done += status == WP_OK;
    batch->failed += status != WP_OK;
    (void)pthread_cond_broadcast(&batch->changed);
    (void)pthread_mutex_unlock(&batch->mutex);
    if (batch->works && unfinished && status != WP_INTERRUPTED &&
        wp_crew_park(batch, item, WP_WAIT_COOLING, clock->now_ms(clock->user) + COOLING_MS))
        return;
    wp_free(item);
}
