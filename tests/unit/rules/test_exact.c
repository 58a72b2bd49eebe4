#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/exact.h"

#include "base/banned.h"

static int compare(int64_t num, int64_t den, uint32_t whole)
{
    int sign = wp_exact_compare((struct wp_rational){num, den}, whole);
    return (sign > 0) - (sign < 0);
}

static void fractions_compare_without_rounding(void **state)
{
    (void)state;
    assert_int_equal(compare(2, 1, 2), 0);
    assert_int_equal(compare(180000, 90000, 2), 0);
    assert_int_equal(compare(179999, 90000, 2), -1);
    assert_int_equal(compare(180001, 90000, 2), 1);
    assert_int_equal(compare(0, 1, 0), 0);
    assert_int_equal(compare(-1, 3, 0), -1);
    assert_int_equal(compare(-7, 1, 0), -1);
    /* A double cannot tell these from 30, nor from each other. */
    const int64_t den = INT64_MAX / 31;
    assert_int_equal(compare(30 * den, den, 30), 0);
    assert_int_equal(compare(30 * den - 1, den, 30), -1);
    assert_int_equal(compare(30 * den + 1, den, 30), 1);
    assert_int_equal(compare(INT64_MAX, 1, UINT32_MAX), 1);
    assert_int_equal(compare(INT64_MIN, INT64_MAX, 0), -1);
    assert_int_equal(compare(INT64_MAX, INT64_MAX, 1), 0);
}

static bool apart(int64_t a, int64_t b, int64_t c, int64_t d)
{
    bool forth = wp_exact_over_tenth_apart((struct wp_rational){a, b}, (struct wp_rational){c, d});
    bool back = wp_exact_over_tenth_apart((struct wp_rational){c, d}, (struct wp_rational){a, b});
    assert_int_equal(forth, back);
    return forth;
}

static void a_tenth_is_exact(void **state)
{
    (void)state;
    assert_false(apart(10, 1, 101, 10));
    assert_false(apart(10, 1, 10100, 1000));
    assert_true(apart(10, 1, 10101, 1000));
    assert_true(apart(10, 1, 909001, 90000));
    assert_false(apart(10, 1, 909000, 90000));
    assert_true(apart(INT64_MAX, 1, 0, INT64_MAX));
    assert_false(apart(INT64_MAX, INT64_MAX, 1, 1));
}

static void ratios_are_exact(void **state)
{
    (void)state;
    assert_true(wp_exact_ratio_within(300, 900, 3));
    assert_false(wp_exact_ratio_within(300, 901, 3));
    assert_true(wp_exact_ratio_within(UINT32_MAX, UINT32_MAX / 3, 3));
    assert_false(wp_exact_ratio_within(UINT32_MAX, UINT32_MAX / 3 - 1, 3));
    const uint32_t square[2] = {1000, 1000}, three_two[2] = {1500, 1000}, more[2] = {1501, 1000};
    const uint32_t huge[2] = {UINT32_MAX, 1}, thin[2] = {1, UINT32_MAX};
    assert_false(wp_exact_ratios_apart(square, three_two, 3, 2));
    assert_false(wp_exact_ratios_apart(three_two, square, 3, 2));
    assert_true(wp_exact_ratios_apart(square, more, 3, 2));
    assert_true(wp_exact_ratios_apart(more, square, 3, 2));
    assert_true(wp_exact_ratios_apart(huge, thin, 3, 2));
    assert_false(wp_exact_ratios_apart(huge, huge, 3, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fractions_compare_without_rounding),
        cmocka_unit_test(a_tenth_is_exact),
        cmocka_unit_test(ratios_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
