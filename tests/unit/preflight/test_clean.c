/* Facts from a process that was taken over: any bytes at all. Cleaned, they can be judged and reported. */
#include "unit/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "preflight/clean.h"
#include "rules/rules.h"
#include "wanprep/preflight.h"
#include "wanprep/report.h"

/* xorshift32: the same garbage in every run. */
static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* Bytes that are at random all the same, all different, or mostly small. */
static void fill(void *out, size_t size, uint32_t *seed)
{
    static const uint8_t same[] = {0xff, 0x80, 0x7f, 0x01, 0x41};
    uint32_t kind = next_random(seed) % 8;
    uint8_t *bytes = out;
    for (size_t i = 0; i < size; i++) {
        uint32_t byte = next_random(seed);
        bytes[i] = (uint8_t)(kind < COUNT(same) ? same[kind] : kind == 5 ? byte : byte % 3);
    }
}

static void assert_flag(const bool *flag)
{
    unsigned char bits = 0;
    memcpy(&bits, flag, 1);
    assert_in_range(bits, 0, 1);
}

static void assert_text(const char *text, size_t size)
{
    assert_non_null(memchr(text, '\0', size));
    char copy[512];
    assert_true(wp_text_copy(copy, sizeof copy, text));
    wp_text_sanitize(copy);
    assert_string_equal(copy, text);
}

#define ASSERT_TEXT(member) assert_text(member, sizeof(member))

static void assert_hash(const char *hash)
{
    assert_true(strlen(hash) == 0 || strlen(hash) == 64);
}

static void judge(const struct wp_preflight *preflight)
{
    static const enum wp_report_format formats[] = {WP_REPORT_TEXT, WP_REPORT_JSON};
    static const struct wp_report_options look = {.verbose = true};
    for (size_t i = 0; i < COUNT(formats); i++) {
        char *report = NULL;
        size_t length = 0;
        assert_int_equal(wp_report_write(&report, &length, preflight, formats[i], &look, NULL), WP_OK);
        assert_true(length > 0);
        wp_free(report);
    }
}

static struct wp_preflight *new_preflight(void)
{
    struct wp_preflight *preflight = wp_calloc(1, sizeof *preflight);
    assert_non_null(preflight);
    preflight->limits = wp_limits_default();
    strncat(preflight->image_source.location, "a.jpg", 6);
    strncat(preflight->video_source.location, "b.mp4", 6);
    return preflight;
}

/* The rules, and the reports over what they find. */
static void evaluate(struct wp_preflight *preflight)
{
    const struct wp_rule_input input = {
        .image_source = &preflight->image_source,
        .image = &preflight->image,
        .video_source = &preflight->video_source,
        .video = &preflight->video,
        .depth = preflight->depth,
        .limits = preflight->limits,
    };
    preflight->has_image = preflight->has_video = true;
    wp_rules_evaluate(&preflight->findings, &input, &(struct wp_level_policy){.strict = true});
    if (preflight->video.has_duration)
        preflight->has_cost =
            wp_cost_estimate(&preflight->cost, preflight->limits, WP_REGION_CHINA, WP_MODE_STD,
                             (double)preflight->video.duration.num / (double)preflight->video.duration.den);
    judge(preflight);
}

static void assert_image(const struct wp_image_facts *facts)
{
    assert_flag(&facts->has_size);
    assert_flag(&facts->has_missing_bytes);
    assert_flag(&facts->has_exif_orientation);
    assert_in_range((unsigned)facts->format, 0, WP_FORMAT_JSON);
    assert_in_range((unsigned)facts->color_model, 0, WP_COLOR_CMYK);
    assert_in_range((unsigned)facts->transparent, 0, WP_YES);
    assert_in_range((unsigned)facts->decode, 0, WP_DECODE_REFUSED);
    ASSERT_TEXT(facts->unreadable);
    ASSERT_TEXT(facts->variant);
    ASSERT_TEXT(facts->decode_reason);
    assert_hash(facts->sha256);
    assert_true(facts->has_bytes && facts->bytes == 1234);
    if (facts->has_exif_orientation)
        assert_in_range(facts->exif_orientation, 1, 8);
}

