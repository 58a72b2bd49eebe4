#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/geometry.h"

#include "base/banned.h"

static void assert_fits(uint32_t width, uint32_t height, const struct wp_medium_limits *limits)
{
    struct wp_geometry fit;
    assert_true(wp_geometry_fit(&fit, width, height, limits));
    const uint32_t sides[2] = {fit.canvas_width, fit.canvas_height};
    for (size_t i = 0; i < 2; i++) {
        assert_in_range(sides[i], limits->min_side, limits->max_side);
        assert_int_equal(sides[i] % 2, 0);
    }
    assert_true(limits->max_ratio * sides[0] >= sides[1] && limits->max_ratio * sides[1] >= sides[0]);
    assert_in_range(fit.width, 2, fit.canvas_width);
    assert_in_range(fit.height, 2, fit.canvas_height);
    assert_int_equal(fit.width % 2 + fit.height % 2, 0);
}

static void whatever_comes_in_what_comes_out_is_within_the_limits(void **state)
{
    (void)state;
    static const uint32_t sides[] = {1,    2,    3,    66,   67,   199,   200,   201,     333,       599,
                                     600,  601,  682,  683,  1001, 1365,  2047,  2048,    2049,      4095,
                                     4096, 4097, 5000, 6143, 9999, 12289, 65535, 1000003, UINT32_MAX};
    const size_t count = sizeof sides / sizeof sides[0];
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            assert_fits(sides[i], sides[k], &wp_limits_default()->image);
            assert_fits(sides[i], sides[k], &wp_limits_default()->video);
        }
    }
    struct wp_geometry fit;
    assert_false(wp_geometry_fit(&fit, 0, 100, &wp_limits_default()->image));
    assert_false(wp_geometry_fit(&fit, 100, 0, &wp_limits_default()->image));
}

static void expect(uint32_t width, uint32_t height, struct wp_geometry expected)
{
    struct wp_geometry fit;
    assert_true(wp_geometry_fit(&fit, width, height, &wp_limits_default()->image));
    assert_int_equal(fit.width, expected.width);
    assert_int_equal(fit.height, expected.height);
    assert_int_equal(fit.canvas_width, expected.canvas_width);
    assert_int_equal(fit.canvas_height, expected.canvas_height);
}

static void the_change_is_the_least(void **state)
{
    (void)state;
    expect(1080, 1920, (struct wp_geometry){1080, 1920, 1080, 1920});
    expect(100, 100, (struct wp_geometry){200, 200, 200, 200});
    expect(8192, 4096, (struct wp_geometry){4096, 2048, 4096, 2048});
    expect(1200, 300, (struct wp_geometry){1200, 300, 1200, 400});
    expect(300, 1200, (struct wp_geometry){300, 1200, 400, 1200});
    expect(8192, 1024, (struct wp_geometry){4096, 512, 4096, 1366}); /* padded and scaled */
}

static void crops_take_the_shape_of_the_other(void **state)
{
    (void)state;
    uint32_t out[2];
    const uint32_t square[2] = {1000, 1000}, tall[2] = {720, 1280}, wide[2] = {1280, 720}, none[2] = {0, 5};
    assert_true(wp_geometry_crop(out, square, tall));
    assert_int_equal(out[0], 562);
    assert_int_equal(out[1], 1000);
    assert_true(wp_geometry_crop(out, square, wide));
    assert_int_equal(out[0], 1000);
    assert_int_equal(out[1], 562);
    assert_true(wp_geometry_crop(out, tall, tall));
    assert_int_equal(out[0], 720);
    assert_int_equal(out[1], 1280);
    assert_false(wp_geometry_crop(out, none, tall));
    assert_false(wp_geometry_crop(out, tall, none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_comes_in_what_comes_out_is_within_the_limits),
        cmocka_unit_test(the_change_is_the_least),
        cmocka_unit_test(crops_take_the_shape_of_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
