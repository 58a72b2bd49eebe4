/* The block cache: what it asks for, and that what it gives is what is behind it. */
#include "unit/test.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "source/cache.h"

#define MB (UINT64_C(1) << 20)

/* Bytes that tell their own place, and a count of how they were asked for. */
struct behind {
    struct wp_reader reader;
    size_t requests;
    uint64_t bytes;
    size_t longest;
    size_t fail_at; /* number of the request that fails; 0: none */
    bool is_short;
};

static unsigned char byte_at(uint64_t offset)
{
    return (unsigned char)(offset ^ offset >> 8 ^ offset >> 16);
}

static enum wp_status read_behind(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                                  struct wp_error *error)
{
    struct behind *behind = user;
    *got = 0;
    if (++behind->requests == behind->fail_at)
        return wp_fail(error, WP_NETWORK, "test", "no more");
    assert_true(offset % WP_CACHE_BLOCK == 0 && len > 0 && offset + len <= behind->reader.size);
    for (size_t i = 0; i < len; i++)
        ((unsigned char *)out)[i] = byte_at(offset + i);
    behind->bytes += len;
    behind->longest = len > behind->longest ? len : behind->longest;
    *got = behind->is_short ? len - 1 : len;
    return WP_OK;
}

static struct wp_cache *cache_over(struct behind *behind, uint64_t size)
{
    struct wp_cache *cache = NULL;
    *behind = (struct behind){.reader = {.size = size, .read_at = read_behind, .user = behind}};
    assert_int_equal(wp_cache_new(&cache, &behind->reader, NULL), WP_OK);
    return cache;
}

static void expect(struct wp_cache *cache, uint64_t offset, size_t len, size_t want)
{
    unsigned char *out = wp_malloc(len + 1);
    size_t got = 99;
    assert_non_null(out);
    out[want] = 0xa5;
    assert_int_equal(wp_cache_read_at(cache, out, len, offset, &got, NULL), WP_OK);
    assert_int_equal(got, want);
    for (size_t i = 0; i < got; i++)
        assert_int_equal(out[i], byte_at(offset + i));
    assert_int_equal(out[want], 0xa5);
    wp_free(out);
}

static void gives_what_is_behind_it(void **state)
{
    (void)state;
    struct behind behind;
    const uint64_t size = 3 * WP_CACHE_BLOCK + 100;
    static const struct {
        uint64_t offset;
        size_t len, want;
    } rows[] = {
        {0, 1, 1},
        {WP_CACHE_BLOCK - 1, 2, 2},
        {10, 2 * WP_CACHE_BLOCK, 2 * WP_CACHE_BLOCK},
        {3 * WP_CACHE_BLOCK + 99, 1, 1},
        {3 * WP_CACHE_BLOCK + 99, 100, 1},
        {3 * WP_CACHE_BLOCK + 100, 1, 0},
        {UINT64_MAX, 10, 0},
        {5, 0, 0},
        {0, 4 * WP_CACHE_BLOCK, 3 * WP_CACHE_BLOCK + 100},
    };
    struct wp_cache *cache = cache_over(&behind, size);
    for (size_t i = 0; i < COUNT(rows); i++)
        expect(cache, rows[i].offset, rows[i].len, rows[i].want);
    assert_int_equal(behind.bytes, size); /* nothing was asked for twice */
    wp_cache_free(cache);
    wp_cache_free(NULL);
}

static void reading_on_asks_for_more_at_once(void **state)
{
    (void)state;
    struct behind behind;
    struct wp_cache *cache = cache_over(&behind, 10 * MB);
    for (uint64_t at = 0; at < 10 * MB; at += 32768)
        expect(cache, at, 32768, 32768);
    assert_int_equal(behind.bytes, 10 * MB);
    assert_int_equal(behind.longest, WP_CACHE_RUN * WP_CACHE_BLOCK);
    assert_int_equal(behind.requests, 3 + (160 - 7 + 7) / 8); /* 1, 2, 4 blocks, and then 8 each time */
    wp_cache_free(cache);
}

