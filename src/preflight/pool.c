#include "preflight/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "preflight/staff.h"

#include "base/banned.h"

enum {
    SOME_HEADERS = 8,
    /* So many pairs may be measured ahead of the one that is waited for. */
    WINDOW = 32,
};

struct wp_pool {
    const struct wp_inputs *inputs;
    const struct wp_preflight_options *options;
    struct wp_log log; /* hands lines to the caller one at a time */
    struct wp_staff staff;
    pthread_t threads[WP_MAX_WORKERS];
    size_t thread_count; /* the last worker is the caller, while it waits */

    pthread_mutex_t log_lock;
    pthread_mutex_t lock;         /* of all below */
    pthread_cond_t done;          /* an input is measured, or all is over */
    pthread_cond_t room;          /* a pair was released, or all is over */
    struct wp_outcome **outcomes; /* one an input; NULL: not measured yet, or released */
    size_t begun;                 /* threads that know their number */
    size_t next;                  /* input to be begun */
    size_t released;              /* pairs that are done */
    bool over;
    enum wp_status status; /* why it is over */
    struct wp_error error;
};

static void log_one_at_a_time(void *user, enum wp_log_level level, const char *room, const char *line)
{
    struct wp_pool *pool = user;
    (void)pthread_mutex_lock(&pool->log_lock);
    pool->options->log.fn(pool->options->log.user, level, room, line);
    (void)pthread_mutex_unlock(&pool->log_lock);
}

/* The first failure ends everything. */
static void give_up(struct wp_pool *pool, enum wp_status status, const struct wp_error *error)
{
    if (!pool->over) {
        pool->status = status;
        pool->error = *error;
    }
    pool->over = true;
    (void)pthread_cond_broadcast(&pool->done);
    (void)pthread_cond_broadcast(&pool->room);
}

static bool has_more(const struct wp_pool *pool)
{
    return !pool->over && pool->next < pool->inputs->count;
}

/* Whether an input can be begun. */
static bool has_room(const struct wp_pool *pool)
{
    return has_more(pool) && pool->inputs->items[pool->next].first_pair < pool->released + WINDOW;
}

static void free_outcome(struct wp_outcome *outcome)
{
    if (outcome) {
        wp_buf_free(&outcome->pictures);
        wp_free(outcome->content);
    }
    wp_free(outcome);
}

/* Measures the next input, or ends everything. Called with the lock, which is open meanwhile. */
static void measure_next(struct wp_pool *pool, size_t worker)
{
    size_t index = pool->next++;
    struct wp_error error = {.status = WP_OK};
    (void)pthread_mutex_unlock(&pool->lock);
    struct wp_outcome *outcome = wp_calloc(1, sizeof *outcome);
    enum wp_status status = outcome ? wp_staff_measure(&pool->staff, worker, index, outcome, &error)
                                    : wp_fail_nomem(&error, "preflight");
    (void)pthread_mutex_lock(&pool->lock);
    pool->outcomes[index] = outcome;
    if (status != WP_OK)
        give_up(pool, status, &error);
    (void)pthread_cond_signal(&pool->done);
}

