#include "cli/stored.h"
#include "wanprep/task.h"

#include "base/banned.h"

static bool note_any(void *user, const struct wp_job_result *result)
{
    (void)result;
    *(bool *)user = true;
    return false;
}

static enum wp_status add_all(struct wp_many *many, const struct wp_stored_settings *settings,
                              struct wp_error *error)
{
    (void)settings;
    size_t count;
    return wp_batch_resume(many->batch, &count, error);
}

static enum wp_status run_resume(const struct wp_call_line *line, struct wp_error *error)
{
    const struct wp_stored_settings *settings = line->settings;
    const char *folder = wp_output_dir(&settings->service);
    bool any = false;
    enum wp_status status = wp_tasks_local(folder, settings->service.store, true, note_any, &any, error);
    if (status != WP_OK)
        return status;
    if (any)
        return wp_stored_run(line, add_all, error);
    if (!line->console->quiet)
        wp_console_line(line->console, "nothing is unfinished in '%s'", folder ? folder : "output");
    return WP_OK;
}

static const struct wp_stored_settings defaults = {0};

static const struct wp_option options[] = {
    {.name = "fail-fast",
     .set = wp_set_true,
     .offset = offsetof(struct wp_stored_settings, fail_fast),
     .help = "submit nothing more once a job has no result; tasks that were made are still waited for"},
    WP_STORED_OPTIONS,
};

const struct wp_command wp_command_resume = {
    .name = "resume",
    .synopses = (const char *const[]){"[options]", NULL},
    .summary = "carry on everything unfinished in the output folder",
    .description =
        "Takes up every job of the output folder that is not over, however it was left (interrupted, "
        "killed, timed out), and brings it to its end, many at the same time as 'wanprep batch' does: what "
        "was not sent is submitted, what runs is waited for, what is done is fetched.\n\n"
        "Nothing is paid twice. A job of which it is uncertain whether it became a task is looked for "
        "again and otherwise left (exit code 7): 'wanprep run --resubmit' of that pair is the way out. "
        "Exits as 'wanprep batch' does.",
    .examples = (const char *const[]){"wanprep resume -o results", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .flags = WP_COMMAND_WRITES | WP_COMMAND_WAITS,
    .min_operands = 0,
    .max_operands = 0,
    .run = run_resume,
};
