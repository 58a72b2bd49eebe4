/* Reports of many pairs: what is written between the pairs and around them, and sinks that fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "unit/report/preflights.h"
#include "json/json.h"

#include "base/banned.h"

#define LAST_FORMAT WP_REPORT_GITHUB

/* A sink that takes `takes` parts and no more. */
struct taken {
    struct wp_buf bytes;
    size_t takes;
    size_t parts;
};

static bool take(void *user, const char *bytes, size_t length)
{
    struct taken *taken = user;
    if (taken->parts == taken->takes)
        return false;
    taken->parts++;
    assert_true(length > 0);
    assert_true(wp_buf_add(&taken->bytes, bytes, length));
    return true;
}

static struct taken taken_new(size_t takes)
{
    return (struct taken){.bytes = wp_buf_new(1 << 22), .takes = takes};
}

/* A good pair (0), one with an error (1), and one with several (2). */
static const struct wp_preflight *sample(size_t which)
{
    static struct wp_preflight preflight;
    struct pair pair;
    pair_init(&pair);
    if (which > 0)
        pair.video.duration = pair.video.container_duration = (struct wp_rational){40, 1};
    if (which > 1) {
        pair.image.bytes = 6000000;
        source_set(&pair.image_source, WP_SOURCE_FILE, "a:b/100% \xc3\xa9\n.jpg");
        source_set(&pair.video_source, WP_SOURCE_FILE, "/tmp/it's.mp4");
    }
    preflight_of(&preflight, &pair);
    return &preflight;
}

/* The report of the first `count` samples. Freed by the caller. */
static struct wp_buf report_of(enum wp_report_format format, const struct wp_report_options *options,
                               size_t count)
{
    struct taken taken = taken_new(SIZE_MAX);
    struct wp_report *report = NULL;
    struct wp_error error;
    assert_int_equal(wp_report_new(&report, format, options, take, &taken, &error), WP_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(wp_report_add(report, sample(i), &error), WP_OK);
    assert_int_equal(wp_report_end(report, &error), WP_OK);
    wp_report_free(report);
    return taken.bytes;
}

static size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *p = strstr(text, part); p; p = strstr(p + 1, part))
        count++;
    return count;
}

static void one_pair_is_the_same_at_once(void **state)
{
    (void)state;
    const struct wp_report_options options = {.verbose = true};
    for (enum wp_report_format format = WP_REPORT_TEXT; format <= LAST_FORMAT; format++) {
        struct wp_buf parts = report_of(format, &options, 1);
        char *whole = NULL;
        size_t length = 0;
        assert_int_equal(wp_report_write(&whole, &length, sample(0), format, &options, NULL), WP_OK);
        assert_string_equal(wp_buf_text(&parts), whole);
        assert_int_equal(parts.len, length);
        assert_int_equal(whole[length - 1], '\n');
        wp_free(whole);
        wp_buf_free(&parts);
    }
}

/* Every line is a document; how many there are. */
static size_t json_lines(const char *text)
{
    size_t count = 0;
    while (*text) {
        size_t len = strcspn(text, "\n");
        struct wp_json *line = wp_json_parse(text, len);
        assert_non_null(line);
        assert_string_equal(wp_json_text(line, "schema"), "wanprep.check/1");
        wp_json_free(line);
        count++;
        text += len + 1;
    }
    return count;
}

static void json_is_a_document_or_lines(void **state)
{
    (void)state;
    const struct wp_report_options options = {.color = false};
    for (size_t pairs = 0; pairs <= 3; pairs++) {
        struct wp_buf lines = report_of(WP_REPORT_JSONL, &options, pairs);
        assert_int_equal(json_lines(wp_buf_text(&lines)), pairs);
        struct wp_buf json = report_of(WP_REPORT_JSON, &options, pairs);
        if (pairs == 1)
            assert_non_null(strstr(json.data, "\n  \"schema\""));
        else
            assert_string_equal(wp_buf_text(&json), wp_buf_text(&lines));
        wp_buf_free(&lines);
        wp_buf_free(&json);
    }
}

static void text_has_a_block_a_pair_and_a_sum(void **state)
{
    (void)state;
    const struct wp_report_options plain = {.color = false}, quiet = {.quiet = true};
    struct wp_buf text = report_of(WP_REPORT_TEXT, &plain, 3);
    assert_int_equal(occurrences(text.data, "REJECT"), 2);
    assert_int_equal(occurrences(text.data, "ACCEPT"), 1);
    assert_int_equal(occurrences(text.data, "\n\n\n"), 0);
    assert_non_null(strstr(text.data, "\n\nREJECT"));
    assert_non_null(strstr(text.data, "3 pairs: 1 accepted, 2 rejected; 3 errors"));
    wp_buf_free(&text);
    text = report_of(WP_REPORT_TEXT, &quiet, 3);
    assert_int_not_equal(text.data[0], '\n');
    assert_int_equal(occurrences(text.data, "REJECT") + occurrences(text.data, "pairs"), 0);
    assert_int_equal(occurrences(text.data, "error  video.duration"), 2);
    wp_buf_free(&text);
    text = report_of(WP_REPORT_TEXT, &plain, 1);
    assert_int_equal(occurrences(text.data, "1 pair"), 0);
    wp_buf_free(&text);
}

