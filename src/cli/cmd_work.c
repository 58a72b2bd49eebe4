#include "base/error.h"
#include "cli/command.h"
#include "cli/many.h"
#include "cli/preflight.h"

#include "base/banned.h"

struct work_settings {
    struct wp_common_settings common;
    struct wp_service_settings service;
    struct wp_waiting_settings waiting;
    enum wp_region region;
    const char *profile;
    bool json, drain, no_sandbox;
};

struct work {
    const struct work_settings *settings;
    struct wp_many many;
};

static bool keep_on(void *user, bool idle)
{
    struct work *work = user;
    return !wp_many_interrupted(&work->many) && !(idle && work->settings->drain);
}

static enum wp_status take_jobs(struct work *work, struct wp_client *client, struct wp_error *error)
{
    const struct work_settings *settings = work->settings;
    const struct wp_job_options job = {
        .output_dir = wp_output_dir(&settings->service),
        .store = settings->service.store,
        .timeout_ms = settings->waiting.timeout_ms,
        .poll_interval_ms = settings->waiting.poll_interval_ms,
    };
    enum wp_status status = wp_many_open(&work->many, client, &job, settings->no_sandbox, error);
    if (status != WP_OK)
        return status;
    status = wp_batch_work(work->many.batch, keep_on, work, error);
    struct wp_error why = {.status = WP_OK};
    enum wp_status finished = wp_many_close(&work->many, &why);
    if (status == WP_OK && finished != WP_OK) {
        status = finished;
        *error = why;
    }
    return status;
}

/* What the whole came to. */
static enum wp_status conclude(struct work *work, enum wp_status status, struct wp_error *error)
{
    struct wp_many *many = &work->many;
    if (status != WP_OK && status != WP_INTERRUPTED)
        return status;
    wp_many_rest_all(many, WP_INTERRUPTED, "not finished");
    if (status == WP_INTERRUPTED || wp_many_interrupted(many))
        return wp_fail(error, WP_INTERRUPTED, "work",
                       "interrupted; tasks that were made go on, and any worker carries on with them");
    size_t done = wp_tally_of(&many->roll.tally, WP_OK);
    status = wp_tally_worst(&many->roll.tally);
    if (status == WP_OK)
        return WP_OK;
    return wp_fail(error, status, "work", "%zu of %zu jobs have no result", many->roll.count - done,
                   many->roll.count);
}

static enum wp_status run_work(const struct wp_call_line *line, struct wp_error *error)
{
    const struct work_settings *settings = line->settings;
    struct work work = {.settings = settings};
    struct wp_profile *profile = NULL;
    struct wp_client *client = NULL;
    enum wp_status status = wp_profile_open(&profile, settings->profile, error);
    if (status != WP_OK)
        return status;
    work.many = (struct wp_many){
        .console = line->console,
        .log = wp_console_log(line->console),
        .limits = wp_limits_of(profile),
        .region = settings->region,
        .json = settings->json,
    };
    wp_many_begin(&work.many);
    status = wp_many_client(&client, &work.many, &settings->service, error);
    if (status == WP_OK)
        status = take_jobs(&work, client, error);
    status = conclude(&work, status, error);
    if (status != WP_USAGE) {
        struct wp_error why = {.status = WP_OK};
        enum wp_status written = wp_many_show(&work.many, status, error->message, NULL, &why);
        if (written != WP_OK) {
            status = written;
            *error = why;
        }
    }
    wp_many_end(&work.many);
    wp_client_free(client);
    wp_profile_free(profile);
    return status;
}

static const struct work_settings defaults = {0};

#define FIELD(name) .offset = offsetof(struct work_settings, name)

static const struct wp_option options[] = {
    {.name = "drain",
     .set = wp_set_true,
     FIELD(drain),
     .help = "end when there is nothing left to do, instead of waiting for more"},
    {.name = "json",
     .set = wp_set_true,
     FIELD(json),
     .help = "write JSON Lines to standard output: one for each job as it comes to rest, and a summary"},
    WP_OUTPUT_OPTION(struct work_settings),
    WP_WAITING_OPTIONS(struct work_settings),
    WP_SERVICE_OPTIONS(struct work_settings),
    WP_NO_SANDBOX_OPTION(offsetof(struct work_settings, no_sandbox)),
    WP_PROFILE_OPTION(offsetof(struct work_settings, profile)),
    WP_REGION_OPTION(offsetof(struct work_settings, region)),
    WP_COMMON_OPTIONS,
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
