#include "unit/test.h"

#include "batch/ledger.h"

static void test_the_maximum_itself_is_in(void **state)
{
    (void)state;
    struct wp_ledger ledger = {.most = 10};
    assert_true(wp_ledger_reserve(&ledger, 4));
    assert_true(wp_ledger_reserve(&ledger, 6));
    assert_false(wp_ledger_reserve(&ledger, 1));
    assert_int_equal(wp_ledger_total(&ledger), 10);
}

static void test_what_is_refused_takes_nothing(void **state)
{
    (void)state;
    struct wp_ledger ledger = {.most = 10};
    assert_false(wp_ledger_reserve(&ledger, 11));
    assert_true(wp_ledger_reserve(&ledger, 10));
}

static void test_a_failed_job_gives_its_money_back(void **state)
{
    (void)state;
    struct wp_ledger ledger = {.most = 10};
    assert_true(wp_ledger_reserve(&ledger, 10));
    wp_ledger_settle(&ledger, 10, 0);
    assert_true(wp_ledger_reserve(&ledger, 10));
}

static void test_a_dearer_job_leaves_less_for_the_others(void **state)
{
    (void)state;
    struct wp_ledger ledger = {.most = 10};
    assert_true(wp_ledger_reserve(&ledger, 4));
    wp_ledger_settle(&ledger, 4, 7);
    assert_false(wp_ledger_reserve(&ledger, 4));
    assert_true(wp_ledger_reserve(&ledger, 3));
}

static void test_what_is_on_its_way_counts_even_over_the_maximum(void **state)
{
    (void)state;
    struct wp_ledger ledger = {.most = 10};
    wp_ledger_commit(&ledger, 12);
    assert_false(wp_ledger_reserve(&ledger, 0));
    assert_int_equal(wp_ledger_total(&ledger), 12);
}

static void test_sums_that_do_not_fit_never_turn_small(void **state)
{
    (void)state;
    struct wp_ledger bounded = {.most = UINT64_MAX - 1};
    assert_true(wp_ledger_reserve(&bounded, UINT64_MAX - 2));
    assert_false(wp_ledger_reserve(&bounded, UINT64_MAX - 2));
    struct wp_ledger unbounded = {.most = UINT64_MAX};
    assert_true(wp_ledger_reserve(&unbounded, UINT64_MAX - 2));
    assert_true(wp_ledger_reserve(&unbounded, UINT64_MAX - 2));
    assert_true(wp_ledger_total(&unbounded) == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_maximum_itself_is_in),
        cmocka_unit_test(test_what_is_refused_takes_nothing),
        cmocka_unit_test(test_a_failed_job_gives_its_money_back),
        cmocka_unit_test(test_a_dearer_job_leaves_less_for_the_others),
        cmocka_unit_test(test_what_is_on_its_way_counts_even_over_the_maximum),
        cmocka_unit_test(test_sums_that_do_not_fit_never_turn_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
