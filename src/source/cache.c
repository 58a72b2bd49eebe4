#include "source/cache.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

#include "base/banned.h"

struct slot {
    bool used;
    uint64_t block; /* its number in the file */
    uint64_t at;    /* when it was last looked at */
};

struct wp_cache {
    const struct wp_reader *behind;
    uint64_t blocks;   /* of the file */
    uint64_t time;     /* counts what is looked at */
    uint64_t next;     /* the block behind the last run that was asked for */
    uint64_t last_run; /* how long that was */
    struct slot slots[WP_CACHE_BLOCKS];
    unsigned char bytes[WP_CACHE_BLOCKS][WP_CACHE_BLOCK];
    unsigned char run[(size_t)WP_CACHE_RUN * WP_CACHE_BLOCK];
};

static uint64_t min64(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static struct slot *find(struct wp_cache *cache, uint64_t block)
{
    for (size_t i = 0; i < WP_CACHE_BLOCKS; i++) {
        if (cache->slots[i].used && cache->slots[i].block == block)
            return &cache->slots[i];
    }
    return NULL;
}

/* A free slot, or the one that was not looked at for the longest time. */
static struct slot *make_room(struct wp_cache *cache)
{
    struct slot *oldest = &cache->slots[0];
    for (size_t i = 0; i < WP_CACHE_BLOCKS; i++) {
        struct slot *slot = &cache->slots[i];
        if (!slot->used)
            return slot;
        if (slot->at < oldest->at)
            oldest = slot;
    }
    return oldest;
}

static void put(struct wp_cache *cache, uint64_t block, const void *bytes, size_t len)
{
    struct slot *slot = make_room(cache);
    *slot = (struct slot){.used = true, .block = block, .at = ++cache->time};
    memcpy(cache->bytes[slot - cache->slots], bytes, len);
}

static size_t block_length(const struct wp_cache *cache, uint64_t block)
{
    return (size_t)min64(WP_CACHE_BLOCK, cache->behind->size - block * WP_CACHE_BLOCK);
}

/*
 * How many blocks to ask for at once: those that are wanted, and twice as many as last time where reading
 * goes straight on. Up to the end of the file and to what is there already.
 */
static uint64_t run_length(struct wp_cache *cache, uint64_t block, uint64_t wanted)
{
    uint64_t run = block == cache->next ? cache->last_run * 2 : 1;
    run = min64(run > wanted ? run : wanted, WP_CACHE_RUN);
    run = min64(run, cache->blocks - block);
    for (uint64_t i = 1; i < run; i++) {
        if (find(cache, block + i))
            return i;
    }
    return run;
}

static enum wp_status fetch(struct wp_cache *cache, uint64_t block, uint64_t wanted, struct wp_error *error)
{
    uint64_t run = run_length(cache, block, wanted);
    uint64_t offset = block * WP_CACHE_BLOCK;
    size_t len = (size_t)min64(run * WP_CACHE_BLOCK, cache->behind->size - offset), got = 0;
    enum wp_status status = cache->behind->read_at(cache->behind->user, cache->run, len, offset, &got, error);
    if (status != WP_OK)
        return status;
    if (got != len)
        return wp_fail(error, WP_INPUT, "source", "the end of the file is missing");
    for (uint64_t i = 0; i < run; i++)
        put(cache, block + i, cache->run + i * WP_CACHE_BLOCK, block_length(cache, block + i));
    cache->next = block + run;
    cache->last_run = run;
    return WP_OK;
}

enum wp_status wp_cache_new(struct wp_cache **out, const struct wp_reader *behind, struct wp_error *error)
{
    struct wp_cache *cache = *out = wp_calloc(1, sizeof *cache);
    if (!cache)
        return wp_fail_nomem(error, "source");
    cache->behind = behind;
    cache->blocks = behind->size / WP_CACHE_BLOCK + (behind->size % WP_CACHE_BLOCK != 0);
    return WP_OK;
}

void wp_cache_free(struct wp_cache *cache)
{
    wp_free(cache);
}

void wp_cache_begin(struct wp_cache *cache, const void *bytes, size_t len)
{
    assert(len == min64(WP_CACHE_BLOCK, cache->behind->size));
    put(cache, 0, bytes, len);
    cache->next = cache->last_run = 1;
}

enum wp_status wp_cache_read_at(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                                struct wp_error *error)
{
    struct wp_cache *cache = user;
    *got = 0;
    if (offset >= cache->behind->size)
        return WP_OK;
    len = (size_t)min64(len, cache->behind->size - offset);
    for (size_t done = 0; done < len;) {
        uint64_t at = offset + done, block = at / WP_CACHE_BLOCK;
        struct slot *slot = find(cache, block);
        if (!slot) {
            uint64_t last = (offset + len - 1) / WP_CACHE_BLOCK;
            enum wp_status status = fetch(cache, block, last - block + 1, error);
            if (status != WP_OK)
                return status;
            slot = find(cache, block);
            assert(slot);
        }
        slot->at = ++cache->time;
        size_t skip = (size_t)(at % WP_CACHE_BLOCK);
        size_t part = (size_t)min64(block_length(cache, block) - skip, len - done);
        memcpy((unsigned char *)out + done, cache->bytes[slot - cache->slots] + skip, part);
        done += part;
    }
    *got = len;
    return WP_OK;
}
