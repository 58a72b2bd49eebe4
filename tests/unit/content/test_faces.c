/* The two stages, with models that say what a test wants. */
#include "unit/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "content/faces.h"
#include "unit/content/blaze_outputs.h"

#include "base/banned.h"

static void assert_near(double got, double want, double apart)
{
    if (!(fabs(got - want) <= apart))
        fail_msg("%f instead of %f", got, want);
}

enum { STAGES = 2, VIEWS = 2, ANSWERS = 40 };

/* A model of a stage: what it says of a picture as it is and mirrored, call by call; the last answer goes on.
 */
struct wp_dnn_net {
    struct blaze_outputs answers[VIEWS][ANSWERS];
    int count[VIEWS], calls[VIEWS];
    int fails_at; /* which call of all, from 1; 0: none */
    size_t outputs;
};

static struct wp_dnn_net nets[STAGES];
static struct wp_detector detector;

/* 256 x 256, so that the first stage sees the picture's own pixels; black to white from left to right, which
 * tells a mirrored view. */
static uint8_t rgb[256 * 256 * 3];
static const struct wp_picture picture = {256, 256, rgb};

static size_t run(struct wp_dnn_net *net, const float *input, int side, struct wp_dnn_output *outputs,
                  size_t max, char *reason, size_t reason_size)
{
    const float *row = input + (size_t)side * (size_t)side / 2 * 3;
    int mirrored = row[(side / 2 - 8) * 3] > row[(side / 2 + 8) * 3];
    int call = net->calls[mirrored]++;
    assert_true(max >= 4 && side == (net == &nets[WP_BACK] ? 256 : 128));
    if (net->fails_at == net->calls[0] + net->calls[1]) {
        snprintf(reason, reason_size, "it failed");
        return 0;
    }
    assert_true(net->count[mirrored] > 0);
    int last = net->count[mirrored] - 1;
    blaze_give(outputs, &net->answers[mirrored][call < last ? call : last]);
    return net->outputs;
}

static const struct wp_dnn dnn = {.version = WP_DNN_VERSION, .run = run};

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rgb; i++)
        rgb[i] = (uint8_t)(i / 3 % 256);
    memset(nets, 0, sizeof nets);
    detector.dnn = &dnn;
    for (size_t i = 0; i < STAGES; i++) {
        detector.nets[i] = &nets[i];
        nets[i].outputs = 4;
        for (size_t view = 0; view < VIEWS; view++) {
            nets[i].count[view] = i == WP_BACK;
            blaze_clear(&nets[i].answers[view][0]);
        }
    }
    return 0;
}

/* The anchor of the first stage that is nearest to a point. */
static int anchor_at(float x, float y)
{
    return ((int)y / 16 * 16 + (int)x / 16) * 2;
}

/* The first stage sees a face. */
static void back(double score, float x, float y, float size)
{
    blaze_set(&nets[WP_BACK].answers[0][0], anchor_at(x, y), 256, score, x, y, size);
}

static void back_mirrored(double score, float x, float y, float size)
{
    blaze_set(&nets[WP_BACK].answers[1][0], anchor_at(256 - x, y), 256, score, 256 - x, y, size);
}

/* The second stage sees one in the middle, where the first one saw it; score 0: it sees none. */
static void front_view(int view, double score)
{
    int call = nets[WP_FRONT].count[view]++;
    struct blaze_outputs *answer = &nets[WP_FRONT].answers[view][call];
    blaze_clear(answer);
    if (score > 0)
        blaze_set(answer, (8 * 16 + 8) * 2, 128, score, 64, 64, 64);
}

static void front(double score, double mirrored)
{
    for (int view = 0; view < VIEWS; view++)
        front_view(view, view ? mirrored : score);
}

static struct wp_look look(void)
{
    struct wp_look out = {0};
    struct wp_error error;
    wp_faces_prepare(&detector, &picture);
    assert_int_equal(wp_faces_find(&out, &detector, &picture, &error), WP_OK);
    return out;
}

