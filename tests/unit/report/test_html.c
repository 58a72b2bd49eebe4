/* The HTML report: what foreign text may not do to it. How it works in a browser is in
 * tests/e2e/test_html.py. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/html.h"
#include "report/prose.h"
#include "unit/report/preflights.h"

#include "base/banned.h"

static void text_is_text(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"", ""},
        {"plain \xc3\xa9\xe4\xba\xba", "plain \xc3\xa9\xe4\xba\xba"},
        {"<script>alert('1')</script>", "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"},
        {"\" onload=\"x", "&quot; onload=&quot;x"},
        {"&amp;", "&amp;amp;"},
        {"a\nb\x1b[31m\x7f", "a\xef\xbf\xbd"
                             "b\xef\xbf\xbd[31m\xef\xbf\xbd"},
        {"\xe2\x80\xae"
         "gpj",
         "\xef\xbf\xbd"
         "gpj"},
        {"\xff<\xc3", "\xef\xbf\xbd&lt;\xef\xbf\xbd"},
        {"\xc2\x9b", "\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_buf out = wp_buf_new(1024);
        wp_html_text(&out, rows[i].in);
        assert_string_equal(wp_buf_text(&out), rows[i].out);
        wp_buf_free(&out);
    }
}

/* RFC 4648 10. */
static void base64_is_that_of_the_standard(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"},
                                          {"\xfb\xff\xbf", "+/+/"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_buf out = wp_buf_new(1024);
        wp_html_base64(&out, rows[i][0], strlen(rows[i][0]));
        assert_string_equal(wp_buf_text(&out), rows[i][1]);
        wp_buf_free(&out);
    }
}

/* What can be pasted begins behind the words, for every rule that has such a part. */
static void commands_are_told_from_words(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"Scale it: ffmpeg -i 'a: b.mp4' x", "ffmpeg -i 'a: b.mp4' x"},
        {"Percent-encode it: https://h/%C3", "https://h/%C3"},
        {"Check it (ls -l 'a'), then export it again.", ""},
        {"A new name is not enough: no command makes a picture of it.", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(rows[i][0] + wp_prose_command(rows[i][0]), rows[i][1]);
    size_t count, with = 0;
    const struct wp_rule *rules = wp_rules(&count);
    for (size_t i = 0; i < count; i++) {
        size_t at = wp_prose_command(rules[i].fix);
        bool has_program = strstr(rules[i].fix, ": ffmpeg ") || strstr(rules[i].fix, ": convert ");
        assert_true(!has_program || at < strlen(rules[i].fix));
        with += has_program;
    }
    assert_true(with > 10);
}

static size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *p = strstr(text, part); p; p = strstr(p + 1, part))
        count++;
    return count;
}

static void a_hostile_pair_adds_no_markup(void **state)
{
    (void)state;
    static const char hostile[] = "</code><script>x()</script><img src=x onerror='x()'>\"\n\xe2\x80\xae";
    static struct wp_preflight preflight;
    struct pair pair;
    pair_init(&pair);
    wp_text_copy(pair.image_source.location, sizeof pair.image_source.location, hostile);
    wp_text_copy(pair.image.variant, sizeof pair.image.variant, hostile);
    wp_text_copy(pair.video.codec, sizeof pair.video.codec, hostile);
    wp_text_copy(pair.video.unreadable, sizeof pair.video.unreadable, hostile);
    pair.video_source.state = WP_SOURCE_UNAVAILABLE;
    wp_text_copy(pair.video_source.reason, sizeof pair.video_source.reason, hostile);
    preflight_of(&preflight, &pair);
    const struct wp_report_options options = {.wall_ms = 0};
    char *page = NULL;
    size_t length = 0;
    assert_int_equal(wp_report_write(&page, &length, &preflight, WP_REPORT_HTML, &options, NULL), WP_OK);
    assert_int_equal(strlen(page), length);
    assert_int_equal(occurrences(page, "<script>"), 1);
    assert_int_equal(occurrences(page, "</script>"), 1);
    assert_int_equal(occurrences(page, "<img"), 0);
    assert_true(occurrences(page, "&lt;script&gt;x()") > 3);
    assert_null(strstr(page, "\xe2\x80\xae"));
    wp_free(page);
}

