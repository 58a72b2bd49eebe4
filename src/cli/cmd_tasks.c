#include <inttypes.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/task.h"
#include "wanprep/report.h"

#include "base/banned.h"

/* A list that is being printed. */
struct listing {
    const struct wp_task_settings *settings;
    const struct wp_limits *limits;
    int64_t wall_ms;
    bool begun;
    enum wp_status status;
    struct wp_error *error;
};

/* "3 d", "21 h", "5 min", "12 s". */
static void write_span(char *out, size_t size, int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *unit;
    } units[] = {{INT64_C(48) * 3600000, "d"}, {INT64_C(2) * 3600000, "h"}, {120000, "min"}, {0, "s"}};
    static const int64_t divisors[] = {INT64_C(24) * 3600000, 3600000, 60000, 1000};
    size_t i = 0;
    int64_t length = ms < 0 ? -ms : ms;
    while (length < units[i].ms)
        i++;
    (void)wp_text_format(out, size, "%s%" PRId64 " %s", ms < 0 ? "-" : "", length / divisors[i],
                         units[i].unit);
}

static void write_age(char *out, size_t size, const struct listing *listing, int64_t since_ms)
{
    if (since_ms > 0)
        write_span(out, size, listing->wall_ms - since_ms);
    else
        (void)wp_text_copy(out, size, "-");
}

/* What was billed; else what was foretold, with a '~'. */
static void write_price(char *out, size_t size, const struct listing *listing,
                        const struct wp_job_result *result)
{
    struct wp_cost cost;
    bool billed = result->has_billed_seconds;
    double seconds = billed ? result->billed_seconds : result->predicted_seconds;
    if (result->has_inputs && wp_cost_estimate(&cost, listing->limits, result->region, result->mode, seconds))
        (void)wp_text_format(out, size, "%s%.2f %s", billed ? "" : "~", (double)cost.milli_total / 1000,
                             cost.currency);
    else
        (void)wp_text_copy(out, size, "-");
}

static bool print(struct listing *listing, const char *text, size_t length)
{
    if (!wp_console_print(text, length))
        listing->status =
            wp_fail(listing->error, WP_OUTPUT, "output", "standard output could not be written");
    return listing->status == WP_OK;
}

static bool print_document(struct listing *listing, const struct wp_task_report *report)
{
    char *text = NULL;
    size_t length = 0;
    listing->status = wp_report_task(&text, &length, report, listing->error);
    bool on = listing->status == WP_OK && print(listing, text, length);
    wp_free(text);
    return on;
}

static bool print_line(struct listing *listing, struct wp_buf *line)
{
    bool on = line->failed == WP_OK && print(listing, wp_buf_text(line), line->len);
    wp_buf_free(line);
    return on;
}

static bool show_local(void *user, const struct wp_job_result *result)
{
    struct listing *listing = user;
    char age[32], left[32] = "-", price[64];
    struct wp_buf line = wp_buf_new(1 << 16);
    if (listing->settings->json)
        return print_document(listing, &(struct wp_task_report){.result = result, .limits = listing->limits});
    write_age(age, sizeof age, listing, result->created_ms);
    if (result->expires_ms > 0 && (result->state == WP_JOB_SUCCEEDED || result->state == WP_JOB_DOWNLOADING))
        write_span(left, sizeof left, result->expires_ms - listing->wall_ms);
    write_price(price, sizeof price, listing, result);
    if (!listing->begun)
        (void)wp_buf_add_format(&line, "%-11s %-8s %-8s %-10s %-36s %s\n", "state", "age", "expires", "price",
                                "task", "video");
    listing->begun = true;
    (void)wp_buf_add_format(&line, "%-11s %-8s %-8s %-10s %-36s %s%s\n", wp_job_state_name(result->state),
                            age, left, price, result->task_id[0] ? result->task_id : "-",
                            result->video_path[0] ? "" : "of ",
                            result->video_path[0] ? result->video_path
                            : result->has_inputs  ? result->video
                                                  : "elsewhere");
    return print_line(listing, &line);
}