static void *work(void *user)
{
    struct wp_pool *pool = user;
    (void)pthread_mutex_lock(&pool->lock);
    size_t number = pool->begun++;
    while (has_more(pool)) {
        if (has_room(pool))
            measure_next(pool, number);
        else
            (void)pthread_cond_wait(&pool->room, &pool->lock);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static size_t count_cores(void)
{
    cpu_set_t cores;
    return sched_getaffinity(0, sizeof cores, &cores) == 0 ? (size_t)CPU_COUNT(&cores) : 1;
}

/* One a core, at least two: image and video of a pair are measured at the same time, even on one core where
 * one of them is remote. To read the headers of a few files takes less than to make one more process. */
static size_t count_workers(const struct wp_pool *pool)
{
    const struct wp_preflight_options *options = pool->options;
    size_t wanted = options->workers, inputs = pool->inputs->count;
    if (wanted == 0) {
        wanted = count_cores();
        if (wanted < 2)
            wanted = 2;
        if (options->depth == WP_DEPTH_HEADER && !options->hash && !wp_staff_looks(options) &&
            inputs < SOME_HEADERS && !wp_staff_has(pool->inputs, WP_SOURCE_HTTP))
            wanted = 1;
    }
    if (wanted > inputs)
        wanted = inputs;
    return wanted < WP_MAX_WORKERS ? wanted : WP_MAX_WORKERS;
}

/* All workers but the caller, whose business signals are. */
static void start_threads(struct wp_pool *pool)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool->thread_count + 1 < pool->staff.worker_count &&
           pthread_create(&pool->threads[pool->thread_count], NULL, work, pool) == 0)
        pool->thread_count++;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

enum wp_status wp_pool_open(struct wp_pool **out, const struct wp_inputs *inputs,
                            const struct wp_preflight_options *options, struct wp_error *error)
{
    struct wp_pool *pool = wp_calloc(1, sizeof *pool);
    *out = NULL;
    if (!pool)
        return wp_fail_nomem(error, "preflight");
    pool->inputs = inputs;
    pool->options = options;
    pool->log = options->log;
    if (options->log.fn)
        pool->log = (struct wp_log){log_one_at_a_time, pool, options->log.level};
    (void)pthread_mutex_init(&pool->log_lock, NULL);
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->done, NULL);
    (void)pthread_cond_init(&pool->room, NULL);
    pool->outcomes = wp_calloc(inputs->count, sizeof(struct wp_outcome *));
    enum wp_status status = pool->outcomes ? WP_OK : wp_fail_nomem(error, "preflight");
    pool->staff = (struct wp_staff){
        .inputs = inputs, .options = options, .log = &pool->log, .worker_count = count_workers(pool)};
    if (status == WP_OK)
        status = wp_staff_open(&pool->staff, error);
    if (status == WP_OK) {
        start_threads(pool);
        *out = pool;
    } else {
        wp_pool_close(pool);
    }
    return status;
}

enum wp_status wp_pool_await(struct wp_pool *pool, size_t pair, const struct wp_outcome **image,
                             const struct wp_outcome **video, struct wp_error *error)
{
    const struct wp_input_pair *inputs = &pool->inputs->pairs[pair];
    (void)pthread_mutex_lock(&pool->lock);
    for (;;) {
        *image = inputs->image == WP_NO_INPUT ? NULL : pool->outcomes[inputs->image];
        *video = inputs->video == WP_NO_INPUT ? NULL : pool->outcomes[inputs->video];
        bool missing = (inputs->image != WP_NO_INPUT && !*image) || (inputs->video != WP_NO_INPUT && !*video);
        if (pool->over || !missing)
            break;
        if (has_room(pool))
            measure_next(pool, pool->staff.worker_count - 1);
        else
            (void)pthread_cond_wait(&pool->done, &pool->lock);
    }
    enum wp_status status = pool->over ? pool->status : WP_OK;
    if (status != WP_OK && error)
        *error = pool->error;
    (void)pthread_mutex_unlock(&pool->lock);
    return status;
}

static void release(struct wp_pool *pool, size_t input, size_t pair)
{
    if (input == WP_NO_INPUT || pool->inputs->items[input].last_pair != pair)
        return;
    free_outcome(pool->outcomes[input]);
    pool->outcomes[input] = NULL;
}

void wp_pool_release(struct wp_pool *pool, size_t pair)
{
    (void)pthread_mutex_lock(&pool->lock);
    release(pool, pool->inputs->pairs[pair].image, pair);
    release(pool, pool->inputs->pairs[pair].video, pair);
    pool->released = pair + 1;
    (void)pthread_cond_broadcast(&pool->room);
    (void)pthread_mutex_unlock(&pool->lock);
}

void wp_pool_close(struct wp_pool *pool)
{
    if (!pool)
        return;
    (void)pthread_mutex_lock(&pool->lock);
    pool->over = true;
    (void)pthread_cond_broadcast(&pool->room);
    (void)pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->thread_count; i++)
        (void)pthread_join(pool->threads[i], NULL);
    wp_staff_close(&pool->staff);
    for (size_t i = 0; pool->outcomes && i < pool->inputs->count; i++)
        free_outcome(pool->outcomes[i]);
    wp_free(pool->outcomes);
    (void)pthread_cond_destroy(&pool->room);
    (void)pthread_cond_destroy(&pool->done);
    (void)pthread_mutex_destroy(&pool->lock);
    (void)pthread_mutex_destroy(&pool->log_lock);
    wp_free(pool);
}
