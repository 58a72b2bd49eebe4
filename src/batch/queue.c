#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "batch/crew.h"

#include "base/banned.h"

#define DEFAULT_IN_FLIGHT 1000
/* Tasks and results live 24 h: no more is submitted than the service is through with in half of that. */
#define MAX_FORECAST_MS ((int64_t)12 * 3600 * 1000)

static void append(struct wp_stage *stage, struct wp_item *item)
{
    item->next = NULL;
    if (stage->last)
        stage->last->next = item;
    else
        stage->first = item;
    stage->last = item;
    stage->count++;
}

static struct wp_item *pop(struct wp_stage *stage)
{
    struct wp_item *item = stage->first;
    if (!item)
        return NULL;
    stage->first = item->next;
    if (!stage->first)
        stage->last = NULL;
    stage->count--;
    item->next = NULL;
    return item;
}

struct wp_item *wp_crew_item(size_t index, struct wp_error *error)
{
    struct wp_item *item = wp_calloc(1, sizeof *item);
    if (item)
        item->index = index;
    else
        (void)wp_fail_nomem(error, "batch");
    return item;
}

struct wp_item *wp_crew_item_of(struct wp_batch *batch, const struct wp_job_record *record, size_t index,
                                struct wp_error *error)
{
    struct wp_item *item = wp_crew_item(index, error);
    if (!item)
        return NULL;
    bool known;
    item->mode = record->mode;
    item->seconds = wp_crew_seconds(batch, record);
    item->reserved = wp_crew_price(batch, item->mode, item->seconds, &known);
    (void)wp_text_copy(item->job_id, sizeof item->job_id, record->job_id);
    (void)pthread_mutex_lock(&batch->mutex);
    wp_ledger_commit(&batch->ledger, item->reserved);
    (void)pthread_mutex_unlock(&batch->mutex);
    return item;
}

void wp_crew_put(struct wp_batch *batch, struct wp_item *item, enum wp_stage_kind stage)
{
    (void)pthread_mutex_lock(&batch->mutex);
    append(&batch->stages[stage], item);
    (void)pthread_cond_broadcast(&batch->changed);
    (void)pthread_mutex_unlock(&batch->mutex);
}

void wp_crew_admit(struct wp_batch *batch, struct wp_item *item, enum wp_stage_kind stage)
{
    (void)pthread_mutex_lock(&batch->mutex);
    batch->live++;
    append(&batch->stages[stage], item);
    (void)pthread_cond_broadcast(&batch->changed);
    (void)pthread_mutex_unlock(&batch->mutex);
}

/* Whether another job may be begun. */
static bool has_room(const struct wp_batch *batch)
{
    size_t most = batch->options.in_flight ? batch->options.in_flight : DEFAULT_IN_FLIGHT;
    if (batch->stopped || batch->in_flight == 0) /* what is stopped goes through, to come to rest */
        return true;
    return batch->in_flight < most && wp_forecast_ms(&batch->forecast) < MAX_FORECAST_MS;
}

struct wp_item *wp_crew_take(struct wp_batch *batch, enum wp_stage_kind kind)
{
    struct wp_stage *stage = &batch->stages[kind];
    struct wp_item *item = NULL;
    (void)pthread_mutex_lock(&batch->mutex);
    while (!batch->over && (!stage->first || (kind == WP_STAGE_BEGIN && !has_room(batch))))
        (void)pthread_cond_wait(&batch->changed, &batch->mutex);
    if (!batch->over)
        item = pop(stage);
    if (item) {
        stage->busy++;
        batch->in_flight += !item->in_flight;
        item->in_flight = true;
    }
    (void)pthread_mutex_unlock(&batch->mutex);
    return item;
}

void wp_crew_let_go(struct wp_batch *batch, enum wp_stage_kind stage)
{
    (void)pthread_mutex_lock(&batch->mutex);
    batch->stages[stage].busy--;
    (void)pthread_cond_broadcast(&batch->changed);
    (void)pthread_mutex_unlock(&batch->mutex);
}

static bool grow(struct wp_batch *batch)
{
    size_t cap = batch->waiting_cap ? 2 * batch->waiting_cap : 64;
    struct wp_item **waiting = wp_realloc(batch->waiting, cap * sizeof(struct wp_item *));
    if (!waiting)
        return false;
    batch->waiting = waiting;
    batch->waiting_cap = cap;
    return true;
}

bool wp_crew_park(struct wp_batch *batch, struct wp_item *item, enum wp_wait wait, int64_t due_ms)
{
    (void)pthread_mutex_lock(&batch->mutex);
    bool ok = batch->waiting_count < batch->waiting_cap || grow(batch);
    if (ok) {
        item->wait = wait;
        item->due_ms = due_ms;
        batch->waiting[batch->waiting_count++] = item;
        if ((wait == WP_WAIT_ELSEWHERE || wait == WP_WAIT_COOLING) &&
            item->in_flight) { /* it leaves its place to others */
            item->in_flight = false;
            batch->in_flight--;
        }
        (void)pthread_cond_broadcast(&batch->changed);
    }
    (void)pthread_mutex_unlock(&batch->mutex);
    return ok;
}

void wp_crew_put_off(struct wp_batch *batch, struct wp_item *item, enum wp_wait wait,
                     enum wp_stage_kind stage, int64_t due_ms)
{
    item->stage = stage;
    if (!wp_crew_park(batch, item, wait, due_ms))
        wp_crew_put(batch, item, stage);
}

void wp_crew_put_off_look(struct wp_batch *batch, struct wp_item *item)
{
    int64_t due = item->course.watch.due_ms, limit = batch->options.job.timeout_ms;
    if (limit > 0 && due > item->watched_ms + limit)
        due = item->watched_ms + limit;
    wp_crew_put_off(batch, item, WP_WAIT_LOOK, WP_STAGE_LOOK, due);
}

/* What will not be tried again once the batch is stopped need not wait for that. */
bool wp_crew_is_due(const struct wp_batch *batch, const struct wp_item *item, int64_t now_ms)
{
    bool given_up = batch->stopped && item->wait == WP_WAIT_RETRY && item->stage <= WP_STAGE_SUBMIT;
    return given_up || item->due_ms <= now_ms;
}

struct wp_item *wp_crew_left_over(struct wp_batch *batch)
{
    for (int i = 0; i < WP_STAGES; i++) {
        struct wp_item *item = pop(&batch->stages[i]);
        if (item)
            return item;
    }
    return batch->waiting_count ? batch->waiting[--batch->waiting_count] : NULL;
}
