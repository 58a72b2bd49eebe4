/* Levels as the user changes them, and the order of findings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/rules/good.h"

#include "base/banned.h"

/* An error, two warnings and a note, in an order that is not that of their levels. */
static void spoil(struct pair *pair)
{
    pair_init(pair);
    pair->image.exif_orientation = 6;
    pair->image.bits = 16;
    pair->video.video_streams = 2;
    pair->video.duration = pair->video.container_duration = (struct wp_rational){31, 1};
}

static void expect(struct pair *pair, size_t index, const char *id, enum wp_level level)
{
    assert_true(index < pair->findings.count);
    assert_string_equal(pair->findings.items[index].rule->id, id);
    assert_int_equal(pair->findings.items[index].level, level);
}

static void errors_come_first_then_catalogue_order(void **state)
{
    (void)state;
    struct pair pair;
    spoil(&pair);
    pair_evaluate(&pair);
    assert_int_equal(pair.findings.count, 4);
    expect(&pair, 0, "video.duration", WP_LEVEL_ERROR);
    expect(&pair, 1, "image.orientation", WP_LEVEL_WARNING);
    expect(&pair, 2, "image.bit-depth", WP_LEVEL_WARNING);
    expect(&pair, 3, "video.several-streams", WP_LEVEL_NOTE);
    assert_int_equal(wp_findings_count(&pair.findings, WP_LEVEL_ERROR), 1);
    assert_int_equal(wp_findings_count(&pair.findings, WP_LEVEL_WARNING), 2);
    assert_int_equal(wp_findings_count(&pair.findings, WP_LEVEL_NOTE), 1);
    assert_int_equal(wp_findings_count(&pair.findings, WP_LEVEL_OFF), 0);
}

static void strict_makes_warnings_errors_and_notes_stay(void **state)
{
    (void)state;
    struct pair pair;
    spoil(&pair);
    pair.policy.strict = true;
    pair_evaluate(&pair);
    assert_int_equal(pair.findings.count, 4);
    expect(&pair, 0, "image.orientation", WP_LEVEL_ERROR);
    expect(&pair, 1, "image.bit-depth", WP_LEVEL_ERROR);
    expect(&pair, 2, "video.duration", WP_LEVEL_ERROR);
    expect(&pair, 3, "video.several-streams", WP_LEVEL_NOTE);
}

static void later_changes_win_over_earlier_ones_and_over_strict(void **state)
{
    (void)state;
    static const struct wp_level_change changes[] = {
        {"image.bit-depth", WP_LEVEL_OFF},       {"video.several-streams", WP_LEVEL_ERROR},
        {"image.orientation", WP_LEVEL_OFF},     {"image.orientation", WP_LEVEL_NOTE},
        {"video.several-streams", WP_LEVEL_OFF}, {"video.several-streams", WP_LEVEL_WARNING},
    };
    struct pair pair;
    spoil(&pair);
    pair.policy = (struct wp_level_policy){
        .strict = true, .changes = changes, .count = sizeof changes / sizeof changes[0]};
    pair_evaluate(&pair);
    assert_int_equal(pair.findings.count, 3);
    expect(&pair, 0, "video.duration", WP_LEVEL_ERROR);
    expect(&pair, 1, "video.several-streams", WP_LEVEL_WARNING);
    expect(&pair, 2, "image.orientation", WP_LEVEL_NOTE);
}

static void every_rule_can_be_ignored(void **state)
{
    (void)state;
    struct wp_level_change changes[WP_MAX_FINDINGS];
    size_t count;
    const struct wp_rule *rules = wp_rules(&count);
    for (size_t i = 0; i < count; i++)
        changes[i] = (struct wp_level_change){rules[i].id, WP_LEVEL_OFF};
    struct pair pair;
    spoil(&pair);
    memset(&pair.video, 0, sizeof pair.video);
    pair.policy = (struct wp_level_policy){.changes = changes, .count = count};
    pair_evaluate(&pair);
    assert_int_equal(pair.findings.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_come_first_then_catalogue_order),
        cmocka_unit_test(strict_makes_warnings_errors_and_notes_stay),
        cmocka_unit_test(later_changes_win_over_earlier_ones_and_over_strict),
        cmocka_unit_test(every_rule_can_be_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
