#include "sandbox/tasks.h"

#include <string.h>

#include "base/alloc.h"
#include "sandbox/grow.h"

#include "base/banned.h"

struct sb_tasks sb_tasks_new(const struct sb_config *config)
{
    return (struct sb_tasks){.config = config};
}

void sb_tasks_free(struct sb_tasks *tasks)
{
    for (size_t i = 0; i < tasks->count; i++) {
        wp_free(tasks->items[i].image_url);
        wp_free(tasks->items[i].video_url);
    }
    wp_free(tasks->items);
    tasks->items = NULL;
    tasks->count = tasks->cap = 0;
}

struct sb_task *sb_tasks_add(struct sb_tasks *tasks, const struct sb_task *task)
{
    struct sb_task *items = NULL;
    if (task->image_url && task->video_url)
        items = sb_grow(tasks->items, tasks->count, &tasks->cap, SB_MAX_TASKS, sizeof *items);
    if (!items) {
        wp_free(task->image_url);
        wp_free(task->video_url);
        return NULL;
    }
    tasks->items = items;
    tasks->items[tasks->count] = *task;
    return &tasks->items[tasks->count++];
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Starts a task whose time has come. False: it is still PENDING, as are those behind it. */
static bool start(struct sb_tasks *tasks, struct sb_task *task, int64_t now_ms)
{
    const struct sb_config *config = tasks->config;
    int64_t *free_at_ms = &tasks->free_at_ms[tasks->turn];
    int64_t then = later(task->submitted_ms + config->pending_ms, *free_at_ms);
    if (then > now_ms)
        return false;
    task->phase = SB_RUNNING;
    task->scheduled_ms = then;
    *free_at_ms = then + config->running_ms;
    tasks->turn = (tasks->turn + 1) % (size_t)config->parallel;
    return true;
}

void sb_tasks_advance(struct sb_tasks *tasks, int64_t now_ms)
{
    for (size_t i = tasks->first_open; i < tasks->count; i++) {
        struct sb_task *task = &tasks->items[i];
        if (task->phase == SB_PENDING && !start(tasks, task, now_ms))
            return;
        int64_t end = task->scheduled_ms + tasks->config->running_ms;
        if (task->phase == SB_RUNNING && end <= now_ms) {
            task->phase = SB_ENDED;
            task->ended_ms = end;
        }
        if (task->phase != SB_RUNNING && i == tasks->first_open)
            tasks->first_open = i + 1;
    }
}

struct sb_task *sb_tasks_find(const struct sb_tasks *tasks, const char *id, int64_t now_ms)
{
    for (size_t i = tasks->count; i-- > 0;) {
        struct sb_task *task = &tasks->items[i];
        if (strcmp(task->id, id) == 0)
            return now_ms - task->submitted_ms < tasks->config->task_lifetime_ms ? task : NULL;
    }
    return NULL;
}

const char *sb_task_status(const struct sb_tasks *tasks, const struct sb_task *task)
{
    if (!task)
        return "UNKNOWN";
    switch (task->phase) {
    case SB_PENDING:
        return "PENDING";
    case SB_RUNNING:
        return "RUNNING";
    case SB_CANCELED:
        return "CANCELED";
    case SB_ENDED:
        break;
    }
    return task->fails_with ? "FAILED" : tasks->config->outcome;
}

int64_t sb_task_billed_ms(const struct sb_tasks *tasks, const struct sb_task *task)
{
    bool succeeded = strcmp(sb_task_status(tasks, task), "SUCCEEDED") == 0;
    return succeeded ? tasks->config->seconds_ms : 0;
}
