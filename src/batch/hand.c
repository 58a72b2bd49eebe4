/* The hands: threads that take items up, step their jobs, and put them where they belong next. */
#include <signal.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "batch/crew.h"
#include "job/client.h"

#include "base/banned.h"

#define DEFAULT_THREADS 4
#define GATHER_MS       500  /* for so long tasks are gathered that were made before */
#define ELSEWHERE_MS    2000 /* so often is looked whether another process has let go of a job */

static int64_t now_ms(const struct wp_batch *batch)
{
    return batch->site.clock->now_ms(batch->site.clock->user);
}

static void tell(void *user, const struct wp_job_event *event)
{
    struct wp_hand *hand = user;
    struct wp_batch *batch = hand->batch;
    if (!hand->item || !batch->options.event)
        return;
    (void)pthread_mutex_lock(&batch->telling);
    batch->options.event(batch->options.user, hand->item->index, event);
    (void)pthread_mutex_unlock(&batch->telling);
}

static enum wp_stage_kind stage_of(enum wp_step step)
{
    switch (step) {
    case WP_STEP_SUBMIT:
    case WP_STEP_SETTLE:
        return WP_STAGE_SUBMIT;
    case WP_STEP_LOOK:
        return WP_STAGE_LOOK;
    case WP_STEP_FETCH:
        return WP_STAGE_FETCH;
    case WP_STEP_UPLOAD:
    case WP_STEP_NONE: /* told by whoever has it */
        break;
    }
    return WP_STAGE_BEGIN;
}

enum wp_stage_kind wp_crew_first_stage(const struct wp_batch *batch, const struct wp_job_record *record)
{
    const struct wp_clock *clock = batch->site.clock;
    enum wp_step step = wp_step_of(record, clock->wall_ms(clock->user));
    if (step == WP_STEP_NONE)
        return WP_STAGE_LOOK;
    return step == WP_STEP_SUBMIT ? WP_STAGE_BEGIN : stage_of(step);
}

static enum wp_step step_of(const struct wp_hand *hand)
{
    const struct wp_clock *clock = hand->batch->site.clock;
    return wp_step_of(&hand->job->record, clock->wall_ms(clock->user));
}

bool wp_crew_is_over(const struct wp_hand *hand)
{
    return step_of(hand) == WP_STEP_NONE;
}

/* The record of the item into the hand, and the lock of its job with it. *taken is false where somebody else
 * holds the job; its record is read all the same. */
static enum wp_status take_up(struct wp_hand *hand, struct wp_item *item, bool *taken, struct wp_error *error)
{
    hand->item = item;
    *taken = item->lock.store != NULL;
    if (*taken)
        return wp_job_take_held(hand->job, item->job_id, &item->lock, error);
    enum wp_status status = wp_job_take(hand->job, item->job_id, taken, error);
    return status == WP_OK && !*taken ? wp_job_peek(hand->job, item->job_id, error) : status;
}

/* What the batch must know of a job while its record is not at hand. */
static void remember(struct wp_hand *hand, struct wp_item *item, enum wp_step next)
{
    struct wp_batch *batch = hand->batch;
    const struct wp_job_record *record = &hand->job->record;
    bool waits = next == WP_STEP_LOOK;
    item->course = hand->job->course;
    item->mode = record->mode;
    item->submitted_ms = record->submitted_ms;
    (void)wp_text_copy(item->task_id, sizeof item->task_id, record->task_id);
    if (waits && item->watched_ms == 0)
        item->watched_ms = now_ms(batch);
    (void)pthread_mutex_lock(&batch->mutex);
    if (waits && !item->forecast)
        wp_forecast_add(&batch->forecast, item->mode, item->seconds);
    else if (!waits && item->forecast) {
        wp_forecast_remove(&batch->forecast, item->mode, item->seconds);
        wp_forecast_learn(&batch->forecast, item->mode, item->seconds,
                          record->scheduled_ms > 0 ? record->ended_ms - record->scheduled_ms : 0);
    }
    item->forecast = waits;
    (void)pthread_mutex_unlock(&batch->mutex);
}

