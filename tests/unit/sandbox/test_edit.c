/* Leaving members out of a JSON text, and changing them. */
#include "unit/test.h"

#include "sandbox/edit.h"

#include "base/banned.h"

static const struct {
    const char *before, *omitted, *set;
} cases[] = {
    {"{\"x\":1}", "{}", "{\"x\":\"new\"}"},
    {"{\"x\":1,\"b\":2}", "{\"b\":2}", "{\"x\":\"new\",\"b\":2}"},
    {"{\"a\":0,\"x\":\"1\"}", "{\"a\":0}", "{\"a\":0,\"x\":\"new\"}"},
    {"{\"a\":0,\"x\":[{\"x\":1},{}],\"b\":2}", "{\"a\":0,\"b\":2}", "{\"a\":0,\"x\":\"new\",\"b\":2}"},
    {"{\"a\":{\"x\":null},\"x\":true}", "{\"a\":{}}", "{\"a\":{\"x\":\"new\"},\"x\":\"new\"}"},
    {"[{\"x\":\"}],\\\"\"},{\"x\":\"\\\\\"}]", "[{},{}]", "[{\"x\":\"new\"},{\"x\":\"new\"}]"},
    {"{\"a\":\"x\",\"xx\":1}", "{\"a\":\"x\",\"xx\":1}", "{\"a\":\"x\",\"xx\":1}"},
    {"{\"a\":\"\\\"x\\\":1\"}", "{\"a\":\"\\\"x\\\":1\"}", "{\"a\":\"\\\"x\\\":1\"}"},
    {"", "", ""},
};

static void members_are_left_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wp_buf json = wp_buf_new(1000);
        assert_true(wp_buf_add_text(&json, cases[i].before));
        sb_edit_omit(&json, "x");
        assert_string_equal(wp_buf_text(&json), cases[i].omitted);
        wp_buf_free(&json);
    }
}

static void members_are_changed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct wp_buf json = wp_buf_new(1000);
        assert_true(wp_buf_add_text(&json, cases[i].before));
        sb_edit_set(&json, "x", "new");
        assert_string_equal(wp_buf_text(&json), cases[i].set);
        wp_buf_free(&json);
    }
}

static void members_are_repeated(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"{\"x\":1}", "{\"x\":\"repeated\",\"x\":1}"},
        {"{\"a\":[{\"x\":{\"x\":1},\"b\":2}]}", "{\"a\":[{\"x\":\"repeated\",\"x\":{\"x\":1},\"b\":2}]}"},
        {"{\"xx\":1}", "{\"xx\":1}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wp_buf json = wp_buf_new(1000);
        assert_true(wp_buf_add_text(&json, rows[i][0]));
        sb_edit_repeat(&json, "x");
        assert_string_equal(wp_buf_text(&json), rows[i][1]);
        wp_buf_free(&json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_left_out),
        cmocka_unit_test(members_are_changed),
        cmocka_unit_test(members_are_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