static void assert_video(const struct wp_video_facts *facts)
{
    assert_flag(&facts->flipped);
    assert_flag(&facts->has_duration);
    assert_flag(&facts->has_decode_errors);
    assert_in_range((unsigned)facts->format, 0, WP_FORMAT_JSON);
    assert_in_range((unsigned)facts->encrypted, 0, WP_YES);
    assert_in_range((unsigned)facts->complete, 0, WP_YES);
    assert_in_range((unsigned)facts->decode, 0, WP_DECODE_REFUSED);
    ASSERT_TEXT(facts->brand);
    ASSERT_TEXT(facts->unreadable);
    ASSERT_TEXT(facts->demuxer);
    ASSERT_TEXT(facts->codec);
    ASSERT_TEXT(facts->codec_tag);
    ASSERT_TEXT(facts->profile);
    ASSERT_TEXT(facts->pixel_format);
    ASSERT_TEXT(facts->color_transfer);
    ASSERT_TEXT(facts->decode_reason);
    assert_hash(facts->sha256);
    assert_true(facts->has_bytes && facts->bytes == 5678);
    if (facts->has_duration)
        assert_true(facts->duration.num >= 0 && facts->duration.den > 0);
    if (facts->has_frame_rate)
        assert_true(facts->frame_rate.num > 0 && facts->frame_rate.den > 0);
    if (facts->has_sample_aspect_ratio)
        assert_true(facts->sample_aspect_ratio.num > 0 && facts->sample_aspect_ratio.den > 0);
    if (facts->has_start_time)
        assert_true(facts->start_time.den > 0);
    if (facts->has_frame_interval)
        assert_true(facts->min_frame_interval.num >= 0 && facts->max_frame_interval.den > 0);
    if (facts->has_rotation)
        assert_in_range(facts->rotation, 0, 359);
}

static void garbage_is_made_safe(void **state)
{
    (void)state;
    uint32_t seed = 20261122;
    for (int i = 0; i < 2000; i++) {
        struct wp_preflight *preflight = new_preflight();
        preflight->depth = (enum wp_depth)(i % 3);
        fill(&preflight->image, sizeof preflight->image, &seed);
        fill(&preflight->video, sizeof preflight->video, &seed);
        wp_clean_image_facts(&preflight->image, 1234);
        wp_clean_video_facts(&preflight->video, 5678);
        assert_image(&preflight->image);
        assert_video(&preflight->video);
        evaluate(preflight);
        wp_free(preflight);
    }
}

