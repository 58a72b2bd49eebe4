/* Rules about what pictures show: when they speak, at which level, and what they tell. */
#include "unit/test.h"

#include <math.h>
#include <string.h>

#include "unit/rules/good.h"

#include "base/banned.h"

static const struct wp_finding *found(struct pair *pair, const char *id, enum wp_subject subject)
{
    pair_evaluate(pair);
    return pair_find(pair, id, subject);
}

static const char *detail(struct pair *pair, const char *id, enum wp_subject subject)
{
    const struct wp_finding *finding = found(pair, id, subject);
    if (!finding)
        fail_msg("%s is silent", id);
    return finding->detail;
}

static void modes_make_levels(void **state)
{
    (void)state;
    static const struct {
        enum wp_content_mode mode;
        enum wp_level dark, skipped;
    } rows[] = {
        {WP_CONTENT_OFF, WP_LEVEL_OFF, WP_LEVEL_OFF},
        {WP_CONTENT_AUTO, WP_LEVEL_WARNING, WP_LEVEL_NOTE},
        {WP_CONTENT_WARN, WP_LEVEL_WARNING, WP_LEVEL_WARNING},
        {WP_CONTENT_ERROR, WP_LEVEL_ERROR, WP_LEVEL_ERROR},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct pair pair;
        pair_init(&pair);
        pair_look(&pair);
        pair.image_content.looks[0].brightness = 0.1;
        pair.video_content = (struct wp_content_facts){.state = WP_CONTENT_NO_DETECTOR, .reason = "none"};
        pair.image.exif_orientation = 6; /* of no content: its level stays */
        pair.content = rows[i].mode;
        const struct wp_finding *dark = found(&pair, "image.too-dark", WP_SUBJECT_IMAGE);
        assert_int_equal(dark ? dark->level : WP_LEVEL_OFF, rows[i].dark);
        const struct wp_finding *skipped = found(&pair, "content.skipped", WP_SUBJECT_VIDEO);
        assert_int_equal(skipped ? skipped->level : WP_LEVEL_OFF, rows[i].skipped);
        assert_int_equal(found(&pair, "image.orientation", WP_SUBJECT_IMAGE)->level, WP_LEVEL_WARNING);
    }
}

static void users_change_levels_after_the_mode(void **state)
{
    (void)state;
    static const struct wp_level_change changes[] = {{"image.too-dark", WP_LEVEL_NOTE},
                                                     {"content.skipped", WP_LEVEL_OFF}};
    struct pair pair;
    pair_init(&pair);
    pair_look(&pair);
    pair.image_content.looks[0].brightness = 0.1;
    pair.video_content = (struct wp_content_facts){.state = WP_CONTENT_NO_DETECTOR, .reason = "none"};
    pair.policy.strict = true;
    assert_int_equal(found(&pair, "image.too-dark", WP_SUBJECT_IMAGE)->level, WP_LEVEL_ERROR);
    assert_int_equal(found(&pair, "content.skipped", WP_SUBJECT_VIDEO)->level, WP_LEVEL_NOTE);
    pair.content = WP_CONTENT_ERROR;
    pair.policy = (struct wp_level_policy){.changes = changes, .count = COUNT(changes)};
    assert_int_equal(found(&pair, "image.too-dark", WP_SUBJECT_IMAGE)->level, WP_LEVEL_NOTE);
    assert_null(found(&pair, "content.skipped", WP_SUBJECT_VIDEO));
}

static void leave_out(struct wp_content_facts *content, enum wp_content_state state, const char *reason)
{
    *content = (struct wp_content_facts){.state = state};
    wp_text_copy(content->reason, sizeof content->reason, reason);
}

