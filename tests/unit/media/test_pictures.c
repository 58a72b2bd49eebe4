/* Pictures of a wished size, of images and of frames. */
#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "media/pictures.h"
#include "probe/probe.h"
#include "unit/bytes.h"

#include "base/banned.h"

#define A_MINUTE ((int64_t)60 * 1000 * 1000)

enum { MOST = 16 };

/* What came. */
struct taken {
    size_t count, limit; /* the picture of that number is refused */
    double times[MOST];
    uint32_t width, height;
    uint8_t first[3], last[3]; /* pixels of the last picture */
};

static enum wp_status take(void *user, const struct wp_small_picture *picture)
{
    struct taken *taken = user;
    assert_true(taken->count < MOST);
    if (taken->limit && taken->count + 1 == taken->limit)
        return WP_INPUT;
    taken->times[taken->count++] = picture->time_s;
    taken->width = picture->width;
    taken->height = picture->height;
    memcpy(taken->first, picture->rgb, 3);
    memcpy(taken->last, picture->rgb + ((size_t)picture->width * picture->height - 1) * 3, 3);
    return WP_OK;
}

static struct taken image(const char *name, uint32_t side, uint32_t detail)
{
    struct bytes bytes = bytes_of_fixture(name);
    struct wp_reader reader = bytes_reader(&bytes);
    struct wp_image_facts facts;
    struct taken taken = {0};
    struct wp_error error;
    const struct wp_picture_wish wish = {.side = side, .detail = detail};
    assert_int_equal(
        wp_probe_image(&facts, &reader, &(struct wp_probe_options){.depth = WP_DEPTH_FRAME}, &error), WP_OK);
    assert_int_equal(wp_pictures_image(&facts, &reader, &wish, take, &taken), WP_OK);
    free(bytes.data);
    return taken;
}

static enum wp_status video(struct taken *taken, const char *name, const double *positions, size_t count)
{
    struct bytes bytes = bytes_of_fixture(name);
    struct wp_reader reader = bytes_reader(&bytes);
    struct wp_video_facts facts;
    struct wp_error error;
    const struct wp_picture_wish wish = {.side = 640,
                                         .detail = 640,
                                         .positions = positions,
                                         .count = count,
                                         .deadline_us = wp_clock_now_us() + A_MINUTE};
    assert_int_equal(
        wp_probe_video(&facts, &reader, &(struct wp_probe_options){.depth = WP_DEPTH_FRAME}, &error), WP_OK);
    enum wp_status status = wp_pictures_video(&facts, &reader, &wish, take, taken);
    free(bytes.data);
    return status;
}

/* The longer side is as wished, and never more than it was. */
static void images_have_the_wished_size(void **state)
{
    (void)state;
    static const struct {
        uint32_t side, width, height;
    } rows[] = {{1280, 480, 640}, {640, 480, 640}, {639, 479, 639},
                {320, 240, 320},  {100, 75, 100},  {1, 1, 1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct taken taken = image("images/person.jpg", rows[i].side, rows[i].side);
        assert_int_equal(taken.count, 1);
        assert_int_equal(taken.width, rows[i].width);
        assert_int_equal(taken.height, rows[i].height);
        assert_true(taken.times[0] == 0);
    }
}

static void images_come_as_displayed(void **state)
{
    (void)state;
    struct taken turned = image("images/jpeg-orientation-6.jpg", 640, 640); /* stored as 48x64 */
    assert_int_equal(turned.count, 1);
    assert_int_equal(turned.width, 64);
    assert_int_equal(turned.height, 48);
}

/* What cannot be decoded gives no picture, and is no failure. */
static void what_is_no_picture_is_left_out(void **state)
{
    (void)state;
    struct taken taken = {0};
    assert_int_equal(image("images/text.jpg", 640, 640).count, 0);
    assert_int_equal(video(&taken, "videos/moov-missing.mp4", (const double[]){0, 0.5}, 2), WP_OK);
    assert_int_equal(taken.count, 0);
}

static void the_first_frame_comes_first(void **state)
{
    (void)state;
    static const double positions[] = {0, 0.05, 0.5, 0.95};
    static const char *const names[] = {"videos/dance.mp4", "videos/hevc.mp4",       "videos/mjpeg.mov",
                                        "videos/h264.avi",  "videos/rotated-90.mp4", "videos/vfr.mp4"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct taken taken = {0};
        assert_int_equal(video(&taken, names[i], positions, COUNT(positions)), WP_OK);
        if (taken.count < 3 || taken.times[0] > 0.1)
            fail_msg("%s: %zu pictures, the first at %f s", names[i], taken.count, taken.times[0]);
        for (size_t k = 1; k < taken.count; k++)
            assert_true(taken.times[k] > taken.times[k - 1]);
    }
}

/* A frame comes once, however often it is the nearest. */
static void no_frame_comes_twice(void **state)
{
    (void)state;
    static const double positions[] = {0, 0, 0.0001, 0.0002, 0.9999, 1};
    struct taken taken = {0};
    assert_int_equal(video(&taken, "videos/dance.mp4", positions, COUNT(positions)), WP_OK);
    for (size_t k = 1; k < taken.count; k++)
        assert_true(taken.times[k] > taken.times[k - 1]);
    assert_in_range(taken.count, 2, 4);
}

static void who_takes_may_end_it(void **state)
{
    (void)state;
    static const double positions[] = {0, 0.3, 0.6, 0.9};
    struct taken taken = {.limit = 3};
    assert_int_equal(video(&taken, "videos/dance.mp4", positions, COUNT(positions)), WP_INPUT);
    assert_int_equal(taken.count, 2);
}

/* Each pixel is the mean of those that it stands for. */
static void a_picture_is_shrunk_to_means(void **state)
{
    (void)state;
    enum { WIDTH = 8, HEIGHT = 4 };
    uint8_t rgb[WIDTH * HEIGHT * 3];
    for (size_t i = 0; i < WIDTH * HEIGHT; i++) {
        rgb[3 * i] = (uint8_t)(i % WIDTH * 10);
        rgb[3 * i + 1] = (uint8_t)(i / WIDTH * 60);
        rgb[3 * i + 2] = 255;
    }
    const struct wp_small_picture picture = {1.5, WIDTH, HEIGHT, rgb};
    struct wp_small_picture small;
    for (uint32_t by = 1; by <= 4; by *= 2) {
        assert_int_equal(wp_picture_shrink(&small, &picture, WIDTH / by), WP_OK);
        assert_true(small.time_s == 1.5 && small.width == WIDTH / by && small.height == HEIGHT / by);
        for (size_t i = 0; i < (size_t)small.width * small.height; i++) {
            const uint8_t *pixel = small.rgb + 3 * i;
            uint32_t x = (uint32_t)i % small.width, y = (uint32_t)i / small.width;
            assert_int_equal(pixel[0], 10 * x * by + 5 * (by - 1));
            assert_int_equal(pixel[1], 60 * y * by + 30 * (by - 1));
            assert_int_equal(pixel[2], 255);
        }
        wp_free(small.rgb);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_have_the_wished_size),    cmocka_unit_test(images_come_as_displayed),
        cmocka_unit_test(what_is_no_picture_is_left_out), cmocka_unit_test(the_first_frame_comes_first),
        cmocka_unit_test(no_frame_comes_twice),           cmocka_unit_test(who_takes_may_end_it),
        cmocka_unit_test(a_picture_is_shrunk_to_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
