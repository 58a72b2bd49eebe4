/* The queue of tasks, with hours in no time. */
#include "unit/test.h"

#include <string.h>

#include "base/alloc.h"
#include "sandbox/tasks.h"

#include "base/banned.h"

static struct sb_task *add(struct sb_tasks *tasks, const char *id, int64_t now_ms)
{
    struct sb_task task = {
        .submitted_ms = now_ms, .image_url = wp_strdup("i"), .video_url = wp_strdup("v"), .pro = false};
    assert_true(strlen(id) < sizeof task.id);
    memcpy(task.id, id, strlen(id) + 1);
    sb_tasks_advance(tasks, now_ms);
    return sb_tasks_add(tasks, &task);
}

static const char *status(struct sb_tasks *tasks, const char *id, int64_t now_ms)
{
    sb_tasks_advance(tasks, now_ms);
    return sb_task_status(tasks, sb_tasks_find(tasks, id, now_ms));
}

static const struct sb_config config = {.pending_ms = 100,
                                        .running_ms = 1000,
                                        .parallel = 1,
                                        .outcome = "SUCCEEDED",
                                        .seconds_ms = 3200,
                                        .task_lifetime_ms = 10000};

static void a_task_changes_at_the_instant_it_is_due(void **state)
{
    (void)state;
    struct sb_tasks tasks = sb_tasks_new(&config);
    assert_non_null(add(&tasks, "a", 5000));
    assert_string_equal(status(&tasks, "a", 5099), "PENDING");
    assert_string_equal(status(&tasks, "a", 5100), "RUNNING");
    assert_string_equal(status(&tasks, "a", 6099), "RUNNING");
    assert_int_equal(sb_task_billed_ms(&tasks, &tasks.items[0]), 0);
    assert_string_equal(status(&tasks, "a", 6100), "SUCCEEDED");
    assert_int_equal(sb_task_billed_ms(&tasks, &tasks.items[0]), 3200);
    assert_int_equal(tasks.items[0].scheduled_ms, 5100);
    assert_int_equal(tasks.items[0].ended_ms, 6100);
    sb_tasks_free(&tasks);
}

static void tasks_run_one_after_the_other(void **state)
{
    (void)state;
    struct sb_tasks tasks = sb_tasks_new(&config);
    (void)add(&tasks, "a", 5000);
    (void)add(&tasks, "b", 5001);
    (void)add(&tasks, "c", 5002);
    assert_string_equal(status(&tasks, "b", 6099), "PENDING");
    assert_string_equal(status(&tasks, "b", 6100), "RUNNING");
    assert_string_equal(status(&tasks, "c", 7099), "PENDING");
    assert_string_equal(status(&tasks, "c", 8100), "SUCCEEDED");
    assert_int_equal(tasks.items[2].scheduled_ms, 7100); /* though nobody looked then */
    sb_tasks_free(&tasks);
}

static void as_many_run_as_the_configuration_says(void **state)
{
    (void)state;
    struct sb_config two = config;
    two.parallel = 2;
    struct sb_tasks tasks = sb_tasks_new(&two);
    (void)add(&tasks, "a", 5000);
    (void)add(&tasks, "b", 5500);
    (void)add(&tasks, "c", 5600);
    (void)add(&tasks, "d", 5700);
    assert_string_equal(status(&tasks, "b", 5600), "RUNNING");
    assert_string_equal(status(&tasks, "c", 6099), "PENDING");
    assert_string_equal(status(&tasks, "a", 6100), "SUCCEEDED");
    assert_string_equal(status(&tasks, "c", 6100), "RUNNING");
    assert_string_equal(status(&tasks, "d", 6599), "PENDING");
    assert_string_equal(status(&tasks, "d", 7600), "SUCCEEDED");
    assert_int_equal(tasks.items[3].scheduled_ms, 6600);
    sb_tasks_free(&tasks);
}

static void a_cancelled_task_takes_no_time(void **state)
{
    (void)state;
    struct sb_tasks tasks = sb_tasks_new(&config);
    (void)add(&tasks, "a", 5000);
    (void)add(&tasks, "b", 5000);
    (void)add(&tasks, "c", 5000);
    tasks.items[1].phase = SB_CANCELED;
    assert_string_equal(status(&tasks, "b", 6100), "CANCELED");
    assert_string_equal(status(&tasks, "c", 6100), "RUNNING");
    assert_int_equal(sb_task_billed_ms(&tasks, &tasks.items[1]), 0);
    sb_tasks_free(&tasks);
}

static void an_idle_runner_starts_a_late_task_when_it_is_due(void **state)
{
    (void)state;
    struct sb_tasks tasks = sb_tasks_new(&config);
    (void)add(&tasks, "a", 5000);
    (void)add(&tasks, "b", 9000);
    assert_string_equal(status(&tasks, "b", 9099), "PENDING");
    assert_string_equal(status(&tasks, "b", 9100), "RUNNING");
    sb_tasks_free(&tasks);
}

static void tasks_are_forgotten_at_the_end_of_their_lifetime(void **state)
{
    (void)state;
    struct sb_tasks tasks = sb_tasks_new(&config);
    (void)add(&tasks, "a", 5000);
    assert_string_equal(status(&tasks, "a", 14999), "SUCCEEDED");
    assert_string_equal(status(&tasks, "a", 15000), "UNKNOWN");
    assert_string_equal(status(&tasks, "b", 5000), "UNKNOWN");
    sb_tasks_free(&tasks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_changes_at_the_instant_it_is_due),
        cmocka_unit_test(tasks_run_one_after_the_other),
        cmocka_unit_test(as_many_run_as_the_configuration_says),
        cmocka_unit_test(a_cancelled_task_takes_no_time),
        cmocka_unit_test(an_idle_runner_starts_a_late_task_when_it_is_due),
        cmocka_unit_test(tasks_are_forgotten_at_the_end_of_their_lifetime),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
