#include "cli/run.h"

#include "base/banned.h"

static enum wp_status run_run(const struct wp_call_line *line, struct wp_error *error)
{
    return wp_run_command(line, WP_GOAL_DONE, error);
}

static const struct wp_run_settings defaults = WP_RUN_SETTINGS_DEFAULTS;

static const struct wp_option options[] = {
    WP_RUN_OPTIONS,
    WP_WAITING_OPTIONS(struct wp_run_settings),
    WP_PREFLIGHT_OPTIONS(struct wp_run_settings),
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_run = {
    .name = "run",
    .synopses = (const char *const[]){"[options] IMAGE VIDEO", NULL},
    .summary = "check, upload, submit, poll, download and record",
    .description = "Checks the pair as 'wanprep check' does and sends nothing if it is rejected. Then "
                   "uploads what is local, "
                   "submits the task, waits for it, downloads the video, checks it and keeps the evidence. "
                   "On a terminal it asks "
                   "before it spends money.\n\n"
                   "IMAGE and VIDEO are paths, http(s) URLs, or oss:// URLs of the service's own storage.\n\n"
                   "Whatever ends it, the same command again carries on where it stopped and pays nothing "
                   "twice. Ctrl-C stops the "
                   "waiting, not the task.",
    .examples =
        (const char *const[]){"wanprep run person.jpg dance.mp4",
                              "wanprep run --dry-run person.jpg dance.mp4",
                              "wanprep run --yes --max-cost 5 --mode wan-pro -o results person.jpg dance.mp4",
                              "video=$(wanprep run -q -y person.jpg dance.mp4)", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .flags = WP_COMMAND_WRITES | WP_COMMAND_WAITS,
    .min_operands = 2,
    .max_operands = 2,
    .run = run_run,
};