static void assert_calls(int back_plain, int back_other, int front_plain, int front_other)
{
    assert_int_equal(nets[WP_BACK].calls[0], back_plain);
    assert_int_equal(nets[WP_BACK].calls[1], back_other);
    assert_int_equal(nets[WP_FRONT].calls[0], front_plain);
    assert_int_equal(nets[WP_FRONT].calls[1], front_other);
}

static void nothing_is_seen_at_one_glance(void **state)
{
    (void)state;
    struct wp_look out = look();
    assert_int_equal(out.face_count, 0);
    assert_int_equal(out.maybe_count, 0);
    assert_calls(1, 0, 0, 0);
}

static void a_sure_face_needs_no_second_thought(void **state)
{
    (void)state;
    back(0.9, 100, 120, 40);
    front(0.9, 0.85);
    struct wp_look out = look();
    assert_int_equal(out.face_count, 1);
    assert_int_equal(out.maybe_count, 0);
    const struct wp_face *face = &out.faces[0];
    assert_near(face->x, 80, 0.01);
    assert_near(face->y, 100, 0.01);
    assert_near(face->width, 40, 0.01);
    assert_near(face->height, 40, 0.01);
    assert_near(face->score, 1.8, 1e-4);
    assert_near(face->inside, 1, 1e-6);
    assert_near(face->yaw, 0, 0.01);
    assert_near(face->roll, 0, 0.01);
    assert_calls(1, 0, 1, 1);
}

static void scores_are_judged_on_both_sides_of_their_limits(void **state)
{
    (void)state;
    static const struct {
        double back, back_mirrored, front, front_mirrored; /* 0: not seen */
        uint32_t faces, maybe;
    } rows[] = {
        {0.39, 0.90, 0.95, 0.95, 0, 0}, /* the first stage does not see it */
        {0.41, 0.90, 0.95, 0.95, 1, 0}, /* a mean of 0.655 */
        {0.41, 0.57, 0.95, 0.95, 0, 0}, /* 0.49: not even a maybe */
        {0.41, 0.60, 0.85, 0.85, 0, 1}, /* 0.505: a maybe */
        {0.90, 0.90, 0.49, 0.90, 0, 0}, /* the second stage denies */
        {0.90, 0.90, 0.51, 0.10, 0, 1}, /* it does not confirm */
        {0.90, 0.90, 0.74, 0.74, 0, 1}, {0.90, 0.90, 0.76, 0.10, 1, 0},
        {0.90, 0.90, 0.55, 0.76, 1, 0}, {0.62, 0.62, 0.77, 0.77, 0, 1}, /* 1.39 */
        {0.64, 0.64, 0.77, 0.77, 1, 0},                                 /* 1.41 */
        {0.70, 0.54, 0.77, 0.77, 0, 1},                                 /* the mean of both views is 0.62 */
        {0.70, 0.00, 0.84, 0.84, 0, 0},                                 /* seen in one view alone: 0.35 */
        {0.70, 0.20, 0.84, 0.84, 0, 0},                                 /* too little to be seen */
        {0.70, 0.30, 0.91, 0.10, 1, 0},                                 /* 0.5 + 0.91 */
        {0.76, 0.00, 0.80, 0.10, 1, 0}, /* 1.56 and 0.80: sure at the first glance */
        {0.74, 0.00, 0.80, 0.10, 0, 0}, /* 1.54 */
        {0.79, 0.00, 0.79, 0.10, 0, 0}, /* 0.79 */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        set_up(NULL);
        back(rows[i].back, 100, 120, 40);
        if (rows[i].back_mirrored > 0)
            back_mirrored(rows[i].back_mirrored, 100, 120, 40);
        front(rows[i].front + 1e-4, rows[i].front_mirrored + 1e-4);
        struct wp_look out = look();
        if (out.face_count != rows[i].faces || out.maybe_count != rows[i].maybe)
            fail_msg("row %zu: %u faces, %u maybe", i, out.face_count, out.maybe_count);
    }
}

