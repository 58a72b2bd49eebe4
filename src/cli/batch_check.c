#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/signals.h"
#include "wanprep/report.h"

#include "base/banned.h"

/* The rows that are checked, as pairs. */
struct check {
    struct wp_batch_run *run;
    struct wp_pair *pairs;
    size_t *rows; /* of each pair */
    size_t count;
};

/* Why a row can be no job; NULL if it can. */
static const char *flaw(const struct wp_manifest_row *row)
{
    if (row->problem)
        return row->problem;
    if (!row->image)
        return "it has no image";
    return row->video ? NULL : "it has no video";
}

static const char *base_name(const char *location)
{
    size_t len = strcspn(location, "?#");
    while (len > 0 && location[len - 1] != '/')
        len--;
    return location + len;
}

static void estimate(struct wp_batch_run *run, size_t index, const struct wp_preflight *preflight)
{
    struct wp_roll_row *row = &run->many.roll.rows[index];
    bool known = preflight && preflight->has_cost;
    double seconds = known ? preflight->cost.seconds : run->many.limits->max_duration_s;
    row->cost_is_ceiling = !known;
    row->has_cost = wp_cost_estimate(&row->cost, run->many.limits, run->many.region, row->mode, seconds);
}

static void show_progress(struct wp_batch_run *run, size_t done, size_t count)
{
    char text[64];
    /* With -v lines of the log come from other threads, and would cross the status. */
    if (run->many.console->verbose)
        return;
    (void)wp_text_format(text, sizeof text, "checked %zu of %zu", done, count);
    wp_console_status(run->many.console, text);
}

static bool take_pair(void *user, size_t index, const struct wp_preflight *preflight)
{
    struct check *check = user;
    struct wp_batch_run *run = check->run;
    if (wp_many_interrupted(&run->many))
        return false; /* what was given up half way is no verdict */
    enum wp_status status = wp_preflight_status(preflight);
    estimate(run, check->rows[index], preflight);
    if (status != WP_OK) {
        char reason[768];
        (void)wp_report_reason(reason, sizeof reason, preflight);
        wp_many_rest(&run->many, check->rows[index], status, preflight, NULL, reason);
    }
    show_progress(run, index + 1, check->count);
    return !run->many.failed;
}

/* Sorts out what can be no job, and fills the rest of the roll with what the manifest says. */
static void take_row(struct check *check, size_t index)
{
    struct wp_batch_run *run = check->run;
    const struct wp_manifest_row *given = wp_manifest_row(run->manifest, index);
    const char *why = flaw(given);
    if (why) {
        char reason[400];
        (void)wp_text_format(reason, sizeof reason, "line %zu: %s", given->line, why);
        wp_many_rest(&run->many, index, WP_INPUT, NULL, NULL, reason);
        return;
    }
    struct wp_roll_row *row = &run->many.roll.rows[index];
    row->name = base_name(given->video);
    row->has_mode = true;
    row->mode = given->has_mode ? given->mode : run->settings->preflight.mode;
    check->pairs[check->count] = (struct wp_pair){given->image, given->video};
    check->rows[check->count++] = index;
}

static enum wp_status check_pairs(struct check *check, struct wp_error *error)
{
    struct wp_batch_run *run = check->run;
    struct wp_detector detector;
    struct wp_preflight_options options =
        wp_preflight_options_of(&run->settings->preflight, run->profile, &detector);
    options.pass_remote = true;
    options.workers = run->settings->workers;
    options.interrupted = wp_many_interrupted;
    options.interrupted_user = &run->many;
    options.log = run->many.log;
    enum wp_status status = wp_preflight_many(check->pairs, check->count, &options, take_pair, check, error);
    wp_console_clear(run->many.console);
    return status;
}

enum wp_status wp_batch_check(struct wp_batch_run *run, struct wp_error *error)
{
    size_t count = wp_manifest_count(run->manifest);
    struct check check = {.run = run};
    enum wp_status status = WP_OK;
    check.pairs = wp_calloc(count, sizeof *check.pairs);
    check.rows = wp_calloc(count, sizeof *check.rows);
    if (!check.pairs || !check.rows) {
        status = wp_fail_nomem(error, "batch");
        goto out;
    }
    for (size_t i = 0; i < count && !run->many.failed; i++)
        take_row(&check, i);
    for (size_t i = 0; i < check.count && run->settings->skip_preflight; i++)
        estimate(run, check.rows[i], NULL);
    if (!run->settings->skip_preflight && !run->many.failed)
        status = check_pairs(&check, error);
    if (status == WP_OK && wp_many_interrupted(&run->many))
        status = wp_fail(error, WP_INTERRUPTED, "batch", "interrupted; nothing was sent");
out:
    wp_free(check.pairs);
    wp_free(check.rows);
    return status;
}
