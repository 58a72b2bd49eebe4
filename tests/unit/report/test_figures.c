#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "report/figures.h"

#include "base/banned.h"

static void expect_decimal(double value, unsigned places, const char *expected)
{
    struct wp_buf out = wp_buf_new(100);
    wp_figure_decimal(&out, value, places);
    assert_string_equal(wp_buf_text(&out), expected);
    wp_buf_free(&out);
}

static void decimals(void **state)
{
    (void)state;
    expect_decimal(31.2, 3, "31.2");
    expect_decimal(30, 3, "30");
    expect_decimal(0, 3, "0");
    expect_decimal(0.0004, 3, "0");
    expect_decimal(0.0005, 3, "0.001");
    expect_decimal(1.05, 2, "1.05");
    expect_decimal(100, 0, "100");
    expect_decimal(-2.5, 1, "-2.5");
    expect_decimal(-0.01, 1, "0");
    expect_decimal(1e18, 3, "1000000000000000000");
}

static void expect_bytes(uint64_t bytes, const char *expected)
{
    struct wp_buf out = wp_buf_new(100);
    wp_figure_bytes(&out, bytes);
    assert_string_equal(wp_buf_text(&out), expected);
    wp_buf_free(&out);
}

static void bytes(void **state)
{
    (void)state;
    expect_bytes(0, "0 bytes");
    expect_bytes(1, "1 byte");
    expect_bytes(999, "999 bytes");
    expect_bytes(1000, "1,000 bytes");
    expect_bytes(10000, "10,000 bytes (10 kB)");
    expect_bytes(5243000, "5,243,000 bytes (5.24 MB)");
    expect_bytes(UINT64_MAX, "18,446,744,073,709,551,615 bytes (18446744073709.55 MB)");
}

static void expect_money(uint64_t milli, const char *expected)
{
    struct wp_buf out = wp_buf_new(100);
    wp_figure_money(&out, milli);
    assert_string_equal(wp_buf_text(&out), expected);
    wp_buf_free(&out);
}

static void money(void **state)
{
    (void)state;
    expect_money(4000, "4.00");
    expect_money(2081, "2.081");
    expect_money(50, "0.05");
    expect_money(1, "0.001");
}

static void reads(struct wp_value value, struct wp_value limit, const char *unit, const char *expected)
{
    struct wp_buf out = wp_buf_new(200);
    wp_figure_value(&out, &value, &limit, unit);
    assert_string_equal(wp_buf_text(&out), expected);
    wp_buf_free(&out);
}

#define NUMBER(a)   ((struct wp_value){.kind = WP_VALUE_NUMBER, .number = {(a), 0}})
#define RANGE(a, b) ((struct wp_value){.kind = WP_VALUE_RANGE, .number = {(a), (b)}})
#define SIZE(a, b)  ((struct wp_value){.kind = WP_VALUE_SIZE, .number = {(a), (b)}})
#define NONE        ((struct wp_value){.kind = WP_VALUE_NONE})

static void values(void **state)
{
    (void)state;
    reads(NUMBER(31.2), RANGE(2, 30), "s", "31.2 s");
    reads(RANGE(2, 30), NONE, "s", "2 to 30 s");
    reads(SIZE(1080, 1920), RANGE(200, 4096), "px", "1080x1920");
    reads(RANGE(200, 4096), NONE, "px", "200 to 4096 px");
    reads(NUMBER(5000000), NONE, "bytes", "5,000,000 bytes (5 MB)");
    reads(NUMBER(3.2), RANGE(1.0 / 3, 3), "w/h", "3.2:1");
    reads(NUMBER(0.25), RANGE(1.0 / 3, 3), "w/h", "1:4");
    reads(RANGE(1.0 / 3, 3), NONE, "w/h", "1:3 to 3:1");
    reads(NUMBER(90), NUMBER(0), "degrees", "90 degrees");
    reads(NONE, NONE, "s", "");
    struct wp_value text = {.kind = WP_VALUE_TEXT};
    wp_text_copy(text.text, sizeof text.text, "a\033[2J");
    reads(text, NONE, "", "a?[2J");
}

static void a_value_never_reads_like_the_limit_that_it_breaks(void **state)
{
    (void)state;
    reads(NUMBER(2700001.0 / 90000), RANGE(2, 30), "s", "30.00001 s");
    reads(NUMBER(179999.0 / 90000), RANGE(2, 30), "s", "1.99999 s");
    reads(NUMBER(12001.0 / 4000), RANGE(1.0 / 3, 3), "w/h", "3.0003:1");
    reads(NUMBER(4000.0 / 12001), RANGE(1.0 / 3, 3), "w/h", "1:3.0003");
    reads(NUMBER(60.00001), RANGE(15, 60), "fps", "60.00001 fps");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals),
        cmocka_unit_test(bytes),
        cmocka_unit_test(money),
        cmocka_unit_test(values),
        cmocka_unit_test(a_value_never_reads_like_the_limit_that_it_breaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
