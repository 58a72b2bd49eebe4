/* What a model sees of a picture: by hand. */
#include "unit/test.h"

#include <string.h>

#include "content/crop.h"

#include "base/banned.h"

static struct wp_crop_room room;
static float out[WP_CROP_SIDE * WP_CROP_SIDE * 3];

/* The value of a byte as a model sees it. */
static float seen(double byte)
{
    return (float)(byte / 127.5 - 1);
}

/* A grey picture from one byte a pixel. */
static struct wp_picture grey(uint8_t *rgb, const uint8_t *bytes, uint32_t width, uint32_t height)
{
    for (size_t i = 0; i < (size_t)width * height; i++)
        memset(rgb + 3 * i, bytes[i], 3);
    return (struct wp_picture){width, height, rgb};
}

static void a_picture_is_in_the_middle_of_a_square(void **state)
{
    (void)state;
    static const struct {
        uint32_t width, height;
        double x, y, side;
    } rows[] = {{1280, 720, 0, -280, 1280}, {720, 1280, -280, 0, 1280}, {5, 5, 0, 0, 5}, {4, 1, 0, -1.5, 4}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct wp_picture picture = {rows[i].width, rows[i].height, NULL};
        struct wp_crop crop = wp_crop_whole(&picture);
        assert_true(crop.x == rows[i].x && crop.y == rows[i].y && crop.side == rows[i].side);
        assert_false(crop.mirrored);
    }
}

static void pixels_stay_what_they_are_at_the_same_size(void **state)
{
    (void)state;
    static const uint8_t rgb[] = {0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6};
    const struct wp_picture picture = {2, 2, rgb};
    struct wp_crop crop = wp_crop_whole(&picture);
    wp_crop_sample(out, 2, &picture, &crop, &room);
    for (size_t i = 0; i < sizeof rgb; i++)
        assert_float_equal(out[i], seen(rgb[i]), 1e-6);
    crop.mirrored = true;
    wp_crop_sample(out, 2, &picture, &crop, &room);
    for (size_t c = 0; c < 3; c++) {
        assert_float_equal(out[c], seen(rgb[3 + c]), 1e-6);
        assert_float_equal(out[9 + c], seen(rgb[6 + c]), 1e-6);
    }
}

static void what_is_beside_a_picture_is_black(void **state)
{
    (void)state;
    uint8_t rgb[4 * 2 * 3];
    memset(rgb, 255, sizeof rgb);
    const struct wp_picture wide = {4, 2, rgb}, high = {2, 4, rgb};
    const struct wp_crop of_wide = wp_crop_whole(&wide), of_high = wp_crop_whole(&high);
    for (int turned = 0; turned < 2; turned++) {
        wp_crop_sample(out, 4, turned ? &high : &wide, turned ? &of_high : &of_wide, &room);
        for (int i = 0; i < 16; i++) {
            int at = turned ? i % 4 : i / 4;
            assert_float_equal(out[3 * i], at == 1 || at == 2 ? 1 : -1, 1e-6);
        }
    }
    const struct wp_crop elsewhere = {.x = 100, .y = -100, .side = 8};
    wp_crop_sample(out, 4, &wide, &elsewhere, &room);
    for (int i = 0; i < 48; i++)
        assert_float_equal(out[i], -1, 1e-6);
}

static void a_smaller_picture_is_made_of_all_pixels(void **state)
{
    (void)state;
    /* Twice as many: pixels count 1/4, 3/4, 3/4, 1/4 of 2, and the first of those lies outside. */
    static const uint8_t columns[16] = {200, 100, 40, 80, 200, 100, 40, 80,
                                        200, 100, 40, 80, 200, 100, 40, 80};
    uint8_t rgb[48];
    const struct wp_picture picture = grey(rgb, columns, 4, 4);
    struct wp_crop crop = wp_crop_whole(&picture);
    double left = (0.75 * 200 + 0.75 * 100 + 0.25 * 40) / 2, right = (0.25 * 100 + 0.75 * 40 + 0.75 * 80) / 2;
    double rows = (0.75 + 0.75 + 0.25) / 2; /* of them lie inside */
    wp_crop_sample(out, 2, &picture, &crop, &room);
    for (size_t y = 0; y < 2; y++) {
        assert_float_equal(out[6 * y], seen(rows * left), 1e-5);
        assert_float_equal(out[6 * y + 3], seen(rows * right), 1e-5);
    }
    crop.mirrored = true;
    wp_crop_sample(out, 2, &picture, &crop, &room);
    assert_float_equal(out[0], seen(rows * right), 1e-5);
    assert_float_equal(out[3], seen(rows * left), 1e-5);
}

static void a_larger_picture_is_bilinear(void **state)
{
    (void)state;
    static const uint8_t bytes[4] = {40, 80, 40, 80};
    uint8_t rgb[12];
    const struct wp_picture picture = grey(rgb, bytes, 2, 2);
    const struct wp_crop middle = {.x = 0.5, .y = 0.5, .side = 1}; /* from middle to middle */
    wp_crop_sample(out, 2, &picture, &middle, &room);
    assert_float_equal(out[0], seen(50), 1e-5);
    assert_float_equal(out[3], seen(70), 1e-5);
}

static void the_largest_crop_fits(void **state)
{
    (void)state;
    static uint8_t rgb[WP_CONTENT_IMAGE_SIDE * 3];
    memset(rgb, 255, sizeof rgb);
    const struct wp_picture line = {WP_CONTENT_IMAGE_SIDE, 1, rgb}, column = {1, WP_CONTENT_IMAGE_SIDE, rgb};
    const struct wp_crop crop = {.x = -1000, .y = -1000, .side = 128 * WP_CROP_SCALE};
    wp_crop_sample(out, 128, &line, &crop, &room);
    assert_true(out[(31 * 128 + 50) * 3] > -1); /* the line is at 1000 of 4096 */
    assert_float_equal(out[(29 * 128 + 50) * 3], -1, 1e-6);
    wp_crop_sample(out, 128, &column, &crop, &room);
    assert_true(out[(50 * 128 + 31) * 3] > -1);
    assert_float_equal(out[(50 * 128 + 29) * 3], -1, 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_in_the_middle_of_a_square),
        cmocka_unit_test(pixels_stay_what_they_are_at_the_same_size),
        cmocka_unit_test(what_is_beside_a_picture_is_black),
        cmocka_unit_test(a_smaller_picture_is_made_of_all_pixels),
        cmocka_unit_test(a_larger_picture_is_bilinear),
        cmocka_unit_test(the_largest_crop_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
