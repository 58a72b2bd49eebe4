/* What is asked of the person in a picture: every limit on both sides, what is not known, and thirds of a
 * video. */
#include "unit/test.h"

#include <math.h>

#include "model/questions.h"
#include "unit/rules/good.h"

#include "base/banned.h"

static struct wp_look good(void)
{
    return look_good(0, 1000, 1000);
}

static enum wp_tristate of_face(enum wp_question question, struct wp_face face)
{
    struct wp_look look = good();
    look.faces[0] = face;
    return wp_look_answer(&look, question);
}

static enum wp_tristate turned(double yaw, double roll)
{
    struct wp_face face = good().faces[0];
    face.yaw = yaw, face.roll = roll;
    return of_face(WP_ASK_FACING, face);
}

static enum wp_tristate high(enum wp_question question, double height)
{
    struct wp_face face = good().faces[0];
    face.height = height;
    return of_face(question, face);
}

static enum wp_tristate inside(double share)
{
    struct wp_face face = good().faces[0];
    face.inside = share;
    return of_face(WP_ASK_WHOLE, face);
}

static void faces_have_limits_on_both_sides(void **state)
{
    (void)state;
    assert_int_equal(turned(30, -30), WP_YES);
    assert_int_equal(turned(-30.01, 0), WP_NO);
    assert_int_equal(turned(0, 30.01), WP_NO);
    assert_int_equal(turned(NAN, 0), WP_UNKNOWN);
    assert_int_equal(turned(0, NAN), WP_UNKNOWN);
    assert_int_equal(turned(NAN, 31), WP_NO);
    assert_int_equal(turned(INFINITY, 0), WP_NO);
    assert_int_equal(inside(0.88), WP_YES);
    assert_int_equal(inside(0.8799), WP_NO);
    assert_int_equal(inside(NAN), WP_UNKNOWN);
    assert_int_equal(high(WP_ASK_NOT_SMALL, 80), WP_YES);
    assert_int_equal(high(WP_ASK_NOT_SMALL, 79.9), WP_NO);
    assert_int_equal(high(WP_ASK_NOT_SMALL, 900), WP_YES);
    assert_int_equal(high(WP_ASK_NOT_LARGE, 700), WP_YES);
    assert_int_equal(high(WP_ASK_NOT_LARGE, 700.1), WP_NO);
    assert_int_equal(high(WP_ASK_NOT_LARGE, 10), WP_YES);
    assert_int_equal(high(WP_ASK_NOT_LARGE, NAN), WP_UNKNOWN);
}

static void pictures_have_limits_on_both_sides(void **state)
{
    (void)state;
    struct wp_look look = good();
    look.brightness = 0.25;
    look.sharpness = WP_LEAST_SHARPNESS;
    assert_int_equal(wp_look_answer(&look, WP_ASK_LIGHT), WP_YES);
    assert_int_equal(wp_look_answer(&look, WP_ASK_SHARP), WP_YES);
    look.brightness = 0.2499;
    look.sharpness = WP_LEAST_SHARPNESS - 0.0001;
    assert_int_equal(wp_look_answer(&look, WP_ASK_LIGHT), WP_NO);
    assert_int_equal(wp_look_answer(&look, WP_ASK_SHARP), WP_NO);
    look.brightness = NAN;
    look.has_sharpness = false;
    assert_int_equal(wp_look_answer(&look, WP_ASK_LIGHT), WP_UNKNOWN);
    assert_int_equal(wp_look_answer(&look, WP_ASK_SHARP), WP_UNKNOWN);
    assert_true(wp_look_is_asked(&look, WP_ASK_SHARP));
    look.face_count = 0; /* no-face says enough */
    assert_false(wp_look_is_asked(&look, WP_ASK_SHARP));
    assert_true(wp_look_is_asked(&look, WP_ASK_LIGHT));
}