static bool show_remote(void *user, const struct wp_remote_task *task)
{
    struct listing *listing = user;
    char age[32];
    struct wp_buf line = wp_buf_new(1 << 16);
    if (listing->settings->json)
        return print_document(listing, &(struct wp_task_report){.remote = task});
    write_age(age, sizeof age, listing, task->created_ms);
    if (!listing->begun)
        (void)wp_buf_add_format(&line, "%-11s %-8s %-12s %s\n", "status", "age", "here", "task");
    listing->begun = true;
    (void)wp_buf_add_format(&line, "%-11s %-8s %-12s %s\n", task->task_status, age,
                            task->is_ours ? wp_job_state_name(task->state) : "-", task->task_id);
    return print_line(listing, &line);
}

static enum wp_status list_remote(struct listing *listing, const struct wp_call_line *line,
                                  struct wp_error *error)
{
    const struct wp_task_settings *settings = listing->settings;
    const struct wp_client_options service = wp_service_options_of(&settings->service, settings->region);
    struct wp_session session;
    bool more = false;
    enum wp_status status = wp_session_open(&session, line->console, &service, error);
    if (status == WP_OK)
        status = wp_tasks_remote(session.client, wp_output_dir(&settings->service), settings->service.store,
                                 show_remote, listing, &more, error);
    if (status == WP_OK && more)
        wp_console_line(line->console, "the service lists more tasks than these %d", WP_MAX_REMOTE_TASKS);
    wp_session_close(&session);
    return status;
}

static enum wp_status run_tasks(const struct wp_call_line *line, struct wp_error *error)
{
    const struct wp_task_settings *settings = line->settings;
    const struct wp_clock *clock = wp_clock_system();
    struct wp_profile *profile = NULL;
    enum wp_status status = wp_profile_open(&profile, settings->profile, error);
    struct listing listing = {.settings = settings,
                              .limits = wp_limits_of(profile),
                              .wall_ms = clock->wall_ms(clock->user),
                              .error = error};
    if (status == WP_OK && settings->remote)
        status = list_remote(&listing, line, error);
    else if (status == WP_OK)
        status = wp_tasks_local(wp_output_dir(&settings->service), settings->service.store, false, show_local,
                                &listing, error);
    wp_profile_free(profile);
    return listing.status != WP_OK ? listing.status : status;
}

static const struct wp_task_settings defaults = {0};

static const struct wp_option options[] = {
    {.name = "remote",
     .set = wp_set_true,
     .offset = offsetof(struct wp_task_settings, remote),
     .help = "list the service's tasks of the last 24 hours instead, whoever made them"},
    WP_OUTPUT_OPTION(struct wp_task_settings),
    WP_JSON_LINES_OPTION(offsetof(struct wp_task_settings, json)),
    WP_TASK_SERVICE_OPTIONS,
    WP_PROFILE_OPTION(offsetof(struct wp_task_settings, profile)),
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_tasks = {
    .name = "tasks",
    .synopses = (const char *const[]){"[options]", NULL},
    .summary = "list the jobs of the output folder, or the service's tasks",
    .description =
        "Lists the jobs of the output folder: first those whose result waits to be fetched, what expires "
        "first "
        "at the top; then what is under way, oldest first; then what is over, newest first. Asks nobody and "
        "needs no key: 'wanprep status' asks the service.\n\n"
        "With --remote it lists what the service knows of the account's tasks of this model, at most 2000, "
        "and "
        "which of them the output folder has a job of, in what state.",
    .examples = (const char *const[]){"wanprep tasks -o results", "wanprep tasks --remote --json", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .flags = WP_COMMAND_WRITES | WP_COMMAND_WAITS,
    .min_operands = 0,
    .max_operands = 0,
    .run = run_tasks,
};
