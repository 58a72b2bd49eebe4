/*
 * Whole reports against golden files. WP_REBASE=1 in the environment writes them anew; look at the difference
 * before it is committed. tests/e2e/test_check_schema.py holds the JSON ones against docs/check.schema.json.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "unit/report/preflights.h"

#include "base/banned.h"

static void accepted(struct pair *pair)
{
    pair->depth = WP_DEPTH_FRAME;
    wp_text_copy(pair->image.sha256, sizeof pair->image.sha256,
                 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
}

static void rejected(struct pair *pair)
{
    source_set(&pair->image_source, WP_SOURCE_FILE, "photos/Anna's best & <last>.png");
    pair->image.bytes = 5243000;
    pair->image.width = 3000;
    pair->image.height = 5000;
    pair->image.exif_orientation = 6;
    pair->video.duration = (struct wp_rational){312, 10};
    pair->video.container_duration = (struct wp_rational){3150, 100};
    pair->video.width = 1920;
    pair->video.height = 1080;
    pair->video.coded_width = 1440;
    pair->video.coded_height = 1080;
    pair->video.sample_aspect_ratio = (struct wp_rational){4, 3};
    pair->video.frame_rate = (struct wp_rational){12, 1};
    pair->video.video_streams = 2;
    pair->video.decode_errors = 3;
}

static void unavailable(struct pair *pair)
{
    source_set(&pair->image_source, WP_SOURCE_FILE, "no such\n\033[2Jfile.jpg");
    pair->image_source.state = WP_SOURCE_UNAVAILABLE;
    wp_text_copy(pair->image_source.reason, sizeof pair->image_source.reason, "No such file or directory");
    pair->video.format = WP_FORMAT_3GP;
    wp_text_copy(pair->video.brand, sizeof pair->video.brand, "3gp5");
    pair->video.decode = WP_DECODE_NOT_TRIED;
}

static void remote(struct pair *pair)
{
    source_set(
        &pair->image_source, WP_SOURCE_HTTP,
        "https://me:pass@host/p%C3%A9rs\xc3\xb6n?Expires=1&Signature=SECRETSIGN&OSSAccessKeyId=SECRETID");
    pair->image_source.url_has_non_ascii = pair->image_source.url_has_userinfo = true;
    source_set(&pair->video_source, WP_SOURCE_OTHER, "ftp://host/dance.mp4");
    pair->image_source.state = pair->video_source.state = WP_SOURCE_UNMEASURED;
    wp_text_copy(pair->image_source.reason, sizeof pair->image_source.reason, "its content is not measured");
    wp_text_copy(pair->video_source.reason, sizeof pair->video_source.reason, "its content is not measured");
    pair->policy.pass_remote = true;
}

static void delivered(struct pair *pair)
{
    source_deliver(&pair->image_source, &pair->image_delivery,
                   "https://host.example/person.jpg?Expires=1&Signature=SECRETSIGN&OSSAccessKeyId=SECRETID",
                   "text/html");
    struct wp_delivery_facts *image = &pair->image_delivery;
    image->redirects = 1;
    wp_text_copy(image->final_url, sizeof image->final_url, "http://other.example/person.jpg?sig=***");
    wp_text_copy(image->signature_form, sizeof image->signature_form, "OSS");
    image->has_expiry = true;
    image->expires_in_s = 1800;
    image->ranges = WP_NO;
    image->bytes_per_s = 20000;
    source_deliver(&pair->video_source, &pair->video_delivery, "https://host.example/dance.mp4", "");
    struct wp_delivery_facts *video = &pair->video_delivery;
    pair->video_source.state = WP_SOURCE_UNAVAILABLE;
    video->trouble = WP_DELIVERY_FORBIDDEN;
    video->address_kind = WP_ADDRESS_KIND_LINK_LOCAL;
    video->redirects = 1;
    wp_text_copy(video->address, sizeof video->address, "169.254.169.254");
    wp_text_copy(video->trouble_reason, sizeof video->trouble_reason,
                 "meta.example, to which it leads, is not public");
    wp_text_copy(pair->video_source.reason, sizeof pair->video_source.reason, video->trouble_reason);
}

/* Looked at, and all as it should be. */
static void seen(struct pair *pair)
{
    pair_look(pair);
    pair->content = WP_CONTENT_WARN;
    for (uint32_t i = 0; i < pair->video_content.look_count; i++)
        pair->video_content.looks[i].faces[0].yaw = 10.0 - i;
}

/* Looked at, and little is as it should be. */
static void doubted(struct pair *pair)
{
    pair_look(pair);
    pair->content = WP_CONTENT_ERROR;
    struct wp_look *image = &pair->image_content.looks[0], *video = pair->video_content.looks;
    image->face_count = 3;
    image->faces[0].height = image->faces[0].width = 0.21 * image->height;
    image->faces[1] = image->faces[2] = (struct wp_face){
        .x = -20, .y = 300, .width = 200, .height = 200, .score = 1.5, .inside = 0.9, .yaw = NAN, .roll = 12};
    image->faces[2].x = 850;
    image->brightness = 0.2;
    video[0].face_count = 0;
    video[0].maybe_count = 2;
    video[0].has_sharpness = false;
    video[4].faces[0].yaw = -44;
    video[4].maybe_count = 1;
    video[5].faces[0].roll = 50;
    video[6].faces[0].inside = 0.5;
    video[7].brightness = NAN;
    pair->video_content.look_count = 8;
    wp_text_copy(pair->video_content.reason, sizeof pair->video_content.reason, "the rest does not decode");
}

