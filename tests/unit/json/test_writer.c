/* The writer: layout, escapes, numbers in every locale, ceilings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json/json.h"

#include "base/banned.h"

static void write_sample(struct wp_buf *out, int indent)
{
    struct wp_json_writer writer = wp_json_writer_new(out, indent);
    wp_json_begin_object(&writer, NULL);
    wp_json_put_text(&writer, "text", "a\"b");
    wp_json_put_text(&writer, "nothing", NULL);
    wp_json_begin_array(&writer, "list");
    wp_json_put_integer(&writer, NULL, -3);
    wp_json_put_bool(&writer, NULL, true);
    wp_json_begin_object(&writer, NULL);
    wp_json_end_object(&writer);
    wp_json_end_array(&writer);
    wp_json_begin_array(&writer, "empty");
    wp_json_end_array(&writer);
    wp_json_put_null(&writer, "end");
    wp_json_end_object(&writer);
}

static void lays_out(void **state)
{
    (void)state;
    struct wp_buf out = wp_buf_new(4096);
    write_sample(&out, 0);
    assert_string_equal(
        wp_buf_text(&out),
        "{\"text\":\"a\\\"b\",\"nothing\":null,\"list\":[-3,true,{}],\"empty\":[],\"end\":null}");
    wp_buf_clear(&out);
    write_sample(&out, 2);
    assert_string_equal(wp_buf_text(&out),
                        "{\n  \"text\": \"a\\\"b\",\n  \"nothing\": null,\n  \"list\": [\n"
                        "    -3,\n    true,\n    {}\n  ],\n  \"empty\": [],\n  \"end\": null\n}");
    wp_buf_free(&out);
}

static void escapes_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json;
    } rows[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"\"\\/", "\"\\\"\\\\/\""},
        {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""},
        {"\xd8\x9c\xe2\x80\xae\xe2\x80\xaf", "\"\\u061c\\u202e\xe2\x80\xaf\""},
        {"\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0", "\"\\u0080\\u009b\\u009f\xc2\xa0\""},
        {"\xc3\xa4\xe4\xb8\xad\xf0\x9f\x98\x80", "\"\xc3\xa4\xe4\xb8\xad\xf0\x9f\x98\x80\""},
        {"a\xff"
         "b",
         "\"a\xef\xbf\xbd"
         "b\""},
        {"\xc3", "\"\xef\xbf\xbd\""},
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* a surrogate */
        {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},                 /* overlong */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_buf out = wp_buf_new(256);
        struct wp_json_writer writer = wp_json_writer_new(&out, 0);
        wp_json_put_text(&writer, NULL, rows[i].text);
        assert_string_equal(wp_buf_text(&out), rows[i].json);
        wp_buf_free(&out);
    }
}

static const struct {
    double value;
    const char *json;
} numbers[] = {
    {0, "0"},
    {-0.0, "0"},
    {1, "1"},
    {-42, "-42"},
    {100000, "100000"},
    {5.2, "5.2"},
    {0.1, "0.1"},
    {0.4, "0.4"},
    {-31.25, "-31.25"},
    {1500000.25, "1500000.25"},
    {29.97002997002997, "29.97002997002997"},
    {0.1 + 0.2, "0.30000000000000004"},
    {1e-7, "1e-07"},
    {5e-324, "5e-324"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    {9007199254740991.0, "9007199254740991"},
};

static void check_numbers(void)
{
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct wp_buf out = wp_buf_new(256);
        struct wp_json_writer writer = wp_json_writer_new(&out, 0);
        wp_json_put_number(&writer, NULL, numbers[i].value);
        assert_string_equal(wp_buf_text(&out), numbers[i].json);
        wp_buf_free(&out);
    }
}

static void numbers_are_shortest(void **state)
{
    (void)state;
    check_numbers();
    static const double none[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < 3; i++) {
        struct wp_buf out = wp_buf_new(16);
        struct wp_json_writer writer = wp_json_writer_new(&out, 0);
        wp_json_put_number(&writer, NULL, none[i]);
        assert_string_equal(wp_buf_text(&out), "null");
        wp_buf_free(&out);
    }
}

