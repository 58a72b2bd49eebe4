/* The watch over all tasks and times: when a look is due, and which looks a list of tasks can spare. */
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/log.h"
#include "base/random.h"
#include "batch/crew.h"
#include "batch/sweep.h"
#include "job/client.h"
#include "job/list.h"

#include "base/banned.h"

#define LONGEST_NAP_MS     1000
#define SOON_MS            1000
#define NO_LIST_MS         60000 /* after one that failed */
#define SHORT_OF_MEMORY_MS 100
#define SLACK_MS           60000                       /* between the service's clock and ours */
#define LIST_REACH_MS      ((int64_t)23 * 3600 * 1000) /* the list reaches back 24 h */

struct watch {
    struct wp_batch *batch;
    struct wp_caller caller;
    struct wp_task_list *page;
    struct wp_item **items; /* taken out of the waiting: due ones, or for a sweep all that have a task */
    size_t count, cap;
    struct wp_sweep_task *tasks;
    int64_t no_list_before_ms; /* the last one failed */
};

static int64_t now_ms(const struct watch *watch)
{
    const struct wp_clock *clock = watch->batch->site.clock;
    return clock->now_ms(clock->user);
}

/* Waits, at most so long and until anything changes; under the mutex. */
static void nap(struct watch *watch, int64_t wait)
{
    struct wp_batch *batch = watch->batch;
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait / 1000;
    until.tv_nsec += wait % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    (void)pthread_cond_clockwait(&batch->changed, &batch->mutex, CLOCK_MONOTONIC, &until);
}

/* Waits until something is due, as far as is known now; under the mutex. */
static void nap_until_due(struct watch *watch)
{
    const struct wp_batch *batch = watch->batch;
    int64_t wait = LONGEST_NAP_MS, now = now_ms(watch);
    for (size_t i = 0; i < batch->waiting_count; i++) {
        const struct wp_item *item = batch->waiting[i];
        if (wp_crew_is_due(batch, item, now))
            return;
        if (item->due_ms - now < wait)
            wait = item->due_ms - now;
    }
    nap(watch, wait);
}

/* Room for all that wait; under the mutex. */
static bool make_room(struct watch *watch)
{
    size_t cap = watch->batch->waiting_count;
    if (cap <= watch->cap)
        return true;
    struct wp_item **items = wp_realloc(watch->items, cap * sizeof(struct wp_item *));
    if (items)
        watch->items = items;
    struct wp_sweep_task *tasks = items ? wp_realloc(watch->tasks, cap * sizeof *tasks) : NULL;
    if (!tasks)
        return false;
    watch->tasks = tasks;
    watch->cap = cap;
    return true;
}

/* Takes what is due out of the waiting, or for a sweep all that wait for a look as well; under the mutex. */
static void take_out(struct watch *watch, bool sweep)
{
    struct wp_batch *batch = watch->batch;
    int64_t now = now_ms(watch);
    size_t left = 0;
    watch->count = 0;
    for (size_t i = 0; i < batch->waiting_count; i++) {
        struct wp_item *item = batch->waiting[i];
        if (wp_crew_is_due(batch, item, now) || (sweep && item->wait == WP_WAIT_LOOK))
            watch->items[watch->count++] = item;
        else
            batch->waiting[left++] = item;
    }
    batch->waiting_count = left;
    batch->swept = sweep ? watch->count : 0;
}

/* Looks that are due within this time are as good as due: the next list tells of them, too. */
static int64_t soon_ms(const struct watch *watch)
{
    int64_t fixed = watch->batch->options.job.poll_interval_ms;
    return fixed > 0 && fixed / 4 < SOON_MS ? fixed / 4 : SOON_MS;
}

/* Waits for something to do. False: the batch is over. *sweep: by a list. */
static bool wait_for_due(struct watch *watch, bool *sweep)
{
    struct wp_batch *batch = watch->batch;
    size_t due = 0;
    (void)pthread_mutex_lock(&batch->mutex);
    batch->swept = 0;
    while (!batch->over && due == 0) {
        nap_until_due(watch);
        size_t looks = 0, due_looks = 0, soon = 0;
        int64_t now = now_ms(watch);
        for (size_t i = 0; i < batch->waiting_count; i++) {
            const struct wp_item *item = batch->waiting[i];
            looks += item->wait == WP_WAIT_LOOK;
            bool is_due = wp_crew_is_due(batch, item, now);
            due += is_due;
            due_looks += is_due && item->wait == WP_WAIT_LOOK;
            soon += item->due_ms <= now + soon_ms(watch) && item->wait == WP_WAIT_LOOK;
        }
        *sweep = due_looks > 0 && now >= watch->no_list_before_ms && wp_sweep_pays(soon, looks);
    }
    bool go_on = !batch->over;
    watch->count = 0;
    if (go_on && make_room(watch))
        take_out(watch, *sweep);
    else if (go_on)
        nap(watch, SHORT_OF_MEMORY_MS);
    (void)pthread_mutex_unlock(&batch->mutex);
    return go_on;
}

