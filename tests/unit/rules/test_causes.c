/* One cause, one finding; and what is not known never passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/rules/good.h"

#include "base/banned.h"

/* Evaluates, and asserts that the findings are exactly these: "error image.size, warning video.hdr". */
static void expect(struct pair *pair, const char *expected)
{
    pair_evaluate(pair);
    char actual[512] = "";
    for (size_t i = 0; i < pair->findings.count; i++) {
        const struct wp_finding *finding = &pair->findings.items[i];
        size_t len = strlen(actual);
        wp_text_format(actual + len, sizeof actual - len, "%s%s %s", i ? ", " : "",
                       wp_level_name(finding->level), finding->rule->id);
    }
    assert_string_equal(actual, expected);
}

static void unavailable_input(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    memset(&pair.image, 0, sizeof pair.image);
    pair.image_source.state = WP_SOURCE_UNAVAILABLE;
    wp_text_copy(pair.image_source.reason, sizeof pair.image_source.reason, "no such file");
    expect(&pair, "error image.unreadable");
    assert_string_equal(pair.findings.items[0].detail, "no such file");
    pair.image_source.reason[0] = '\0';
    expect(&pair, "error image.unreadable");
    assert_true(pair.findings.items[0].detail[0]);
}

static void unmeasured_url(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    memset(&pair.video, 0, sizeof pair.video);
    source_set(&pair.video_source, WP_SOURCE_HTTP, "https://host/dance.mp4");
    pair.video_source.state = WP_SOURCE_UNMEASURED;
    expect(&pair, "error video.undetermined");
    pair.policy.pass_remote = true;
    expect(&pair, "warning video.undetermined");
    pair.policy.strict = true;
    expect(&pair, "error video.undetermined");
    pair.policy.strict = false;
    source_set(&pair.video_source, WP_SOURCE_OSS, "oss://bucket/dance");
    pair.video_source.state = WP_SOURCE_UNMEASURED;
    expect(&pair, "warning url.extension, warning video.undetermined");
}

static void trouble_with_a_url_is_one_finding(void **state)
{
    (void)state;
    static const char *const expected[] = {
        [WP_DELIVERY_NO_HOST] = "error url.unreachable",
        [WP_DELIVERY_NO_CONNECTION] = "error url.unreachable",
        [WP_DELIVERY_FORBIDDEN] = "error url.private-address",
        [WP_DELIVERY_STATUS] = "error url.status",
        [WP_DELIVERY_REDIRECTS] = "error url.unreachable",
        [WP_DELIVERY_TIMEOUT] = "error url.unreachable",
        [WP_DELIVERY_CHANGED] = "error url.unreachable",
        [WP_DELIVERY_LIES] = "error url.unreachable",
        [WP_DELIVERY_TOO_LARGE] = "error image.size",
    };
    for (enum wp_delivery_trouble trouble = WP_DELIVERY_NO_HOST; trouble <= WP_DELIVERY_TOO_LARGE;
         trouble++) {
        struct pair pair;
        pair_init(&pair);
        source_deliver(&pair.image_source, &pair.image_delivery, "https://host.example/person.jpg",
                       "text/html");
        pair.image_source.state = WP_SOURCE_UNAVAILABLE;
        pair.image_delivery.trouble = trouble;
        pair.image_delivery.redirects = 1;
        pair.image_delivery.first_byte_s = 100;
        expect(&pair, expected[trouble]);
        /* Whatever is made of that, it is never accepted; and never because the medium is remote. */
        const struct wp_level_change off = {pair.findings.items[0].rule->id, WP_LEVEL_OFF};
        pair.policy = (struct wp_level_policy){.pass_remote = true, .changes = &off, .count = 1};
        expect(&pair, "error image.undetermined");
    }
}

