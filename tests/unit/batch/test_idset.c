#include "unit/test.h"

#include <stdio.h>

#include "batch/idset.h"

static void test_what_was_added_is_there_and_nothing_else(void **state)
{
    (void)state;
    struct wp_idset set = {0};
    assert_false(wp_idset_has(&set, ""));
    for (unsigned i = 0; i < 1000; i++) { /* in no order */
        char id[33];
        (void)snprintf(id, sizeof id, "%032x", i * 7919 % 1000 * 2);
        assert_true(wp_idset_add(&set, id));
        assert_true(wp_idset_add(&set, id));
    }
    assert_int_equal(set.count, 1000);
    for (unsigned i = 0; i < 2001; i++) {
        char id[33];
        (void)snprintf(id, sizeof id, "%032x", i);
        assert_int_equal(wp_idset_has(&set, id), i % 2 == 0 && i < 2000);
    }
    wp_idset_free(&set);
    wp_idset_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_was_added_is_there_and_nothing_else)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