static void numbers_read_back(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252U; /* xorshift64: the same numbers in every run */
    for (int i = 0; i < 20000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        double value = 0;
        memcpy(&value, &random, sizeof value);
        if (!isfinite(value))
            continue;
        struct wp_buf out = wp_buf_new(64);
        struct wp_json_writer writer = wp_json_writer_new(&out, 0);
        wp_json_put_number(&writer, NULL, value);
        assert_true(strtod(wp_buf_text(&out), NULL) == value);
        wp_buf_free(&out);
    }
}

/* A locale whose decimal point is no point; false if the machine has none. */
static bool set_comma_locale(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "ps_AF.UTF-8"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (setlocale(LC_NUMERIC, names[i]))
            return true;
    }
    return false;
}

static void numbers_ignore_the_locale(void **state)
{
    (void)state;
    if (set_comma_locale())
        assert_string_not_equal(localeconv()->decimal_point, ".");
    check_numbers();
    struct wp_json *document = wp_json_parse("{\"n\":5.25}", 10);
    double number = 0;
    assert_true(wp_json_number(document, "n", &number) && number == 5.25);
    wp_json_free(document);
    assert_non_null(setlocale(LC_NUMERIC, "C"));
}

static void puts_values_back(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[1,2.5,\"x\\ny\",true,false,null,{}],\"b\":{\"c\":[]}}";
    struct wp_json *document = wp_json_parse(text, sizeof text - 1);
    assert_non_null(document);
    struct wp_buf out = wp_buf_new(1024);
    assert_true(wp_json_print(document, &out));
    assert_string_equal(wp_buf_text(&out), text);
    wp_buf_clear(&out);
    struct wp_json_writer writer = wp_json_writer_new(&out, 2);
    wp_json_begin_object(&writer, NULL);
    wp_json_put_value(&writer, "v", wp_json_member(document, "b"));
    wp_json_put_value(&writer, "none", wp_json_member(document, "missing"));
    wp_json_end_object(&writer);
    assert_string_equal(wp_buf_text(&out), "{\n  \"v\": {\n    \"c\": []\n  },\n  \"none\": null\n}");
    wp_buf_free(&out);
    wp_json_free(document);
}

static void deepest_document_fits_an_envelope(void **state)
{
    (void)state;
    char text[64];
    memset(text, '[', 32);
    memset(text + 32, ']', 32);
    struct wp_json *document = wp_json_parse(text, sizeof text);
    assert_non_null(document);
    struct wp_buf out = wp_buf_new(1024);
    struct wp_json_writer writer = wp_json_writer_new(&out, 0);
    for (int i = 0; i < 16; i++)
        wp_json_begin_array(&writer, NULL);
    wp_json_put_value(&writer, NULL, document);
    for (int i = 0; i < 16; i++)
        wp_json_end_array(&writer);
    assert_int_equal(out.len, 96);
    wp_buf_free(&out);
    wp_json_free(document);
}

static void ceilings_stick(void **state)
{
    (void)state;
    struct wp_json *document = wp_json_parse("[1,2,3]", 7);
    struct wp_buf out = wp_buf_new(7);
    assert_true(wp_json_print(document, &out));
    struct wp_buf small = wp_buf_new(6);
    assert_false(wp_json_print(document, &small));
    assert_int_equal(small.failed, WP_INTERNAL);
    wp_buf_free(&small);
    wp_buf_free(&out);
    wp_json_free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lays_out),
        cmocka_unit_test(escapes_text),
        cmocka_unit_test(numbers_are_shortest),
        cmocka_unit_test(numbers_read_back),
        cmocka_unit_test(numbers_ignore_the_locale),
        cmocka_unit_test(puts_values_back),
        cmocka_unit_test(deepest_document_fits_an_envelope),
        cmocka_unit_test(ceilings_stick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