static void faces_are_counted_and_what_may_be_one_is_not_sure(void **state)
{
    (void)state;
    static const struct {
        uint32_t faces, maybe;
        enum wp_tristate face, alone, one_face;
    } rows[] = {
        {0, 0, WP_NO, WP_UNKNOWN, WP_NO},      {0, 2, WP_UNKNOWN, WP_UNKNOWN, WP_UNKNOWN},
        {1, 0, WP_YES, WP_YES, WP_YES},        {1, 1, WP_YES, WP_UNKNOWN, WP_UNKNOWN},
        {2, 0, WP_YES, WP_NO, WP_NO},          {2, 3, WP_YES, WP_NO, WP_NO},
        {UINT32_MAX, 0, WP_YES, WP_NO, WP_NO},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wp_content_facts facts = {.state = WP_CONTENT_LOOKED, .look_count = 1, .looks = {good()}};
        struct wp_content_answers answers;
        facts.looks[0].face_count = rows[i].faces;
        facts.looks[0].maybe_count = rows[i].maybe;
        assert_int_equal(wp_look_answer(&facts.looks[0], WP_ASK_FACE), rows[i].face);
        assert_int_equal(wp_look_answer(&facts.looks[0], WP_ASK_ALONE), rows[i].alone);
        wp_content_answer(&answers, &facts);
        assert_int_equal(answers.one_face, rows[i].one_face);
        assert_int_equal(answers.facing, rows[i].faces ? WP_YES : WP_UNKNOWN);
        assert_int_equal(answers.whole, rows[i].faces ? WP_YES : WP_UNKNOWN);
        assert_int_equal(answers.proportion, rows[i].faces ? WP_YES : WP_UNKNOWN);
        assert_int_equal(answers.light, WP_YES);
        assert_int_equal(answers.sharp, WP_YES);
    }
}

static struct wp_content_facts clip(uint32_t count)
{
    struct wp_content_facts facts = {.state = WP_CONTENT_LOOKED, .look_count = count};
    for (uint32_t i = 0; i < count; i++)
        facts.looks[i] = look_good(i, 1000, 1000);
    return facts;
}

static void the_first_frame_counts_alone_and_others_by_the_third(void **state)
{
    (void)state;
    struct wp_content_facts facts = clip(9);
    assert_int_equal(wp_content_ask(&facts, WP_ASK_LIGHT, 0).value, WP_YES);
    facts.looks[0].brightness = 0.1;
    struct wp_answer answer = wp_content_ask(&facts, WP_ASK_LIGHT, 0);
    assert_true(answer.is_broken && answer.value == WP_NO && answer.failing == 1 && answer.asked == 9);
    assert_int_equal(wp_content_ask(&facts, WP_ASK_LIGHT, 1).value, WP_YES); /* it would do from there on */
    facts = clip(9);
    for (uint32_t i = 1; i <= 3; i++)
        facts.looks[i].brightness = 0.1;
    assert_false(wp_content_ask(&facts, WP_ASK_LIGHT, 0).is_broken); /* a third */
    facts.looks[8].brightness = 0.1;
    assert_int_equal(wp_content_ask(&facts, WP_ASK_LIGHT, 0).value, WP_NO);
    facts.looks[8].brightness =
        NAN; /* one no less: more than a third do not say yes, but not all of them no */
    answer = wp_content_ask(&facts, WP_ASK_LIGHT, 0);
    assert_true(answer.is_broken && answer.value == WP_UNKNOWN && answer.failing == 4);
}

static void faces_are_asked_where_there_are_some(void **state)
{
    (void)state;
    struct wp_content_facts facts = clip(9);
    for (uint32_t i = 1; i <= 3; i++)
        facts.looks[i].face_count = 0;
    facts.looks[4].faces[0].yaw = facts.looks[5].faces[0].yaw = 50;
    struct wp_answer answer = wp_content_ask(&facts, WP_ASK_FACING, 0);
    assert_true(!answer.is_broken && answer.value == WP_YES && answer.asked == 6); /* 2 of 6: a third */
    facts.looks[6].faces[0].yaw = 50;
    assert_int_equal(wp_content_ask(&facts, WP_ASK_FACING, 0).value, WP_NO);
    facts = clip(9);
    facts.looks[0].face_count = 0; /* it has no answer to the first frame, but says nothing: no-face does */
    answer = wp_content_ask(&facts, WP_ASK_FACING, 0);
    assert_true(!answer.is_broken && answer.value == WP_UNKNOWN);
}

static void what_was_not_looked_at_is_unknown(void **state)
{
    (void)state;
    struct wp_content_facts facts = clip(2);
    facts.state = WP_CONTENT_FAILED;
    struct wp_content_answers answers;
    for (int i = 0; i < 2; i++) {
        wp_content_answer(&answers, &facts);
        assert_int_equal(answers.one_face, WP_UNKNOWN);
        assert_int_equal(answers.light, WP_UNKNOWN);
        assert_int_equal(answers.sharp, WP_UNKNOWN);
        facts.state = WP_CONTENT_LOOKED;
        facts.look_count = 0;
    }
    assert_false(wp_content_ask(&facts, WP_ASK_FACE, 0).is_broken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faces_have_limits_on_both_sides),
        cmocka_unit_test(pictures_have_limits_on_both_sides),
        cmocka_unit_test(faces_are_counted_and_what_may_be_one_is_not_sure),
        cmocka_unit_test(the_first_frame_counts_alone_and_others_by_the_third),
        cmocka_unit_test(faces_are_asked_where_there_are_some),
        cmocka_unit_test(what_was_not_looked_at_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
