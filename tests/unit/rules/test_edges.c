/* Every limit with numbers, on both sides and exactly at its ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/rules/good.h"

#include "base/banned.h"

static bool fires(struct pair *pair, const char *id, enum wp_subject subject)
{
    pair_evaluate(pair);
    return pair_find(pair, id, subject) != NULL;
}

static void sides(void **state)
{
    (void)state;
    static const struct {
        enum wp_subject subject;
        uint32_t width, height;
        bool refused;
    } rows[] = {{WP_SUBJECT_IMAGE, 199, 400, true},     {WP_SUBJECT_IMAGE, 400, 199, true},
                {WP_SUBJECT_IMAGE, 200, 200, false},    {WP_SUBJECT_IMAGE, 4096, 4096, false},
                {WP_SUBJECT_IMAGE, 4097, 4096, true},   {WP_SUBJECT_IMAGE, 4096, 4097, true},
                {WP_SUBJECT_IMAGE, 0, 0, true},         {WP_SUBJECT_IMAGE, UINT32_MAX, UINT32_MAX, true},
                {WP_SUBJECT_VIDEO, 199, 400, true},     {WP_SUBJECT_VIDEO, 400, 199, true},
                {WP_SUBJECT_VIDEO, 200, 200, false},    {WP_SUBJECT_VIDEO, 2048, 2048, false},
                {WP_SUBJECT_VIDEO, 2049, 2048, true},   {WP_SUBJECT_VIDEO, 2048, 2049, true},
                {WP_SUBJECT_VIDEO, 0, UINT32_MAX, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        bool image = rows[i].subject == WP_SUBJECT_IMAGE;
        *(image ? &pair.image.width : &pair.video.width) = rows[i].width;
        *(image ? &pair.image.height : &pair.video.height) = rows[i].height;
        assert_int_equal(fires(&pair, image ? "image.resolution" : "video.resolution", rows[i].subject),
                         rows[i].refused);
    }
}

static void aspect_ratios(void **state)
{
    (void)state;
    static const struct {
        uint32_t width, height;
        bool refused;
    } rows[] = {
        {300, 900, false},   {900, 300, false},  {300, 901, true},   {901, 300, true},
        {682, 2046, false},  {682, 2047, true},  {683, 2048, false}, {682, 2048, true},
        {1000, 1000, false}, {2048, 683, false}, {2048, 682, true},  {1, UINT32_MAX, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        pair.image.width = pair.video.width = rows[i].width;
        pair.image.height = pair.video.height = rows[i].height;
        assert_int_equal(fires(&pair, "image.aspect-ratio", WP_SUBJECT_IMAGE), rows[i].refused);
        assert_int_equal(fires(&pair, "video.aspect-ratio", WP_SUBJECT_VIDEO), rows[i].refused);
        assert_false(fires(&pair, "pair.aspect-ratio", WP_SUBJECT_PAIR));
    }
}

static void file_sizes(void **state)
{
    (void)state;
    static const struct {
        enum wp_subject subject;
        uint64_t bytes;
        bool unsure, refused;
    } rows[] = {
        {WP_SUBJECT_IMAGE, 4999999, false, false},   {WP_SUBJECT_IMAGE, 5000000, true, false},
        {WP_SUBJECT_IMAGE, 5242880, true, false},    {WP_SUBJECT_IMAGE, 5242881, false, true},
        {WP_SUBJECT_IMAGE, UINT64_MAX, false, true}, {WP_SUBJECT_VIDEO, 199999999, false, false},
        {WP_SUBJECT_VIDEO, 200000000, true, false},  {WP_SUBJECT_VIDEO, 209715200, true, false},
        {WP_SUBJECT_VIDEO, 209715201, false, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        bool image = rows[i].subject == WP_SUBJECT_IMAGE;
        *(image ? &pair.image.bytes : &pair.video.bytes) = rows[i].bytes;
        assert_int_equal(fires(&pair, image ? "image.size-unit" : "video.size-unit", rows[i].subject),
                         rows[i].unsure);
        assert_int_equal(fires(&pair, image ? "image.size" : "video.size", rows[i].subject), rows[i].refused);
    }
}

static void durations(void **state)
{
    (void)state;
    static const struct {
        struct wp_rational duration;
        bool refused, edge;
    } rows[] = {
        {{2, 1}, false, true},
        {{180000, 90000}, false, true},
        {{179999, 90000}, true, false},
        {{180001, 90000}, false, false},
        {{25600, 12800}, false, true},
        {{25599, 12800}, true, false},
        {{25601, 12800}, false, false},
        {{30, 1}, false, true},
        {{2700000, 90000}, false, true},
        {{2699999, 90000}, false, false},
        {{2700001, 90000}, true, false},
        {{384000, 12800}, false, true},
        {{384001, 12800}, true, false},
        {{383999, 12800}, false, false},
        {{59 * 1001, 30000}, true, false},   /* 1.96863 s of 29.97 fps */
        {{60 * 1001, 30000}, false, false},  /* 2.002 s */
        {{899 * 1001, 30000}, false, false}, /* 29.997 s */
        {{900 * 1001, 30000}, true, false},  /* 30.03 s */
        {{0, 1}, true, false},
        {{-5, 1}, true, false},
        {{INT64_MAX, 1}, true, false},
        {{INT64_MAX, INT64_MAX / 10}, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        pair.video.duration = pair.video.container_duration = rows[i].duration;
        assert_int_equal(fires(&pair, "video.duration", WP_SUBJECT_VIDEO), rows[i].refused);
        assert_int_equal(fires(&pair, "video.duration-edge", WP_SUBJECT_VIDEO), rows[i].edge);
        assert_int_equal(pair.findings.count, rows[i].refused || rows[i].edge);
    }
}

