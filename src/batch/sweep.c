#include "batch/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

bool wp_sweep_pays(size_t due, size_t watched)
{
    return due > (watched + WP_LIST_PAGE - 1) / WP_LIST_PAGE + 1;
}

static int compare(const void *a, const void *b)
{
    const struct wp_sweep_task *one = a, *other = b;
    return strcmp(one->task_id, other->task_id);
}

void wp_sweep_begin(struct wp_sweep_task *tasks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tasks[i].listed = false;
    if (count > 1)
        qsort(tasks, count, sizeof *tasks, compare);
}

void wp_sweep_take(struct wp_sweep_task *tasks, size_t count, const struct wp_task_list *page)
{
    for (size_t i = 0; i < page->count && count > 0; i++) {
        const struct wp_sweep_task key = {.task_id = page->rows[i].task_id};
        struct wp_sweep_task *task = bsearch(&key, tasks, count, sizeof *tasks, compare);
        if (task) {
            task->listed = true;
            task->status = page->rows[i].status;
        }
    }
}

bool wp_sweep_goes_on(const struct wp_sweep_task *task)
{
    return task->listed &&
           (task->status == WP_TASK_STATUS_PENDING || task->status == WP_TASK_STATUS_RUNNING ||
            task->status == WP_TASK_STATUS_SUSPENDED);
}