static void an_expired_url_that_is_refused_is_one_finding(void **state)
{
    (void)state;
    static const struct {
        uint16_t status;
        const char *expected;
    } rows[] = {{400, "error url.expired"},
                {401, "error url.expired"},
                {403, "error url.expired"},
                {404, "error url.expired, error url.status"},
                {500, "error url.expired, error url.status"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        source_deliver(&pair.image_source, &pair.image_delivery, "https://host.example/person.jpg",
                       "text/html");
        pair.image_source.state = WP_SOURCE_UNAVAILABLE;
        pair.image_delivery.trouble = WP_DELIVERY_STATUS;
        pair.image_delivery.status = rows[i].status;
        pair.image_delivery.has_expiry = true;
        pair.image_delivery.expires_in_s = -1;
        expect(&pair, rows[i].expected);
    }
}

static void pass_remote_passes_nothing_that_was_read(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair.policy.pass_remote = true;
    pair.video.has_duration = false;
    expect(&pair, "error video.undetermined");
    pair.video_source.state = WP_SOURCE_UNAVAILABLE;
    expect(&pair, "error video.unreadable");
}

static void empty_and_unknown_bytes(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair.image = (struct wp_image_facts){.format = WP_FORMAT_EMPTY, .has_bytes = true};
    pair.video = (struct wp_video_facts){.format = WP_FORMAT_UNKNOWN, .has_bytes = true, .bytes = 5};
    expect(&pair, "error image.unreadable, error video.format");
    wp_text_copy(pair.video.unreadable, sizeof pair.video.unreadable, "no known container");
    expect(&pair, "error image.unreadable, error video.unreadable");
}

static void every_foreign_format_is_one_finding(void **state)
{
    (void)state;
    for (enum wp_format format = WP_FORMAT_JPEG; format <= WP_FORMAT_JSON; format++) {
        bool image = format <= WP_FORMAT_WEBP;
        bool video = format == WP_FORMAT_MP4 || format == WP_FORMAT_M4V || format == WP_FORMAT_MOV ||
                     format == WP_FORMAT_AVI;
        struct pair pair;
        pair_init(&pair);
        pair.image = (struct wp_image_facts){.format = format, .has_bytes = true, .bytes = 6000000};
        wp_text_copy(pair.image.unreadable, sizeof pair.image.unreadable,
                     image ? "damaged" : "not read here");
        pair.video = (struct wp_video_facts){.format = format, .has_bytes = true};
        wp_text_copy(pair.video.unreadable, sizeof pair.video.unreadable, video ? "damaged" : "");
        pair_evaluate(&pair);
        assert_int_equal(pair.findings.count, 3); /* a size over the limit speaks on its own */
        assert_non_null(pair_find(&pair, image ? "image.unreadable" : "image.format", WP_SUBJECT_IMAGE));
        assert_non_null(pair_find(&pair, "image.size", WP_SUBJECT_IMAGE));
        assert_non_null(pair_find(&pair, video ? "video.unreadable" : "video.format", WP_SUBJECT_VIDEO));
    }
}

static void swapped_arguments_are_told(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair.image.format = WP_FORMAT_MP4;
    pair.video.format = WP_FORMAT_JPEG;
    expect(&pair, "error image.format, error video.format");
    assert_non_null(strstr(pair.findings.items[0].detail, "swapped"));
    pair.video.format = WP_FORMAT_GIF;
    expect(&pair, "error image.format, error video.format");
    assert_null(strstr(pair.findings.items[0].detail, "swapped"));
}

static void decoding(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair.image.decode = pair.video.decode = WP_DECODE_FAILED;
    expect(&pair, "error image.unreadable, error video.decode-errors");
    pair.image.complete = pair.video.complete = WP_NO;
    expect(&pair, "error image.truncated, error video.truncated");
    pair_init(&pair);
    pair.image.decode = pair.video.decode = WP_DECODE_REFUSED;
    wp_text_copy(pair.image.decode_reason, sizeof pair.image.decode_reason, "900 million pixels");
    expect(&pair, "error image.undetermined, error video.undetermined");
    assert_string_equal(pair.findings.items[0].detail, "900 million pixels");
    pair_init(&pair);
    pair.image.decode = pair.video.decode = WP_DECODE_UNSUPPORTED;
    pair.image.complete = WP_UNKNOWN;
    expect(&pair, "warning image.unsupported-variant, warning video.unsupported-variant");
    pair_init(&pair);
    pair.image.decode = pair.video.decode = WP_DECODE_NOT_TRIED;
    pair.video.has_decode_errors = false;
    expect(&pair, "error image.undetermined, error video.undetermined");
    pair.depth = WP_DEPTH_HEADER; /* nothing is decoded there */
    pair.image.complete = WP_UNKNOWN;
    expect(&pair, "");
}

static void the_rest_of_a_cut_file_is_not_measured(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair.video.complete = WP_NO;
    pair.video.fragmented = WP_YES;
    pair.video.duration = (struct wp_rational){3, 2};
    expect(&pair, "error video.truncated");
    pair.video.fragmented = WP_NO; /* the index of a plain MP4 tells the whole */
    expect(&pair, "error video.truncated, error video.duration, warning video.duration-mismatch");
    pair.video.format = WP_FORMAT_AVI;
    wp_text_copy(pair.video_source.extension, sizeof pair.video_source.extension, "avi");
    expect(&pair, "error video.truncated");
    pair.video.duration = (struct wp_rational){31, 1}; /* too long even so */
    expect(&pair, "error video.truncated, error video.duration");
    pair.video.duration = (struct wp_rational){3, 2};
    const struct wp_level_change off = {"video.truncated", WP_LEVEL_OFF};
    pair.policy.changes = &off;
    pair.policy.count = 1;
    expect(&pair, "error video.duration, warning video.duration-mismatch");
}

static void a_picture_too_big_to_be_decoded_is_one_finding(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair.image.width = pair.image.height = 50000;
    pair.image.decode = WP_DECODE_REFUSED;
    expect(&pair, "error image.resolution, warning pair.aspect-ratio");
    const struct wp_level_change off = {"image.resolution", WP_LEVEL_OFF};
    pair.policy.changes = &off;
    pair.policy.count = 1;
    expect(&pair, "error image.undetermined, warning pair.aspect-ratio");
}

static void a_file_without_video_needs_no_better_name(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair.video.video_streams = 0;
    wp_text_copy(pair.video_source.extension, sizeof pair.video_source.extension, "m4a");
    expect(&pair, "error video.no-video-stream");
}

static void unknown_facts_never_pass(void **state)
{
    (void)state;
    static const char *const facts[] = {"bytes",    "width",    "video_streams", "encrypted",
                                        "duration", "complete", "decode"};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        pair.depth = WP_DEPTH_FRAME;
        struct wp_video_facts *video = &pair.video;
        video->has_bytes = i != 0;
        video->has_size = i != 1;
        video->has_stream_counts = i != 2;
        video->encrypted = i != 3 ? WP_NO : WP_UNKNOWN;
        video->has_duration = i != 4;
        video->complete = i != 5 ? WP_YES : WP_UNKNOWN;
        video->decode = i != 6 ? WP_DECODE_OK : WP_DECODE_NOT_TRIED;
        expect(&pair, "error video.undetermined");
        assert_non_null(strstr(pair.findings.items[0].detail, facts[i]));
    }
    struct pair pair;
    pair_init(&pair);
    pair.image.has_bytes = pair.image.has_size = false;
    pair.video.has_decode_errors = false; /* unknown at the only depth that counts them */
    expect(&pair, "error image.undetermined, error video.undetermined");
    assert_string_equal(pair.findings.items[0].detail, "not known: bytes, width, height");
}

