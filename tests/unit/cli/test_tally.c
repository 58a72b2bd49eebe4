/* The exit code of many. */
#include "unit/test.h"

#include <string.h>

#include "cli/tally.h"

#include "base/banned.h"

static int exit_code_of(const enum wp_status *statuses, size_t count)
{
    struct wp_tally tally = wp_tally_new();
    for (size_t i = 0; i < count; i++)
        wp_tally_add(&tally, statuses[i]);
    return wp_status_exit_code(wp_tally_worst(&tally));
}

#define CODE(...)                                                                                            \
    exit_code_of((const enum wp_status[]){__VA_ARGS__},                                                      \
                 sizeof((const enum wp_status[]){__VA_ARGS__}) / sizeof(enum wp_status))

static void nothing_but_done_is_0(void **state)
{
    (void)state;
    assert_int_equal(exit_code_of(NULL, 0), 0);
    assert_int_equal(CODE(WP_OK), 0);
    assert_int_equal(CODE(WP_OK, WP_OK, WP_OK), 0);
}

static void one_row_alone_gives_its_own_code(void **state)
{
    (void)state;
    const struct wp_tally all = wp_tally_new();
    for (size_t i = 0; i < COUNT(all.counts); i++) {
        enum wp_status status = all.counts[i].status;
        assert_int_equal(CODE(WP_OK, status), wp_status_exit_code(status));
    }
}

/* Each against all that are less bad, in both orders. */
static void the_worst_counts(void **state)
{
    (void)state;
    static const enum wp_status order[] = {WP_OK,      WP_INTERRUPTED, WP_REJECTED,
                                           WP_TIMEOUT, WP_TASK_FAILED, WP_NETWORK,
                                           WP_REFUSED, WP_UNCERTAIN,   WP_OUTPUT};
    static const int codes[] = {0, 130, 1, 6, 5, 3, 4, 7, 70};
    for (size_t i = 0; i < COUNT(order); i++) {
        for (size_t j = 0; j <= i; j++) {
            assert_int_equal(CODE(order[i], order[j]), codes[i]);
            assert_int_equal(CODE(order[j], order[i]), codes[i]);
        }
        assert_int_equal(exit_code_of(order, i + 1), codes[i]);
    }
}

static void counts_are_told(void **state)
{
    (void)state;
    struct wp_tally tally = wp_tally_new();
    struct wp_buf out = wp_buf_new(1024);
    wp_tally_text(&out, &tally);
    assert_string_equal(wp_buf_text(&out), "");
    wp_tally_add(&tally, WP_TASK_FAILED);
    wp_tally_add(&tally, WP_OK);
    wp_tally_add(&tally, WP_OK);
    wp_tally_text(&out, &tally);
    assert_string_equal(wp_buf_text(&out), "2 done, 1 failed");
    assert_int_equal(wp_tally_of(&tally, WP_OK), 2);
    assert_int_equal(wp_tally_of(&tally, WP_UNCERTAIN), 0);
    wp_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_but_done_is_0),
        cmocka_unit_test(one_row_alone_gives_its_own_code),
        cmocka_unit_test(the_worst_counts),
        cmocka_unit_test(counts_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