static void frame_rates(void **state)
{
    (void)state;
    static const struct {
        struct wp_rational rate;
        bool warned;
    } rows[] = {
        {{14999, 1000}, true},  {{15, 1}, false},       {{60, 1}, false},
        {{60001, 1000}, true},  {{60000, 1001}, false}, {{15000, 1001}, true},
        {{30000, 1001}, false}, {{0, 1}, true},         {{1000000, 1}, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        pair.video.frame_rate = rows[i].rate;
        assert_int_equal(fires(&pair, "video.frame-rate", WP_SUBJECT_VIDEO), rows[i].warned);
    }
}

static void durations_apart(void **state)
{
    (void)state;
    static const struct {
        struct wp_rational container;
        bool warned;
    } rows[] = {
        {{10, 1}, false},        {{101, 10}, false}, {{909000, 90000}, false}, {{909001, 90000}, true},
        {{890999, 90000}, true}, {{99, 10}, false},  {{20, 1}, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        pair.video.container_duration = rows[i].container;
        assert_int_equal(fires(&pair, "video.duration-mismatch", WP_SUBJECT_VIDEO), rows[i].warned);
    }
}

static void pair_ratios(void **state)
{
    (void)state;
    static const struct {
        uint32_t image[2], video[2];
        bool warned;
    } rows[] = {
        {{900, 1200}, {720, 1280}, false},   {{1000, 1000}, {720, 1280}, true},
        {{1500, 1000}, {1000, 1000}, false}, {{1501, 1000}, {1000, 1000}, true},
        {{1000, 1000}, {1000, 1501}, true},  {{1000, 1000}, {1000, 1500}, false},
        {{1200, 900}, {1280, 720}, false},   {{720, 1280}, {1280, 720}, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        pair.image.width = rows[i].image[0];
        pair.image.height = rows[i].image[1];
        pair.video.width = rows[i].video[0];
        pair.video.height = rows[i].video[1];
        assert_int_equal(fires(&pair, "pair.aspect-ratio", WP_SUBJECT_PAIR), rows[i].warned);
    }
}

static void bits_and_orientations(void **state)
{
    (void)state;
    struct pair pair;
    for (uint8_t bits = 1; bits <= 16; bits++) {
        pair_init(&pair);
        pair.image.bits = bits;
        assert_int_equal(fires(&pair, "image.bit-depth", WP_SUBJECT_IMAGE), bits > 8);
    }
    for (uint8_t orientation = 1; orientation <= 8; orientation++) {
        pair_init(&pair);
        pair.image.exif_orientation = orientation;
        assert_int_equal(fires(&pair, "image.orientation", WP_SUBJECT_IMAGE), orientation != 1);
    }
    static const int16_t rotations[] = {0, 90, 180, 270, 45};
    for (size_t i = 0; i < sizeof rotations / sizeof rotations[0]; i++) {
        pair_init(&pair);
        pair.video.rotation = rotations[i];
        assert_int_equal(fires(&pair, "video.rotation", WP_SUBJECT_VIDEO), rotations[i] != 0);
    }
}

static void limits_are_read_from_the_profile(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair.limits.video.max_side = 1279;
    pair.limits.max_duration_s = 9;
    pair.limits.image.max_bytes = 345677;
    assert_true(fires(&pair, "video.resolution", WP_SUBJECT_VIDEO));
    assert_true(fires(&pair, "video.duration", WP_SUBJECT_VIDEO));
    assert_true(fires(&pair, "image.size", WP_SUBJECT_IMAGE));
}

/* A pair of which the image stands behind a URL. */
static struct wp_delivery_facts *deliver(struct pair *pair)
{
    pair_init(pair);
    source_deliver(&pair->image_source, &pair->image_delivery, "https://host.example/person.jpg",
                   "image/jpeg");
    return &pair->image_delivery;
}

static void speed_of_a_url(void **state)
{
    (void)state;
    static const struct {
        double first_byte_s, bytes_per_s;
        uint64_t bytes;
        bool slow;
    } rows[] = {
        {5, 1e6, 4000000, false}, {5.001, 1e6, 1000, true}, {1, 1e5, 900000, false},
        {1, 1e5, 900001, true},   {10.5, 0, 1000, true},    {4.9, 0, 5000000, false},
        {0, 1, 10, false},        {0, 1, 11, true},         {5, 1e6, 5000000, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        struct wp_delivery_facts *delivery = deliver(&pair);
        pair.image.bytes = rows[i].bytes;
        delivery->first_byte_s = rows[i].first_byte_s;
        delivery->has_rate = rows[i].bytes_per_s > 0;
        delivery->bytes_per_s = rows[i].bytes_per_s;
        assert_int_equal(fires(&pair, "url.slow", WP_SUBJECT_IMAGE), rows[i].slow);
    }
    struct pair pair;
    deliver(&pair)->has_first_byte = false;
    assert_false(fires(&pair, "url.slow", WP_SUBJECT_IMAGE));
}

static void expiry_of_a_url(void **state)
{
    (void)state;
    static const struct {
        int64_t left_s;
        bool expired, expiring;
    } rows[] = {{INT64_MIN, true, false}, {-1, true, false},    {0, false, true},
                {3599, false, true},      {3600, false, false}, {INT64_MAX, false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        struct wp_delivery_facts *delivery = deliver(&pair);
        delivery->has_expiry = true;
        delivery->expires_in_s = rows[i].left_s;
        assert_int_equal(fires(&pair, "url.expired", WP_SUBJECT_IMAGE), rows[i].expired);
        assert_int_equal(fires(&pair, "url.expiring", WP_SUBJECT_IMAGE), rows[i].expiring);
        delivery->has_expiry = false;
        assert_false(fires(&pair, "url.expired", WP_SUBJECT_IMAGE) ||
                     fires(&pair, "url.expiring", WP_SUBJECT_IMAGE));
    }
}

static void a_file_that_was_given_up_is_too_large(void **state)
{
    (void)state;
    struct pair pair;
    struct wp_delivery_facts *delivery = deliver(&pair);
    pair.image_source.state = WP_SOURCE_UNAVAILABLE;
    delivery->trouble = WP_DELIVERY_TOO_LARGE;
    delivery->content_length = 5242881;
    assert_true(fires(&pair, "image.size", WP_SUBJECT_IMAGE));
    assert_int_equal(pair.findings.count, 1);
    delivery->has_content_length = false;
    assert_true(fires(&pair, "image.size", WP_SUBJECT_IMAGE));
    assert_int_equal(pair.findings.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sides),
        cmocka_unit_test(aspect_ratios),
        cmocka_unit_test(file_sizes),
        cmocka_unit_test(durations),
        cmocka_unit_test(frame_rates),
        cmocka_unit_test(durations_apart),
        cmocka_unit_test(pair_ratios),
        cmocka_unit_test(bits_and_orientations),
        cmocka_unit_test(limits_are_read_from_the_profile),
        cmocka_unit_test(speed_of_a_url),
        cmocka_unit_test(expiry_of_a_url),
        cmocka_unit_test(a_file_that_was_given_up_is_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
