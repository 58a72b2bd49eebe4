/* Light and sharpness of pictures that are drawn here. */
#include "unit/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "content/crop.h"
#include "content/quality.h"

#include "base/banned.h"

enum { SIDE = 256 };

static struct wp_crop_room crop_room;
static struct wp_quality_room room;
static float whole[SIDE * SIDE * 3];
static uint8_t rgb[512 * 512 * 3];

static struct wp_look measure(uint32_t width, uint32_t height)
{
    const struct wp_picture picture = {width, height, rgb};
    struct wp_crop crop = wp_crop_whole(&picture);
    struct wp_look look = {0};
    wp_crop_sample(whole, SIDE, &picture, &crop, &crop_room);
    wp_quality_measure(&look, &picture, whole, &room);
    return look;
}

static void fill(size_t first, size_t pixels, uint8_t value)
{
    memset(rgb + 3 * first, value, 3 * pixels);
}

static void brightness_is_that_of_all_but_the_brightest(void **state)
{
    (void)state;
    static const struct {
        size_t lines; /* of 254, that are white */
        double brightness;
    } rows[] = {{0, 51 / 255.0}, {12, 51 / 255.0}, {14, 1}, {254, 1}}; /* 5 % are 12.7 */
    for (size_t i = 0; i < COUNT(rows); i++) {
        fill(0, (size_t)SIDE * SIDE, 51);
        for (size_t y = 0; y < rows[i].lines; y++) /* no bars: each line has both */
            for (size_t x = 0; x < SIDE; x++)
                fill((x * SIDE) + (y + x) % SIDE, 1, 255);
        if (rows[i].lines == 254)
            fill(0, (size_t)SIDE * SIDE, 255);
        struct wp_look look = measure(SIDE, SIDE);
        if (fabs(look.brightness - rows[i].brightness) > 0.01)
            fail_msg("row %zu: %f", i, look.brightness);
    }
}

static void colours_have_the_luma_of_bt601(void **state)
{
    (void)state;
    static const struct {
        uint8_t rgb[3];
        double luma;
    } rows[] = {{{255, 0, 0}, 0.299}, {{0, 255, 0}, 0.587}, {{0, 0, 255}, 0.114}, {{0, 0, 0}, 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t p = 0; p < 64 * 64; p++)
            memcpy(rgb + 3 * p, rows[i].rgb, 3);
        struct wp_look look = measure(64, 64);
        assert_float_equal(look.brightness, rows[i].luma, 0.003);
        assert_false(look.has_sharpness);
    }
}

/* A wave along x of such a length, between two values. */
static void draw_wave(uint32_t width, uint32_t height, double length, double low, double high)
{
    for (uint32_t y = 0; y < height; y++) {
        for (uint32_t x = 0; x < width; x++) {
            double wave = 0.5 + 0.5 * sin(2 * 3.14159265358979 * (x + y / 3.0) / length);
            fill((size_t)y * width + x, 1, (uint8_t)(low + (high - low) * wave));
        }
    }
}

static void sharpness_falls_with_blur_and_not_with_contrast(void **state)
{
    (void)state;
    double last = 1;
    for (double length = 6; length <= 48; length *= 2) {
        draw_wave(SIDE, SIDE, length, 0, 255);
        struct wp_look look = measure(SIDE, SIDE);
        assert_true(look.has_sharpness);
        assert_true(look.sharpness < last);
        last = look.sharpness;
        draw_wave(SIDE, SIDE, length, 100, 200);
        assert_float_equal(measure(SIDE, SIDE).sharpness, last, 0.06);
    }
    draw_wave(SIDE, SIDE, 6, 0, 255);
    assert_true(measure(SIDE, SIDE).sharpness > WP_LEAST_SHARPNESS);
    draw_wave(SIDE, SIDE, 24, 0, 255);
    assert_true(measure(SIDE, SIDE).sharpness < WP_LEAST_SHARPNESS);
}

