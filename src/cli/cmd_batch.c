#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/money.h"
#include "cli/signals.h"

#include "base/banned.h"

enum wp_status wp_batch_ask(const struct wp_batch_run *run, struct wp_error *error)
{
    const struct wp_many *many = &run->many;
    bool is_ceiling = false;
    size_t tasks = many->roll.count - many->roll.at_rest;
    uint64_t sum = wp_many_estimate(many, &is_ceiling);
    char price[64] = "an unknown price", limit[64] = "", question[400];
    if (run->settings->yes || !wp_console_can_ask())
        return WP_OK;
    if (many->currency)
        wp_money_text(price, sizeof price, sum, many->currency);
    if (many->currency && many->has_max_cost && many->max_cost < sum)
        wp_money_text(limit, sizeof limit, many->max_cost, many->currency);
    (void)wp_text_format(question, sizeof question,
                         "%zu task%s will cost %s %s, an estimate%s%s%s, and nothing for pairs that are "
                         "already running or done here. Go on?",
                         tasks, tasks == 1 ? "" : "s", is_ceiling ? "at most about" : "about", price,
                         limit[0] ? ", of which no more than " : "", limit, limit[0] ? " will be spent" : "");
    switch ((int)wp_console_ask(many->console, question)) {
    case WP_OK:
        return WP_OK;
    case WP_INTERRUPTED:
        return wp_fail(error, WP_INTERRUPTED, "batch", "interrupted; nothing was sent");
    default:
        return wp_fail(error, WP_DECLINED, "batch", "nothing was sent");
    }
}

static struct wp_job_request request_of(const struct wp_batch_run *run, size_t index)
{
    const struct wp_batch_settings *settings = run->settings;
    const struct wp_manifest_row *given = wp_manifest_row(run->manifest, index);
    const struct wp_roll_row *row = &run->many.roll.rows[index];
    struct wp_job_request request = WP_JOB_REQUEST_DEFAULTS;
    request.image = given->image;
    request.video = given->video;
    request.mode = row->mode;
    request.watermark = given->has_watermark ? given->watermark : settings->watermark;
    request.check_image = given->has_check_image ? given->check_image : settings->check_image;
    request.has_predicted_seconds = row->has_cost && !row->cost_is_ceiling;
    request.predicted_seconds = row->cost.seconds;
    return request;
}

/* Whether no further row is to be begun. */
static bool is_to_stop(struct wp_many *many)
{
    wp_live_lock(&many->live);
    bool stop = many->failed;
    wp_live_unlock(&many->live);
    return stop || wp_many_interrupted(many);
}

/* Adds every row that is not at rest. One that cannot be added is a result like others, and of one that is
 * not to be begun any more is told whether it was done before. */
static void add_rows(struct wp_batch_run *run)
{
    struct wp_many *many = &run->many;
    for (size_t i = 0; i < many->roll.count; i++) {
        struct wp_error why = {.status = WP_OK};
        if (many->roll.rows[i].at_rest)
            continue;
        const struct wp_job_request request = request_of(run, i);
        enum wp_status status =
            is_to_stop(many) ? WP_INTERRUPTED : wp_batch_add(many->batch, i, &request, &why);
        if (status == WP_INTERRUPTED && !run->settings->force) /* also while it was read */
            (void)wp_batch_recall(many->batch, i, &request);
        else if (status != WP_OK && status != WP_INTERRUPTED)
            wp_many_rest(many, i, status, NULL, NULL, why.message);
    }
    if (is_to_stop(many))
        wp_batch_stop(many->batch);
}

/* Everything that may cost money. */
static enum wp_status spend(struct wp_batch_run *run, struct wp_error *error)
{
    const struct wp_batch_settings *settings = run->settings;
    const struct wp_job_options job = {
        .output_dir = wp_output_dir(&settings->service),
        .store = settings->service.store,
        .timeout_ms = settings->waiting.timeout_ms,
        .poll_interval_ms = settings->waiting.poll_interval_ms,
        .force = settings->force,
        .resubmit = settings->resubmit,
    };
    enum wp_status status = wp_batch_ask(run, error);
    if (status == WP_OK)
        status = wp_many_open(&run->many, run->client, &job, settings->preflight.no_sandbox, error);
    if (status != WP_OK)
        return status;
    add_rows(run);
    return wp_many_close(&run->many, error);
}

