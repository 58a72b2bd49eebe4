#include <limits.h>

#include "cli/task.h"

#include "base/banned.h"

static enum wp_status run_status(const struct wp_call_line *line, struct wp_error *error)
{
    static const struct wp_task_action action = {wp_task_status, wp_task_text, true};
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

const struct wp_command wp_command_status = {
    .name = "status",
    .synopses = (const char *const[]){"[options] TASK...", NULL},
    .summary = "ask once how tasks are",
    .description =
        "Asks the service once for each TASK, records the answer, and prints the task's id and status: "
        "PENDING, RUNNING, SUSPENDED, SUCCEEDED, FAILED or CANCELED. Exit code 0: the service told; 5: it "
        "does not know the task (any more), since tasks are kept for 24 hours.\n\n"
        "A task may have been made here or elsewhere with the same account, by any program: then it gets a "
        "record in the output folder as soon as the service knows it.",
    .examples = (const char *const[]){"wanprep status --json \"$task\"", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .flags = WP_COMMAND_WRITES | WP_COMMAND_WAITS,
    .min_operands = 1,
    .max_operands = INT_MAX,
    .run = run_status,
};
