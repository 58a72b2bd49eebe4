#include <math.h>
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

static void assert_area(const struct wp_area *area, uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
    assert_int_equal(area->x, x);
    assert_int_equal(area->y, y);
    assert_int_equal(area->width, width);
    assert_int_equal(area->height, height);
}

static void a_part_holds_its_box_and_stays_in_the_picture(void **state)
{
    (void)state;
    const uint32_t size[2] = {1000, 2000};
    struct wp_area area;
    assert_true(wp_geometry_closer(&area, size, &(struct wp_box){450, 900, 100, 100}, 0.1));
    assert_area(&area, 250, 650, 500, 1000); /* the middle at three tenths of the height */
    assert_true(wp_geometry_closer(&area, size, &(struct wp_box){0, 0, 100, 100}, 0.1));
    assert_area(&area, 0, 0, 500, 1000);
    assert_true(wp_geometry_closer(&area, size, &(struct wp_box){900, 1900, 100, 100}, 0.1));
    assert_area(&area, 500, 1000, 500, 1000);
    assert_true(wp_geometry_closer(&area, size, &(struct wp_box){-50, 0, 100, 100}, 0.1));
    assert_area(&area, 0, 0, 500, 1000); /* half of it is outside */
    assert_true(wp_geometry_closer(&area, size, &(struct wp_box){450, 900, 100, 100}, 0.01));
    assert_area(&area, 0, 0, 1000, 2000); /* no more than all of it */
    assert_true(wp_geometry_closer(&area, size, &(struct wp_box){0, 900, 500, 100}, 0.1));
    assert_false(wp_geometry_closer(&area, size, &(struct wp_box){0, 900, 501, 100}, 0.1)); /* too wide */
    assert_false(wp_geometry_closer(&area, size, &(struct wp_box){450, 900, 100, 100}, 1.1));
    static const double odd[] = {0, -1, NAN};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        assert_false(wp_geometry_closer(&area, size, &(struct wp_box){450, 900, 100, odd[i]}, 0.5));
        assert_false(wp_geometry_closer(&area, size, &(struct wp_box){450, 900, odd[i], 1}, 0.9));
        assert_false(wp_geometry_closer(&area, (const uint32_t[2]){0, 0},
                                        &(struct wp_box){450, 900, odd[i], 100}, 0.1));
    }
}

static void columns_hold_one_box_alone(void **state)
{
    (void)state;
    const struct wp_medium_limits *limits = &wp_limits_default()->image;
    const uint32_t size[2] = {1000, 600};
    struct wp_box boxes[] = {{400, 100, 100, 100}, {100.5, 0, 100, 100}, {700.5, 300, 100, 100}};
    struct wp_area area;
    assert_true(wp_geometry_alone(&area, size, boxes, 3, limits));
    assert_area(&area, 201, 0, 499, 600);
    boxes[2].x = 500; /* they touch */
    assert_true(wp_geometry_alone(&area, size, boxes, 3, limits));
    assert_area(&area, 201, 0, 299, 600);
    boxes[2].x = 499;
    assert_false(wp_geometry_alone(&area, size, boxes, 3, limits)); /* they overlap */
    boxes[2].x = 500;
    boxes[1].x = 201; /* 199 columns are left */
    assert_false(wp_geometry_alone(&area, size, boxes, 3, limits));
    boxes[1].x = 200;
    assert_true(wp_geometry_alone(&area, size, boxes, 3, limits));
    assert_area(&area, 300, 0, 200, 600);
    assert_true(wp_geometry_alone(&area, (const uint32_t[2]){1000, 2000}, boxes, 3, limits));
    assert_area(&area, 300, 0, 200, 600); /* the lower part is cut off, for the aspect ratio */
    boxes[0].width = NAN;
    assert_false(wp_geometry_alone(&area, size, boxes, 3, limits));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_comes_in_what_comes_out_is_within_the_limits),
        cmocka_unit_test(the_change_is_the_least),
        cmocka_unit_test(crops_take_the_shape_of_the_other),
        cmocka_unit_test(a_part_holds_its_box_and_stays_in_the_picture),
        cmocka_unit_test(columns_hold_one_box_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
