/*
 * The service's rates, kept by all who call it with one account: token buckets that are shared through a
 * small file by all processes of a user on this machine, or through a PostgreSQL store by all workers. Where
 * neither can be had, the buckets of this limiter alone are kept.
 */
#ifndef WP_STORE_LIMITER_H
#define WP_STORE_LIMITER_H

#include <stdint.h>

#include "base/clock.h"
#include "wanprep/log.h"
#include "wanprep/status.h"

/* The calls that the service counts apart. The order is that of the file's slots: never changed. */
enum wp_limit {
    WP_LIMIT_CREATE,
    WP_LIMIT_QUERY,
    WP_LIMIT_LIST,
    WP_LIMIT_CANCEL,
    WP_LIMIT_POLICY,
    WP_LIMITS,
};

/* A bucket. It is described by one moment, when it is full again; in the past: it is full. */
struct wp_bucket {
    int64_t interval_us; /* between two tokens */
    int64_t burst;       /* how many it holds */
};

/* The bucket of a call: four fifths of the service's rate, and a burst that keeps any second below it, with
 * room for requests that overtake each other. */
struct wp_bucket wp_limit_bucket(enum wp_limit limit);

/* Takes a token out of the bucket that is full again at full_us: 0, and the new moment in *after_us; or how
 * long until there is one. Pure. A moment further ahead than any bucket or slowing makes is nonsense: full.
 */
int64_t wp_bucket_take(const struct wp_bucket *bucket, int64_t full_us, int64_t now_us, int64_t *after_us);

/* The new moment of a bucket that is to give nothing for the time to come. At most WP_SLOW_MAX_MS. Pure. */
int64_t wp_bucket_slow(const struct wp_bucket *bucket, int64_t full_us, int64_t now_us, int64_t for_ms);

/* After that long one of us asks again, whatever Retry-After said: it is for one process to give up, not for
 * all to hang. */
#define WP_SLOW_MAX_MS 60000

struct wp_limiter;

/**
 * A limiter of an account: a name that is good for a file, such as a hash. dir is made (0700) if it is not
 * there; NULL: this limiter alone. Where it cannot be used, or is not private to the user, the log gets one
 * warning. Fails with WP_NOMEM. May be used by several threads.
 */
enum wp_status wp_limiter_open(struct wp_limiter **out, const char *dir, const char *account,
                               const struct wp_log *log, struct wp_error *error);

/** A further owner: every owner frees it. Returns limiter. */
struct wp_limiter *wp_limiter_share(struct wp_limiter *limiter);

/** NULL is fine. */
void wp_limiter_free(struct wp_limiter *limiter);

/** Takes a token: 0, or after how many ms to ask again (none was taken then). The time is clock's boot_ms. */
int64_t wp_limiter_take(struct wp_limiter *limiter, enum wp_limit limit, const struct wp_clock *clock);

/** The service said that it is too much: no token for so long, for anybody. */
void wp_limiter_slow(struct wp_limiter *limiter, enum wp_limit limit, int64_t for_ms,
                     const struct wp_clock *clock);

#endif