/* Whether a task was waited for as long as the options say. */
static bool is_late(const struct wp_hand *hand, const struct wp_item *item)
{
    int64_t limit = hand->batch->options.job.timeout_ms;
    return limit > 0 && item->watched_ms > 0 && now_ms(hand->batch) - item->watched_ms >= limit;
}

static enum wp_status tell_late(const struct wp_hand *hand, struct wp_error *error)
{
    return wp_fail(
        error, WP_TIMEOUT, "batch",
        "the task %s was still %s after %.1f s; it goes on, and the same command waits for it again "
        "without paying twice",
        hand->job->record.task_id, hand->job->record.task_status,
        (double)hand->batch->options.job.timeout_ms / 1000);
}

/* Puts an item with a further step where that is done. */
static void pass_on(struct wp_hand *hand, struct wp_item *item, enum wp_step next)
{
    struct wp_batch *batch = hand->batch;
    wp_job_put_down(hand->job, &item->lock);
    hand->item = NULL;
    if (next == WP_STEP_LOOK)
        wp_crew_put_off_look(batch, item);
    else if (item->course.due_ms > 0)
        wp_crew_put_off(batch, item, WP_WAIT_RETRY, stage_of(next), item->course.due_ms);
    else
        wp_crew_put(batch, item, stage_of(next));
}

/* Somebody else holds the job: it may have come to its end there, else it is tried again by and by. */
static void leave_elsewhere(struct wp_hand *hand, struct wp_item *item)
{
    struct wp_batch *batch = hand->batch;
    struct wp_error why = {0};
    if (wp_crew_is_over(hand)) {
        wp_crew_rest(hand, item, wp_job_step(hand->job, &why), &why);
        return;
    }
    hand->item = NULL;
    wp_crew_put_off(batch, item, WP_WAIT_ELSEWHERE, WP_STAGE_BEGIN, now_ms(batch) + ELSEWHERE_MS);
}

/* Nothing is begun that costs money once the batch was stopped, and nothing at all after an interrupt. */
static enum wp_status check_stop(const struct wp_hand *hand, enum wp_step step, struct wp_error *error)
{
    struct wp_batch *batch = hand->batch;
    if (step == WP_STEP_NONE) /* nothing is begun any more */
        return WP_OK;
    if (wp_client_interrupted(hand->client))
        return wp_fail(error, WP_INTERRUPTED, "batch", "interrupted; the same command carries on from here");
    (void)pthread_mutex_lock(&batch->mutex);
    bool stopped = batch->stopped;
    (void)pthread_mutex_unlock(&batch->mutex);
    if (stopped && (step == WP_STEP_UPLOAD || step == WP_STEP_SUBMIT))
        return wp_fail(error, WP_INTERRUPTED, "batch",
                       "the batch was stopped before this pair was submitted; the same command carries on");
    return WP_OK;
}

/* A task that was made before. There may be many, so that one list is asked for all of them. */
static bool is_found(enum wp_step step, const struct wp_item *item)
{
    return step == WP_STEP_LOOK && item->watched_ms == 0;
}

static void work_on(struct wp_hand *hand, struct wp_item *item)
{
    struct wp_error why = {0};
    bool taken = false;
    enum wp_status status = take_up(hand, item, &taken, &why);
    if (status == WP_OK && !taken) {
        leave_elsewhere(hand, item);
        return;
    }
    hand->job->course = item->course;
    enum wp_step step = step_of(hand);
    if (status == WP_OK)
        status = check_stop(hand, step, &why);
    if (status == WP_OK && step != WP_STEP_NONE)
        status = wp_job_check_service(hand->job, &hand->job->record, &why);
    if (status == WP_OK && is_found(step, item))
        hand->job->course.watch.due_ms = now_ms(hand->batch) + GATHER_MS;
    else if (status == WP_OK && (step == WP_STEP_NONE || stage_of(step) == hand->stage))
        status = wp_job_step(hand->job, &why);
    enum wp_step next = step_of(hand);
    remember(hand, item, next);
    if (status == WP_OK && step == WP_STEP_LOOK && next == WP_STEP_LOOK && is_late(hand, item))
        status = tell_late(hand, &why);
    if (status != WP_OK || next == WP_STEP_NONE)
        wp_crew_rest(hand, item, status, &why);
    else
        pass_on(hand, item, next);
}

