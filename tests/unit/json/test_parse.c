/* Parsing: what is taken, what is refused, and the typed getters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "json/json.h"

#include "base/banned.h"

static struct wp_json *parse(const char *text)
{
    return wp_json_parse(text, strlen(text));
}

static void takes_documents(void **state)
{
    (void)state;
    static const char *const good[] = {
        "{}",
        "[]",
        "null",
        "1",
        "\"x\"",
        " \t\r\n{\"a\" : [1, 2.5e3, true, null, {}]}\r\n ",
        "\"[[[[{{{{\"",
        "\"\\\"[\\\\\"",
        "\"\\\\u0000\"",
        "\"\xff\xfe\"",
        "{\"a\":1,\"A\":{\"a\":2},\"b\":[{\"a\":3},{\"a\":4}]}",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct wp_json *document = parse(good[i]);
        if (!document)
            fail_msg("refused: %s", good[i]);
        wp_json_free(document);
    }
}

static void refuses_what_is_none(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[}",
        "{]",
        "[1,]",
        "{\"a\"}",
        "{\"a\":1,\"a\":2}",
        "[{\"b\":{\"a\":1,\"b\":2,\"c\":3,\"\\u0061\":1}}]",
        "{\"a\":}",
        "{a:1}",
        "'x'",
        "\"",
        "\"\\",
        "\"\\\"",
        "nul",
        "{} {}",
        "{}x",
        "[1] ]",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "<html></html>",
        "NaN",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct wp_json *document = parse(bad[i]);
        if (document)
            fail_msg("taken: %s", bad[i]);
    }
    assert_null(wp_json_parse(NULL, 0));
    assert_null(wp_json_parse("{}\0", 3));
    assert_null(wp_json_parse("\"a\0b\"", 5));
}

/* levels opening brackets and as many closing ones. */
static struct wp_json *parse_nested(size_t levels)
{
    char text[256];
    assert_true(2 * levels < sizeof text);
    memset(text, '[', levels);
    memset(text + levels, ']', levels);
    return wp_json_parse(text, 2 * levels);
}

static void bounds_nesting(void **state)
{
    (void)state;
    struct wp_json *document = parse_nested(32);
    assert_non_null(document);
    wp_json_free(document);
    assert_null(parse_nested(33));
}

/* A string document of exactly len bytes. */
static bool takes_length(size_t len)
{
    char *text = malloc(len);
    assert_non_null(text);
    memset(text, 'x', len);
    text[0] = text[len - 1] = '"';
    struct wp_json *document = wp_json_parse(text, len);
    bool taken = document != NULL;
    wp_json_free(document);
    free(text);
    return taken;
}

static void bounds_size(void **state)
{
    (void)state;
    assert_true(takes_length(4U << 20));
    assert_false(takes_length((4U << 20) + 1));
}

/* An array of so many zeros. */
static bool takes_count(size_t count)
{
    size_t len = 2 * count + 1;
    char *text = malloc(len);
    assert_non_null(text);
    for (size_t i = 0; i < len; i++)
        text[i] = i % 2 ? '0' : ',';
    text[0] = '[';
    text[len - 1] = ']';
    struct wp_json *document = wp_json_parse(text, len);
    bool taken = document != NULL;
    assert_int_equal(wp_json_count(document), taken ? count : 0);
    wp_json_free(document);
    free(text);
    return taken;
}

static void bounds_values(void **state)
{
    (void)state;
    assert_true(takes_count(1U << 17));
    assert_false(takes_count((1U << 17) + 1));
}

static void getters_never_convert(void **state)
{
    (void)state;
    struct wp_json *document = parse("{\"text\":\"7\",\"number\":7.5,\"whole\":7,\"yes\":true,\"none\":null,"
                                     "\"list\":[\"a\",\"b\"],\"object\":{\"Text\":\"x\"}}");
    assert_non_null(document);
    double number = 1;
    int64_t integer = 1;
    bool flag = false;
    assert_string_equal(wp_json_text(document, "text"), "7");
    assert_null(wp_json_text(document, "Text"));
    assert_null(wp_json_text(document, "number"));
    assert_null(wp_json_text(document, "none"));
    assert_null(wp_json_text(document, "missing"));
    assert_true(wp_json_number(document, "number", &number) && number == 7.5);
    assert_false(wp_json_number(document, "text", &number));
    assert_true(wp_json_integer(document, "whole", &integer) && integer == 7);
    assert_false(wp_json_integer(document, "number", &integer));
    assert_false(wp_json_integer(document, "text", &integer));
    assert_true(wp_json_bool(document, "yes", &flag) && flag);
    assert_false(wp_json_bool(document, "whole", &flag));
    const struct wp_json *list = wp_json_member(document, "list");
    assert_true(wp_json_is_array(list) && !wp_json_is_object(list));
    assert_int_equal(wp_json_count(list), 2);
    assert_string_equal(wp_json_as_text(wp_json_at(list, 1)), "b");
    assert_null(wp_json_at(list, 2));
    assert_null(wp_json_at(list, SIZE_MAX));
    assert_null(wp_json_member(list, "text"));
    assert_int_equal(wp_json_count(document), 0);
    assert_null(wp_json_at(document, 0));
    wp_json_free(document);
}

