/* The catalogue against docs/check.schema.json and against the limits that it speaks of. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "wanprep/content.h"
#include "wanprep/findings.h"
#include "wanprep/limits.h"
#include "json/json.h"

#include "base/banned.h"

static struct wp_json *load_schema(void)
{
    struct wp_buf text = wp_buf_new(1 << 20);
    struct wp_error error = {.message = ""};
    if (wp_file_read(&text, WP_FIXTURES "/../docs/check.schema.json", &error) != WP_OK)
        fail_msg("%s", error.message);
    struct wp_json *schema = wp_json_parse(text.data, text.len);
    assert_non_null(schema);
    wp_buf_free(&text);
    return schema;
}

/* The member at a path such as "a/b/c"; NULL if there is none. */
static const struct wp_json *at(const struct wp_json *from, const char *path)
{
    char name[64];
    while (from && *path) {
        size_t len = strcspn(path, "/");
        assert_true(wp_text_format(name, sizeof name, "%.*s", (int)len, path));
        from = wp_json_member(from, name);
        path += len + (path[len] == '/');
    }
    return from;
}

/* Whether a medium's object has the member that a rule reads, among its facts or beside them. */
static bool has_fact(const struct wp_json *schema, const char *medium, const char *fact)
{
    char path[160];
    assert_true(
        wp_text_format(path, sizeof path, "properties/%s/properties/facts/properties/%s", medium, fact));
    if (at(schema, path))
        return true;
    assert_true(
        wp_text_format(path, sizeof path, "properties/%s/properties/delivery/properties/%s", medium, fact));
    if (at(schema, path))
        return true;
    assert_true(wp_text_format(path, sizeof path, "properties/%s/properties/%s", medium, fact));
    return at(schema, path) != NULL;
}

static void every_fact_that_a_rule_reads_is_in_the_document(void **state)
{
    (void)state;
    struct wp_json *schema = load_schema();
    size_t count;
    const struct wp_rule *rules = wp_rules(&count);
    for (size_t i = 0; i < count; i++) {
        bool both = rules[i].subject == WP_SUBJECT_PAIR || wp_text_starts(rules[i].id, "url.");
        for (const char *p = rules[i].fact; *p;) {
            char fact[64];
            size_t len = strcspn(p, ",");
            assert_true(wp_text_format(fact, sizeof fact, "%.*s", (int)len, p));
            bool image = has_fact(schema, "image", fact), video = has_fact(schema, "video", fact);
            bool known = both ? image && video : rules[i].subject == WP_SUBJECT_IMAGE ? image : video;
            if (!known)
                fail_msg("%s reads %s, which is in no document", rules[i].id, fact);
            p += len;
            p += strspn(p, ", ");
        }
    }
    wp_json_free(schema);
}

static void every_unit_is_in_the_document(void **state)
{
    (void)state;
    struct wp_json *schema = load_schema();
    const struct wp_json *units = at(schema, "$defs/finding/properties/unit/enum");
    assert_true(wp_json_count(units) > 0);
    size_t count;
    const struct wp_rule *rules = wp_rules(&count);
    for (size_t i = 0; i < count; i++) {
        bool known = !rules[i].unit[0];
        for (size_t k = 0; k < wp_json_count(units); k++)
            known = known || strcmp(wp_json_as_text(wp_json_at(units, k)), rules[i].unit) == 0;
        if (!known)
            fail_msg("%s: unit %s", rules[i].id, rules[i].unit);
    }
    wp_json_free(schema);
}

static void expect_in_limit(const char *id, uint64_t number)
{
    char plain[32], grouped[32];
    const char *limit = wp_rule_find(id)->limit;
    assert_true(wp_text_format(plain, sizeof plain, "%" PRIu64, number));
    assert_true(wp_text_format(grouped, sizeof grouped, "%" PRIu64 ",%03" PRIu64 ",%03" PRIu64,
                               number / 1000000, number / 1000 % 1000, number % 1000));
    if (!strstr(limit, number < 1000000 ? plain : grouped))
        fail_msg("%s says \"%s\" and not %s", id, limit, plain);
}

static void the_catalogue_says_what_the_limits_are(void **state)
{
    (void)state;
    const struct wp_limits *limits = wp_limits_default();
    expect_in_limit("image.size", limits->image.max_bytes);
    expect_in_limit("image.size-unit", limits->image.unsure_bytes);
    expect_in_limit("image.resolution", limits->image.min_side);
    expect_in_limit("image.resolution", limits->image.max_side);
    expect_in_limit("image.aspect-ratio", limits->image.max_ratio);
    expect_in_limit("video.size", limits->video.max_bytes);
    expect_in_limit("video.size-unit", limits->video.unsure_bytes);
    expect_in_limit("video.resolution", limits->video.min_side);
    expect_in_limit("video.resolution", limits->video.max_side);
    expect_in_limit("video.aspect-ratio", limits->video.max_ratio);
    expect_in_limit("video.duration", limits->min_duration_s);
    expect_in_limit("video.duration", limits->max_duration_s);
    expect_in_limit("video.duration-edge", limits->max_duration_s);
    expect_in_limit("video.frame-rate", limits->min_frame_rate);
    expect_in_limit("video.frame-rate", limits->max_frame_rate);
}

static void expect_in_both(const char *name, const char *before, double number, const char *after)
{
    static const char *const media[] = {"image", "video"};
    char id[64], text[32];
    assert_true(wp_text_format(text, sizeof text, "%s %g%s", before, number, after));
    for (size_t i = 0; i < 2; i++) {
        assert_true(wp_text_format(id, sizeof id, "%s.%s", media[i], name));
        if (!strstr(wp_rule_find(id)->limit, text))
            fail_msg("%s says \"%s\" and not %s", id, wp_rule_find(id)->limit, text);
    }
}

static void the_catalogue_says_what_pictures_should_keep_to(void **state)
{
    (void)state;
    const double percent = 100;
    expect_in_both("face-turned", "most", WP_FACE_MOST_TURNED, " degrees");
    expect_in_both("face-cut-off", "least", percent * WP_FACE_LEAST_INSIDE, " %");
    expect_in_both("face-too-small", "least", percent * WP_FACE_LEAST_HEIGHT, " %");
    expect_in_both("face-too-large", "most", percent * WP_FACE_MOST_HEIGHT, " %");
    expect_in_both("too-dark", "least", percent * WP_LEAST_BRIGHTNESS, " %");
    expect_in_both("blurred", "least", WP_LEAST_SHARPNESS, "");
    char factor[32];
    assert_true(wp_text_format(factor, sizeof factor, "factor of %g", WP_MOST_FRAMING));
    assert_non_null(strstr(wp_rule_find("pair.framing")->limit, factor));
    assert_true(wp_text_format(factor, sizeof factor, "under %g %%", percent * WP_FACE_COUNTS));
    assert_non_null(strstr(wp_rule_find("image.several-faces")->why, factor));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_that_a_rule_reads_is_in_the_document),
        cmocka_unit_test(every_unit_is_in_the_document),
        cmocka_unit_test(the_catalogue_says_what_the_limits_are),
        cmocka_unit_test(the_catalogue_says_what_pictures_should_keep_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
