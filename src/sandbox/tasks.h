/* The tasks of the account: they run in the order they came, one at a time or as many as the configuration
 * says. */
#ifndef WP_SANDBOX_TASKS_H
#define WP_SANDBOX_TASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sandbox/config.h"
#include "sandbox/request.h"

enum { SB_MAX_TASKS = 100000 };

enum sb_phase { SB_PENDING, SB_RUNNING, SB_ENDED, SB_CANCELED };

struct sb_task {
    char id[SB_UUID_SIZE];
    char request_id[SB_UUID_SIZE]; /**< of the create */
    char *image_url, *video_url;   /**< owned */
    bool pro, watermark, check_image;
    const char *fails_with; /**< its code; NULL: it ends as the configuration says. Borrowed */
    enum sb_phase phase;
    int64_t submitted_ms; /**< these three monotonic; 0 where it has not come to it */
    int64_t scheduled_ms;
    int64_t ended_ms;
};

struct sb_tasks {
    const struct sb_config *config; /**< borrowed */
    struct sb_task *items;          /**< owned; in the order they came */
    size_t count, cap;
    size_t first_open;                   /**< all before it have ended */
    int64_t free_at_ms[SB_MAX_PARALLEL]; /**< when each runner is free; they take turns */
    size_t turn;                         /**< of the runner that is free first: all tasks take as long */
};

struct sb_tasks sb_tasks_new(const struct sb_config *config);
void sb_tasks_free(struct sb_tasks *tasks);

/** Adds a PENDING task that takes image_url and video_url of task over (also on failure). NULL: memory or
 * room is out. Borrowed until the next call. */
struct sb_task *sb_tasks_add(struct sb_tasks *tasks, const struct sb_task *task);

/** Lets time pass: starts and ends what is due. Before looking at any task. */
void sb_tasks_advance(struct sb_tasks *tasks, int64_t now_ms);

/** The task; NULL where it is not known, or older than a task lives. */
struct sb_task *sb_tasks_find(const struct sb_tasks *tasks, const char *id, int64_t now_ms);

/** "PENDING", …; "UNKNOWN" for NULL. */
const char *sb_task_status(const struct sb_tasks *tasks, const struct sb_task *task);

/** What it is billed, in ms of output. */
int64_t sb_task_billed_ms(const struct sb_tasks *tasks, const struct sb_task *task);

#endif