static void getters_take_null(void **state)
{
    (void)state;
    double number = 0;
    int64_t integer = 0;
    bool flag = false;
    assert_null(wp_json_member(NULL, "x"));
    assert_null(wp_json_at(NULL, 0));
    assert_int_equal(wp_json_count(NULL), 0);
    assert_false(wp_json_is_object(NULL) || wp_json_is_array(NULL));
    assert_null(wp_json_text(NULL, "x"));
    assert_null(wp_json_as_text(NULL));
    assert_false(wp_json_number(NULL, "x", &number));
    assert_false(wp_json_integer(NULL, "x", &integer));
    assert_false(wp_json_bool(NULL, "x", &flag));
    wp_json_free(NULL);
}

static void integers_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool taken;
        int64_t value;
    } rows[] = {
        {"{\"n\":0}", true, 0},
        {"{\"n\":-1}", true, -1},
        {"{\"n\":1e3}", true, 1000},
        {"{\"n\":1.0}", true, 1},
        {"{\"n\":1758195120105}", true, 1758195120105},
        {"{\"n\":9007199254740991}", true, 9007199254740991},
        {"{\"n\":-9007199254740991}", true, -9007199254740991},
        {"{\"n\":9007199254740992}", false, 0},
        {"{\"n\":9007199254740993}", false, 0},
        {"{\"n\":1e300}", false, 0},
        {"{\"n\":1e999}", false, 0},
        {"{\"n\":0.5}", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_json *document = parse(rows[i].text);
        assert_non_null(document);
        int64_t value = 0;
        assert_int_equal(wp_json_integer(document, "n", &value), rows[i].taken);
        assert_int_equal(value, rows[i].value);
        wp_json_free(document);
    }
    struct wp_json *huge = parse("{\"n\":1e999}");
    double number = 0;
    assert_false(wp_json_number(huge, "n", &number));
    wp_json_free(huge);
}

static size_t allocations_left;

static void *failing_malloc(size_t size)
{
    if (allocations_left == 0)
        return NULL;
    allocations_left--;
    return malloc(size);
}

static void survives_want_of_memory(void **state)
{
    (void)state;
    static const struct wp_alloc_hooks hooks = {failing_malloc, realloc, free};
    wp_alloc_set_hooks(&hooks);
    struct wp_json *document = NULL;
    for (size_t n = 0; !document; n++) {
        assert_true(n < 100);
        allocations_left = n;
        document = parse("{\"a\":[1,\"two\",{\"three\":null}],\"b\":\"\\u00e4\"}");
    }
    assert_string_equal(wp_json_text(document, "b"), "\xc3\xa4");
    wp_json_free(document);
    wp_alloc_set_hooks(NULL);
}

static void survives_damage(void **state)
{
    (void)state;
    static const char sample[] =
        "{\"output\":{\"task_id\":\"a-b\",\"n\":[1.5e3,-2,true,null,\"\\u00e4\\n\"]}}";
    char text[sizeof sample];
    for (size_t i = 0; i < sizeof sample - 1; i++) {
        wp_json_free(wp_json_parse(sample, i));
        for (unsigned byte = 0; byte < 256; byte++) {
            memcpy(text, sample, sizeof text);
            text[i] = (char)byte;
            struct wp_json *document = wp_json_parse(text, sizeof text - 1);
            struct wp_buf out = wp_buf_new(1024);
            if (document) { /* what was taken can be written and read again */
                assert_true(wp_json_print(document, &out));
                struct wp_json *again = wp_json_parse(out.data, out.len);
                assert_non_null(again);
                wp_json_free(again);
            }
            wp_buf_free(&out);
            wp_json_free(document);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_documents),   cmocka_unit_test(refuses_what_is_none),
        cmocka_unit_test(bounds_nesting),    cmocka_unit_test(bounds_size),
        cmocka_unit_test(bounds_values),     cmocka_unit_test(getters_never_convert),
        cmocka_unit_test(getters_take_null), cmocka_unit_test(integers_are_exact),
        cmocka_unit_test(survives_damage),   cmocka_unit_test(survives_want_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