static void a_doubt_looks_at_the_mirrored_picture_once(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        back(0.7, 50.0F + 70 * (float)i, 100, 40);
        back_mirrored(0.8, 50.0F + 70 * (float)i, 108, 44);
    }
    front(0.78, 0.78);
    struct wp_look out = look();
    assert_int_equal(out.face_count, 3);
    assert_calls(1, 1, 6, 6); /* closely again where both agree that it is */
    for (size_t i = 0; i < 3; i++) {
        assert_near(out.faces[i].height, (0.7 * 40 + 0.8 * 44) / 1.5, 0.01);
        assert_near(out.faces[i].y + out.faces[i].height / 2, (0.7 * 100 + 0.8 * 108) / 1.5, 0.01);
        assert_near(out.faces[i].score, 0.75 + 0.78, 1e-3);
    }
}

static void points_are_in_the_middle_of_both_views(void **state)
{
    (void)state;
    back(0.9, 100, 120, 40);
    front(0.9, 0.9);
    /* The eyes are 32 apart. The nose is right of the middle by 24 in one view and by 8 in the other, where
     * right is left: 16 of 32 on the mean. And an eye is lower by 8 in one of them. */
    float *plain = nets[WP_FRONT].answers[0][0].values + (8 * 16 + 8) * 2 * 16;
    float *mirrored = nets[WP_FRONT].answers[1][0].values + (8 * 16 + 8) * 2 * 16;
    plain[4 + 2 * WP_NOSE] += 24;
    mirrored[4 + 2 * WP_NOSE] -= 8;
    struct wp_look out = look();
    assert_near(out.faces[0].yaw, 39.806, 0.01); /* atan(0.5 / 0.6) */
    assert_near(out.faces[0].roll, 0, 0.01);
    plain[5 + 2 * WP_LEFT_EYE] +=
        8; /* the person's own left one, which a mirrored view calls the right one */
    mirrored[5 + 2 * WP_RIGHT_EYE] += 8;
    out = look();
    assert_near(out.faces[0].roll, 14.036, 0.01); /* atan(8 / 32) */
}

static void boxes_may_leave_the_picture(void **state)
{
    (void)state;
    back(0.9, 250, 250, 40); /* 26 of 40 inside, in both directions */
    front(0.9, 0.9);
    struct wp_look out = look();
    assert_int_equal(out.face_count, 1);
    assert_near(out.faces[0].inside, 0.4225, 1e-3);
    assert_near(out.faces[0].x, 230, 0.01);
    set_up(NULL);
    blaze_set(&nets[WP_BACK].answers[0][0], 0, 256, 0.9, -100, -100, 40);
    front(0.9, 0.9);
    out = look();
    assert_int_equal(out.face_count, 1);
    assert_near(out.faces[0].inside, 0, 0);
}

static void small_boxes_are_passed_by(void **state)
{
    (void)state;
    back(0.9, 100, 100, 10.2F); /* 4 % are 10.24 */
    back(0.9, 200, 100, 10.3F);
    front(0.9, 0.9);
    struct wp_look out = look();
    assert_int_equal(out.face_count, 1);
    assert_near(out.faces[0].x, 200 - 5.15, 0.01);
}

static void faces_count_from_a_share_of_the_highest_one(void **state)
{
    (void)state;
    back(0.9, 40, 100, 34); /* 35 % are 35 */
    back(0.9, 90, 100, 36);
    back(0.9, 190, 100, 100);
    front(0.9, 0.9);
    struct wp_look out = look();
    assert_int_equal(out.face_count, 2);
    assert_int_equal(out.maybe_count, 0);
    assert_near(out.faces[0].height, 100, 0.01); /* the highest first */
    assert_near(out.faces[1].height, 36, 0.01);
    set_up(NULL);
    back(0.9, 40, 100, 34);
    back(0.9, 190, 100, 100);
    back_mirrored(0.9, 190, 100, 100);
    front(0.6, 0.6); /* the higher one may be a face: it makes nothing small */
    front(0.6, 0.6);
    front(0.9, 0.9);
    out = look();
    assert_int_equal(out.face_count, 1);
    assert_int_equal(out.maybe_count, 1);
    assert_near(out.faces[0].height, 34, 0.01);
}

