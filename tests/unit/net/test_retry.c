/* When to try again, and the two forms of Retry-After. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/retry.h"

#include "base/banned.h"

static const struct wp_retry_policy policy = {
    .max_attempts = 5, .base_ms = 1000, .cap_ms = 6000, .budget_ms = 60000};

static void decides(void **state)
{
    (void)state;
    static const struct {
        unsigned attempt;
        int64_t elapsed_ms, retry_after_ms;
        uint32_t random;
        bool again;
        int64_t wait_ms;
    } rows[] = {
        {1, 0, -1, 0, true, 1000},   /* the whole backoff … */
        {1, 0, -1, 500, true, 500},  /* … less at most half of it */
        {1, 0, -1, 501, true, 1000}, /* modulo 501 */
        {2, 0, -1, 0, true, 2000},
        {3, 0, -1, 0, true, 4000},
        {4, 0, -1, 0, true, 6000}, /* 8000 is over the cap */
        {4, 0, -1, UINT32_MAX, true, 6000 - (int64_t)(UINT32_MAX % 3001)},
        {5, 0, -1, 0, false, 0}, /* that was the last one */
        {6, 0, -1, 0, false, 0},
        {1, 59000, -1, 0, true, 1000}, /* ends just in the budget */
        {1, 59001, -1, 0, false, 0},
        {1, 90000, -1, 0, false, 0},
        {1, 0, 0, 0, true, 1000},        /* "now" does not make us faster */
        {1, 0, 20000, 500, true, 20000}, /* over the cap, and honoured */
        {1, 0, 60000, 0, true, 60000},
        {1, 0, 60001, 0, false, 0}, /* over the budget */
        {1, 0, 86400000, 0, false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_retry_decision decision = wp_retry_decide(&policy, rows[i].attempt, rows[i].elapsed_ms,
                                                            rows[i].retry_after_ms, rows[i].random);
        if (decision.again != rows[i].again || decision.wait_ms != rows[i].wait_ms)
            fail_msg("row %zu: %d, %lld ms", i, decision.again, (long long)decision.wait_ms);
    }
}

static void has_no_budget(void **state)
{
    (void)state;
    struct wp_retry_policy endless = policy;
    endless.budget_ms = 0;
    struct wp_retry_decision decision = wp_retry_decide(&endless, 1, INT64_MAX, 86400000, 0);
    assert_true(decision.again && decision.wait_ms == 86400000);
}

static void never_overflows(void **state)
{
    (void)state;
    struct wp_retry_policy huge = {.max_attempts = UINT32_MAX, .base_ms = INT64_MAX / 2, .cap_ms = INT64_MAX};
    for (unsigned attempt = 1; attempt < 100; attempt++) {
        struct wp_retry_decision decision = wp_retry_decide(&huge, attempt, 0, -1, 12345);
        assert_true(decision.again && decision.wait_ms > 0);
    }
    struct wp_retry_policy zero = {.max_attempts = 2};
    assert_true(wp_retry_decide(&zero, 1, 0, -1, 7).again);
    assert_int_equal(wp_retry_decide(&zero, 1, 0, -1, 7).wait_ms, 0);
}

static void reads_dates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool valid;
        int64_t ms;
    } rows[] = {
        {"Thu, 01 Jan 1970 00:00:00 GMT", true, 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT", true, 784111777000},
        {"Thu, 29 Feb 2024 23:59:59 GMT", true, 1709251199000},
        {"Sat, 31 Dec 2016 23:59:60 GMT", true, 1483228800000}, /* a leap second */
        {"Thu, 30 Feb 2024 00:00:00 GMT", false, 0},
        {"Wed, 29 Feb 2023 00:00:00 GMT", false, 0},
        {"Sun, 00 Nov 1994 08:49:37 GMT", false, 0},
        {"Sun, 06 Nov 1994 24:00:00 GMT", false, 0},
        {"Sun, 06 Nov 1994 08:60:00 GMT", false, 0},
        {"Sun, 06 Nov 1994 08:00:61 GMT", false, 0},
        {"Sun, 06 Nov 1994 08:49:37 UTC", false, 0},
        {"Sun, 06 nov 1994 08:49:37 GMT", false, 0},
        {"Sin, 06 Nov 1994 08:49:37 GMT", false, 0},
        {"Sun, 6 Nov 1994 08:49:37 GMT", false, 0},
        {"Sun, 06 Nov 1994 08:49:37 GMT ", false, 0},
        {"Sun, -6 Nov 1994 08:49:37 GMT", false, 0},
        {"Sun  06 Nov 1994 08:49:37 GMT", false, 0},
        {"Sunday, 06-Nov-94 08:49:37 GMT", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ms = 0;
        if (wp_http_date_parse(&ms, rows[i].text) != rows[i].valid || ms != rows[i].ms)
            fail_msg("'%s': %lld", rows[i].text, (long long)ms);
    }
}

static void reads_retry_after(void **state)
{
    (void)state;
    static const int64_t now = 784111777000; /* Sun, 06 Nov 1994 08:49:37 GMT */
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"0", 0},
        {"1", 1000},
        {"120", 120000},
        {"86400", 86400000},
        {"86401", 86400000},
        {"99999999999999999999999999", 86400000},
        {"Sun, 06 Nov 1994 08:50:07 GMT", 30000},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
        {"Sat, 05 Nov 1994 08:49:37 GMT", 0},
        {"Sun, 06 Nov 2094 08:49:37 GMT", 86400000},
        {"", -1},
        {"-1", -1},
        {"+1", -1},
        {"1.5", -1},
        {" 1", -1},
        {"1 s", -1},
        {"soon", -1},
        {"0x10", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (wp_retry_after_ms(rows[i].text, now) != rows[i].ms)
            fail_msg("'%s': %lld", rows[i].text, (long long)wp_retry_after_ms(rows[i].text, now));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decides),     cmocka_unit_test(has_no_budget),     cmocka_unit_test(never_overflows),
        cmocka_unit_test(reads_dates), cmocka_unit_test(reads_retry_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