static void *run_hand(void *user)
{
    struct wp_hand *hand = user;
    struct wp_item *item;
    while ((item = wp_crew_take(hand->batch, hand->stage))) {
        work_on(hand, item);
        wp_crew_let_go(hand->batch, hand->stage);
    }
    return NULL;
}

bool wp_crew_start_thread(pthread_t *out, void *(*run)(void *user), void *user)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(out, NULL, run, user) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

enum wp_status wp_crew_client(struct wp_client **out, struct wp_batch *batch, struct wp_error *error)
{
    struct wp_http_session *session = NULL;
    enum wp_status status = wp_client_clone(out, batch->client, error);
    if (status == WP_OK)
        status = wp_client_session(*out, &session, error);
    if (status == WP_OK)
        wp_http_session_join(session, batch->loop);
    return status;
}

static enum wp_status make_hand(struct wp_batch *batch, enum wp_stage_kind stage, struct wp_error *error)
{
    struct wp_hand *hand = &batch->hands[batch->hand_count++];
    hand->batch = batch;
    hand->stage = stage;
    hand->options = batch->options.job;
    hand->options.event = tell;
    hand->options.event_user = hand;
    enum wp_status status = wp_crew_client(&hand->client, batch, error);
    return status == WP_OK ? wp_job_new(&hand->job, &batch->site, hand->client, &hand->options, error)
                           : status;
}

enum wp_status wp_hands_make(struct wp_batch *batch, struct wp_error *error)
{
    const unsigned threads[WP_STAGES] = {
        [WP_STAGE_BEGIN] = batch->options.uploads ? batch->options.uploads : DEFAULT_THREADS,
        [WP_STAGE_SUBMIT] = 1,
        [WP_STAGE_LOOK] = DEFAULT_THREADS,
        [WP_STAGE_FETCH] = batch->options.downloads ? batch->options.downloads : DEFAULT_THREADS,
    };
    size_t count = 1; /* the planner */
    for (int i = 0; i < WP_STAGES; i++)
        count += threads[i];
    batch->hands = wp_calloc(count, sizeof *batch->hands);
    if (!batch->hands)
        return wp_fail_nomem(error, "batch");
    enum wp_status status = make_hand(batch, WP_STAGE_BEGIN, error);
    for (int i = 0; i < WP_STAGES; i++) {
        for (unsigned j = 0; status == WP_OK && j < threads[i]; j++)
            status = make_hand(batch, (enum wp_stage_kind)i, error);
    }
    return status;
}

enum wp_status wp_hands_start(struct wp_batch *batch, struct wp_error *error)
{
    for (size_t i = 1; i < batch->hand_count; i++) {
        struct wp_hand *hand = &batch->hands[i];
        hand->started = wp_crew_start_thread(&hand->thread, run_hand, hand);
        if (!hand->started)
            return wp_fail_nomem(error, "batch");
    }
    return WP_OK;
}

void wp_hands_join(struct wp_batch *batch)
{
    for (size_t i = 0; i < batch->hand_count; i++) {
        if (batch->hands[i].started)
            (void)pthread_join(batch->hands[i].thread, NULL);
        batch->hands[i].started = false;
    }
}

void wp_hands_free(struct wp_batch *batch)
{
    for (size_t i = 0; i < batch->hand_count; i++) {
        wp_job_free(batch->hands[i].job);
        wp_client_free(batch->hands[i].client);
    }
    wp_free(batch->hands);
    batch->hands = NULL;
    batch->hand_count = 0;
}
