/* Locks between holders, within a process and between processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "store/lock.h"

#include "base/banned.h"

#define KEY  "0123456789abcdef0123456789abcdef"
#define NEAR "0123456789abcdff0123456789abcdef" /* differs in the 15th digit */

static int set_up(void **state)
{
    static char path[64];
    (void)wp_text_copy(path, sizeof path, "/tmp/wanprep-lock-XXXXXX");
    int fd = mkstemp(path);
    *state = path;
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
    return unlink(*state);
}

static bool try_lock(struct wp_lock *lock, const char *path, const char *key)
{
    bool taken = false;
    assert_int_equal(wp_lock_try(lock, path, key, &taken, NULL), WP_OK);
    assert_int_equal(taken, lock->fd >= 0);
    return taken;
}

static void test_one_holder_a_key(void **state)
{
    struct wp_lock first, second, other;
    assert_true(try_lock(&first, *state, KEY));
    assert_false(try_lock(&second, *state, KEY)); /* also against the same process */
    assert_true(try_lock(&other, *state, NEAR));
    wp_lock_release(&first);
    assert_true(try_lock(&second, *state, KEY));
    wp_lock_release(&second);
    wp_lock_release(&second); /* releasing twice is fine */
    wp_lock_release(&other);
}

static void test_the_largest_key(void **state)
{
    struct wp_lock first, second;
    assert_true(try_lock(&first, *state, "ffffffffffffffffffff"));
    assert_false(try_lock(&second, *state, "fffffffffffffff00000"));
    wp_lock_release(&first);
}

static void test_a_killed_holder_leaves_no_lock(void **state)
{
    int tell[2];
    assert_int_equal(pipe(tell), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct wp_lock held;
        bool taken = false;
        if (wp_lock_try(&held, *state, KEY, &taken, NULL) != WP_OK ||
            write(tell[1], &taken, sizeof taken) < 0)
            _exit(1);
        for (;;)
            (void)pause();
    }
    bool taken = false;
    assert_int_equal(read(tell[0], &taken, sizeof taken), sizeof taken);
    assert_true(taken);
    struct wp_lock lock;
    assert_false(try_lock(&lock, *state, KEY));
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(try_lock(&lock, *state, KEY));
    wp_lock_release(&lock);
    (void)close(tell[0]);
    (void)close(tell[1]);
}

static void test_a_folder_that_is_not_there(void **state)
{
    (void)state;
    struct wp_lock lock;
    bool taken = true;
    struct wp_error error = {0};
    assert_int_equal(wp_lock_try(&lock, "/nonexistent/lock", KEY, &taken, &error), WP_OUTPUT);
    assert_false(taken);
    wp_lock_release(&lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_holder_a_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_largest_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_killed_holder_leaves_no_lock, set_up, tear_down),
        cmocka_unit_test(test_a_folder_that_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