static void what_is_skipped_is_said_once_for_one_reason(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair.content = WP_CONTENT_WARN;
    pair_evaluate(&pair); /* not asked: the medium is rejected for something else */
    assert_int_equal(pair.findings.count, 0);
    leave_out(&pair.image_content, WP_CONTENT_NO_DETECTOR, "no model");
    leave_out(&pair.video_content, WP_CONTENT_NO_DETECTOR, "no model");
    assert_non_null(strstr(detail(&pair, "content.skipped", WP_SUBJECT_PAIR), "no model"));
    assert_int_equal(pair.findings.count, 1);
    leave_out(&pair.video_content, WP_CONTENT_FAILED, "it threw");
    assert_non_null(strstr(detail(&pair, "content.skipped", WP_SUBJECT_IMAGE), "no model"));
    assert_non_null(strstr(detail(&pair, "content.skipped", WP_SUBJECT_VIDEO), "it threw"));
    assert_int_equal(pair.findings.count, 2);
    leave_out(&pair.image_content, WP_CONTENT_NOT_ASKED, "");
    assert_null(found(&pair, "content.skipped", WP_SUBJECT_IMAGE));
    assert_non_null(found(&pair, "content.skipped", WP_SUBJECT_VIDEO));
}

static void a_look_that_ended_early_is_no_whole_look(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair_look(&pair);
    wp_text_copy(pair.video_content.reason, sizeof pair.video_content.reason, "the rest does not decode");
    pair.video_content.look_count = 3;
    assert_non_null(strstr(detail(&pair, "content.skipped", WP_SUBJECT_VIDEO), "3 pictures"));
    pair.video_content.look_count = 0;
    pair.video_content.reason[0] = '\0';
    assert_non_null(found(&pair, "content.skipped", WP_SUBJECT_VIDEO)); /* never silence */
}

static void framing_differs_by_more_than_a_factor_of_two(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair_look(&pair);
    struct wp_look *image = &pair.image_content.looks[0], *video = &pair.video_content.looks[0];
    image->faces[0].height = 0.25 * image->height;
    video->faces[0].height = 0.5 * video->height;
    assert_null(found(&pair, "pair.framing", WP_SUBJECT_PAIR));
    video->faces[0].height = 0.5 * video->height + 1;
    assert_non_null(found(&pair, "pair.framing", WP_SUBJECT_PAIR));
    image->faces[0].height = 0.5 * image->height + 1;
    video->faces[0].height = 0.25 * video->height;
    assert_non_null(found(&pair, "pair.framing", WP_SUBJECT_PAIR));
    video->face_count = 0;
    assert_null(found(&pair, "pair.framing", WP_SUBJECT_PAIR));
    video->face_count = 1;
    leave_out(&pair.image_content, WP_CONTENT_FAILED, "x");
    assert_null(found(&pair, "pair.framing", WP_SUBJECT_PAIR));
}

static void unknown_is_no_yes(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair_look(&pair);
    struct wp_look *look = &pair.image_content.looks[0];
    look->maybe_count = 1;
    look->faces[0].yaw = NAN;
    look->has_sharpness = false;
    look->brightness = NAN;
    const struct wp_finding *finding = found(&pair, "image.several-faces", WP_SUBJECT_IMAGE);
    assert_true(finding && finding->actual.kind == WP_VALUE_NONE);
    assert_non_null(strstr(finding->detail, "perhaps"));
    assert_non_null(strstr(detail(&pair, "image.face-turned", WP_SUBJECT_IMAGE), "cannot be told"));
    assert_non_null(strstr(detail(&pair, "image.blurred", WP_SUBJECT_IMAGE), "cannot be told"));
    assert_non_null(strstr(detail(&pair, "image.too-dark", WP_SUBJECT_IMAGE), "cannot be told"));
    look->face_count = 0;
    assert_non_null(strstr(detail(&pair, "image.no-face", WP_SUBJECT_IMAGE), "not sure"));
    assert_null(found(&pair, "image.several-faces", WP_SUBJECT_IMAGE));
    assert_null(found(&pair, "image.face-turned", WP_SUBJECT_IMAGE));
    assert_null(found(&pair, "image.blurred", WP_SUBJECT_IMAGE));
}

