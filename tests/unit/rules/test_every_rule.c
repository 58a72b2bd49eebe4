/* The catalogue as a whole: its rows are complete, and each rule speaks where it should and only there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/rules/spoil.h"

#include "base/banned.h"

static void rows_are_complete(void **state)
{
    (void)state;
    size_t count;
    const struct wp_rule *rules = wp_rules(&count);
    assert_true(count >= 40);
    for (size_t i = 0; i < count; i++) {
        const struct wp_rule *rule = &rules[i];
        size_t dots = 0;
        for (const char *p = rule->id; *p; p++) {
            dots += *p == '.';
            assert_true((*p >= 'a' && *p <= 'z') || *p == '-' || *p == '.');
        }
        assert_int_equal(dots, 1);
        assert_true(rule->level >= WP_LEVEL_NOTE && rule->level <= WP_LEVEL_ERROR);
        assert_true(wp_text_starts(rule->id, wp_subject_name(rule->subject)) ||
                    wp_text_starts(rule->id, "url.") || wp_text_starts(rule->id, "content."));
        const char *const texts[] = {rule->title, rule->fact,    rule->limit,
                                     rule->why,   rule->message, rule->fix};
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
            assert_true(texts[k] && texts[k][0]);
        assert_non_null(rule->unit);
        assert_non_null(rule->predicts);
        assert_ptr_equal(wp_rule_find(rule->id), rule); /* also: unique */
    }
    assert_null(wp_rule_find("image"));
    assert_null(wp_rule_find(""));
    assert_null(wp_rule_find("video.durations"));
}

static void a_good_pair_has_no_finding(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    for (enum wp_depth depth = WP_DEPTH_HEADER; depth <= WP_DEPTH_FULL; depth++) {
        pair.depth = depth;
        pair_evaluate(&pair);
        assert_int_equal(pair.findings.count, 0);
        pair_look(&pair);
        pair_evaluate(&pair);
        assert_int_equal(pair.findings.count, 0);
        pair.content = WP_CONTENT_OFF;
    }
}

static void every_rule_speaks_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPOILED_COUNT; i++) {
        const struct spoiled *row = &spoiled_rows[i];
        struct pair pair;
        pair_init(&pair);
        row->spoil(&pair);
        pair_evaluate(&pair);
        const struct wp_finding *finding = pair_find(&pair, row->id, row->subject);
        if (!finding || finding->level != wp_rule_find(row->id)->level)
            fail_msg("%s is silent, or of another level", row->id);
        for (size_t k = 0; k < pair.findings.count; k++) {
            const struct wp_finding *other = &pair.findings.items[k];
            /* A spoilt shape may rightly be far from the other's; nothing else may speak. */
            if (other != finding && strcmp(other->rule->id, "pair.aspect-ratio") != 0)
                fail_msg("%s speaks beside %s: %s", other->rule->id, row->id, other->detail);
        }
    }
}

static void no_rule_is_left_out(void **state)
{
    (void)state;
    size_t count;
    const struct wp_rule *rules = wp_rules(&count);
    for (size_t i = 0; i < count; i++) {
        bool found = false;
        for (size_t k = 0; k < SPOILED_COUNT; k++)
            found = found || strcmp(spoiled_rows[k].id, rules[i].id) == 0;
        if (!found)
            fail_msg("no test makes %s speak", rules[i].id);
    }
}

static void a_rule_of_one_medium_needs_that_medium(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPOILED_COUNT; i++) {
        const struct spoiled *row = &spoiled_rows[i];
        struct pair pair;
        pair_init(&pair);
        row->spoil(&pair);
        /* What is said of both at once is said of each alone. */
        bool of_each = row->subject == WP_SUBJECT_PAIR && strcmp(row->id, "content.skipped") == 0;
        struct wp_rule_input input = {.image_source = &pair.image_source,
                                      .image = &pair.image,
                                      .image_delivery = &pair.image_delivery,
                                      .content = pair.content,
                                      .image_content = &pair.image_content,
                                      .depth = WP_DEPTH_FULL,
                                      .limits = &pair.limits};
        wp_rules_evaluate(&pair.findings, &input, &pair.policy);
        assert_int_equal(pair.findings.count, of_each || row->subject == WP_SUBJECT_IMAGE);
        input = (struct wp_rule_input){.video_source = &pair.video_source,
                                       .video = &pair.video,
                                       .video_delivery = &pair.video_delivery,
                                       .content = pair.content,
                                       .video_content = &pair.video_content,
                                       .depth = WP_DEPTH_FULL,
                                       .limits = &pair.limits};
        wp_rules_evaluate(&pair.findings, &input, &pair.policy);
        assert_int_equal(pair.findings.count, of_each || row->subject == WP_SUBJECT_VIDEO);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(a_good_pair_has_no_finding),
        cmocka_unit_test(every_rule_speaks_alone),
        cmocka_unit_test(no_rule_is_left_out),
        cmocka_unit_test(a_rule_of_one_medium_needs_that_medium),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
