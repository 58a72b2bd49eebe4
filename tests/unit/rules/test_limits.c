#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wanprep/limits.h"

#include "base/banned.h"

static uint64_t cost(enum wp_region region, enum wp_mode mode, double seconds)
{
    struct wp_cost out = {0};
    assert_true(wp_cost_estimate(&out, wp_limits_default(), region, mode, seconds));
    assert_int_equal(out.mode, mode);
    assert_true(out.seconds == seconds);
    assert_string_equal(out.currency, region == WP_REGION_CHINA ? "CNY" : "USD");
    return out.milli_total;
}

static void prices_are_those_of_the_table(void **state)
{
    (void)state;
    assert_int_equal(cost(WP_REGION_CHINA, WP_MODE_STD, 10), 4000);
    assert_int_equal(cost(WP_REGION_CHINA, WP_MODE_PRO, 10), 6000);
    assert_int_equal(cost(WP_REGION_INTERNATIONAL, WP_MODE_STD, 10), 1200);
    assert_int_equal(cost(WP_REGION_INTERNATIONAL, WP_MODE_PRO, 10), 1800);
}

static void totals_are_rounded_up_and_never_by_a_float(void **state)
{
    (void)state;
    assert_int_equal(cost(WP_REGION_CHINA, WP_MODE_STD, 5.2), 2080);    /* 5.2 * 400 > 2080 in doubles */
    assert_int_equal(cost(WP_REGION_CHINA, WP_MODE_STD, 5.0021), 2001); /* 2000.84 */
    assert_int_equal(cost(WP_REGION_CHINA, WP_MODE_PRO, 1001.0 / 30), 20020);
    assert_int_equal(cost(WP_REGION_INTERNATIONAL, WP_MODE_PRO, 29.97), 5395); /* 5394.6 */
    assert_int_equal(cost(WP_REGION_CHINA, WP_MODE_STD, 1e-12), 1);
    assert_int_equal(cost(WP_REGION_CHINA, WP_MODE_STD, 1e9), 400000000000);
}

static void what_is_no_duration_has_no_price(void **state)
{
    (void)state;
    const double bad[] = {0, -1, -0.001, NAN, INFINITY, -INFINITY, 1e300};
    struct wp_cost out = {.milli_total = 7};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(wp_cost_estimate(&out, wp_limits_default(), WP_REGION_CHINA, WP_MODE_STD, bad[i]));
    struct wp_limits none = *wp_limits_default();
    none.price_count = 0;
    assert_false(wp_cost_estimate(&out, &none, WP_REGION_CHINA, WP_MODE_STD, 10));
    assert_int_equal(out.milli_total, 7);
}

static void the_profile_is_dated_and_sourced(void **state)
{
    (void)state;
    const struct wp_limits *limits = wp_limits_default();
    assert_string_equal(limits->profile, "wan2.2-animate-move");
    assert_string_equal(limits->updated, "2026-11-22");
    assert_true(limits->source[0]);
    assert_int_equal(limits->image.max_bytes, 5 * 1024 * 1024);
    assert_int_equal(limits->video.max_bytes, 200 * 1024 * 1024);
    assert_int_equal(limits->image.max_side, 4096);
    assert_int_equal(limits->video.max_side, 2048);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prices_are_those_of_the_table),
        cmocka_unit_test(totals_are_rounded_up_and_never_by_a_float),
        cmocka_unit_test(what_is_no_duration_has_no_price),
        cmocka_unit_test(the_profile_is_dated_and_sourced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