static void findings_of_a_video_tell_times_and_share(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair_look(&pair);
    struct wp_look *looks = pair.video_content.looks;
    looks[0].face_count = 2;
    looks[1].face_count = 3;
    looks[1].time_s = 3.2;
    looks[1].faces[0].height = 0.21 * looks[1].height;
    const struct wp_finding *finding = found(&pair, "video.several-faces", WP_SUBJECT_VIDEO);
    assert_non_null(finding);
    assert_true(finding->actual.number[0] == 3 && finding->limit.number[0] == 1);
    assert_string_equal(
        finding->detail,
        "3 faces, the highest 21 % of the height, at 3.2 s, likewise at 0 s (2 of 10 frames)");
    looks[5].face_count = 0;
    assert_non_null(
        strstr(detail(&pair, "video.several-faces", WP_SUBJECT_VIDEO), "2 of 9 frames with a face"));
}

static void details_are_bounded(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair_look(&pair);
    for (uint32_t i = 0; i < WP_MAX_LOOKS; i++) {
        struct wp_look *look = &pair.video_content.looks[i];
        look->time_s = 123456789.3 + i;
        look->face_count = UINT32_MAX;
        look->maybe_count = UINT32_MAX;
        look->brightness = 0.123;
        look->faces[0] = (struct wp_face){.height = 1e300, .inside = -1e300, .yaw = 1e300, .roll = -1e300};
    }
    pair.video_content.looks[WP_MAX_LOOKS - 1].time_s = NAN;
    pair_evaluate(&pair);
    assert_true(pair.findings.count >= 5);
    for (size_t i = 0; i < pair.findings.count; i++) {
        const struct wp_finding *finding = &pair.findings.items[i];
        assert_true(strlen(finding->detail) < sizeof finding->detail - 1);
        if (finding->subject == WP_SUBJECT_VIDEO)
            assert_non_null(strstr(finding->detail, "and 5 more (10 of 10 frames)"));
    }
}

static void numbers_in_words_are_on_their_side_of_the_limit(void **state)
{
    (void)state;
    struct pair pair;
    pair_init(&pair);
    pair_look(&pair);
    struct wp_look *look = &pair.image_content.looks[0];
    look->faces[0].inside = 0.87999;
    look->faces[0].yaw = 30.001;
    look->brightness = 0.24999;
    assert_non_null(strstr(detail(&pair, "image.face-cut-off", WP_SUBJECT_IMAGE), "87.9 %"));
    assert_non_null(strstr(detail(&pair, "image.face-turned", WP_SUBJECT_IMAGE), "30.1 degrees"));
    assert_non_null(strstr(detail(&pair, "image.too-dark", WP_SUBJECT_IMAGE), "24.9 %"));
    look->faces[0].roll = -44.4;
    assert_non_null(strstr(detail(&pair, "image.face-turned", WP_SUBJECT_IMAGE), "tilted by 44 degrees"));
    look->faces[0].height = 0.7000001 * look->height;
    assert_non_null(strstr(detail(&pair, "image.face-too-large", WP_SUBJECT_IMAGE), "70.1 %"));
    look->faces[0].height = 0.0799999 * look->height;
    assert_non_null(strstr(detail(&pair, "image.face-too-small", WP_SUBJECT_IMAGE), "7.9 %"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modes_make_levels),
        cmocka_unit_test(users_change_levels_after_the_mode),
        cmocka_unit_test(what_is_skipped_is_said_once_for_one_reason),
        cmocka_unit_test(a_look_that_ended_early_is_no_whole_look),
        cmocka_unit_test(framing_differs_by_more_than_a_factor_of_two),
        cmocka_unit_test(unknown_is_no_yes),
        cmocka_unit_test(findings_of_a_video_tell_times_and_share),
        cmocka_unit_test(details_are_bounded),
        cmocka_unit_test(numbers_in_words_are_on_their_side_of_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
