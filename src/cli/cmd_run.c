#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "cli/progress.h"
#include "cli/run.h"
#include "cli/signals.h"

#include "base/banned.h"

static bool set_amount(void *field, const struct wp_option *option, const char *text)
{
    return wp_parse_fixed(field, text, 3, (uint64_t)option->min, (uint64_t)option->max);
}

/* Called from any thread. */
static bool is_signalled(void *user)
{
    (void)user;
    return wp_signals_seen();
}

static enum wp_status check_signals(struct wp_error *error)
{
    return wp_signals_seen() ? wp_fail(error, WP_INTERRUPTED, "run", "interrupted; nothing was sent") : WP_OK;
}

static enum wp_status check_pair(struct wp_run *run, struct wp_error *error)
{
    if (run->settings->skip_preflight)
        return WP_OK;
    struct wp_preflight_options options = wp_preflight_options_of(&run->settings->preflight, run->profile);
    options.pass_remote = true;
    options.interrupted = is_signalled;
    options.log = run->log;
    enum wp_status status =
        wp_preflight_run(&run->preflight, run->request.image, run->request.video, &options, error);
    if (status == WP_OK)
        status = check_signals(error); /* what was given up half way is no verdict */
    if (status != WP_OK)
        return status;
    run->has_preflight = true;
    enum wp_status verdict = wp_preflight_status(&run->preflight);
    /* With --quiet standard output is the result's path alone, for $(…). */
    if (verdict != WP_OK || !run->console->quiet)
        status = wp_run_show_preflight(run, error);
    if (status != WP_OK)
        return status;
    if (verdict != WP_OK)
        return wp_fail(error, verdict, "run", "the preflight rejected the pair; nothing was sent");
    return check_signals(error);
}

static const char *read_setting(void *user, const char *name)
{
    (void)user;
    return getenv(name);
}

static bool is_interrupted(void *user)
{
    wp_progress_tick(user);
    return wp_signals_seen();
}

static enum wp_status verify_result(void *user, const char *path, struct wp_error *error)
{
    const struct wp_run *run = user;
    const struct wp_preflight_options options = {.no_jail = run->settings->preflight.no_sandbox,
                                                 .log = run->log};
    return wp_verify_result(NULL, path, &options, error);
}

static enum wp_status open_client(struct wp_client **out, struct wp_run *run, struct wp_progress *progress,
                                  struct wp_error *error)
{
    char folder[4096];
    struct wp_credentials credentials;
    enum wp_status status = wp_credentials_find(&credentials, read_setting, NULL, error);
    if (status != WP_OK)
        return status;
    struct wp_client_options options = run->service;
    options.api_key = credentials.api_key;
    options.limiter_dir = wp_shared_folder(folder, sizeof folder) ? folder : NULL;
    options.interrupted = is_interrupted;
    options.interrupted_user = progress;
    options.log = run->log;
    status = wp_client_new(out, &options, error);
    wp_credentials_wipe(&credentials);
    return status;
}

/* What a user can do about a job that is not over. */
static enum wp_status explain(const struct wp_run *run, enum wp_status status, struct wp_error *error)
{
    if (status != WP_INTERRUPTED)
        return status;
    const char *task = run->result.task_id;
    return wp_fail(error, status, "run",
                   "interrupted; %s%s%sthe same command again carries on and pays nothing twice",
                   task[0] ? "the task " : "", task, task[0] ? " goes on, and " : "");
}

static enum wp_status do_job(struct wp_run *run, struct wp_client *client, struct wp_progress *progress,
                             struct wp_error *error)
{
    const struct wp_run_settings *settings = run->settings;
    const char *folder = settings->output_dir ? settings->output_dir : wp_setting("OUTPUT_DIR");
    const struct wp_job_options options = {
        .output_dir = folder,
        .timeout_ms = settings->timeout_ms,
        .poll_interval_ms = settings->poll_interval_ms,
        .force = settings->force,
        .resubmit = settings->resubmit,
        .event = wp_progress_event,
        .event_user = progress,
        .verify = verify_result,
        .verify_user = run,
        .log = run->log,
    };
    run->has_result = true;
    enum wp_status status = wp_job_run(&run->result, client, &run->request, &options, error);
    wp_console_clear(run->console);
    return explain(run, status, error);
}

/* Everything that may cost money: only reached when the pair and the price were found good. */
static enum wp_status spend(struct wp_run *run, struct wp_error *error)
{
    struct wp_client *client = NULL;
    struct wp_progress progress = wp_progress_new(run->console, wp_clock_system());
    enum wp_status status = open_client(&client, run, &progress, error);
    if (status == WP_OK)
        status = wp_run_ask(run, error);
    if (status == WP_OK)
        status = do_job(run, client, &progress, error);
    wp_client_free(client);
    return status;
}