/* Each fraction on both sides of what is kept. */
static void fractions_that_cannot_be(void **state)
{
    (void)state;
    static const struct {
        struct wp_rational value;
        bool kept;
    } cases[] = {
        {{0, 1}, true},          {{30, 1}, true},
        {{1000000000, 1}, true}, {{INT64_MAX, INT64_MAX}, true},
        {{-1, 1}, false},        {{1, 0}, false},
        {{1, -1}, false},        {{1000000001, 1}, false},
        {{INT64_MIN, 1}, false}, {{INT64_MIN, -1}, false},
        {{INT64_MAX, 1}, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wp_video_facts facts = {.has_duration = true, .duration = cases[i].value};
        wp_clean_video_facts(&facts, 0);
        assert_int_equal(facts.has_duration, cases[i].kept);
    }
}

static void good_facts_stay(void **state)
{
    (void)state;
    struct wp_video_facts facts = {.format = WP_FORMAT_JSON,
                                   .brand = "isom",
                                   .codec = "h264",
                                   .encrypted = WP_YES,
                                   .has_rotation = true,
                                   .rotation = 359,
                                   .has_start_time = true,
                                   .start_time = {-1, 30},
                                   .decode = WP_DECODE_REFUSED,
                                   .decode_reason = "größer als erlaubt"};
    memset(facts.sha256, 'a', 64);
    struct wp_video_facts before = facts;
    wp_clean_video_facts(&facts, 9);
    assert_int_equal(facts.format, before.format);
    assert_string_equal(facts.brand, before.brand);
    assert_string_equal(facts.codec, before.codec);
    assert_int_equal(facts.encrypted, WP_YES);
    assert_true(facts.has_rotation && facts.rotation == 359);
    assert_true(facts.has_start_time && facts.start_time.num == -1);
    assert_int_equal(facts.decode, WP_DECODE_REFUSED);
    assert_string_equal(facts.decode_reason, before.decode_reason);
    assert_string_equal(facts.sha256, before.sha256);
    struct wp_image_facts image = {.has_exif_orientation = true, .exif_orientation = 8};
    wp_clean_image_facts(&image, 9);
    assert_true(image.has_exif_orientation);
}

static struct wp_content_facts one_look(void)
{
    return (struct wp_content_facts){
        .state = WP_CONTENT_LOOKED,
        .look_count = 1,
        .looks = {{.width = 100,
                   .height = 100,
                   .face_count = 1,
                   .brightness = 1,
                   .has_sharpness = true,
                   .sharpness = 0,
                   .faces = {{-5, 0, 10, 10, 2, 0, 90, -180}}}},
    };
}

static void assert_kept(struct wp_content_facts facts, bool kept)
{
    wp_clean_content_facts(&facts);
    assert_int_equal(facts.state, kept ? WP_CONTENT_LOOKED : WP_CONTENT_FAILED);
    assert_int_equal(facts.look_count > 0, kept);
    assert_int_equal(facts.reason[0] == '\0', kept);
}

/* Each number of a look on both sides of what is kept. An angle may be unknown. */
static void looks_that_cannot_be(void **state)
{
    (void)state;
    static struct wp_content_facts facts;
    facts = one_look();
    struct wp_look *look = &facts.looks[0];
    struct wp_face *face = &look->faces[0];
    const struct {
        double *value;
        double kept, lost;
    } cases[] = {
        {&look->time_s, 1e9, INFINITY}, {&look->time_s, -1, NAN},      {&look->brightness, 0, -0.01},
        {&look->brightness, 1, 1.01},   {&look->brightness, 0.5, NAN}, {&look->sharpness, 1, 1.01},
        {&look->sharpness, 0.1, -0.1},  {&face->x, -1e9, -INFINITY},   {&face->y, 1e9, NAN},
        {&face->width, 0.1, 0},         {&face->height, 1e9, 1.1e9},   {&face->score, 2, 2.1},
        {&face->score, 0, -0.1},        {&face->inside, 1, 1.1},       {&face->inside, 0, -0.1},
        {&face->yaw, -90, -90.5},       {&face->yaw, NAN, 91},         {&face->roll, 180, 180.5},
        {&face->roll, NAN, -INFINITY},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        double before = *cases[i].value;
        *cases[i].value = cases[i].kept;
        assert_kept(facts, true);
        *cases[i].value = cases[i].lost;
        assert_kept(facts, false);
        *cases[i].value = before;
    }
    look->has_sharpness = false;
    look->sharpness = NAN;
    assert_kept(facts, true);
    facts.look_count = WP_MAX_LOOKS + 1;
    assert_kept(facts, false);
    facts.look_count = 0;
    assert_kept(facts, false);
}

static void garbage_is_no_look(void **state)
{
    (void)state;
    uint32_t seed = 20261130;
    static struct wp_content_facts facts;
    for (int i = 0; i < 20000; i++) {
        fill(&facts, sizeof facts, &seed);
        wp_clean_content_facts(&facts);
        assert_in_range((unsigned)facts.state, WP_CONTENT_NOT_ASKED + 1, WP_CONTENT_LOOKED);
        assert_in_range(facts.look_count, 0, WP_MAX_LOOKS);
        assert_int_equal(facts.look_count > 0, facts.state == WP_CONTENT_LOOKED);
        ASSERT_TEXT(facts.reason);
    }
}

/* What nobody looked at has no look, however it is filled. */
static void looks_behind_the_last_are_empty(void **state)
{
    (void)state;
    static const struct wp_look nothing;
    static struct wp_content_facts facts;
    for (uint32_t count = 0; count <= WP_MAX_LOOKS; count++) {
        facts = one_look();
        for (uint32_t i = 1; i < WP_MAX_LOOKS; i++)
            memcpy(&facts.looks[i], &facts.looks[0], sizeof nothing);
        facts.look_count = count;
        facts.state = count ? WP_CONTENT_LOOKED : WP_CONTENT_NO_DETECTOR;
        memset(&facts.looks[count], 0x55, (WP_MAX_LOOKS - count) * sizeof nothing);
        wp_clean_content_facts(&facts);
        assert_int_equal(facts.look_count, count);
        for (uint32_t i = 0; i < WP_MAX_LOOKS; i++)
            assert_int_equal(memcmp(&facts.looks[i], &nothing, sizeof nothing) != 0, i < count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(garbage_is_made_safe), cmocka_unit_test(fractions_that_cannot_be),
        cmocka_unit_test(good_facts_stay),      cmocka_unit_test(looks_that_cannot_be),
        cmocka_unit_test(garbage_is_no_look),   cmocka_unit_test(looks_behind_the_last_are_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