/* Places that do not touch each other. */
static void crowd(int count)
{
    for (int i = 0; i < count; i++)
        back(0.9, 20.0F + 36 * (float)(i % 6), 20.0F + 36 * (float)(i / 6), 20.0F + (float)i / 10);
}

static void of_many_faces_the_highest_are_told(void **state)
{
    (void)state;
    crowd(6);
    front(0.9, 0.9);
    assert_int_equal(look().face_count, 6);
    crowd(7);
    struct wp_look out = look();
    assert_int_equal(out.face_count, 6);
    assert_int_equal(out.maybe_count, 1);
    for (size_t i = 0; i < WP_MAX_FACES; i++)
        assert_near(out.faces[i].height, 20.6F - (float)i / 10, 0.01);
}

static void a_crowd_takes_bounded_time(void **state)
{
    (void)state;
    crowd(36);
    front(0.9, 0.9);
    struct wp_look out = look();
    assert_int_equal(out.face_count, 6);
    assert_int_equal(out.maybe_count, 6); /* 12 places, and no more */
    assert_calls(1, 0, 6, 1);             /* of the pose of all but the highest one look is enough */
    assert_near(out.faces[0].height, 23.5, 0.01);
    set_up(NULL);
    crowd(36);
    front(0.4, 0.4);
    out = look();
    assert_int_equal(out.face_count + out.maybe_count, 0);
    assert_calls(1, 0, 12, 0);
}

/* Two boxes with little in common, which the mirrored picture moves to one face between them. */
static void a_face_is_counted_once(void **state)
{
    (void)state;
    back(0.6, 100, 100, 40);
    back(0.55, 118, 118, 40);
    front(0.79, 0.79);
    back_mirrored(0.95, 109, 109, 40);
    struct wp_look out = look();
    assert_int_equal(out.face_count, 1);
    assert_int_equal(out.maybe_count, 0);
    set_up(NULL);
    back(0.6, 100, 100, 40);
    back(0.55, 150, 150, 40);
    front(0.79, 0.79);
    back_mirrored(0.95, 100, 100, 40);
    back_mirrored(0.95, 150, 150, 40);
    assert_int_equal(look().face_count, 2);
}

/* A second look may move the limits of boxes; the highest is first, and counts, by what they are then. */
static void the_highest_is_first_after_a_second_look(void **state)
{
    (void)state;
    back(0.7, 60, 100, 60);
    back_mirrored(0.8, 60, 100, 40);
    back(0.9, 180, 100, 55);
    for (int i = 0; i < 2; i++) /* doubted, and so seen twice */
        front(0.78, 0.78);
    front(0.9, 0.9);
    struct wp_look out = look();
    assert_int_equal(out.face_count, 2);
    assert_near(out.faces[0].height, 55, 0.01);
    assert_near(out.faces[1].height, (0.7 * 60 + 0.8 * 40) / 1.5, 0.01);
}

static void a_face_that_shrinks_too_much_does_not_count(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        float lower = i ? 28 : 24; /* together with 40: 35 and 33 percent of 96 */
        set_up(NULL);
        back(0.9, 60, 100, 96);
        back(0.75, 180, 100, 40);
        back_mirrored(0.75, 180, 100, lower);
        front(0.9, 0.9);
        for (int k = 0; k < 2; k++)
            front(0.78, 0.78);
        struct wp_look out = look();
        assert_int_equal(out.face_count, i ? 2 : 1);
        assert_int_equal(out.maybe_count, 0);
        assert_near(out.faces[1].height, i ? 34 : 0, 0.01);
    }
}

/* Where the second stage denies what is higher, the next one is the highest face: its pose is told by both
 * views. */
