/* How a head is turned, by where its eyes and its nose are. */
#include "unit/test.h"

#include <math.h>

#include "content/pose.h"

#include "base/banned.h"

static struct wp_pose pose(struct wp_point right_eye, struct wp_point left_eye, struct wp_point nose)
{
    const struct wp_point points[WP_BLAZE_POINTS] = {
        [WP_RIGHT_EYE] = right_eye, [WP_LEFT_EYE] = left_eye, [WP_NOSE] = nose};
    return wp_pose_of(points);
}

static void poses_are_those_of_points(void **state)
{
    (void)state;
    /* A person's right eye is on the left of a picture; y grows downwards. */
    static const struct {
        struct wp_point right_eye, left_eye, nose;
        double yaw, roll;
    } rows[] = {
        {{10, 20}, {30, 20}, {20, 35}, 0, 0},    /* facing the camera */
        {{10, 20}, {30, 20}, {20, 20}, 0, 0},    /* how low the nose is does not matter */
        {{10, 20}, {30, 20}, {32, 30}, 45, 0},   /* 12 = 0.6 * 20 towards the right edge */
        {{10, 20}, {30, 20}, {8, 30}, -45, 0},   /* and the left one */
        {{0, 0}, {100, 0}, {84.641F, 0}, 30, 0}, /* tan 30 degrees * 0.6 * 100 from the middle */
        {{10, 10}, {30, 30}, {20, 20}, 0, 45},   /* the left eye is lower: clockwise */
        {{10, 30}, {30, 10}, {20, 20}, 0, -45},  /* higher */
        {{20, 10}, {20, 30}, {10, 20}, 0, 90},   /* lying */
        {{20, 10}, {20, 30}, {10, 32}, 45, 90},  /* and turned along the axis of the eyes */
        {{30, 20}, {10, 20}, {20, 10}, 0, 180},  /* upside down */
        {{0, 0}, {1e-6F, 0}, {1000, 0}, 90, 0},  /* nearly so */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wp_pose got = pose(rows[i].right_eye, rows[i].left_eye, rows[i].nose);
        if (!(got.yaw > rows[i].yaw - 1e-3 && got.yaw < rows[i].yaw + 1e-3 &&
              got.roll > rows[i].roll - 1e-3 && got.roll < rows[i].roll + 1e-3))
            fail_msg("row %zu: %f, %f", i, got.yaw, got.roll);
    }
}

static void a_mirrored_head_is_turned_the_other_way(void **state)
{
    (void)state;
    struct wp_pose one =
        pose((struct wp_point){10, 22}, (struct wp_point){31, 19}, (struct wp_point){26, 30});
    struct wp_pose other =
        pose((struct wp_point){-31, 19}, (struct wp_point){-10, 22}, (struct wp_point){-26, 30});
    assert_true(one.yaw > 15 && one.roll < -5);
    assert_float_equal(one.yaw, -other.yaw, 1e-3);
    assert_float_equal(one.roll, -other.roll, 1e-3);
}

static void eyes_in_one_place_tell_nothing(void **state)
{
    (void)state;
    struct wp_pose got =
        pose((struct wp_point){20, 20}, (struct wp_point){20, 20}, (struct wp_point){25, 30});
    assert_true(isnan(got.yaw) && isnan(got.roll));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poses_are_those_of_points),
        cmocka_unit_test(eyes_in_one_place_tell_nothing),
        cmocka_unit_test(a_mirrored_head_is_turned_the_other_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
