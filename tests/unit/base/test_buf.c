#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"

static void grows_up_to_its_ceiling_and_no_further(void **state)
{
    (void)state;
    struct wp_buf buf = wp_buf_new(1000);
    for (int i = 0; i < 100; i++)
        assert_true(wp_buf_add(&buf, "0123456789", 10));
    assert_int_equal(buf.len, 1000);
    assert_false(wp_buf_add(&buf, "x", 1));
    assert_int_equal(buf.failed, WP_INTERNAL);
    assert_int_equal(strlen(wp_buf_text(&buf)), 1000);
    assert_false(wp_buf_add(&buf, "", 0)); /* failures stick */
    wp_buf_clear(&buf);
    assert_true(wp_buf_add_format(&buf, "%d-%s", 7, "x"));
    assert_string_equal(wp_buf_text(&buf), "7-x");
    wp_buf_free(&buf);
    assert_string_equal(wp_buf_text(&buf), "");
}

static void take_hands_over_and_empties(void **state)
{
    (void)state;
    struct wp_buf buf = wp_buf_new(10);
    char *empty = wp_buf_take(&buf);
    assert_string_equal(empty, "");
    wp_free(empty);
    assert_true(wp_buf_add_text(&buf, "abc"));
    char *text = wp_buf_take(&buf);
    assert_string_equal(text, "abc");
    assert_int_equal(buf.len, 0);
    wp_free(text);
    wp_buf_free(&buf);
}

static void *no_realloc(void *memory, size_t size)
{
    (void)memory, (void)size;
    return NULL;
}

static void out_of_memory_keeps_what_was_there(void **state)
{
    (void)state;
    struct wp_buf buf = wp_buf_new(100000);
    assert_true(wp_buf_add_text(&buf, "kept"));
    const struct wp_alloc_hooks hooks = {malloc, no_realloc, free};
    wp_alloc_set_hooks(&hooks);
    char large[1000] = {0};
    bool added = wp_buf_add(&buf, large, sizeof large);
    wp_alloc_set_hooks(NULL);
    assert_false(added);
    assert_int_equal(buf.failed, WP_NOMEM);
    assert_string_equal(wp_buf_text(&buf), "kept");
    wp_buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_up_to_its_ceiling_and_no_further),
        cmocka_unit_test(take_hands_over_and_empties),
        cmocka_unit_test(out_of_memory_keeps_what_was_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