static void junit_has_a_suite_a_pair(void **state)
{
    (void)state;
    const struct wp_report_options options = {.color = false};
    struct wp_buf xml = report_of(WP_REPORT_JUNIT, &options, 3);
    assert_int_equal(occurrences(xml.data, "<?xml"), 1);
    assert_int_equal(occurrences(xml.data, "<testsuite "), 3);
    assert_int_equal(occurrences(xml.data, "</testsuite>"), 3);
    assert_true(wp_text_ends(xml.data, "</testsuites>\n"));
    wp_buf_free(&xml);
}

static void github_sums_up_once(void **state)
{
    (void)state;
    const struct wp_report_options options = {.color = false};
    struct wp_buf lines = report_of(WP_REPORT_GITHUB, &options, 3);
    assert_int_equal(occurrences(lines.data, "\nwanprep: "), 1);
    assert_non_null(strstr(lines.data, "\nwanprep: 3 pairs: 1 accepted, 2 rejected; 3 errors"));
    wp_buf_free(&lines);
}

/* The URI of the first location of result number index. */
static const char *uri_of(const struct wp_json *results, size_t index, const char *list)
{
    const struct wp_json *location = wp_json_at(wp_json_member(wp_json_at(results, index), list), 0);
    return wp_json_text(wp_json_member(wp_json_member(location, "physicalLocation"), "artifactLocation"),
                        "uri");
}

static void sarif_is_one_run_of_all(void **state)
{
    (void)state;
    const struct wp_report_options options = {.color = false};
    for (size_t pairs = 0; pairs <= 3; pairs++) {
        struct wp_buf text = report_of(WP_REPORT_SARIF, &options, pairs);
        struct wp_json *document = wp_json_parse(text.data, text.len);
        assert_non_null(document);
        const struct wp_json *runs = wp_json_member(document, "runs");
        assert_int_equal(wp_json_count(runs), 1);
        const struct wp_json *run = wp_json_at(runs, 0);
        const struct wp_json *results = wp_json_member(run, "results");
        const struct wp_json *rules =
            wp_json_member(wp_json_member(wp_json_member(run, "tool"), "driver"), "rules");
        assert_true(wp_json_is_array(results));
        assert_true(pairs > 1 ? wp_json_count(results) >= pairs - 1 : wp_json_count(results) == 0);
        for (size_t i = 0; i < wp_json_count(results); i++) {
            const struct wp_json *result = wp_json_at(results, i);
            int64_t index = -1;
            assert_true(wp_json_integer(result, "ruleIndex", &index));
            assert_string_equal(wp_json_text(wp_json_at(rules, (size_t)index), "id"),
                                wp_json_text(result, "ruleId"));
        }
        if (pairs == 2)
            assert_string_equal(uri_of(results, 0, "locations"), "dance.mp4");
        if (pairs == 3)
            assert_string_equal(uri_of(results, 1, "locations"), "./a:b/100%25%20%C3%A9%0A.jpg");
        if (pairs == 3)
            assert_string_equal(uri_of(results, 2, "locations"), "file:///tmp/it's.mp4");
        wp_json_free(document);
        wp_buf_free(&text);
    }
}

static void a_sink_that_says_no_ends_the_report(void **state)
{
    (void)state;
    const struct wp_report_options options = {.color = false};
    for (enum wp_report_format format = WP_REPORT_TEXT; format <= LAST_FORMAT; format++) {
        enum wp_status status = WP_OUTPUT;
        for (size_t takes = 0; status != WP_OK; takes++) {
            struct taken taken = taken_new(takes);
            struct wp_report *report = NULL;
            struct wp_error error = {.status = WP_OK};
            assert_true(takes < 8);
            status = wp_report_new(&report, format, &options, take, &taken, &error);
            for (size_t i = 0; status == WP_OK && i < 3; i++)
                status = wp_report_add(report, sample(i), &error);
            if (status == WP_OK)
                status = wp_report_end(report, &error);
            assert_true(status == WP_OK || (status == WP_OUTPUT && error.status == WP_OUTPUT));
            if (status != WP_OK && report) { /* and it stays like that */
                taken.takes = SIZE_MAX;
                assert_int_equal(wp_report_add(report, sample(1), &error), WP_OUTPUT);
                assert_int_equal(wp_report_end(report, &error), WP_OUTPUT);
                assert_int_equal(taken.parts, takes);
            }
            wp_report_free(report);
            wp_buf_free(&taken.bytes);
        }
    }
    wp_report_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_pair_is_the_same_at_once),
        cmocka_unit_test(json_is_a_document_or_lines),
        cmocka_unit_test(text_has_a_block_a_pair_and_a_sum),
        cmocka_unit_test(junit_has_a_suite_a_pair),
        cmocka_unit_test(github_sums_up_once),
        cmocka_unit_test(sarif_is_one_run_of_all),
        cmocka_unit_test(a_sink_that_says_no_ends_the_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