/* A dry run: what would be sent, in the order of the rows, as far as the money goes. */
static void pretend(struct wp_many *many)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < many->roll.count && !many->failed; i++) {
        const struct wp_roll_row *row = &many->roll.rows[i];
        if (row->at_rest)
            continue;
        bool fits = !many->has_max_cost || (row->has_cost && row->cost.milli_total <= many->max_cost - sum);
        if (fits && many->has_max_cost)
            sum += row->cost.milli_total;
        wp_many_rest(many, i, fits ? WP_OK : WP_TOO_EXPENSIVE, NULL, NULL,
                     fits ? NULL : "it would bring the batch over the maximum");
    }
}

/* What the whole came to, after the rows have been done as far as they could. */
static enum wp_status conclude(struct wp_batch_run *run, enum wp_status status, struct wp_error *error)
{
    struct wp_many *many = &run->many;
    if (wp_many_interrupted(many))
        status = WP_INTERRUPTED;
    wp_many_rest_all(many, WP_INTERRUPTED,
                     many->failed ? "not finished: another row failed" : "not finished");
    if (status == WP_INTERRUPTED)
        return wp_fail(error, status, "batch",
                       "interrupted; tasks that were made go on, and the same command again carries on and "
                       "pays nothing twice");
    if (status != WP_OK)
        return status;
    size_t done = wp_tally_of(&many->roll.tally, WP_OK);
    status = wp_tally_worst(&many->roll.tally);
    if (status == WP_OK)
        return WP_OK;
    return wp_fail(error, status, "batch", "%zu of %zu rows %s", many->roll.count - done, many->roll.count,
                   many->dry_run ? "would not be sent" : "have no result");
}

/* Checks and does the rows. *worth: there is more to be kept of it than that nothing was begun. */
static enum wp_status do_rows(struct wp_batch_run *run, bool *worth, struct wp_error *error)
{
    struct wp_many *many = &run->many;
    enum wp_status status = wp_batch_check(run, error);
    if (status == WP_OK && many->dry_run)
        pretend(many);
    else if (status == WP_OK && !many->failed && many->roll.at_rest < many->roll.count)
        status = spend(run, error);
    *worth = many->has_spent || (status == WP_OK && many->roll.at_rest == many->roll.count);
    return conclude(run, status, error);
}

static enum wp_status run_all(struct wp_batch_run *run, const struct wp_call_line *line,
                              struct wp_error *error)
{
    struct wp_many *many = &run->many;
    bool worth = false;
    enum wp_status status = wp_roll_reserve(&many->roll, wp_manifest_count(run->manifest) - 1)
                                ? WP_OK
                                : wp_fail_nomem(error, "batch");
    if (status == WP_OK && !many->dry_run)
        status = wp_many_client(&run->client, many, &run->settings->service, error);
    if (status == WP_OK && !many->dry_run)
        status = wp_batch_find_results(run, line->operands[0], error);
    if (status == WP_OK)
        status = do_rows(run, &worth, error);
    if (status == WP_USAGE)
        return status;
    struct wp_error why = {.status = WP_OK};
    bool kept = worth && run->results;
    if (kept && wp_batch_write_results(run, &why) != WP_OK) {
        kept = false;
        status = why.status;
        *error = why;
    }
    enum wp_status shown = wp_many_show(many, status, error->message, kept ? run->results : NULL, &why);
    if (shown == WP_OK)
        return status;
    *error = why;
    return shown;
}

static enum wp_status run_batch(const struct wp_call_line *line, struct wp_error *error)
{
    const struct wp_batch_settings *settings = line->settings;
    struct wp_batch_run run = {.settings = settings};
    enum wp_status status = wp_profile_open(&run.profile, settings->preflight.profile, error);
    if (status == WP_OK)
        status = wp_manifest_read(&run.manifest, line->operands[0], error);
    if (status != WP_OK) {
        wp_profile_free(run.profile);
        /* Where there are no rows there is no document, and that is so for usage errors only. */
        return status == WP_INPUT ? WP_USAGE : status;
    }
    run.many = (struct wp_many){
        .console = line->console,
        .log = wp_console_log(line->console),
        .limits = wp_limits_of(run.profile),
        .region = settings->preflight.region,
        .json = settings->json,
        .dry_run = settings->dry_run,
        .fail_fast = settings->fail_fast,
        .has_max_cost = settings->max_cost != UINT64_MAX,
        .max_cost = settings->max_cost,
        .manifest = run.manifest,
    };
    wp_many_begin(&run.many);
    status = run_all(&run, line, error);
    wp_many_end(&run.many);
    wp_client_free(run.client);
    wp_free(run.results);
    wp_manifest_free(run.manifest);
    wp_profile_free(run.profile);
    return status;
}

static const struct wp_batch_settings defaults = {
    .preflight = WP_PREFLIGHT_SETTINGS_DEFAULTS,
    .check_image = true,
    .max_cost = UINT64_MAX,
};

#define FIELD(name) .offset = offsetof(struct wp_batch_settings, name)