static void a_refusal_to_read_is_told_with_what_is_not_known(void **state)
{
    (void)state;
    for (enum wp_depth depth = WP_DEPTH_HEADER; depth <= WP_DEPTH_FULL; depth++) {
        struct pair pair;
        pair_init(&pair);
        pair.depth = depth;
        pair.video.has_duration = false;
        pair.video.decode = WP_DECODE_REFUSED;
        wp_text_copy(pair.video.decode_reason, sizeof pair.video.decode_reason, "its index is too large");
        expect(&pair, "error video.undetermined");
        assert_non_null(strstr(pair.findings.items[0].detail, "duration"));
        assert_non_null(strstr(pair.findings.items[0].detail, "its index is too large"));
    }
}

static void facts_that_only_warnings_read_may_be_unknown(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    struct wp_image_facts *image = &pair.image;
    image->has_exif_orientation = image->has_bits = image->has_channels = image->has_frame_count = false;
    image->color_model = WP_COLOR_UNKNOWN;
    image->has_alpha = image->transparent = image->animated = WP_UNKNOWN;
    struct wp_video_facts *video = &pair.video;
    video->has_rotation = video->has_sample_aspect_ratio = video->has_container_duration = false;
    video->has_frame_rate = video->has_frame_interval = video->has_frame_count = false;
    video->variable_frame_rate = video->interlaced = video->hdr = WP_UNKNOWN;
    video->brand[0] = '\0';
    expect(&pair, "");
    video->codec[0] = '\0'; /* what no program knows is not passed on */
    expect(&pair, "error video.undetermined");
}

static void an_ignored_cause_does_not_open_the_gate(void **state)
{
    (void)state;
    struct pair pair;
    struct wp_level_change off = {"image.format", WP_LEVEL_OFF};
    pair_init(&pair);
    pair.policy.changes = &off;
    pair.policy.count = 1;
    pair.image = (struct wp_image_facts){.format = WP_FORMAT_HEIF, .has_bytes = true, .bytes = 100};
    expect(&pair, "error image.undetermined");
    off.level = WP_LEVEL_WARNING;
    expect(&pair, "error image.undetermined, warning image.format");
    off = (struct wp_level_change){"image.unreadable", WP_LEVEL_OFF};
    pair.image_source.state = WP_SOURCE_UNAVAILABLE;
    expect(&pair, "error image.undetermined");
}

