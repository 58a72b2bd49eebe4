/* The documented rates, exactly. */
#include "unit/test.h"

#include "sandbox/limiter.h"

#include "base/banned.h"

static int take_all(struct sb_limiter *limiter, enum sb_endpoint endpoint, int64_t now_ms)
{
    int taken = 0;
    while (taken < 1000 && sb_limiter_take(limiter, endpoint, now_ms))
        taken++;
    return taken;
}

static void each_endpoint_has_its_rate(void **state)
{
    (void)state;
    static const struct {
        enum sb_endpoint endpoint;
        int rate;
    } rates[] = {{SB_CREATE, 5}, {SB_QUERY, 20}, {SB_LIST, 20}, {SB_CANCEL, 20}, {SB_POLICY, 100}};
    struct sb_limiter limiter = sb_limiter_new(777);
    for (size_t i = 0; i < COUNT(rates); i++) {
        assert_int_equal(take_all(&limiter, rates[i].endpoint, 777), rates[i].rate);
        assert_int_equal(take_all(&limiter, rates[i].endpoint, 777 + 1000), rates[i].rate);
    }
    assert_int_equal(take_all(&limiter, SB_UPLOAD, 777), 1000);
    assert_int_equal(take_all(&limiter, SB_DOWNLOAD, 777), 1000);
}

static void a_token_comes_back_when_its_time_is_over(void **state)
{
    (void)state;
    struct sb_limiter limiter = sb_limiter_new(0);
    assert_int_equal(take_all(&limiter, SB_CREATE, 0), 5);
    assert_false(sb_limiter_take(&limiter, SB_CREATE, 199));
    assert_true(sb_limiter_take(&limiter, SB_CREATE, 200));
    assert_false(sb_limiter_take(&limiter, SB_CREATE, 200));
    assert_int_equal(take_all(&limiter, SB_CREATE, INT64_MAX), 5); /* and no more, however long it was idle */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_endpoint_has_its_rate),
        cmocka_unit_test(a_token_comes_back_when_its_time_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