/* All pages that tasks of this batch can stand on. */
static enum wp_status read_list(struct watch *watch, size_t count, struct wp_error *error)
{
    int64_t now = wp_call_service_ms(&watch->caller), from = now;
    for (size_t i = 0; i < watch->count; i++) {
        if (watch->items[i]->wait == WP_WAIT_LOOK && watch->items[i]->submitted_ms < from)
            from = watch->items[i]->submitted_ms;
    }
    from -= SLACK_MS;
    if (from < now - LIST_REACH_MS)
        from = now - LIST_REACH_MS;
    int64_t pages = 1;
    enum wp_status status = WP_OK;
    wp_sweep_begin(watch->tasks, count);
    for (unsigned page = 1; status == WP_OK && page <= pages && page <= WP_LIST_MAX_PAGES; page++) {
        status = wp_list_ask(watch->page, &watch->caller, from, now + SLACK_MS, page, false, error);
        if (status == WP_OK)
            wp_sweep_take(watch->tasks, count, watch->page);
        pages = watch->page->total_page;
    }
    return status;
}

/* Whether an item has waited for its task as long as it may: then it is looked at in any case. */
static bool is_late(const struct watch *watch, const struct wp_item *item)
{
    int64_t limit = watch->batch->options.job.timeout_ms;
    return limit > 0 && now_ms(watch) - item->watched_ms >= limit;
}

/* The next look at a task that was just seen to go on. It comes early enough for what a list and the
 * questions after it take, so that no task is waited for any longer. */
static void look_again(const struct watch *watch, struct wp_item *item, int64_t seen_ms)
{
    struct wp_watch *course = &item->course.watch;
    course->polls += course->due_ms <= seen_ms + soon_ms(watch);
    int64_t wait = wp_watch_wait_ms(course->polls, watch->batch->options.job.poll_interval_ms,
                                    wp_random_below(UINT32_MAX));
    course->due_ms = seen_ms + wait - wait / 4;
}

/* Sorts out of the items those which a list says go on; they wait again. */
static void sweep_items(struct watch *watch)
{
    struct wp_batch *batch = watch->batch;
    struct wp_error why = {0};
    size_t count = 0, left = 0;
    int64_t began_ms = now_ms(watch);
    for (size_t i = 0; i < watch->count; i++) {
        if (watch->items[i]->wait == WP_WAIT_LOOK)
            watch->tasks[count++] =
                (struct wp_sweep_task){.task_id = watch->items[i]->task_id, .item = watch->items[i]};
        else
            watch->items[left++] = watch->items[i];
    }
    if (read_list(watch, count, &why) != WP_OK) {
        watch->no_list_before_ms = now_ms(watch) + NO_LIST_MS;
        wp_log_line(&batch->options.job.log, WP_LOG_INFO, "batch", "%s; tasks are asked for one by one",
                    why.message);
        wp_sweep_begin(watch->tasks, count); /* half a list tells nothing of what it does not hold */
    }
    for (size_t i = 0; i < count; i++) {
        struct wp_item *item = watch->tasks[i].item;
        bool late = is_late(watch, item);
        if (wp_sweep_goes_on(&watch->tasks[i]) && !late)
            look_again(watch, item, began_ms);
        else if (watch->tasks[i].listed || late)
            item->course.watch.due_ms = now_ms(watch);
        if (item->course.watch.due_ms <= now_ms(watch))
            watch->items[left++] = item;
        else
            wp_crew_put_off_look(batch, item);
    }
    watch->count = left;
}

/* What is due goes where it is done. */
static void hand_out(struct watch *watch)
{
    for (size_t i = 0; i < watch->count; i++) {
        struct wp_item *item = watch->items[i];
        if (item->wait == WP_WAIT_COOLING)
            wp_free(item); /* it is no part of the batch any more, and may be claimed again */
        else
            wp_crew_put(watch->batch, item, item->stage);
    }
}

void *wp_crew_watch(void *user)
{
    struct wp_batch *batch = user;
    struct watch watch = {.batch = batch,
                          .caller = {.client = batch->watcher_client,
                                     .clock = batch->site.clock,
                                     .limiter = batch->site.limiter},
                          .page = wp_malloc(sizeof *watch.page)};
    for (bool sweep = false; wait_for_due(&watch, &sweep);) {
        if (sweep && watch.page)
            sweep_items(&watch);
        hand_out(&watch);
    }
    wp_free(watch.page);
    wp_free(watch.tasks);
    wp_free(watch.items);
    return NULL;
}