static void sharpness_does_not_depend_on_size(void **state)
{
    (void)state;
    draw_wave(SIDE, SIDE, 12, 0, 255);
    double one = measure(SIDE, SIDE).sharpness;
    draw_wave(512, 512, 24, 0, 255);
    assert_float_equal(measure(512, 512).sharpness, one, 0.05);
    draw_wave(512, 300, 24, 0, 255);
    assert_float_equal(measure(512, 300).sharpness, one, 0.05);
}

static void what_is_faint_is_no_edge(void **state)
{
    (void)state;
    draw_wave(SIDE, SIDE, 6, 100, 100 + 0.12 * 255);
    assert_false(measure(SIDE, SIDE).has_sharpness);
    draw_wave(SIDE, SIDE, 6, 100, 100 + 0.18 * 255);
    assert_true(measure(SIDE, SIDE).has_sharpness);
}

/* Squares that each lie within one window, on what is neither of one colour nor has edges. */
static void draw_squares(size_t count)
{
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        fill(i, 1, (i + i / SIDE) % 2 ? 100 : 120);
    for (size_t i = 0; i < count; i++)
        for (size_t y = 0; y < 2; y++)
            fill((3 + 8 * (1 + i / 8) + y) * SIDE + 3 + 8 * (1 + i % 8), 2, 200);
}

static void too_few_edges_tell_nothing(void **state)
{
    (void)state;
    draw_squares(15);
    assert_false(measure(SIDE, SIDE).has_sharpness);
    draw_squares(16);
    assert_true(measure(SIDE, SIDE).has_sharpness);
}

static void bars_change_nothing(void **state)
{
    (void)state;
    enum { W = 240, H = 160 };
    static uint8_t inner[W * H * 3];
    draw_wave(W, H, 30, 0, 40); /* dark and blurred */
    memcpy(inner, rgb, sizeof inner);
    struct wp_look plain = measure(W, H);
    assert_true(plain.brightness < WP_LEAST_BRIGHTNESS);
    for (int white = 0; white < 2; white++) {
        fill(0, 256 * 200, white ? 255 : 0);
        for (size_t y = 0; y < H; y++)
            memcpy(rgb + 3 * ((y + 20) * 256 + 8), inner + 3 * y * W, 3 * W);
        struct wp_look look = measure(256, 200);
        assert_float_equal(look.brightness, plain.brightness, 0.01);
        assert_int_equal(look.has_sharpness, plain.has_sharpness);
    }
    draw_wave(W, H, 40, 0, 255);
    memcpy(inner, rgb, sizeof inner);
    plain = measure(W, H);
    assert_true(plain.sharpness < WP_LEAST_SHARPNESS);
    fill(0, 256 * 200, 0);
    for (size_t y = 0; y < H; y++)
        memcpy(rgb + 3 * ((y + 20) * 256 + 8), inner + 3 * y * W, 3 * W);
    assert_float_equal(measure(256, 200).sharpness, plain.sharpness, 0.05);
}

static void narrow_pictures_are_measured(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{1, 1}, {512, 1}, {1, 512}, {512, 3}, {2, 512}, {300, 9}};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        fill(0, (size_t)sizes[i][0] * sizes[i][1], 255);
        struct wp_look look = measure(sizes[i][0], sizes[i][1]);
        assert_true(look.brightness > WP_LEAST_BRIGHTNESS && look.brightness <= 1);
        assert_false(look.has_sharpness);
        assert_float_equal(look.sharpness, 0, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brightness_is_that_of_all_but_the_brightest),
        cmocka_unit_test(colours_have_the_luma_of_bt601),
        cmocka_unit_test(sharpness_falls_with_blur_and_not_with_contrast),
        cmocka_unit_test(sharpness_does_not_depend_on_size),
        cmocka_unit_test(what_is_faint_is_no_edge),
        cmocka_unit_test(too_few_edges_tell_nothing),
        cmocka_unit_test(bars_change_nothing),
        cmocka_unit_test(narrow_pictures_are_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
