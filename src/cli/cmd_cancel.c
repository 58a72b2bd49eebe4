#include <limits.h>

#include "cli/task.h"

#include "base/banned.h"

static enum wp_status run_cancel(const struct wp_call_line *line, struct wp_error *error)
{
    static const struct wp_task_action action = {wp_task_cancel, wp_task_text, true};
    return wp_do_to_tasks(line, &action, error);
}

static const struct wp_task_settings defaults = {0};

static const struct wp_option options[] = {
    WP_OUTPUT_OPTION(struct wp_task_settings),
    WP_JSON_LINES_OPTION(offsetof(struct wp_task_settings, json)),
    WP_TASK_SERVICE_OPTIONS,
    WP_PROFILE_OPTION(offsetof(struct wp_task_settings, profile)),
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_cancel = {
    .name = "cancel",
    .synopses = (const char *const[]){"[options] TASK...", NULL},
    .summary = "cancel tasks that are still PENDING",
    .description = "Asks the service to cancel each TASK, and prints its id and status. The service cancels "
                   "only what has not begun to run: exit code 4 says that it is too late. What is cancelled "
                   "costs nothing; to cancel it again is no error.",
    .examples = (const char *const[]){"wanprep cancel \"$task\"", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .flags = WP_COMMAND_WRITES | WP_COMMAND_WAITS,
    .min_operands = 1,
    .max_operands = INT_MAX,
    .run = run_cancel,
};
