/* From the service's error codes to the rules, and which rules no user may switch off. */
#include "unit/test.h"

#include <string.h>

#include "base/text.h"
#include "wanprep/client.h"
#include "wanprep/findings.h"

#include "base/banned.h"

static bool predicts(const char *id, const char *code)
{
    const struct wp_rule *rule = wp_rule_find(id);
    assert_non_null(rule);
    return wp_rule_predicts(rule, code);
}

static void codes_find_their_rules(void **state)
{
    (void)state;
    assert_true(predicts("video.duration", "InvalidFile.Duration"));
    assert_true(predicts("video.duration", "InvalidVideo.Duration"));
    assert_false(predicts("video.duration", "InvalidImage.Duration"));
    assert_false(predicts("video.duration", "InvalidFile.Dura"));
    assert_false(predicts("video.duration", "InvalidFile."));
    assert_false(predicts("video.duration", ""));
    assert_true(predicts("image.resolution", "InvalidImage.Resolution"));
    assert_false(predicts("image.resolution", "InvalidVideo.Resolution"));
    assert_true(predicts("url.extension", "InvalidVideo.Format")); /* a url rule judges both */
    assert_true(predicts("url.scheme", "InvalidURL"));
    assert_false(predicts("image.orientation", "")); /* it foresees nothing */
}

static void every_code_that_a_rule_foresees_is_in_the_catalogue(void **state)
{
    (void)state;
    size_t count = 0;
    const struct wp_rule *rules = wp_rules(&count);
    struct wp_service_code code;
    for (size_t i = 0; i < count; i++) {
        if (rules[i].predicts[0] && !wp_service_code_find(&code, rules[i].predicts))
            fail_msg("%s foresees %s", rules[i].id, rules[i].predicts);
    }
}

static void codes_are_listed_and_found(void **state)
{
    (void)state;
    struct wp_service_code code = {0}, found;
    size_t count = 0;
    while (wp_service_code_at(&code, count)) {
        assert_true(wp_service_code_find(&found, code.code));
        assert_ptr_equal(found.code, code.code);
        assert_true(code.meaning[0] && strcmp(code.meaning, "not known") != 0 && code.advice[0]);
        count++;
    }
    assert_true(count > 50);
    assert_false(wp_service_code_find(&found, "Nonsense"));
    assert_true(wp_service_code_find(&found, "Throttling.New") && found.retry);
    assert_true(wp_service_code_find(&found, "InvalidFile.New") && !found.retry);
    assert_string_equal(found.code, "InvalidFile.");
}

static void rules_for_what_is_not_known_are_fixed(void **state)
{
    (void)state;
    size_t count = 0, fixed = 0;
    const struct wp_rule *rules = wp_rules(&count);
    for (size_t i = 0; i < count; i++) {
        if (wp_rule_is_fixed(&rules[i])) {
            fixed++;
            assert_int_equal(rules[i].level, WP_LEVEL_ERROR);
        }
    }
    assert_true(fixed >= 4 && fixed < count / 2);
    assert_true(wp_rule_is_fixed(wp_rule_find("video.undetermined")));
    assert_false(wp_rule_is_fixed(wp_rule_find("video.duration")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_find_their_rules),
        cmocka_unit_test(every_code_that_a_rule_foresees_is_in_the_catalogue),
        cmocka_unit_test(codes_are_listed_and_found),
        cmocka_unit_test(rules_for_what_is_not_known_are_fixed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
