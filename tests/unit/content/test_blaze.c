/* Anchors, outputs and boxes, by hand; and outputs that no BlazeFace gives. */
#include "unit/test.h"

#include <math.h>
#include <string.h>

#include "unit/content/blaze_outputs.h"

#include "base/banned.h"

static struct blaze_outputs from;
static struct wp_blaze faces[WP_BLAZE_ANCHORS];

static size_t decode(int side, float least)
{
    struct wp_dnn_output outputs[4];
    size_t found = 1;
    blaze_give(outputs, &from);
    assert_true(wp_blaze_decode(faces, &found, outputs, 4, side, least));
    return found;
}

static void anchors_lie_in_the_middles_of_cells(void **state)
{
    (void)state;
    static const struct {
        int index, side;
        float x, y;
    } rows[] = {
        {0, 256, 8, 8},     {1, 256, 8, 8},       {2, 256, 24, 8},    {31, 256, 248, 8},
        {32, 256, 8, 24},   {511, 256, 248, 248}, {512, 256, 16, 16}, {517, 256, 16, 16},
        {518, 256, 48, 16}, {559, 256, 240, 16},  {560, 256, 16, 48}, {895, 256, 240, 240},
        {0, 128, 4, 4},     {511, 128, 124, 124}, {512, 128, 8, 8},   {895, 128, 120, 120},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wp_point anchor = wp_blaze_anchor(rows[i].index, rows[i].side);
        assert_float_equal(anchor.x, rows[i].x, 0);
        assert_float_equal(anchor.y, rows[i].y, 0);
    }
}

static void boxes_and_points_are_relative_to_anchors(void **state)
{
    (void)state;
    static const int anchors[] = {0, 300, 511, 512, 700, 895};
    for (size_t i = 0; i < COUNT(anchors); i++) {
        blaze_clear(&from);
        struct wp_point anchor = wp_blaze_anchor(anchors[i], 256);
        from.scores[anchors[i]] = blaze_logit(0.9);
        for (size_t k = 0; k < 16; k++)
            from.values[(size_t)anchors[i] * 16 + k] = (float)k + 1;
        assert_int_equal(decode(256, 0.5F), 1);
        assert_float_equal(faces[0].score, 0.9, 1e-6);
        assert_float_equal(faces[0].x, anchor.x + 1, 1e-4);
        assert_float_equal(faces[0].y, anchor.y + 2, 1e-4);
        assert_float_equal(faces[0].width, 3, 1e-4);
        assert_float_equal(faces[0].height, 4, 1e-4);
        for (size_t k = 0; k < WP_BLAZE_POINTS; k++) {
            assert_float_equal(faces[0].points[k].x, anchor.x + (float)(5 + 2 * k), 1e-4);
            assert_float_equal(faces[0].points[k].y, anchor.y + (float)(6 + 2 * k), 1e-4);
        }
    }
}

static void a_score_reaches_the_least_or_not(void **state)
{
    (void)state;
    blaze_clear(&from);
    blaze_set(&from, 100, 256, 0.5, 100, 100, 50); /* exactly: its logit is 0 */
    assert_int_equal(decode(256, 0.5F), 1);
    from.scores[100] = -1e-3F;
    assert_int_equal(decode(256, 0.5F), 0);
    assert_int_equal(decode(256, 0.499F), 1);
}

