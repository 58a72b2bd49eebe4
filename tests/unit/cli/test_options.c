#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/options.h"

#include "base/banned.h"

struct settings {
    struct wp_common_settings common;
    bool on, off;
    const char *text;
    int64_t duration;
};

static const struct wp_option options[] = {
    {.name = "on", .letter = 'o', .set = wp_set_true, .offset = offsetof(struct settings, on)},
    {.name = "no-off", .set = wp_set_false, .offset = offsetof(struct settings, off)},
    {.name = "text",
     .letter = 't',
     .value = "TEXT",
     .set = wp_set_text,
     .offset = offsetof(struct settings, text),
     .allowed = "a word"},
    {.name = "wait",
     .value = "DURATION",
     .set = wp_set_duration,
     .offset = offsetof(struct settings, duration),
     .min = 1000,
     .max = 60000,
     .allowed = "1s to 1m"},
    WP_COMMON_OPTIONS,
};

/* Parses a copy of NULL-terminated arguments behind the name "test". */
#define PARSE(...) parse((char *[]){(char[]){"test"}, __VA_ARGS__, NULL})

static struct settings settings;
static struct wp_error error;
static char *operands[8];
static int operand_count;

static enum wp_status parse(char **argv)
{
    int argc = 0, first = 0;
    while (argv[argc])
        argc++;
    settings = (struct settings){.off = true};
    error = (struct wp_error){0};
    operand_count = 0;
    enum wp_status status =
        wp_options_parse(&settings, options, sizeof options / sizeof options[0], argc, argv, &first, &error);
    for (int i = first; status == WP_OK && i < argc; i++)
        operands[operand_count++] = argv[i];
    return status;
}

#define A(text) ((char[]){text})

static void stores_every_kind(void **state)
{
    (void)state;
    assert_int_equal(PARSE(A("--on"), A("--no-off"), A("--text"), A("word"), A("--wait=1s")), WP_OK);
    assert_true(settings.on);
    assert_false(settings.off);
    assert_string_equal(settings.text, "word");
    assert_int_equal(settings.duration, 1000);
    assert_int_equal(operand_count, 0);
}

static void keeps_defaults_of_what_is_not_given(void **state)
{
    (void)state;
    assert_int_equal(parse((char *[]){A("test"), NULL}), WP_OK);
    assert_false(settings.on);
    assert_true(settings.off);
    assert_null(settings.text);
}

static void takes_options_behind_operands_and_none_behind_two_dashes(void **state)
{
    (void)state;
    assert_int_equal(PARSE(A("a"), A("-o"), A("b"), A("--"), A("-t")), WP_OK);
    assert_true(settings.on);
    assert_int_equal(operand_count, 3);
    assert_string_equal(operands[0], "a");
    assert_string_equal(operands[1], "b");
    assert_string_equal(operands[2], "-t");
}

static void short_options_cluster_and_count(void **state)
{
    (void)state;
    assert_int_equal(PARSE(A("-vvot"), A("x")), WP_OK);
    assert_int_equal(settings.common.verbose, 2);
    assert_true(settings.on);
    assert_string_equal(settings.text, "x");
}

static void ranges_hold_at_both_ends(void **state)
{
    (void)state;
    assert_int_equal(PARSE(A("--wait"), A("60s")), WP_OK);
    assert_int_equal(PARSE(A("--wait"), A("60001ms")), WP_USAGE);
    assert_int_equal(PARSE(A("--wait"), A("1000ms")), WP_OK);
    assert_int_equal(PARSE(A("--wait"), A("999ms")), WP_USAGE);
}

static void errors_name_option_value_and_what_is_allowed(void **state)
{
    (void)state;
    assert_int_equal(PARSE(A("--wait"), A("soon")), WP_USAGE);
    assert_non_null(strstr(error.message, "--wait"));
    assert_non_null(strstr(error.message, "'soon'"));
    assert_non_null(strstr(error.message, "1s to 1m"));
    assert_int_equal(PARSE(A("--wait")), WP_USAGE);
    assert_non_null(strstr(error.message, "--wait"));
    assert_int_equal(PARSE(A("-t")), WP_USAGE);
    assert_non_null(strstr(error.message, "--text"));
    assert_int_equal(PARSE(A("--text=")), WP_USAGE);
    assert_int_equal(PARSE(A("--on=1")), WP_USAGE);
    assert_non_null(strstr(error.message, "--on=1"));
    assert_int_equal(PARSE(A("--txet"), A("x")), WP_USAGE);
    assert_non_null(strstr(error.message, "'--txet'"));
    assert_non_null(strstr(error.message, "--text?"));
    assert_int_equal(PARSE(A("-oX")), WP_USAGE);
    assert_non_null(strstr(error.message, "'-X'"));
}

static void suggests_the_near_and_not_the_far(void **state)
{
    (void)state;
    const char *const names[] = {"check", "run", "version"};
    assert_string_equal(wp_suggest("chek", names, 3), "check");
    assert_string_equal(wp_suggest("vers", names, 3), "version");
    assert_string_equal(wp_suggest("rnu", names, 3), "run");
    assert_null(wp_suggest("frobnicate", names, 3));
    assert_null(wp_suggest("", names, 3));
    assert_null(wp_suggest("a-word-that-is-longer-than-any-name-could-be", names, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stores_every_kind),
        cmocka_unit_test(keeps_defaults_of_what_is_not_given),
        cmocka_unit_test(takes_options_behind_operands_and_none_behind_two_dashes),
        cmocka_unit_test(short_options_cluster_and_count),
        cmocka_unit_test(ranges_hold_at_both_ends),
        cmocka_unit_test(errors_name_option_value_and_what_is_allowed),
        cmocka_unit_test(suggests_the_near_and_not_the_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
