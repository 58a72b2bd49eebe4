/*
 * Every odd file cut off at 20 places and with 200 seeded byte flips: the probe must neither crash nor hang
 * nor leak, what it says must be sane, and what was cut off must not pass for whole with other facts.
 *
 * The ordinary run takes a few of these for each file; WP_CORPUS_FULL=1 takes all, and WP_CORPUS_SHARD=I/N
 * every Nth file from the Ith (from 0) on, so that several processes can share the work.
 */
#include "unit/test.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "media/sniff.h"
#include "probe/probe.h"
#include "unit/bytes.h"

#define CUTS        20
#define FLIPS       200
#define MAX_FILES   4000
#define MAX_BYTES   ((long)1 << 20)
#define DEADLINE_MS 3000
/* A probe that goes on for so much longer than its deadline hangs. */
#define HANG_US ((int64_t)30 * 1000 * 1000)

/* What a file is, and what was said of it while it was whole. */
struct facts {
    bool is_video;
    struct wp_image_facts image;
    struct wp_video_facts video;
};

static char *files[MAX_FILES];
static size_t file_count;
static uint64_t probes;
static int64_t slowest_us;

/* Big files say nothing that small ones do not, and the limits are no matter of damage. */
static int note_file(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)walk;
    bool skipped = strstr(path, "-sides/") || strstr(path, "-bytes/") || status->st_size > MAX_BYTES;
    if (kind == FTW_F && !skipped && file_count < MAX_FILES)
        files[file_count++] = strdup(path);
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* xorshift32: the same damage in every run. */
static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static uint32_t seed_of(const char *path)
{
    const char *name = strstr(path, "/files/");
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (name = name ? name : path; *name; name++)
        hash = (hash ^ (uint8_t)*name) * 16777619U;
    return hash ? hash : 1;
}

static struct bytes read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct bytes bytes = bytes_of_size((size_t)MAX_BYTES);
    bytes.len = fread(bytes.data, 1, (size_t)MAX_BYTES, file);
    (void)fclose(file);
    return bytes;
}

static bool is_video(const struct bytes *bytes)
{
    char brand[5];
    size_t head = bytes->len < WP_SNIFF_BYTES ? bytes->len : WP_SNIFF_BYTES;
    enum wp_format format = wp_sniff(bytes->data, head, brand);
    return format == WP_FORMAT_MP4 || format == WP_FORMAT_MOV || format == WP_FORMAT_M4V ||
           format == WP_FORMAT_3GP || format == WP_FORMAT_AVI;
}

static void assert_sane_video(const struct wp_video_facts *facts)
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
    if (facts->has_sample_aspect_ratio)
        assert_true(facts->sample_aspect_ratio.num > 0 && facts->sample_aspect_ratio.den > 0);
    if (facts->decode == WP_DECODE_FAILED || facts->decode == WP_DECODE_REFUSED)
        assert_string_not_equal(facts->decode_reason, "");
    assert_true(facts->rotation >= 0 && facts->rotation < 360);
}

static void assert_sane_image(const struct wp_image_facts *facts)
{
    if (facts->has_size)
        assert_true(facts->width > 0 && facts->height > 0 && facts->coded_width > 0 &&
                    facts->coded_height > 0);
    if (facts->has_exif_orientation)
        assert_true(facts->exif_orientation >= 1 && facts->exif_orientation <= 8);
    if (facts->has_channels)
        assert_true(facts->channels >= 1 && facts->channels <= 4);
    if (facts->decode == WP_DECODE_FAILED || facts->decode == WP_DECODE_REFUSED)
        assert_string_not_equal(facts->decode_reason, "");
}

static void probe(struct facts *facts, const uint8_t *data, size_t len)
{
    /* A copy of just this size, so that a read past the end is seen. */
    struct bytes bytes = bytes_of_size(len);
    memcpy(bytes.data, data, len);
    struct wp_reader reader = bytes_reader(&bytes);
    struct wp_probe_options options = {.depth = WP_DEPTH_FRAME, .deadline_ms = DEADLINE_MS};
    int64_t begin = wp_clock_now_us();
    if (facts->is_video) {
        assert_int_equal(wp_probe_video(&facts->video, &reader, &options, NULL), WP_OK);
        assert_sane_video(&facts->video);
    } else {
        assert_int_equal(wp_probe_image(&facts->image, &reader, &options, NULL), WP_OK);
        assert_sane_image(&facts->image);
    }
    int64_t took = wp_clock_now_us() - begin;
    slowest_us = took > slowest_us ? took : slowest_us;
    assert_true(took < HANG_US);
    probes++;
    free(bytes.data);
}