static enum wp_status take_steps(struct wp_run *run, struct wp_error *error)
{
    /* Described in any case, and first: a wrong base URL or workspace is told before any work is done. */
    enum wp_status status = wp_job_describe(&run->description, &run->service, &run->request, error);
    if (status == WP_OK)
        status = check_pair(run, error);
    if (status != WP_OK)
        return status;
    wp_run_estimate(run);
    status = wp_run_check_price(run, error);
    if (status != WP_OK)
        return status;
    run->show_request = run->settings->dry_run; /* only a request that would really be sent */
    return run->settings->dry_run ? WP_OK : spend(run, error);
}

static const char *find_base_url(const struct wp_run_settings *settings)
{
    if (settings->base_url)
        return settings->base_url;
    const char *url = wp_setting("DASHSCOPE_BASE_URL");
    return url ? url : wp_setting("DASHSCOPE_HTTP_BASE_URL");
}

static enum wp_status run_run(const struct wp_call_line *line, struct wp_error *error)
{
    const struct wp_run_settings *settings = line->settings;
    struct wp_run *run = wp_calloc(1, sizeof *run);
    if (!run)
        return wp_fail_nomem(error, "run");
    run->settings = settings;
    run->console = line->console;
    run->log = wp_console_log(line->console);
    run->request = (struct wp_job_request){line->operands[0], line->operands[1], settings->preflight.mode,
                                           settings->watermark, settings->check_image};
    run->service = (struct wp_client_options){.base_url = find_base_url(settings),
                                              .region = settings->preflight.region,
                                              .workspace = settings->workspace};
    enum wp_status status = wp_profile_open(&run->profile, settings->preflight.profile, error);
    if (status == WP_OK)
        status = take_steps(run, error);
    if (status != WP_USAGE) {
        enum wp_status written = wp_run_show(run, status, error);
        if (written != WP_OK)
            status = written;
    }
    wp_free(run->description);
    wp_profile_free(run->profile);
    wp_free(run);
    return status;
}

static const struct wp_run_settings defaults = {
    .preflight = WP_PREFLIGHT_SETTINGS_DEFAULTS,
    .check_image = true,
    .max_cost = UINT64_MAX,
};

#define FIELD(name) .offset = offsetof(struct wp_run_settings, name)

static const struct wp_option options[] = {
    {.name = "output-dir",
     .letter = 'o',
     .value = "DIR",
     .set = wp_set_text,
     FIELD(output_dir),
     .allowed = "a folder",
     .fallback = "$OUTPUT_DIR, else output",
     .help = "where aliyun-wan-animate-move/ with the result and the evidence is made"},
    {.name = "json", .set = wp_set_true, FIELD(json), .help = "write one JSON document to standard output"},
    {.name = "dry-run",
     .set = wp_set_true,
     FIELD(dry_run),
     .help = "print the request that would be sent and its price, and send nothing; needs no key"},
    {.name = "yes", .letter = 'y', .set = wp_set_true, FIELD(yes), .help = "do not ask before spending"},
    {.name = "max-cost",
     .value = "AMOUNT",
     .set = set_amount,
     FIELD(max_cost),
     .max = 1000000000,
     .allowed = "an amount such as 4 or 2.50, at most 1000000, in CNY for cn and USD for intl",
     .help = "send nothing if the estimated price is over this"},
    {.name = "watermark",
     .set = wp_set_true,
     FIELD(watermark),
     .help = "have the service put its watermark on the result"},
    {.name = "no-check-image",
     .set = wp_set_false,
     FIELD(check_image),
     .help = "have the service skip its own check of the image"},
    {.name = "skip-preflight",
     .set = wp_set_true,
     FIELD(skip_preflight),
     .help = "submit without the check; the price is then that of the longest video"},
    {.name = "timeout",
     .value = "DURATION",
     .set = wp_set_duration,
     FIELD(timeout_ms),
     .min = 1000,
     .max = INT64_C(7) * 24 * 3600 * 1000,
     .allowed = "1s to 168h, such as 90s, 15m or 2h",
     .fallback = "none",
     .help = "stop waiting for the task after this; it goes on, and the same command carries on"},
    {.name = "poll-interval",
     .value = "DURATION",
     .set = wp_set_duration,
     FIELD(poll_interval_ms),
     .min = 100,
     .max = INT64_C(600) * 1000,
     .allowed = "100ms to 10m",
     .fallback = "2s, growing to 15s",
     .help = "how long to wait between two questions for the task's status"},
    {.name = "base-url",
     .value = "URL",
     .set = wp_set_text,
     FIELD(base_url),
     .allowed = "an https URL, or a plain http one of this machine",
     .fallback = "$DASHSCOPE_BASE_URL, else the region's",
     .help = "where the service is"},
    {.name = "workspace",
     .value = "ID",
     .set = wp_set_text,
     FIELD(workspace),
     .allowed = "a workspace's id",
     .help = "the workspace that the task is for"},
    {.name = "force",
     .set = wp_set_true,
     FIELD(force),
     .help = "make a new task even if the same pair is running or done in this folder"},
    {.name = "resubmit",
     .set = wp_set_true,
     FIELD(resubmit),
     .help = "send a job again of which it is uncertain whether it became a task; it may be paid twice"},
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
