/* Bytes of a URL that end early. */
#include "unit/test.h"

#include <string.h>

#include "base/error.h"
#include "preflight/ration.h"

#include "base/banned.h"

enum { SIZE = 100 };

/* A URL that fails when it is read for the time of this number, from 1; 0: never. */
struct behind {
    int calls, fails_at;
    enum wp_status status;
};

static enum wp_status read_behind(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                                  struct wp_error *error)
{
    struct behind *behind = user;
    *got = 0;
    if (++behind->calls == behind->fails_at)
        return wp_fail(error, behind->status, "test", "the connection is gone");
    *got = offset >= SIZE ? 0 : SIZE - offset < len ? (size_t)(SIZE - offset) : len;
    memset(out, 7, *got);
    return WP_OK;
}

/* What comes of a read; WP_OK. */
static size_t get(struct wp_ration *ration, size_t len, uint64_t offset)
{
    unsigned char bytes[2 * SIZE];
    size_t got = SIZE;
    struct wp_error error = {.status = WP_OK};
    assert_int_equal(ration->reader.read_at(ration->reader.user, bytes, len, offset, &got, &error), WP_OK);
    return got;
}

static void bytes_are_counted(void **state)
{
    (void)state;
    struct behind behind = {0};
    const struct wp_reader reader = {SIZE, read_behind, &behind};
    struct wp_ration ration;
    wp_ration_open(&ration, &reader, 30);
    assert_int_equal(ration.reader.size, SIZE);
    assert_int_equal(get(&ration, 10, 95), 5); /* what did not come does not count */
    assert_int_equal(get(&ration, 25, 0), 25);
    assert_string_equal(ration.end, "");
    assert_int_equal(get(&ration, 1, 0), 0);
    assert_true(ration.end[0] != '\0');
    assert_int_equal(behind.calls, 2);
}

static void more_than_there_may_be_is_the_end(void **state)
{
    (void)state;
    struct behind behind = {0};
    const struct wp_reader reader = {SIZE, read_behind, &behind};
    struct wp_ration ration;
    wp_ration_open(&ration, &reader, 30);
    assert_int_equal(get(&ration, 31, 0), 0);
    assert_int_equal(get(&ration, 1, 0), 0); /* also of what would be left */
    assert_true(ration.end[0] != '\0');
    assert_int_equal(behind.calls, 0);
}

static void what_fails_is_the_end_and_told(void **state)
{
    (void)state;
    static const enum wp_status statuses[] = {WP_INPUT, WP_NETWORK};
    for (size_t i = 0; i < COUNT(statuses); i++) {
        struct behind behind = {.fails_at = 2, .status = statuses[i]};
        const struct wp_reader reader = {SIZE, read_behind, &behind};
        struct wp_ration ration;
        wp_ration_open(&ration, &reader, SIZE);
        assert_int_equal(get(&ration, 10, 0), 10);
        assert_int_equal(get(&ration, 10, 10), 0);
        assert_int_equal(get(&ration, 10, 20), 0);
        assert_string_equal(ration.end, "the connection is gone");
        assert_int_equal(behind.calls, 2);
    }
}

/* That is no fault of the URL. */
static void no_memory_is_no_end(void **state)
{
    (void)state;
    struct behind behind = {.fails_at = 1, .status = WP_NOMEM};
    const struct wp_reader reader = {SIZE, read_behind, &behind};
    struct wp_ration ration;
    struct wp_error error = {.status = WP_OK};
    unsigned char byte;
    size_t got = 1;
    wp_ration_open(&ration, &reader, SIZE);
    assert_int_equal(ration.reader.read_at(ration.reader.user, &byte, 1, 0, &got, &error), WP_NOMEM);
    assert_int_equal(error.status, WP_NOMEM);
    assert_int_equal(got, 0);
    assert_string_equal(ration.end, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_counted),
        cmocka_unit_test(more_than_there_may_be_is_the_end),
        cmocka_unit_test(what_fails_is_the_end_and_told),
        cmocka_unit_test(no_memory_is_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
