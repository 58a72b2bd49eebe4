#include "store/limiter.h"

#include <pthread.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/log.h"
#include "store/buckets.h"

#include "base/banned.h"

#define SWAP_TRIES 50

struct wp_limiter {
    pthread_mutex_t mutex;
    unsigned owners;
    struct wp_log log;
    const struct wp_buckets_ops *ops;
    void *buckets;              /* NULL: only our own */
    int64_t full_us[WP_LIMITS]; /* our own */
};

struct wp_bucket wp_limit_bucket(enum wp_limit limit)
{
    /* Tokens a second, and the burst. */
    static const int64_t rates[WP_LIMITS][2] = {[WP_LIMIT_CREATE] = {4, 1},
                                                [WP_LIMIT_QUERY] = {16, 2},
                                                [WP_LIMIT_LIST] = {16, 2},
                                                [WP_LIMIT_CANCEL] = {16, 2},
                                                [WP_LIMIT_POLICY] = {80, 10}};
    return (struct wp_bucket){.interval_us = 1000000 / rates[limit][0], .burst = rates[limit][1]};
}

/* How long before it is full the bucket has a token. */
static int64_t reach_us(const struct wp_bucket *bucket)
{
    return (bucket->burst - 1) * bucket->interval_us;
}

/* The moment, or now where it is past or nonsense. */
static int64_t sane(const struct wp_bucket *bucket, int64_t full_us, int64_t now_us)
{
    int64_t furthest = now_us + (int64_t)WP_SLOW_MAX_MS * 1000 + bucket->burst * bucket->interval_us;
    return full_us < now_us || full_us > furthest ? now_us : full_us;
}

int64_t wp_bucket_take(const struct wp_bucket *bucket, int64_t full_us, int64_t now_us, int64_t *after_us)
{
    int64_t full = sane(bucket, full_us, now_us);
    int64_t wait = full - reach_us(bucket) - now_us;
    *after_us = wait > 0 ? full : full + bucket->interval_us;
    return wait > 0 ? wait : 0;
}

int64_t wp_bucket_slow(const struct wp_bucket *bucket, int64_t full_us, int64_t now_us, int64_t for_ms)
{
    int64_t full = sane(bucket, full_us, now_us);
    int64_t ms = for_ms < 0 ? 0 : for_ms > WP_SLOW_MAX_MS ? WP_SLOW_MAX_MS : for_ms;
    int64_t then = now_us + ms * 1000 + reach_us(bucket);
    return full > then ? full : then;
}

enum wp_status wp_limiter_new(struct wp_limiter **out, const struct wp_buckets_ops *ops, void *buckets,
                              const struct wp_log *log, struct wp_error *error)
{
    struct wp_limiter *limiter = wp_calloc(1, sizeof *limiter);
    *out = limiter;
    if (!limiter) {
        if (buckets)
            ops->free(buckets);
        return wp_fail_nomem(error, "limiter");
    }
    (void)pthread_mutex_init(&limiter->mutex, NULL);
    limiter->owners = 1;
    if (log)
        limiter->log = *log;
    limiter->ops = ops;
    limiter->buckets = buckets;
    return WP_OK;
}

static void warn(const struct wp_log *log, const char *why)
{
    wp_log_line(
        log, WP_LOG_WARN, "limiter",
        "the service's rate limits cannot be shared with other processes (%s); this one keeps to them "
        "alone, and together they may be refused now and then",
        why);
}

enum wp_status wp_limiter_open(struct wp_limiter **out, const char *dir, const char *account,
                               const struct wp_log *log, struct wp_error *error)
{
    struct wp_error why = {0};
    void *buckets = dir ? wp_file_buckets_open(dir, account, &why) : NULL;
    if (dir && !buckets)
        warn(log, why.message);
    return wp_limiter_new(out, &wp_file_buckets_ops, buckets, log, error);
}

struct wp_limiter *wp_limiter_share(struct wp_limiter *limiter)
{
    (void)pthread_mutex_lock(&limiter->mutex);
    limiter->owners++;
    (void)pthread_mutex_unlock(&limiter->mutex);
    return limiter;
}

void wp_limiter_free(struct wp_limiter *limiter)
{
    if (!limiter)
        return;
    (void)pthread_mutex_lock(&limiter->mutex);
    bool last = --limiter->owners == 0;
    (void)pthread_mutex_unlock(&limiter->mutex);
    if (!last)
        return;
    if (limiter->buckets)
        limiter->ops->free(limiter->buckets);
    (void)pthread_mutex_destroy(&limiter->mutex);
    wp_free(limiter);
}

/* One change of a bucket; returns the wait. for_ms < 0: a token is taken, else it is slowed for so long. */
static int64_t change(const struct wp_bucket *bucket, int64_t full_us, int64_t now_us, int64_t for_ms,
                      int64_t *after_us)
{
    if (for_ms < 0)
        return wp_bucket_take(bucket, full_us, now_us, after_us);
    *after_us = wp_bucket_slow(bucket, full_us, now_us, for_ms);
    return 0;
}

/* False: the shared buckets fail. */
static bool change_shared(struct wp_limiter *limiter, enum wp_limit limit, int64_t for_ms,
                          const struct wp_clock *clock, int64_t *wait_us)
{
    struct wp_bucket bucket = wp_limit_bucket(limit);
    for (int i = 0; i < SWAP_TRIES; i++) {
        int64_t full = 0, now = 0, after = 0;
        bool kept = false;
        if (!limiter->ops->load(limiter->buckets, limit, clock, &full, &now))
            return false;
        *wait_us = change(&bucket, full, now, for_ms, &after);
        if (after == full)
            return true;
        if (!limiter->ops->swap(limiter->buckets, limit, full, after, &kept))
            return false;
        if (kept)
            return true;
    }
    *wait_us = bucket.interval_us; /* others were quicker every time */
    return true;
}

static int64_t change_any(struct wp_limiter *limiter, enum wp_limit limit, int64_t for_ms,
                          const struct wp_clock *clock)
{
    int64_t wait_us = 0;
    (void)pthread_mutex_lock(&limiter->mutex);
    if (limiter->buckets && !change_shared(limiter, limit, for_ms, clock, &wait_us)) {
        limiter->ops->free(limiter->buckets);
        limiter->buckets = NULL;
        warn(&limiter->log, "they cannot be read or written any more");
    }
    if (!limiter->buckets) {
        struct wp_bucket bucket = wp_limit_bucket(limit);
        int64_t now_us = clock->boot_ms(clock->user) * 1000;
        wait_us = change(&bucket, limiter->full_us[limit], now_us, for_ms, &limiter->full_us[limit]);
    }
    (void)pthread_mutex_unlock(&limiter->mutex);
    return wait_us;
}

int64_t wp_limiter_take(struct wp_limiter *limiter, enum wp_limit limit, const struct wp_clock *clock)
{
    return (change_any(limiter, limit, -1, clock) + 999) / 1000;
}

void wp_limiter_slow(struct wp_limiter *limiter, enum wp_limit limit, int64_t for_ms,
                     const struct wp_clock *clock)
{
    (void)change_any(limiter, limit, for_ms > 0 ? for_ms : 0, clock);
}
