/* The reference: every rule and code can be explained, and nothing is left behind where memory runs out. */
#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "wanprep/client.h"
#include "wanprep/reference.h"
#include "json/json.h"

#include "base/banned.h"

static struct wp_json *explain(const struct wp_rule *rule, const char *code)
{
    char *text = NULL;
    size_t length = 0;
    struct wp_error error;
    assert_int_equal(wp_reference_explain(&text, &length, rule, code, &error), WP_OK);
    assert_int_equal(strlen(text), length);
    struct wp_json *document = wp_json_parse(text, length);
    assert_non_null(document);
    wp_free(text);
    return document;
}

static void every_rule_has_a_sample_fix(void **state)
{
    (void)state;
    size_t count = 0;
    const struct wp_rule *rules = wp_rules(&count);
    for (size_t i = 0; i < count; i++) {
        char *fix = NULL;
        struct wp_error error;
        assert_int_equal(wp_reference_fix(&fix, &rules[i], &error), WP_OK);
        if (strpbrk(fix, "{}") || strstr(fix, "  ") || strstr(fix, "no command makes") ||
            (!fix[0] && rules[i].fix[0]))
            fail_msg("%s: '%s'", rules[i].id, fix);
        if (strstr(rules[i].fix, "{in}"))
            assert_non_null(
                strstr(fix, rules[i].subject == WP_SUBJECT_VIDEO ? "'dance.mp4'" : "'person.jpg'"));
        wp_free(fix);
    }
}

static void samples_show_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *part;
    } rows[] = {
        {"video.duration", "Cut it to 29.5 s: ffmpeg -i 'dance.mp4' -t 29.5 "},
        {"video.duration-mismatch", "-t 12 "},
        {"video.resolution", "scale=2048:1152"},
        {"video.aspect-ratio", "pad="},
        {"video.frame-rate", "fps=60"},
        {"image.aspect-ratio", "-extent 1600x534"},
        {"image.format", "convert 'person.jpg'"},
        {"pair.aspect-ratio", "-crop 900x1600+0+0"},
        {"url.non-ascii", "https://example.com/%C3%BC/person.jpg"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *fix = NULL;
        struct wp_error error;
        assert_int_equal(wp_reference_fix(&fix, wp_rule_find(rows[i].rule), &error), WP_OK);
        if (!strstr(fix, rows[i].part))
            fail_msg("%s: '%s' lacks '%s'", rows[i].rule, fix, rows[i].part);
        wp_free(fix);
    }
}

static void documents_have_what_was_asked_for(void **state)
{
    (void)state;
    size_t count = 0;
    (void)wp_rules(&count);
    struct wp_json *document = explain(NULL, NULL);
    assert_int_equal(wp_json_count(wp_json_member(document, "rules")), count);
    assert_null(wp_json_member(document, "code"));
    wp_json_free(document);

    document = explain(wp_rule_find("video.hdr"), NULL);
    assert_int_equal(wp_json_count(wp_json_member(document, "rules")), 1);
    assert_string_equal(wp_json_text(wp_json_at(wp_json_member(document, "rules"), 0), "rule"), "video.hdr");
    wp_json_free(document);

    document = explain(NULL, "InvalidFile.Duration");
    assert_string_equal(wp_json_text(wp_json_member(document, "code"), "code"), "InvalidFile.Duration");
    assert_non_null(wp_json_text(wp_json_member(document, "code"), "advice"));
    const struct wp_json *rules = wp_json_member(document, "rules");
    assert_true(wp_json_count(rules) >= 1);
    for (size_t i = 0; i < wp_json_count(rules); i++)
        assert_string_equal(wp_json_text(wp_json_at(rules, i), "predicts"), "InvalidFile.Duration");
    wp_json_free(document);

    char *text = NULL;
    size_t length = 0;
    struct wp_error error;
    assert_int_equal(wp_reference_explain(&text, &length, NULL, "Nonsense", &error), WP_USAGE);
    assert_non_null(strstr(error.message, "Nonsense"));
}

static size_t allowed, blocks;

static void *counted_realloc(void *memory, size_t size)
{
    if (allowed == 0)
        return NULL;
    allowed--;
    blocks += memory == NULL;
    return realloc(memory, size);
}

static void *counted_malloc(size_t size)
{
    return counted_realloc(NULL, size);
}

static void counted_free(void *memory)
{
    blocks -= memory != NULL;
    free(memory);
}

static void every_failed_allocation_is_told(void **state)
{
    (void)state;
    static const struct wp_alloc_hooks hooks = {counted_malloc, counted_realloc, counted_free};
    wp_alloc_set_hooks(&hooks);
    for (int what = 0; what < 2; what++) {
        enum wp_status status = WP_NOMEM;
        size_t failures = 0;
        for (size_t limit = 0; status != WP_OK; limit++) {
            char *text = NULL;
            size_t length = 0;
            struct wp_error error = {.status = WP_OK};
            allowed = limit;
            status = what == 0
                         ? wp_reference_explain(&text, &length, wp_rule_find("video.duration"), NULL, &error)
                         : wp_reference_limits(&text, &length, wp_limits_default(), &error);
            assert_int_equal(text != NULL, status == WP_OK);
            assert_true(status == WP_OK || status == WP_NOMEM);
            failures += status != WP_OK;
            wp_free(text);
            assert_int_equal(blocks, 0);
        }
        assert_true(failures > 2);
    }
    wp_alloc_set_hooks(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_has_a_sample_fix),
        cmocka_unit_test(samples_show_numbers),
        cmocka_unit_test(documents_have_what_was_asked_for),
        cmocka_unit_test(every_failed_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
