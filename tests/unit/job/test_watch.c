/* Watching a task, as arithmetic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "job/watch.h"

#include "base/banned.h"

static void test_the_schedule(void **state)
{
    (void)state;
    static const int64_t longest[] = {2000, 3000, 4500, 6750, 10125, 15000, 15000};
    for (unsigned poll = 0; poll < 7; poll++) {
        assert_int_equal(wp_watch_wait_ms(poll, 0, 0), longest[poll]);
        for (uint32_t random = 0; random < 100000; random += 997) {
            int64_t wait = wp_watch_wait_ms(poll, 0, random);
            assert_true(wait <= longest[poll] && wait >= longest[poll] - longest[poll] / 5);
        }
    }
    assert_int_equal(wp_watch_wait_ms(4000000000u, 0, 0), 15000);
    assert_int_equal(wp_watch_wait_ms(7, 50, 12345), 50);
}

static void test_looks_are_counted_from_now(void **state)
{
    (void)state;
    struct wp_watch watch = {0};
    wp_watch_schedule(&watch, 1000, 0, 0);
    assert_int_equal(watch.due_ms, 3000);
    wp_watch_schedule(&watch, 50000, 0, 0); /* late: nothing is made up for */
    assert_int_equal(watch.due_ms, 53000);
    wp_watch_schedule(&watch, 50000, 100, 7);
    assert_int_equal(watch.due_ms, 50100);
}

static void test_failures_back_off(void **state)
{
    (void)state;
    struct wp_watch watch = {0};
    assert_int_equal(wp_watch_back_off(&watch, 0, 0, -1, 0), 2000);
    assert_int_equal(wp_watch_back_off(&watch, 0, 0, -1, 0), 3000);
    assert_int_equal(wp_watch_back_off(&watch, 0, 0, 60000, 0), 60000); /* what the service asks for */
    assert_int_equal(watch.due_ms, 60000);
    watch = (struct wp_watch){.failures = 10};
    assert_int_equal(wp_watch_back_off(&watch, 0, 100, -1, 0), 100); /* no slower than the user wants */
    assert_int_equal(wp_watch_back_off(&watch, 0, 100, 3000, 0), 3000);
    watch = (struct wp_watch){.polls = 10};
    assert_int_equal(wp_watch_back_off(&watch, 0, 0, -1, 0), 15000); /* no quicker than without the failure */
    struct wp_task_answer task = {.status = WP_TASK_STATUS_RUNNING};
    assert_int_equal(wp_watch_take(&watch, &task), WP_WATCH_ON);
    assert_int_equal(watch.failures, 0);
}

static enum wp_watch_verdict take(struct wp_watch *watch, enum wp_task_status status, const char *url)
{
    struct wp_task_answer task = {.status = status};
    (void)wp_text_copy(task.video_url, sizeof task.video_url, url);
    return wp_watch_take(watch, &task);
}

static void test_what_answers_mean(void **state)
{
    (void)state;
    struct wp_watch watch = {0};
    assert_int_equal(take(&watch, WP_TASK_STATUS_PENDING, ""), WP_WATCH_ON);
    assert_int_equal(take(&watch, WP_TASK_STATUS_RUNNING, ""), WP_WATCH_ON);
    assert_int_equal(take(&watch, WP_TASK_STATUS_SUSPENDED, ""), WP_WATCH_ON);
    assert_int_equal(take(&watch, WP_TASK_STATUS_OTHER, ""), WP_WATCH_ON);
    assert_int_equal(take(&watch, WP_TASK_STATUS_FAILED, ""), WP_WATCH_FAILED);
    assert_int_equal(take(&watch, WP_TASK_STATUS_CANCELED, ""), WP_WATCH_CANCELED);
    assert_int_equal(take(&watch, WP_TASK_STATUS_SUCCEEDED, "https://e/v.mp4"), WP_WATCH_SUCCEEDED);
}

static void test_unknown_ends_at_the_third_in_a_row(void **state)
{
    (void)state;
    struct wp_watch watch = {0};
    for (int round = 0; round < 3; round++) {
        assert_int_equal(take(&watch, WP_TASK_STATUS_UNKNOWN, ""), WP_WATCH_ON);
        assert_int_equal(take(&watch, WP_TASK_STATUS_UNKNOWN, ""), WP_WATCH_ON);
        assert_int_equal(take(&watch, WP_TASK_STATUS_PENDING, ""), WP_WATCH_ON);
    }
    assert_int_equal(take(&watch, WP_TASK_STATUS_UNKNOWN, ""), WP_WATCH_ON);
    assert_int_equal(take(&watch, WP_TASK_STATUS_UNKNOWN, ""), WP_WATCH_ON);
    assert_int_equal(take(&watch, WP_TASK_STATUS_UNKNOWN, ""), WP_WATCH_EXPIRED);
}

static void test_success_without_a_url_ends_at_the_sixth(void **state)
{
    (void)state;
    struct wp_watch watch = {0};
    for (int i = 0; i < 5; i++)
        assert_int_equal(take(&watch, WP_TASK_STATUS_SUCCEEDED, ""), WP_WATCH_ON);
    assert_int_equal(take(&watch, WP_TASK_STATUS_SUCCEEDED, ""), WP_WATCH_NO_URL);
    watch = (struct wp_watch){.without_url = 5};
    assert_int_equal(take(&watch, WP_TASK_STATUS_SUCCEEDED, "https://e/v.mp4"), WP_WATCH_SUCCEEDED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_schedule),
        cmocka_unit_test(test_looks_are_counted_from_now),
        cmocka_unit_test(test_failures_back_off),
        cmocka_unit_test(test_what_answers_mean),
        cmocka_unit_test(test_unknown_ends_at_the_third_in_a_row),
        cmocka_unit_test(test_success_without_a_url_ends_at_the_sixth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
