#include "cli/stored.h"

#include "base/banned.h"

struct work {
    const struct wp_stored_settings *settings;
    struct wp_many *many;
};

static bool keep_on(void *user, bool idle)
{
    const struct work *work = user;
    return !wp_many_interrupted(work->many) && !(idle && work->settings->drain);
}

static enum wp_status claim(struct wp_many *many, const struct wp_stored_settings *settings,
                            struct wp_error *error)
{
    struct work work = {.settings = settings, .many = many};
    return wp_batch_work(many->batch, keep_on, &work, error);
}

static enum wp_status run_work(const struct wp_call_line *line, struct wp_error *error)
{
    return wp_stored_run(line, claim, error);
}

static const struct wp_stored_settings defaults = {0};

static const struct wp_option options[] = {
    {.name = "drain",
     .set = wp_set_true,
     .offset = offsetof(struct wp_stored_settings, drain),
     .help = "end when there is nothing left to do, instead of waiting for more"},
    WP_STORED_OPTIONS,
};

const struct wp_command wp_command_work = {
    .name = "work",
    .synopses = (const char *const[]){"[options]", NULL},
    .summary = "do the jobs that others have planned",
    .description =
        "Takes jobs that are planned or unfinished in the records of an output folder, the oldest first, and "
        "does them, until it is interrupted. Several workers may be at work on the same records: each job is "
        "done by one of them, and that of a worker that died is carried on by another.\n\n"
        "Exits with 130 when it is interrupted; with --drain as 'wanprep batch' does.",
    .examples = (const char *const[]){"wanprep work --drain", "wanprep work -o results --json", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .flags = WP_COMMAND_WRITES | WP_COMMAND_WAITS,
    .run = run_work,
};