static void extensions(void **state)
{
    (void)state;
    static const struct {
        enum wp_format format;
        const char *location;
        const char *expected;
    } rows[] = {
        {WP_FORMAT_JPEG, "a.jpg", ""},
        {WP_FORMAT_JPEG, "a.JPEG", ""},
        {WP_FORMAT_JPEG, "a.jpe", ""},
        {WP_FORMAT_PNG, "a.png", ""},
        {WP_FORMAT_BMP, "a.bmp", ""},
        {WP_FORMAT_WEBP, "a.webp", ""},
        {WP_FORMAT_WEBP, "a.jpg", "warning image.extension"},
        {WP_FORMAT_JPEG, "a", "warning image.extension"},
        {WP_FORMAT_JPEG, "a.jpg.txt", "warning image.extension"},
        {WP_FORMAT_JPEG, "https://h/a.jpg?b.png", ""},
        {WP_FORMAT_JPEG, "https://h/a.png", "warning image.extension"},
        {WP_FORMAT_JPEG, "https://h/a.txt", "warning url.extension"},
        {WP_FORMAT_JPEG, "https://h/a", "warning url.extension"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        pair.image.format = rows[i].format;
        bool url = strstr(rows[i].location, "://") != NULL;
        source_set(&pair.image_source, url ? WP_SOURCE_HTTP : WP_SOURCE_FILE, rows[i].location);
        expect(&pair, rows[i].expected);
    }
}

static void codecs(void **state)
{
    (void)state;
    static const struct {
        enum wp_format format;
        const char *extension, *codec;
        bool warned;
    } rows[] = {
        {WP_FORMAT_MP4, "mp4", "h264", false},  {WP_FORMAT_MP4, "mp4", "hevc", false},
        {WP_FORMAT_MP4, "mp4", "vp9", true},    {WP_FORMAT_MP4, "mp4", "av1", true},
        {WP_FORMAT_MP4, "mp4", "prores", true}, {WP_FORMAT_MOV, "mov", "prores", false},
        {WP_FORMAT_MOV, "mov", "mjpeg", false}, {WP_FORMAT_MOV, "qt", "vp9", true},
        {WP_FORMAT_AVI, "avi", "mpeg4", false}, {WP_FORMAT_AVI, "avi", "mjpeg", false},
        {WP_FORMAT_AVI, "avi", "h264", false},  {WP_FORMAT_AVI, "avi", "hevc", true},
        {WP_FORMAT_AVI, "avi", "mpeg", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        pair.video.format = rows[i].format;
        wp_text_copy(pair.video_source.extension, sizeof pair.video_source.extension, rows[i].extension);
        wp_text_copy(pair.video.codec, sizeof pair.video.codec, rows[i].codec);
        expect(&pair, rows[i].warned ? "warning video.codec" : "");
    }
}

static void transparency(void **state)
{
    (void)state;
    static const struct {
        enum wp_tristate has_alpha, transparent;
        bool warned;
    } rows[] = {
        {WP_NO, WP_NO, false},      {WP_YES, WP_NO, false},     /* declared, but every pixel is opaque */
        {WP_YES, WP_YES, true},     {WP_YES, WP_UNKNOWN, true}, /* declared, and not looked at */
        {WP_UNKNOWN, WP_YES, true}, {WP_NO, WP_UNKNOWN, false}, {WP_UNKNOWN, WP_NO, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair pair;
        pair_init(&pair);
        pair.image.has_alpha = rows[i].has_alpha;
        pair.image.transparent = rows[i].transparent;
        expect(&pair, rows[i].warned ? "warning image.transparency" : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unavailable_input),
        cmocka_unit_test(unmeasured_url),
        cmocka_unit_test(trouble_with_a_url_is_one_finding),
        cmocka_unit_test(an_expired_url_that_is_refused_is_one_finding),
        cmocka_unit_test(pass_remote_passes_nothing_that_was_read),
        cmocka_unit_test(empty_and_unknown_bytes),
        cmocka_unit_test(every_foreign_format_is_one_finding),
        cmocka_unit_test(swapped_arguments_are_told),
        cmocka_unit_test(decoding),
        cmocka_unit_test(the_rest_of_a_cut_file_is_not_measured),
        cmocka_unit_test(a_picture_too_big_to_be_decoded_is_one_finding),
        cmocka_unit_test(a_file_without_video_needs_no_better_name),
        cmocka_unit_test(unknown_facts_never_pass),
        cmocka_unit_test(a_refusal_to_read_is_told_with_what_is_not_known),
        cmocka_unit_test(facts_that_only_warnings_read_may_be_unknown),
        cmocka_unit_test(an_ignored_cause_does_not_open_the_gate),
        cmocka_unit_test(extensions),
        cmocka_unit_test(codecs),
        cmocka_unit_test(transparency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
