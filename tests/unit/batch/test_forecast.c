#include "unit/test.h"

#include "batch/forecast.h"

static void test_tasks_are_worked_on_one_after_the_other(void **state)
{
    (void)state;
    struct wp_forecast forecast = wp_forecast_new();
    assert_int_equal(wp_forecast_ms(&forecast), 0);
    wp_forecast_add(&forecast, WP_MODE_STD, 10);
    wp_forecast_add(&forecast, WP_MODE_PRO, 5);
    assert_int_equal(wp_forecast_ms(&forecast), 90000 + 80000);
    wp_forecast_remove(&forecast, WP_MODE_STD, 10);
    assert_int_equal(wp_forecast_ms(&forecast), 80000);
}

static void test_what_is_seen_is_believed_by_and_by(void **state)
{
    (void)state;
    struct wp_forecast forecast = wp_forecast_new();
    wp_forecast_add(&forecast, WP_MODE_STD, 100);
    int64_t before = wp_forecast_ms(&forecast);
    wp_forecast_learn(&forecast, WP_MODE_STD, 10, 20000); /* 2 s a second */
    int64_t after = wp_forecast_ms(&forecast);
    assert_true(after < before && after > 200000);
    for (int i = 0; i < 100; i++)
        wp_forecast_learn(&forecast, WP_MODE_STD, 10, 20000);
    assert_in_range(wp_forecast_ms(&forecast), 199999, 200010);
}

static void test_modes_learn_apart(void **state)
{
    (void)state;
    struct wp_forecast forecast = wp_forecast_new();
    wp_forecast_add(&forecast, WP_MODE_PRO, 1);
    wp_forecast_learn(&forecast, WP_MODE_STD, 1, 1);
    assert_int_equal(wp_forecast_ms(&forecast), 16000);
}

static void test_nonsense_teaches_nothing(void **state)
{
    (void)state;
    struct wp_forecast forecast = wp_forecast_new();
    wp_forecast_add(&forecast, WP_MODE_STD, 1);
    wp_forecast_learn(&forecast, WP_MODE_STD, 0, 5000);
    wp_forecast_learn(&forecast, WP_MODE_STD, 5, -5000);
    assert_int_equal(wp_forecast_ms(&forecast), 9000);
}

static void test_fractions_come_back_to_nothing(void **state)
{
    (void)state;
    struct wp_forecast forecast = wp_forecast_new();
    for (int i = 0; i < 1000; i++)
        wp_forecast_add(&forecast, WP_MODE_STD, 0.1);
    for (int i = 0; i < 1000; i++)
        wp_forecast_remove(&forecast, WP_MODE_STD, 0.1);
    assert_int_equal(wp_forecast_ms(&forecast), 0);
}

static void test_the_largest_does_not_overflow(void **state)
{
    (void)state;
    struct wp_forecast forecast = wp_forecast_new();
    wp_forecast_add(&forecast, WP_MODE_PRO, 1e300);
    assert_true(wp_forecast_ms(&forecast) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tasks_are_worked_on_one_after_the_other),
        cmocka_unit_test(test_what_is_seen_is_believed_by_and_by),
        cmocka_unit_test(test_modes_learn_apart),
        cmocka_unit_test(test_nonsense_teaches_nothing),
        cmocka_unit_test(test_fractions_come_back_to_nothing),
        cmocka_unit_test(test_the_largest_does_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
