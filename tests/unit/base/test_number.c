#include "unit/test.h"

#include "base/number.h"

static void whole_numbers_are_strict(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "-1", "+1", " 1", "1 ", "0x10", "1e3", "1.0", "18446744073709551616", "99"};
    uint64_t out = 7;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(wp_parse_u64(&out, bad[i], 0, 98));
    assert_int_equal(out, 7);
    assert_true(wp_parse_u64(&out, "98", 0, 98));
    assert_int_equal(out, 98);
    assert_true(wp_parse_u64(&out, "18446744073709551615", 0, UINT64_MAX));
    assert_true(out == UINT64_MAX);
    assert_false(wp_parse_u64(&out, "4", 5, 9));
}

static void fixed_point(void **state)
{
    (void)state;
    uint64_t out = 0;
    assert_true(wp_parse_fixed(&out, "0.4", 3, 0, 1000));
    assert_int_equal(out, 400);
    assert_true(wp_parse_fixed(&out, "12", 3, 0, 100000));
    assert_int_equal(out, 12000);
    assert_false(wp_parse_fixed(&out, "0.4005", 3, 0, 1000));
    assert_false(wp_parse_fixed(&out, ".4", 3, 0, 1000));
    assert_false(wp_parse_fixed(&out, "1.", 3, 0, 10000));
    assert_false(wp_parse_fixed(&out, "1.2.3", 3, 0, 10000));
    assert_false(wp_parse_fixed(&out, "18446744073709551615", 3, 0, UINT64_MAX));
    assert_false(wp_parse_fixed(&out, "1.001", 3, 0, 1000));
}

static void durations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {{"90", 90000},  {"90s", 90000},  {"1.5s", 1500},
                {"500ms", 500}, {"15m", 900000}, {"2h", 7200000}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t out = -1;
        assert_true(wp_parse_duration_ms(&out, rows[i].text, 0, INT64_MAX));
        assert_int_equal(out, rows[i].ms);
    }
    static const char *const bad[] = {
        "", "s", "1d", "-1s", "1 s", "1.s", "99999999999999999999", "9000000000000000h"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        int64_t out = 3;
        assert_false(wp_parse_duration_ms(&out, bad[i], 0, INT64_MAX));
        assert_int_equal(out, 3);
    }
    int64_t out = 0;
    assert_false(wp_parse_duration_ms(&out, "99ms", 100, 200));
    assert_true(wp_parse_duration_ms(&out, "100ms", 100, 200));
    assert_true(wp_parse_duration_ms(&out, "200ms", 100, 200));
    assert_false(wp_parse_duration_ms(&out, "201ms", 100, 200));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_strict),
        cmocka_unit_test(fixed_point),
        cmocka_unit_test(durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
