/* Where the moments of the buckets are kept. */
#ifndef WP_STORE_BUCKETS_H
#define WP_STORE_BUCKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/limiter.h"

/* All may fail: then the limiter goes on by itself. */
struct wp_buckets_ops {
    /* The moment that is kept, and now, by the one clock of all who share the buckets: boot_ms of clock, or
     * the buckets' own. */
    bool (*load)(void *buckets, enum wp_limit limit, const struct wp_clock *clock, int64_t *full_us,
                 int64_t *now_us);
    /* Keeps a new moment unless another one was kept meanwhile: *kept. */
    bool (*swap)(void *buckets, enum wp_limit limit, int64_t from_us, int64_t to_us, bool *kept);
    void (*free)(void *buckets);
};

/* A limiter over buckets, which it owns from now on, also where it fails. buckets NULL: its own alone. */
enum wp_status wp_limiter_new(struct wp_limiter **out, const struct wp_buckets_ops *ops, void *buckets,
                              const struct wp_log *log, struct wp_error *error);

/* The buckets of an account in a file of a folder. NULL, and why in error, where they cannot be had. */
void *wp_file_buckets_open(const char *dir, const char *account, struct wp_error *error);

extern const struct wp_buckets_ops wp_file_buckets_ops;

#endif
