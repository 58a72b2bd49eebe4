#include <limits.h>

#include "cli/task.h"

#include "base/banned.h"

static void print_path(struct wp_buf *out, const struct wp_job_result *result)
{
    (void)wp_buf_add_format(out, "%s\n", result->video_path);
}

static enum wp_status run_download(const struct wp_call_line *line, struct wp_error *error)
{
    static const struct wp_task_action action = {wp_task_download, print_path, false};
    return wp_do_to_tasks(line, &action, error);
}

static const struct wp_task_settings defaults = {0};

static const struct wp_option options[] = {
    WP_OUTPUT_OPTION(struct wp_task_settings),
    WP_JSON_LINES_OPTION(offsetof(struct wp_task_settings, json)),
    WP_TASK_SERVICE_OPTIONS,
    WP_PROFILE_OPTION(offsetof(struct wp_task_settings, profile)),
    WP_NO_SANDBOX_OPTION(offsetof(struct wp_task_settings, no_sandbox)),
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_download = {
    .name = "download",
    .synopses = (const char *const[]){"[options] TASK...", NULL},
    .summary = "fetch and check the results of tasks that have succeeded",
    .description = "Fetches the result of each TASK into the output folder, continues what was begun, checks "
                   "that it is a video, and prints its path. A result that is there already is not fetched "
                   "again. Results are kept by the service for 24 hours.\n\n"
                   "Waits for no task: exit code 6 says that one goes on. A task may have been made here or "
                   "elsewhere with the same account, by any program: then it gets a record in the output "
                   "folder as soon as the service knows it.",
    .examples = (const char *const[]){"video=$(wanprep download \"$task\")", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .flags = WP_COMMAND_WRITES | WP_COMMAND_WAITS,
    .min_operands = 1,
    .max_operands = INT_MAX,
    .run = run_download,
};
