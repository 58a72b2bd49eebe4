#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "batch/sweep.h"

static void add_row(struct wp_task_list *page, const char *task_id, enum wp_task_status status)
{
    struct wp_listed_task *row = &page->rows[page->count++];
    (void)strncpy(row->task_id, task_id, sizeof row->task_id - 1);
    row->status = status;
}

static void test_a_list_pays_where_it_saves_requests(void **state)
{
    (void)state;
    assert_false(wp_sweep_pays(0, 0));
    assert_false(wp_sweep_pays(1, 1));
    assert_false(wp_sweep_pays(2, 2)); /* a page and a question are two as well */
    assert_true(wp_sweep_pays(3, 3));
    assert_false(wp_sweep_pays(11, 1000));
    assert_true(wp_sweep_pays(12, 1000));
    assert_false(wp_sweep_pays(12, 1001));
}

static void test_pages_tell_who_has_ended(void **state)
{
    (void)state;
    struct wp_task_list *page = calloc(1, sizeof *page);
    struct wp_sweep_task tasks[] = {{.task_id = "c"},
                                    {.task_id = "a"},
                                    {.task_id = "b"},
                                    {.task_id = "d"},
                                    {.task_id = "e", .listed = true, .status = WP_TASK_STATUS_RUNNING}};
    wp_sweep_begin(tasks, COUNT(tasks));
    add_row(page, "b", WP_TASK_STATUS_SUCCEEDED);
    add_row(page, "stranger", WP_TASK_STATUS_FAILED);
    add_row(page, "a", WP_TASK_STATUS_RUNNING);
    wp_sweep_take(tasks, COUNT(tasks), page);
    page->count = 0;
    add_row(page, "c", WP_TASK_STATUS_PENDING);
    add_row(page, "d", WP_TASK_STATUS_OTHER);
    wp_sweep_take(tasks, COUNT(tasks), page);
    assert_true(wp_sweep_goes_on(&tasks[0]));  /* a */
    assert_false(wp_sweep_goes_on(&tasks[1])); /* b ended */
    assert_true(wp_sweep_goes_on(&tasks[2]));  /* c */
    assert_false(wp_sweep_goes_on(&tasks[3])); /* d: a word that nobody knows */
    assert_false(wp_sweep_goes_on(&tasks[4])); /* e stood on no page of this sweep */
    free(page);
}

static void test_the_later_page_counts(void **state)
{
    (void)state;
    struct wp_task_list *page = calloc(1, sizeof *page);
    struct wp_sweep_task task = {.task_id = "a"};
    wp_sweep_begin(&task, 1);
    add_row(page, "a", WP_TASK_STATUS_RUNNING);
    wp_sweep_take(&task, 1, page);
    page->rows[0].status = WP_TASK_STATUS_FAILED;
    wp_sweep_take(&task, 1, page);
    assert_false(wp_sweep_goes_on(&task));
    free(page);
}

static void test_nothing_watched_is_fine(void **state)
{
    (void)state;
    struct wp_task_list *page = calloc(1, sizeof *page);
    add_row(page, "a", WP_TASK_STATUS_RUNNING);
    wp_sweep_begin(NULL, 0);
    wp_sweep_take(NULL, 0, page);
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_list_pays_where_it_saves_requests),
        cmocka_unit_test(test_pages_tell_who_has_ended),
        cmocka_unit_test(test_the_later_page_counts),
        cmocka_unit_test(test_nothing_watched_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