static void what_is_no_number_or_far_away_is_no_face(void **state)
{
    (void)state;
    static const struct {
        size_t value; /* 0 to 15; 16: the score */
        float is;
        size_t found;
    } rows[] = {
        {16, NAN, 0},       {16, -INFINITY, 0}, {16, INFINITY, 1}, {16, 1e30F, 1},    {0, NAN, 0},
        {1, INFINITY, 0},   {2, NAN, 0},        {3, -INFINITY, 0}, {0, 3e38F, 0},     {2, 0, 0},
        {2, -5, 0},         {2, 0.99F, 0},      {2, 1, 1},         {3, 384, 1},       {3, 384.1F, 0},
        {2, 3e38F, 0},      {4, NAN, 0},        {15, INFINITY, 0}, {9, -1e9F, 0},     {15, 256, 1},
        {0, -256 - 104, 1}, {0, -257 - 104, 0}, {1, 512 - 104, 1}, {1, 513 - 104, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        blaze_clear(&from);
        blaze_set(&from, 204, 256, 0.9, 104, 104, 50); /* this anchor lies at 104, 104 */
        *(rows[i].value == 16 ? &from.scores[204] : &from.values[204 * 16 + rows[i].value]) = rows[i].is;
        if (decode(256, 0.5F) != rows[i].found)
            fail_msg("row %zu", i);
    }
    for (size_t i = 0; i < WP_BLAZE_ANCHORS * 16; i++)
        from.values[i] = NAN;
    for (size_t i = 0; i < WP_BLAZE_ANCHORS; i++)
        from.scores[i] = NAN;
    assert_int_equal(decode(256, 0.5F), 0);
}

static void outputs_of_other_sizes_are_of_another_model(void **state)
{
    (void)state;
    struct wp_dnn_output good[4], outputs[5];
    size_t found;
    blaze_clear(&from);
    blaze_give(good, &from);
    for (size_t i = 0; i < 4; i++) {
        for (int change = 0; change < 5; change++) {
            memcpy(outputs, good, sizeof good);
            const size_t counts[] = {0, good[i].count - 1, good[i].count + 1, SIZE_MAX,
                                     good[(i + 1) % 4].count};
            outputs[i].count = counts[change];
            assert_false(wp_blaze_decode(faces, &found, outputs, 4, 256, 0.5F));
            assert_int_equal(found, 0);
        }
    }
    memcpy(outputs, good, sizeof good);
    outputs[4] = good[0];
    assert_false(wp_blaze_decode(faces, &found, outputs, 5, 256, 0.5F));
    assert_false(wp_blaze_decode(faces, &found, outputs, 3, 256, 0.5F));
    assert_false(wp_blaze_decode(faces, &found, outputs, 0, 256, 0.5F));
    assert_true(wp_blaze_decode(faces, &found, outputs, 4, 256, 0.5F));
}

static struct wp_blaze box(float score, float x, float y, float size)
{
    struct wp_blaze face = {.score = score, .x = x, .y = y, .width = size, .height = size};
    for (size_t k = 0; k < WP_BLAZE_POINTS; k++)
        face.points[k] = (struct wp_point){x + (float)k, y};
    return face;
}

static void what_two_boxes_have_in_common(void **state)
{
    (void)state;
    static const struct {
        float x, y, size, common;
    } rows[] = {{0, 0, 10, 1},  {5, 0, 10, 50 / 150.0F}, {5, 5, 10, 25 / 175.0F},  {10, 0, 10, 0},
                {0, 30, 10, 0}, {0, 0, 5, 0.25F},        {-4, 0, 10, 60 / 140.0F}, {0, 0, 20, 0.25F}};
    struct wp_blaze a = box(1, 0, 0, 10);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wp_blaze b = box(1, rows[i].x, rows[i].y, rows[i].size);
        assert_float_equal(wp_blaze_common(&a, &b), rows[i].common, 1e-6);
        assert_float_equal(wp_blaze_common(&b, &a), rows[i].common, 1e-6);
    }
}

static void boxes_of_one_face_become_their_mean_by_score(void **state)
{
    (void)state;
    faces[0] = box(0.6F, 5, 0, 10);  /* 1/3 in common with the best */
    faces[1] = box(0.9F, 0, 0, 10);  /* the best */
    faces[2] = box(0.7F, -6, 0, 10); /* 4/16 in common with it: another face */
    assert_int_equal(wp_blaze_merge(faces, 3), 2);
    assert_float_equal(faces[0].score, 0.9, 1e-6);
    assert_float_equal(faces[0].x, 0.6F * 5 / 1.5F, 1e-5);
    assert_float_equal(faces[0].width, 10, 1e-5);
    assert_float_equal(faces[0].points[3].x, 0.6F * 5 / 1.5F + 3, 1e-5);
    assert_float_equal(faces[1].score, 0.7, 1e-6);
    assert_float_equal(faces[1].x, -6, 1e-5);
}

static void only_what_is_like_the_best_joins_it(void **state)
{
    (void)state;
    faces[0] = box(0.9F, 0, 0, 10);
    faces[1] = box(0.8F, 4, 0, 10);
    faces[2] = box(0.7F, 8, 0, 10); /* like the second, which is gone by then */
    assert_int_equal(wp_blaze_merge(faces, 3), 2);
    assert_float_equal(faces[0].x, 0.8F * 4 / 1.7F, 1e-5);
    assert_float_equal(faces[1].x, 8, 1e-5);
}

static void as_many_as_there_can_be_are_merged(void **state)
{
    (void)state;
    for (size_t i = 0; i < WP_BLAZE_ANCHORS; i++)
        faces[i] = box(0.5F, 7, 7, 10);
    assert_int_equal(wp_blaze_merge(faces, WP_BLAZE_ANCHORS), 1);
    assert_float_equal(faces[0].x, 7, 1e-3);
    for (size_t i = 0; i < WP_BLAZE_ANCHORS; i++)
        faces[i] = box(0.5F + (float)(i * 7 % WP_BLAZE_ANCHORS) / 2000, (float)i * 20, 0, 10);
    assert_int_equal(wp_blaze_merge(faces, WP_BLAZE_ANCHORS), WP_BLAZE_ANCHORS);
    for (size_t i = 1; i < WP_BLAZE_ANCHORS; i++)
        assert_true(faces[i].score <= faces[i - 1].score);
    assert_int_equal(wp_blaze_merge(faces, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anchors_lie_in_the_middles_of_cells),
        cmocka_unit_test(boxes_and_points_are_relative_to_anchors),
        cmocka_unit_test(a_score_reaches_the_least_or_not),
        cmocka_unit_test(what_is_no_number_or_far_away_is_no_face),
        cmocka_unit_test(outputs_of_other_sizes_are_of_another_model),
        cmocka_unit_test(what_two_boxes_have_in_common),
        cmocka_unit_test(boxes_of_one_face_become_their_mean_by_score),
        cmocka_unit_test(only_what_is_like_the_best_joins_it),
        cmocka_unit_test(as_many_as_there_can_be_are_merged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
