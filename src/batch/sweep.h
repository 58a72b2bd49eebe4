/*
 * One look at many tasks: what pages of the service's task list say of the tasks that are watched, so that
 * only those are asked for by themselves that need it.
 */
#ifndef WP_BATCH_SWEEP_H
#define WP_BATCH_SWEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "dashscope/answer.h"

/** A watched task. */
struct wp_sweep_task {
    const char *task_id; /**< borrowed */
    void *item;          /**< of the caller */
    bool listed;         /**< a page held it */
    enum wp_task_status status;
};

/**
 * Whether a list is cheaper than asking for each of `due` tasks: it takes a page for every WP_LIST_PAGE of
 * the `watched` ones, and one question more for a task that has ended.
 */
bool wp_sweep_pays(size_t due, size_t watched);

/** Sorts by task id, as wp_sweep_take() needs it, and forgets what pages said. */
void wp_sweep_begin(struct wp_sweep_task *tasks, size_t count);

/** Takes a page. Where a task stands on two pages (rows move while tasks are made) the later page counts. */
void wp_sweep_take(struct wp_sweep_task *tasks, size_t count, const struct wp_task_list *page);

/** Whether the service may still be at work on it, so that there is no need to ask. What a list does not
 * hold, or ended, or calls by a word that we do not know, is to be asked for. */
bool wp_sweep_goes_on(const struct wp_sweep_task *task);

#endif