/* To be looked at, but nothing could. */
static void unseen(struct pair *pair)
{
    pair->content = WP_CONTENT_AUTO;
    pair->image_content.state = pair->video_content.state = WP_CONTENT_NO_DETECTOR;
    wp_text_copy(pair->image_content.reason, sizeof pair->image_content.reason,
                 "the module wanprep-content.so is not installed");
    wp_text_copy(pair->video_content.reason, sizeof pair->video_content.reason, pair->image_content.reason);
}

static const struct {
    const char *name;
    void (*spoil)(struct pair *pair);
} cases[] = {{"accepted", accepted}, {"rejected", rejected},   {"unavailable", unavailable},
             {"remote", remote},     {"delivered", delivered}, {"seen", seen},
             {"doubted", doubted},   {"unseen", unseen}};

static void compare(const char *name, const char *extension, const char *document, size_t length)
{
    char path[512];
    struct wp_error error = {.message = ""};
    wp_text_format(path, sizeof path, "%s/../tests/unit/report/golden/%s.%s", WP_FIXTURES, name, extension);
    if (getenv("WP_REBASE")) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(document, 1, length, file), length);
        assert_int_equal(fclose(file), 0);
    }
    struct wp_buf golden = wp_buf_new(1 << 20);
    if (wp_file_read(&golden, path, &error) != WP_OK)
        fail_msg("%s", error.message);
    assert_string_equal(document, wp_buf_text(&golden));
    assert_int_equal(length, golden.len);
    wp_buf_free(&golden);
}

static void reports_are_the_golden_ones(void **state)
{
    (void)state;
    static const struct {
        enum wp_report_format format;
        const char *extension;
        struct wp_report_options options;
    } forms[] = {
        {WP_REPORT_TEXT, "txt", {.color = false}},
        {WP_REPORT_TEXT, "verbose.txt", {.verbose = true, .color = true}},
        {WP_REPORT_TEXT, "quiet.txt", {.quiet = true}},
        {WP_REPORT_JSON, "json", {.color = true}},
        {WP_REPORT_JUNIT, "xml", {.color = true}},
        {WP_REPORT_GITHUB, "github", {.color = true}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pair pair;
        static struct wp_preflight preflight;
        pair_init(&pair);
        cases[i].spoil(&pair);
        preflight_of(&preflight, &pair);
        for (size_t k = 0; k < sizeof forms / sizeof forms[0]; k++) {
            char *document = NULL;
            size_t length = 0;
            struct wp_error error;
            assert_int_equal(
                wp_report_write(&document, &length, &preflight, forms[k].format, &forms[k].options, &error),
                WP_OK);
            assert_int_equal(strlen(document), length);
            assert_null(strstr(document, "SECRET"));
            assert_null(strstr(document, "me:pass"));
            compare(cases[i].name, forms[k].extension, document, length);
            wp_free(document);
        }
    }
}

static void quiet_says_nothing_of_a_good_pair(void **state)
{
    (void)state;
    struct pair pair;
    static struct wp_preflight preflight;
    const struct wp_report_options quiet = {.quiet = true};
    char *document = NULL;
    size_t length = 1;
    pair_init(&pair);
    preflight_of(&preflight, &pair);
    assert_int_equal(wp_report_write(&document, &length, &preflight, WP_REPORT_TEXT, &quiet, NULL), WP_OK);
    assert_int_equal(length, 0);
    assert_string_equal(document, "");
    wp_free(document);
}

static void formats_have_names(void **state)
{
    (void)state;
    enum wp_report_format format = WP_REPORT_GITHUB;
    assert_true(wp_report_format_parse(&format, "text"));
    assert_int_equal(format, WP_REPORT_TEXT);
    assert_true(wp_report_format_parse(&format, "json"));
    assert_int_equal(format, WP_REPORT_JSON);
    assert_true(wp_report_format_parse(&format, "html"));
    assert_int_equal(format, WP_REPORT_HTML);
    assert_true(wp_report_format_parse(&format, "jsonl"));
    assert_int_equal(format, WP_REPORT_JSONL);
    assert_true(wp_report_format_parse(&format, "sarif"));
    assert_int_equal(format, WP_REPORT_SARIF);
    assert_true(wp_report_format_parse(&format, "junit"));
    assert_int_equal(format, WP_REPORT_JUNIT);
    assert_true(wp_report_format_parse(&format, "github"));
    assert_int_equal(format, WP_REPORT_GITHUB);
    assert_false(wp_report_format_parse(&format, "JSON"));
    assert_false(wp_report_format_parse(&format, ""));
    assert_int_equal(format, WP_REPORT_GITHUB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_are_the_golden_ones),
        cmocka_unit_test(quiet_says_nothing_of_a_good_pair),
        cmocka_unit_test(formats_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
