#include "cli/run.h"

#include "base/banned.h"

static enum wp_status run_submit(const struct wp_call_line *line, struct wp_error *error)
{
    return wp_run_command(line, WP_GOAL_SUBMITTED, error);
}

static const struct wp_run_settings defaults = WP_RUN_SETTINGS_DEFAULTS;

static const struct wp_option options[] = {
    WP_RUN_OPTIONS,
    WP_PREFLIGHT_OPTIONS(struct wp_run_settings),
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_submit = {
    .name = "submit",
    .synopses = (const char *const[]){"[options] IMAGE VIDEO", NULL},
    .summary = "as run, but only until there is a task: prints its id",
    .description =
        "Does what 'wanprep run' does up to the point where the service has a task and its id is on disk, "
        "and prints the id, alone, to standard output; what the check found goes to standard error. The "
        "same pair with the same parameters has one task: if it is running or done here already, its id "
        "is printed and nothing is paid.\n\n"
        "'wanprep wait', 'status', 'download' and 'cancel' take the id; 'wanprep run' of the same pair "
        "and 'wanprep resume' carry on, too.",
    .examples = (const char *const[]){"task=$(wanprep submit --yes person.jpg dance.mp4)",
                                      "wanprep wait \"$task\" && wanprep download \"$task\"", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .flags = WP_COMMAND_WRITES | WP_COMMAND_WAITS,
    .min_operands = 2,
    .max_operands = 2,
    .run = run_submit,
};