static void pictures_are_shown_with_their_times(void **state)
{
    (void)state;
    static struct wp_preflight preflight;
    struct pair pair;
    pair_init(&pair);
    preflight_of(&preflight, &pair);
    const unsigned char bytes[] = "foobar";
    const struct wp_thumbnail picture = {1.25, 108, 192, bytes, 6};
    const struct wp_thumbnails pictures = {
        .has_image = true, .image = picture, .video_count = 1, .video = {picture}};
    preflight.thumbnails = &pictures;
    const struct wp_report_options options = {.wall_ms = 1795000000000};
    char *page = NULL;
    size_t length = 0;
    assert_int_equal(wp_report_write(&page, &length, &preflight, WP_REPORT_HTML, &options, NULL), WP_OK);
    assert_int_equal(occurrences(page, "src=\"data:image/jpeg;base64,Zm9vYmFy\""), 2);
    assert_non_null(strstr(page, "alt=\"dance.mp4 at 1.25 s\" width=\"108\" height=\"192\""));
    assert_non_null(strstr(page, "2026-11-18"));
    wp_free(page);
}

/* Pictures of a pair that was looked at: the image, and frames at 1.25 s and 2 s. */
static char *seen_page(struct pair *pair)
{
    static struct wp_preflight preflight;
    static const unsigned char bytes[] = "foobar";
    const struct wp_thumbnails pictures = {.has_image = true,
                                           .image = {0, 108, 192, bytes, 6},
                                           .video_count = 2,
                                           .video = {{1.25, 108, 192, bytes, 6}, {2, 108, 192, bytes, 6}}};
    const struct wp_report_options options = {.wall_ms = 0};
    char *page = NULL;
    size_t length = 0;
    preflight_of(&preflight, pair);
    preflight.thumbnails = &pictures;
    assert_int_equal(wp_report_write(&page, &length, &preflight, WP_REPORT_HTML, &options, NULL), WP_OK);
    assert_int_equal(strlen(page), length);
    return page;
}

static void boxes_are_drawn_where_they_were_seen(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    char *page = seen_page(&pair);
    assert_int_equal(occurrences(page, "<svg"), 0);
    assert_int_equal(occurrences(page, "class=\"shot\""), 0);
    assert_null(strstr(page, "Seen in the"));
    wp_free(page);

    pair_look(&pair);
    struct wp_look *image = &pair.image_content.looks[0], *video = pair.video_content.looks;
    image->faces[0] = (struct wp_face){
        .x = 100, .y = 200, .width = 300.25, .height = 400, .score = 1.5, .inside = 1, .yaw = -44.4};
    image->face_count = 3;
    image->faces[1] = (struct wp_face){.x = 700, .y = 1400, .width = 300, .height = 300, .yaw = NAN};
    image->faces[2] = (struct wp_face){.x = 600, .y = 700, .width = 200, .height = 200, .yaw = 7};
    video[1].time_s = 1.25;
    page = seen_page(&pair); /* no picture was looked at at 2 s */
    assert_int_equal(occurrences(page, "<svg"), 2);
    assert_int_equal(occurrences(page, "viewBox=\"0 0 1080 1920\""), 1);
    assert_int_equal(occurrences(page, "viewBox=\"0 0 720 1280\""), 1);
    assert_int_equal(occurrences(page, "x=\"100\" y=\"200\" width=\"300.3\" height=\"400\""),
                     2); /* and its halo */
    assert_int_equal(occurrences(page, ">-44&#176; 1.5</text>"), 1);
    assert_int_equal(occurrences(page, ">?&#176; 0</text>"), 1);
    assert_int_equal(occurrences(page, ">7&#176;"), 0); /* it would lie over that of the highest face */
    assert_non_null(strstr(page, "alt=\"person.jpg: 3 faces"));
    assert_non_null(strstr(page, "alt=\"dance.mp4 at 1.25 s: 1 face"));
    assert_non_null(strstr(page, "alt=\"dance.mp4 at 2 s\""));
    assert_int_equal(occurrences(page, "Seen in the"), 2);
    wp_free(page);
}