static const struct wp_option options[] = {
    {.name = "results",
     .value = "FILE",
     .set = wp_set_text,
     FIELD(results),
     .allowed = "a path",
     .fallback = "MANIFEST's name with .results in it, in the output folder's aliyun-wan-animate-move/",
     .help = "where what came of each row is written, in the manifest's own format: its columns or members, "
             "and status, state, task_id, result, billed_seconds, amount, code and message"},
    {.name = "json",
     .set = wp_set_true,
     FIELD(json),
     .help = "write JSON Lines to standard output: one for each row as it comes to rest, and a summary"},
    {.name = "dry-run",
     .set = wp_set_true,
     FIELD(dry_run),
     .help = "check the rows, print what would be sent and the sum of the prices, and send nothing; needs no "
             "key"},
    {.name = "yes", .letter = 'y', .set = wp_set_true, FIELD(yes), .help = "do not ask before spending"},
    {.name = "max-cost",
     .value = "AMOUNT",
     .set = wp_set_amount,
     FIELD(max_cost),
     .max = 1000000000,
     .allowed = "an amount such as 40 or 2.50, at most 1000000, in CNY for cn and USD for intl",
     .help =
         "what all rows together may cost, done ones included: in their order, a row whose estimate would "
         "bring the sum over this is not sent"},
    {.name = "fail-fast",
     .set = wp_set_true,
     FIELD(fail_fast),
     .help = "submit nothing more once a row has no result; tasks that were made are still waited for"},
    {.name = "workers",
     .value = "NUMBER",
     .set = wp_set_unsigned,
     FIELD(workers),
     .min = 1,
     .max = 64,
     .allowed = "1 to 64",
     .fallback = "one a core",
     .help = "how many inputs to check at the same time"},
    {.name = "watermark",
     .set = wp_set_true,
     FIELD(watermark),
     .help = "have the service put its watermark on the results of rows that do not say"},
    {.name = "no-check-image",
     .set = wp_set_false,
     FIELD(check_image),
     .help = "have the service skip its own check of the images of rows that do not say"},
    {.name = "skip-preflight",
     .set = wp_set_true,
     FIELD(skip_preflight),
     .help = "submit without the check; the price of a row is then that of the longest video"},
    {.name = "force",
     .set = wp_set_true,
     FIELD(force),
     .help = "make new tasks even for pairs that are running or done in this folder"},
    {.name = "resubmit",
     .set = wp_set_true,
     FIELD(resubmit),
     .help = "send jobs again of which it is uncertain whether they became tasks; they may be paid twice"},
    WP_OUTPUT_OPTION(struct wp_batch_settings),
    WP_WAITING_OPTIONS(struct wp_batch_settings),
    WP_SERVICE_OPTIONS(struct wp_batch_settings),
    WP_PREFLIGHT_OPTIONS(struct wp_batch_settings),
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_batch = {
    .name = "batch",
    .synopses = (const char *const[]){"[options] MANIFEST", NULL},
    .summary = "do the jobs of a manifest, many at the same time",
    .description =
        "Does for every row of a manifest what 'wanprep run' does for one pair: all rows are checked, then "
        "those that are not rejected are uploaded, submitted, waited for and downloaded in bounded stages, "
        "in the order of the rows. A row that is of no use, is rejected or fails never stops the others, "
        "unless --fail-fast says so. On a terminal it asks once, with the sum of the prices.\n\n"
        "MANIFEST is a CSV file with a header line (RFC 4180), or JSON Lines. Columns or members: image, "
        "video, and if need be mode, watermark and check_image; paths are relative to its folder, and what "
        "has another name is kept for the results. A name that is all but one of these is refused, and so is "
        "any where there is no image or no video: what was misspelled is not left out in silence.\n\n"
        "Whatever ends it, the same command again carries on: what is done or running is joined and not paid "
        "again, and what failed is tried anew. Ctrl-C stops the waiting, not the tasks; the results file is "
        "written then, too.\n\n"
        "Exits with 0 if all rows are done, else with the code of the worst row: in this order 70, 7, 4, 3, "
        "5, 6, 1; with 130 if it was interrupted. A row of the manifest that is of no use counts as 3.",
    .examples =
        (const char *const[]){"wanprep batch --dry-run pairs.csv", "wanprep batch --max-cost 100 pairs.csv",
                              "wanprep batch --yes --json pairs.jsonl | jq -c .status",
                              "wanprep batch --yes --results pairs.csv pairs.csv", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .flags = WP_COMMAND_WRITES | WP_COMMAND_WAITS,
    .min_operands = 1,
    .max_operands = 1,
    .run = run_batch,
};
