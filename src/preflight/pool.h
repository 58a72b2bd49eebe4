/*
 * Measuring the inputs of many pairs: each once, several at the same time, in the order in which the pairs
 * need them, and not far ahead of the pair that is waited for. What was measured is kept until the last pair
 * that needs it is done.
 */
#ifndef WP_PREFLIGHT_POOL_H
#define WP_PREFLIGHT_POOL_H

#include "base/buf.h"
#include "preflight/inputs.h"

/** What is known of one input. */
struct wp_outcome {
    struct wp_source_facts source;
    struct wp_delivery_facts delivery;
    union {
        struct wp_image_facts image;
        struct wp_video_facts video;
    };
    struct wp_buf pictures;           /**< small ones, packed (media/thumbnail.h) */
    struct wp_content_facts *content; /**< owned; NULL: nobody wanted it */
    int64_t elapsed_us;               /**< that measuring it took */
};

struct wp_pool;

/**
 * Begins to measure. inputs and options are borrowed until wp_pool_close(), which the same thread calls.
 * Fails with WP_NOMEM or WP_INTERNAL (no process can be made).
 */
enum wp_status wp_pool_open(struct wp_pool **out, const struct wp_inputs *inputs,
                            const struct wp_preflight_options *options, struct wp_error *error);

/**
 * Waits for a pair, or measures it; pairs are waited for in their order. *image and *video are borrowed until
 * wp_pool_release() of the pair; NULL if it has none. Fails if any input could not be measured, for a reason
 * that is none of the input's.
 */
enum wp_status wp_pool_await(struct wp_pool *pool, size_t pair, const struct wp_outcome **image,
                             const struct wp_outcome **video, struct wp_error *error);

/** Says that a pair is done. */
void wp_pool_release(struct wp_pool *pool, size_t pair);

/** Stops as soon as the inputs that are being measured are done. NULL is fine. */
void wp_pool_close(struct wp_pool *pool);

#endif
