#include <limits.h>

#include "cli/task.h"

#include "base/banned.h"

static enum wp_status run_wait(const struct wp_call_line *line, struct wp_error *error)
{
    static const struct wp_task_action action = {wp_task_wait, wp_task_text, false};
    return wp_do_to_tasks(line, &action, error);
}

static const struct wp_task_settings defaults = {0};

static const struct wp_option options[] = {
    WP_OUTPUT_OPTION(struct wp_task_settings),
    WP_JSON_LINES_OPTION(offsetof(struct wp_task_settings, json)),
    WP_WAITING_OPTIONS(struct wp_task_settings),
    WP_TASK_SERVICE_OPTIONS,
    WP_PROFILE_OPTION(offsetof(struct wp_task_settings, profile)),
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_wait = {
    .name = "wait",
    .synopses = (const char *const[]){"[options] TASK...", NULL},
    .summary = "wait until tasks have ended",
    .description = "Waits for each TASK in turn and prints its id and status. Exit code 0: all have "
                   "succeeded, and their results can be fetched; 5: one failed, was cancelled, or is not "
                   "known; 6: the time is up for one that goes on.\n\n"
                   "A task may have been made here or elsewhere with the same account, by any program: then "
                   "it gets a record in the output folder as soon as the service knows it. Ctrl-C stops the "
                   "waiting, not the task.",
    .examples =
        (const char *const[]){"wanprep wait --timeout 30m \"$task\" && wanprep download \"$task\"", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .flags = WP_COMMAND_WRITES | WP_COMMAND_WAITS,
    .min_operands = 1,
    .max_operands = INT_MAX,
    .run = run_wait,
};
