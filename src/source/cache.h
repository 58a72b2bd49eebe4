/*
 * A cache of blocks over a slow reader: what is read again, or soon after, is not asked for again. The memory
 * is bounded whatever is read.
 */
#ifndef WP_SOURCE_CACHE_H
#define WP_SOURCE_CACHE_H

#include "base/reader.h"

/** Bytes of a block. */
#define WP_CACHE_BLOCK 65536u

/** The most blocks that are asked for at once, and that are kept. */
#define WP_CACHE_RUN    8u
#define WP_CACHE_BLOCKS 32u

struct wp_cache;

/** A cache over behind, which is borrowed. Freed by wp_cache_free(). Fails with WP_NOMEM. */
enum wp_status wp_cache_new(struct wp_cache **out, const struct wp_reader *behind, struct wp_error *error);
void wp_cache_free(struct wp_cache *cache);

/** Puts in the first bytes, which were read before the cache was there: one block, or all of a smaller file.
 */
void wp_cache_begin(struct wp_cache *cache, const void *bytes, size_t len);

/** struct wp_reader's read_at; user is the cache. Fails as that of the reader behind it. */
enum wp_status wp_cache_read_at(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                                struct wp_error *error);

#endif