static bool is_same_time(struct wp_rational a, struct wp_rational b)
{
    return a.num * b.den == b.num * a.den;
}

/* Whether a cut file passes for whole, and is not what it was. */
static bool is_mistaken(const struct facts *cut, const struct facts *whole)
{
    if (!cut->is_video) {
        const struct wp_image_facts *a = &cut->image;
        const struct wp_image_facts *b = &whole->image;
        return a->complete == WP_YES && a->decode == WP_DECODE_OK && !a->unreadable[0] &&
               (b->complete != WP_YES || a->coded_width != b->coded_width ||
                a->coded_height != b->coded_height || a->frame_count != b->frame_count);
    }
    const struct wp_video_facts *a = &cut->video;
    const struct wp_video_facts *b = &whole->video;
    return a->complete == WP_YES && a->decode == WP_DECODE_OK && !a->unreadable[0] && a->has_duration &&
           (b->complete != WP_YES || !b->has_duration || !is_same_time(a->duration, b->duration) ||
            a->coded_width != b->coded_width || a->frame_count != b->frame_count);
}

static void cut(const char *path, const struct bytes *bytes, const struct facts *whole, size_t part)
{
    struct facts facts = {.is_video = whole->is_video};
    probe(&facts, bytes->data, bytes->len * part / CUTS);
    if (is_mistaken(&facts, whole))
        fail_msg("%s cut at %zu/%d passes for whole", path, part, CUTS);
}

/* One to eight bytes are changed; the first kilobytes, where headers are, come in for half of it. */
static void flip(const struct bytes *bytes, bool video, uint32_t seed)
{
    struct facts facts = {.is_video = video};
    struct bytes copy = bytes_of_size(bytes->len);
    memcpy(copy.data, bytes->data, bytes->len);
    uint32_t count = 1 + next_random(&seed) % 8;
    size_t head = bytes->len < 4096 ? bytes->len : 4096;
    for (uint32_t i = 0; i < count && bytes->len > 0; i++) {
        size_t at = next_random(&seed) % (next_random(&seed) % 2 ? head : bytes->len);
        copy.data[at] ^= (uint8_t)(1 + next_random(&seed) % 255);
    }
    probe(&facts, copy.data, copy.len);
    free(copy.data);
}

static void damage(const char *path, bool all)
{
    struct bytes bytes = read_file(path);
    struct facts whole = {.is_video = is_video(&bytes)};
    uint32_t seed = seed_of(path);
    probe(&whole, bytes.data, bytes.len);
    for (size_t part = 0; part < CUTS; part++) {
        if (all || part == seed % CUTS)
            cut(path, &bytes, &whole, part);
    }
    for (uint32_t i = 0; i < FLIPS; i++) {
        uint32_t own = seed + i * 2654435761U;
        if (all || i % (FLIPS / 2) == seed % (FLIPS / 2))
            flip(&bytes, whole.is_video, own ? own : 1);
    }
    free(bytes.data);
}

static void every_odd_file_survives_damage(void **state)
{
    (void)state;
    const char *full = getenv("WP_CORPUS_FULL");
    const char *shard = getenv("WP_CORPUS_SHARD");
    size_t first = 0, step = 1;
    if (shard) {
        char *end = NULL;
        first = strtoul(shard, &end, 10);
        assert_int_equal(*end, '/');
        step = strtoul(end + 1, NULL, 10);
        assert_true(first < step);
    }
    assert_int_equal(nftw(WP_CORPUS "/files", note_file, 16, FTW_PHYS), 0);
    assert_true(file_count >= 300);
    qsort(files, file_count, sizeof files[0], by_name);
    for (size_t i = 0; i < file_count; i++) {
        if (i % step == first)
            damage(files[i], full && strcmp(full, "1") == 0);
        free(files[i]);
    }
    print_message("%llu probes of %zu files, the slowest %lld ms\n", (unsigned long long)probes, file_count,
                  (long long)(slowest_us / 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_odd_file_survives_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
