#include "unit/test.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/sha256.h"

static void every_status_has_a_name_a_sentence_and_a_documented_exit_code(void **state)
{
    (void)state;
    static const int documented[] = {0, 1, 2, 3, 4, 5, 6, 7, 70, 130};
    static const enum wp_status all[] = {
#define WP_STATUS(name, value, exit_code, sentence) WP_##name,
#include "wanprep/status.def"
#undef WP_STATUS
    };
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_string_not_equal(wp_status_name(all[i]), "UNKNOWN");
        assert_true(strlen(wp_status_text(all[i])) > 5);
        size_t found = 0;
        for (size_t k = 0; k < COUNT(documented); k++)
            found += documented[k] == wp_status_exit_code(all[i]);
        assert_int_equal(found, 1);
        assert_true((wp_status_exit_code(all[i]) == 0) == (all[i] == WP_OK));
    }
    assert_int_equal(wp_status_exit_code((enum wp_status)12345), 70);
}

static void an_error_is_one_clean_line_and_success_leaves_it_alone(void **state)
{
    (void)state;
    struct wp_error error;
    assert_int_equal(wp_fail(&error, WP_INPUT, "probe", "bad\n\x1b%s", "file"), WP_INPUT);
    assert_string_equal(error.message, "bad??file");
    assert_string_equal(error.where, "probe");
    assert_int_equal(wp_fail(&error, WP_NETWORK, "job", "the reason: %s", error.message), WP_NETWORK);
    assert_string_equal(error.message, "the reason: bad??file"); /* an error may be told within itself */
    assert_int_equal(wp_fail(NULL, WP_INTERNAL, "x", "y"), WP_INTERNAL);
}

static void sha256_of_the_standard_examples(void **state)
{
    (void)state;
    wp_sha256_hex out; /* FIPS 180-4 examples */
    assert_int_equal(wp_sha256_text(out, "abc", NULL), WP_OK);
    assert_string_equal(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(wp_sha256_text(out, "", NULL), WP_OK);
    assert_string_equal(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void utc_times(void **state)
{
    (void)state;
    char out[32];
    wp_clock_format_utc(out, 1795339805123);
    assert_string_equal(out, "2026-11-22T09:30:05.123Z");
    wp_clock_format_utc(out, -1);
    assert_string_equal(out, "1969-12-31T23:59:59.999Z");
}

static void random_names_differ(void **state)
{
    (void)state;
    char a[33], b[33];
    wp_random_hex(a, sizeof a);
    wp_random_hex(b, sizeof b);
    assert_int_equal(strlen(a), 32);
    assert_int_equal(strspn(a, "0123456789abcdef"), 32);
    assert_string_not_equal(a, b);
    for (int i = 0; i < 100; i++)
        assert_true(wp_random_below(3) < 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_a_sentence_and_a_documented_exit_code),
        cmocka_unit_test(an_error_is_one_clean_line_and_success_leaves_it_alone),
        cmocka_unit_test(sha256_of_the_standard_examples),
        cmocka_unit_test(utc_times),
        cmocka_unit_test(random_names_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
