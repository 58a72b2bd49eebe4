/* Every fixture cut off at many places and with seeded damage: the probe must neither crash nor hang nor
 * leak, and what it says must be sane. Meant for the sanitizer build; the plain build runs it, too. */
#include "unit/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/probe.h"
#include "unit/bytes.h"

/* xorshift32: the same damage in every run. */
static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void assert_sane(const struct wp_video_facts *facts)
{
    if (facts->has_size)
        assert_true(facts->width > 0 && facts->height > 0 && facts->coded_width > 0 &&
                    facts->coded_height > 0);
    if (facts->has_duration)
        assert_true(facts->duration.num > 0 && facts->duration.den > 0);
    if (facts->has_container_duration)
        assert_true(facts->container_duration.num > 0 && facts->container_duration.den > 0);
    if (facts->has_start_time)
        assert_true(facts->start_time.den > 0);
    if (facts->has_frame_rate)
        assert_true(facts->frame_rate.num > 0 && facts->frame_rate.den > 0);
    if (facts->has_frame_interval)
        assert_true(facts->min_frame_interval.den > 0 && facts->max_frame_interval.den > 0);
    if (facts->has_sample_aspect_ratio)
        assert_true(facts->sample_aspect_ratio.num > 0 && facts->sample_aspect_ratio.den > 0);
    if (facts->has_missing_bytes)
        assert_true(facts->missing_bytes > 0 && facts->complete == WP_NO);
    if (facts->decode == WP_DECODE_FAILED || facts->decode == WP_DECODE_REFUSED)
        assert_string_not_equal(facts->decode_reason, "");
    assert_true(facts->rotation >= 0 && facts->rotation < 360);
}

static void probe(const uint8_t *data, size_t len, enum wp_depth depth)
{
    /* A copy of just this size, so that a read past the end is seen. */
    struct bytes bytes = bytes_of_size(len);
    memcpy(bytes.data, data, len);
    struct wp_reader reader = bytes_reader(&bytes);
    struct wp_probe_options options = {.depth = depth};
    struct wp_video_facts facts;
    assert_int_equal(wp_probe_video(&facts, &reader, &options, NULL), WP_OK);
    assert_sane(&facts);
    free(bytes.data);
}

static void cut(const struct bytes *bytes)
{
    for (size_t i = 1; i < 12; i++)
        probe(bytes->data, bytes->len * i / 12, WP_DEPTH_FRAME);
    for (size_t i = 1; i < 5 && i < bytes->len; i++)
        probe(bytes->data, bytes->len - i, WP_DEPTH_FRAME);
}

/* The header decides most: half of the damage goes there. */
static size_t header_of(const struct bytes *bytes, size_t *len)
{
    for (size_t i = 0; i + 8 < bytes->len; i++) {
        if (memcmp(bytes->data + i, "moov", 4) == 0) {
            *len = bytes->len - i < 3000 ? bytes->len - i : 3000;
            return i;
        }
    }
    *len = bytes->len < 600 ? bytes->len : 600;
    return 0;
}

static void damage(const struct bytes *bytes, uint32_t seed)
{
    size_t header_len = 0;
    size_t header = header_of(bytes, &header_len);
    struct bytes copy = bytes_of_size(bytes->len);
    for (int round = 0; round < 24; round++) {
        memcpy(copy.data, bytes->data, bytes->len);
        int flips = 1 << (round % 6);
        for (int i = 0; i < flips; i++) {
            size_t at = next_random(&seed) % 2 ? header + next_random(&seed) % header_len
                                               : next_random(&seed) % bytes->len;
            copy.data[at] = (uint8_t)(next_random(&seed) % 3 ? next_random(&seed) : 0xff);
        }
        probe(copy.data, copy.len, round % 8 == 0 ? WP_DEPTH_FULL : WP_DEPTH_FRAME);
    }
    free(copy.data);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void every_fixture_survives_damage(void **state)
{
    (void)state;
    struct dirent **entries = NULL;
    int count = scandir(WP_FIXTURES "/videos", &entries, NULL, by_name);
    assert_true(count > 50);
    for (int i = 0; i < count; i++) {
        char path[512];
        snprintf(path, sizeof path, "videos/%s", entries[i]->d_name);
        struct bytes bytes = entries[i]->d_name[0] == '.' ? (struct bytes){0} : bytes_of_fixture(path);
        free(entries[i]);
        if (bytes.len > 0) {
            print_message("%s\n", path);
            cut(&bytes);
            damage(&bytes, (uint32_t)i + 1);
        }
        free(bytes.data);
    }
    free(entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_fixture_survives_damage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