static void what_is_no_box_is_not_drawn(void **state)
{
    (void)state;
    static const double odd[] = {NAN, INFINITY, -INFINITY, 0, -5};
    struct pair pair;
    pair_init(&pair);
    pair_look(&pair);
    struct wp_look *look = &pair.image_content.looks[0];
    look->face_count = UINT32_MAX; /* six are told */
    for (size_t i = 0; i < WP_MAX_FACES; i++)
        look->faces[i] = look->faces[0];
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        look->faces[i + 1].width = odd[i];
    char *page = seen_page(&pair);
    assert_int_equal(occurrences(page, "class=\"halo\""), 1);
    assert_int_equal(occurrences(page, "nan"), 0);
    wp_free(page);
    look->width = 0;
    page = seen_page(&pair);
    assert_int_equal(occurrences(page, "<svg"), 0);
    wp_free(page);
}

static void why_nothing_was_seen_is_text(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair.content = WP_CONTENT_WARN;
    pair.image_content.state = WP_CONTENT_FAILED;
    wp_text_copy(pair.image_content.reason, sizeof pair.image_content.reason, "<script>x()</script>");
    char *page = seen_page(&pair);
    assert_int_equal(occurrences(page, "<script>"), 1);
    assert_true(occurrences(page, "&lt;script&gt;x()") >= 2);
    assert_int_equal(occurrences(page, "Seen in the"), 1);
    wp_free(page);
}

static bool collect(void *user, const char *bytes, size_t length)
{
    return wp_buf_add(user, bytes, length);
}

static void the_price_of_all_names_a_mode_that_all_have(void **state)
{
    (void)state;
    static struct wp_preflight preflight;
    struct pair pair;
    pair_init(&pair);
    preflight_of(&preflight, &pair);
    assert_true(preflight.has_cost);
    const struct wp_report_options options = {.wall_ms = 0};
    for (int both = 0; both <= 1; both++) {
        struct wp_buf page = wp_buf_new(1 << 20);
        struct wp_report *report = NULL;
        assert_int_equal(wp_report_new(&report, WP_REPORT_HTML, &options, collect, &page, NULL), WP_OK);
        preflight.cost.mode = WP_MODE_STD;
        preflight.cost.milli_total = 1500;
        assert_int_equal(wp_report_add(report, &preflight, NULL), WP_OK);
        preflight.cost.mode = both ? WP_MODE_PRO : WP_MODE_STD;
        assert_int_equal(wp_report_add(report, &preflight, NULL), WP_OK);
        assert_int_equal(wp_report_end(report, NULL), WP_OK);
        wp_report_free(report);
        assert_non_null(strstr(page.data, both ? "<dt>estimated price</dt><dd>3.00 CNY"
                                               : "<dt>estimated price, wan-std</dt><dd>3.00 CNY"));
        wp_buf_free(&page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_text),
        cmocka_unit_test(base64_is_that_of_the_standard),
        cmocka_unit_test(commands_are_told_from_words),
        cmocka_unit_test(a_hostile_pair_adds_no_markup),
        cmocka_unit_test(pictures_are_shown_with_their_times),
        cmocka_unit_test(boxes_are_drawn_where_they_were_seen),
        cmocka_unit_test(what_is_no_box_is_not_drawn),
        cmocka_unit_test(why_nothing_was_seen_is_text),
        cmocka_unit_test(the_price_of_all_names_a_mode_that_all_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