static void what_is_judged_is_seen_in_both_views(void **state)
{
    (void)state;
    back(0.9, 60, 100, 60);
    back(0.9, 180, 100, 50);
    front(0.4, 0.9); /* the view of the first place that is mirrored is not looked at */
    front(0.9, 0.9);
    struct wp_look out = look();
    assert_int_equal(out.face_count, 1);
    assert_near(out.faces[0].height, 50, 0.01);
    assert_calls(1, 0, 2, 1);
}

static void the_second_stage_must_see_the_same_face(void **state)
{
    (void)state;
    back(0.9, 100, 120, 40);
    front(0.9, 0.9);
    for (int view = 0; view < VIEWS; view++) {
        blaze_clear(&nets[WP_FRONT].answers[view][0]); /* 35 beside it: 29 of 99 in common */
        blaze_set(&nets[WP_FRONT].answers[view][0], 100, 128, 0.9, 64 + 35, 64, 64);
    }
    assert_int_equal(look().face_count, 0);
    for (int view = 0; view < VIEWS; view++) {
        blaze_clear(&nets[WP_FRONT].answers[view][0]); /* 34: 30 of 98 */
        blaze_set(&nets[WP_FRONT].answers[view][0], 100, 128, 0.9, 64 + 34, 64, 64);
    }
    assert_int_equal(look().face_count, 1);
}

static void a_model_that_fails_is_told(void **state)
{
    (void)state;
    /* Back, front, front of the mirrored view, back of it, front and its mirrored view. */
    static const int fails[][STAGES] = {{1, 0}, {0, 1}, {0, 2}, {2, 0}, {0, 3}, {0, 4}};
    for (size_t i = 0; i < COUNT(fails) * 2; i++) {
        set_up(NULL);
        back(0.7, 100, 120, 40);
        back_mirrored(0.7, 100, 120, 40);
        front(0.76, 0.76);
        bool odd = i >= COUNT(fails); /* it does not say so, but gives too little */
        for (size_t stage = 0; stage < STAGES; stage++)
            nets[stage].fails_at = odd ? 0 : fails[i][stage];
        nets[WP_BACK].outputs = i == COUNT(fails) ? 3 : 4;
        nets[WP_FRONT].outputs = i == COUNT(fails) + 1 ? 3 : 4;
        struct wp_look out = {0};
        struct wp_error error = {0};
        wp_faces_prepare(&detector, &picture);
        enum wp_status status = wp_faces_find(&out, &detector, &picture, &error);
        assert_int_equal(status, i > COUNT(fails) + 1 ? WP_OK : WP_INPUT);
        assert_int_equal(error.status, status);
        assert_true(odd || strstr(error.message, "it failed"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_is_seen_at_one_glance, set_up),
        cmocka_unit_test_setup(a_sure_face_needs_no_second_thought, set_up),
        cmocka_unit_test_setup(scores_are_judged_on_both_sides_of_their_limits, set_up),
        cmocka_unit_test_setup(a_doubt_looks_at_the_mirrored_picture_once, set_up),
        cmocka_unit_test_setup(points_are_in_the_middle_of_both_views, set_up),
        cmocka_unit_test_setup(boxes_may_leave_the_picture, set_up),
        cmocka_unit_test_setup(small_boxes_are_passed_by, set_up),
        cmocka_unit_test_setup(faces_count_from_a_share_of_the_highest_one, set_up),
        cmocka_unit_test_setup(of_many_faces_the_highest_are_told, set_up),
        cmocka_unit_test_setup(a_crowd_takes_bounded_time, set_up),
        cmocka_unit_test_setup(a_face_is_counted_once, set_up),
        cmocka_unit_test_setup(the_highest_is_first_after_a_second_look, set_up),
        cmocka_unit_test_setup(a_face_that_shrinks_too_much_does_not_count, set_up),
        cmocka_unit_test_setup(what_is_judged_is_seen_in_both_views, set_up),
        cmocka_unit_test_setup(the_second_stage_must_see_the_same_face, set_up),
        cmocka_unit_test_setup(a_model_that_fails_is_told, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