static void jumping_asks_for_one_block_each(void **state)
{
    (void)state;
    struct behind behind;
    struct wp_cache *cache = cache_over(&behind, 1000 * MB);
    for (uint64_t i = 0; i < 20; i++)
        expect(cache, (20 - i) * 17 * MB, 16, 16);
    assert_int_equal(behind.requests, 20);
    assert_int_equal(behind.longest, WP_CACHE_BLOCK);
    for (uint64_t i = 0; i < 20; i++) /* they are all still there */
        expect(cache, (20 - i) * 17 * MB + 100, 16, 16);
    assert_int_equal(behind.requests, 20);
    wp_cache_free(cache);
}

static void what_was_not_looked_at_for_longest_is_forgotten(void **state)
{
    (void)state;
    struct behind behind;
    struct wp_cache *cache = cache_over(&behind, 1000 * MB);
    expect(cache, 999 * MB, 1, 1);
    for (uint64_t i = 1; i < WP_CACHE_BLOCKS + 1; i++) {
        expect(cache, i * 2 * MB, 1, 1);
        if (i == 1)
            expect(cache, 999 * MB, 1, 1); /* looked at again: younger than block 1 */
    }
    assert_int_equal(behind.requests, WP_CACHE_BLOCKS + 1);
    expect(cache, 999 * MB, 1, 1);
    assert_int_equal(behind.requests, WP_CACHE_BLOCKS + 1);
    expect(cache, 2 * MB, 1, 1);
    assert_int_equal(behind.requests, WP_CACHE_BLOCKS + 2);
    wp_cache_free(cache);
}

static void a_run_ends_at_what_is_there(void **state)
{
    (void)state;
    struct behind behind;
    struct wp_cache *cache = cache_over(&behind, 100 * MB);
    expect(cache, 3 * WP_CACHE_BLOCK, 1, 1);
    expect(cache, 0, 4 * WP_CACHE_BLOCK, 4 * WP_CACHE_BLOCK);
    assert_int_equal(behind.requests, 2);
    assert_int_equal(behind.bytes, 4 * WP_CACHE_BLOCK);
    wp_cache_free(cache);
}

static void what_is_put_in_is_not_asked_for(void **state)
{
    (void)state;
    struct behind behind;
    static unsigned char first[WP_CACHE_BLOCK];
    for (size_t i = 0; i < sizeof first; i++)
        first[i] = byte_at(i);
    struct wp_cache *cache = cache_over(&behind, 100);
    wp_cache_begin(cache, first, 100);
    expect(cache, 0, 200, 100);
    assert_int_equal(behind.requests, 0);
    wp_cache_free(cache);
    cache = cache_over(&behind, 100 * MB);
    wp_cache_begin(cache, first, sizeof first);
    expect(cache, 0, WP_CACHE_BLOCK, WP_CACHE_BLOCK);
    assert_int_equal(behind.requests, 0);
    expect(cache, WP_CACHE_BLOCK, 1, 1);
    assert_int_equal(behind.longest, 2 * WP_CACHE_BLOCK); /* reading goes on from there */
    wp_cache_free(cache);
}

static void failures_are_handed_on(void **state)
{
    (void)state;
    struct behind behind;
    struct wp_error error = {.status = WP_OK};
    char out[16];
    size_t got = 99;
    struct wp_cache *cache = cache_over(&behind, MB);
    behind.fail_at = 1;
    assert_int_equal(wp_cache_read_at(cache, out, sizeof out, 0, &got, &error), WP_NETWORK);
    assert_true(got == 0 && error.status == WP_NETWORK);
    expect(cache, 0, 16, 16); /* nothing wrong was kept */
    behind.is_short = true;
    assert_int_equal(wp_cache_read_at(cache, out, sizeof out, MB - 16, &got, &error), WP_INPUT);
    assert_int_equal(got, 0);
    wp_cache_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_what_is_behind_it),
        cmocka_unit_test(reading_on_asks_for_more_at_once),
        cmocka_unit_test(jumping_asks_for_one_block_each),
        cmocka_unit_test(what_was_not_looked_at_for_longest_is_forgotten),
        cmocka_unit_test(a_run_ends_at_what_is_there),
        cmocka_unit_test(what_is_put_in_is_not_asked_for),
        cmocka_unit_test(failures_are_handed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
