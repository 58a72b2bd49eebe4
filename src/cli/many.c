#include "cli/many.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/preflight.h"
#include "cli/signals.h"

#include "base/banned.h"

static int64_t now_ms(void)
{
    const struct wp_clock *clock = wp_clock_system();
    return clock->now_ms(clock->user);
}

/* Any price of the region tells its currency. */
static const char *currency_of(const struct wp_limits *limits, enum wp_region region)
{
    for (size_t i = 0; i < limits->price_count; i++) {
        if (limits->prices[i].region == region)
            return limits->prices[i].currency;
    }
    return NULL;
}

void wp_many_begin(struct wp_many *many)
{
    many->roll = wp_roll_new();
    many->begun_ms = now_ms();
    many->currency = currency_of(many->limits, many->region);
    wp_live_begin(&many->live, many->console, &many->roll, many->manifest ? "row" : "job");
    many->live.table.total = many->manifest ? wp_manifest_count(many->manifest) : 0;
    many->live.table.currency = many->currency;
    many->live.table.has_max_cost = many->has_max_cost;
    many->live.table.max_cost = many->max_cost;
}

void wp_many_end(struct wp_many *many)
{
    wp_live_end(&many->live);
    wp_batch_free(many->batch);
    wp_verifier_free(many->verifier);
    wp_roll_free(&many->roll);
}

bool wp_many_interrupted(void *user)
{
    struct wp_many *many = user;
    return wp_signals_seen() || atomic_load(&many->closed);
}

bool wp_many_billed(struct wp_cost *out, const struct wp_many *many, const struct wp_roll_row *row)
{
    return row->has_billed_seconds && row->has_mode &&
           wp_cost_estimate(out, many->limits, many->region, row->mode, row->billed_seconds);
}

/* One line of JSON for a row. */
static void print_row(struct wp_many *many, size_t index, const struct wp_preflight *preflight,
                      const struct wp_job_result *result)
{
    const struct wp_roll_row *row = &many->roll.rows[index];
    const struct wp_manifest_row *given = many->manifest ? wp_manifest_row(many->manifest, index) : NULL;
    bool recorded = !given && result && result->has_inputs;
    struct wp_cost billed;
    char *text = NULL;
    size_t length = 0;
    const struct wp_batch_row_report report = {
        .row = index + 1,
        .line = given ? given->line : 0,
        .image = given      ? given->image
                 : recorded ? result->image
                            : NULL,
        .video = given      ? given->video
                 : recorded ? result->video
                            : NULL,
        .run = {.status = row->status,
                .message = row->message,
                .dry_run = many->dry_run,
                .preflight = preflight,
                .cost = row->has_cost ? &row->cost : NULL,
                .cost_is_ceiling = row->cost_is_ceiling,
                .result = result,
                .billed = wp_many_billed(&billed, many, row) ? &billed : NULL},
    };
    if (wp_report_batch_row(&text, &length, &report, NULL) != WP_OK) {
        many->incomplete = true;
        return;
    }
    wp_console_clear(many->console);
    if (!wp_console_print(text, length) || !wp_console_flush())
        atomic_store(&many->closed, true);
    wp_free(text);
}

void wp_many_reason(char *out, size_t size, const struct wp_roll_row *row)
{
    /* A message of a job names the service's code where it matters; a preflight's sentence names no rule. */
    bool has_rule = row->code && !row->has_state;
    (void)wp_text_format(out, size, "%s%s%s", has_rule ? row->code : "", has_rule ? ": " : "",
                         row->message ? row->message : wp_status_text(row->status));
    wp_text_sanitize(out);
}

static void tell(struct wp_many *many, size_t index)
{
    const struct wp_roll_row *row = &many->roll.rows[index];
    char reason[1024];
    if (row->status == WP_OK && row->result && !wp_live_has_table(&many->live))
        wp_live_say(&many->live, index, "done: %s", row->result);
    if (row->status == WP_OK && row->message && !wp_live_has_table(&many->live))
        wp_live_say(&many->live, index, "%s", row->message);
    if (row->status == WP_OK || row->status == WP_INTERRUPTED)
        return;
    wp_many_reason(reason, sizeof reason, row);
    wp_live_say(&many->live, index, "%s", reason);
}

/* The rule of the finding that weighs most: errors stand first. */
static const char *rule_of(const struct wp_preflight *preflight)
{
    const struct wp_finding *first = &preflight->findings.items[0];
    return preflight->findings.count > 0 && first->level == WP_LEVEL_ERROR ? first->rule->id : NULL;
}

/* What differs from what was expected of a job that is done, in one line. */
static void add_notes(char *out, size_t size, const struct wp_job_result *result)
{
    struct wp_job_note notes[WP_MAX_JOB_NOTES];
    struct wp_buf text = wp_buf_new(size - 1);
    size_t count = wp_job_notes(notes, result);
    for (size_t i = 0; i < count; i++)
        (void)wp_buf_add_format(&text, "%s%s", i > 0 ? "; " : "", notes[i].message);
    (void)wp_text_copy(out, size, wp_buf_text(&text));
    wp_buf_free(&text);
}

/* Under the lock. */
static void rest(struct wp_many *many, size_t index, enum wp_status status,
                 const struct wp_preflight *preflight, const struct wp_job_result *result,
                 const char *message)
{
    if (many->roll.rows[index].at_rest)
        return;
    /* The line of a usage error is the command's; a row that is of no use is an input that is. */
    char notes[1024] = "";
    if (status == WP_USAGE)
        status = WP_INPUT;
    if (status == WP_OK && result) {
        add_notes(notes, sizeof notes, result);
        message = notes;
    }
    wp_roll_rest(&many->roll, index, status, result, preflight ? rule_of(preflight) : NULL, message);
    tell(many, index);
    if (many->json)
        print_row(many, index, preflight, result);
    if (many->fail_fast && status != WP_OK && status != WP_INTERRUPTED)
        many->failed = true;
}

void wp_many_rest(struct wp_many *many, size_t index, enum wp_status status,
                  const struct wp_preflight *preflight, const struct wp_job_result *result,
                  const char *message)
{
    wp_live_lock(&many->live);
    rest(many, index, status, preflight, result, message);
    wp_live_unlock(&many->live);
}

void wp_many_rest_all(struct wp_many *many, enum wp_status status, const char *message)
{
    for (size_t i = 0; i < many->roll.count; i++)
        wp_many_rest(many, i, status, NULL, NULL, message);
}

static void on_event(void *user, size_t index, const struct wp_job_event *event)
{
    struct wp_many *many = user;
    wp_live_lock(&many->live);
    if (wp_roll_reserve(&many->roll, index))
        wp_live_event(&many->live, index, event);
    wp_live_unlock(&many->live);
}

static void on_ended(void *user, size_t index, enum wp_status status, const struct wp_job_result *result,
                     const struct wp_error *error)
{
    struct wp_many *many = user;
    wp_live_lock(&many->live);
    if (wp_roll_reserve(&many->roll, index))
        rest(many, index, status, NULL, result, error->message);
    bool stop = many->failed;
    wp_live_unlock(&many->live);
    if (stop)
        wp_batch_stop(many->batch);
}

static enum wp_status verify(void *user, const char *path, struct wp_result_facts *facts,
                             struct wp_error *error)
{
    struct wp_many *many = user;
    struct wp_video_facts video;
    enum wp_status status = wp_verifier_check(many->verifier, &video, path, error);
    if (status == WP_OK)
        *facts = wp_result_facts_of(&video);
    return status;
}

enum wp_status wp_many_client(struct wp_client **out, struct wp_many *many,
                              const struct wp_service_settings *service, struct wp_error *error)
{
    struct wp_client_options options = wp_service_options_of(service, many->region);
    options.interrupted = wp_many_interrupted;
    options.interrupted_user = many;
    options.log = many->log;
    return wp_client_open(out, &options, error);
}

enum wp_status wp_many_open(struct wp_many *many, struct wp_client *client, const struct wp_job_options *job,
                            bool no_jail, struct wp_error *error)
{
    const struct wp_preflight_options preflight = {.no_jail = no_jail, .log = many->log};
    struct wp_batch_options options = {
        .job = *job,
        .event = on_event,
        .ended = on_ended,
        .user = many,
        .has_max_cost = many->has_max_cost,
        .max_cost = many->max_cost,
        .limits = many->limits,
        .region = many->region,
    };
    options.job.verify = verify;
    options.job.verify_user = many;
    options.job.log = many->log;
    /* First what forks, then what starts threads. */
    enum wp_status status = wp_verifier_new(&many->verifier, &preflight, error);
    if (status == WP_OK)
        status = wp_batch_new(&many->batch, client, &options, error);
    if (status == WP_OK)
        wp_live_start(&many->live, many->batch);
    return status;
}

enum wp_status wp_many_close(struct wp_many *many, struct wp_error *error)
{
    struct wp_batch_state state;
    if (!many->batch)
        return WP_OK;
    enum wp_status status = wp_batch_finish(many->batch, error);
    wp_live_stop(&many->live);
    wp_batch_look(&state, many->batch);
    many->has_spent = true;
    many->spent = state.spent;
    many->reserved = state.reserved;
    wp_batch_free(many->batch);
    many->batch = NULL;
    return status;
}

uint64_t wp_many_estimate(const struct wp_many *many, bool *is_ceiling)
{
    uint64_t sum = 0;
    *is_ceiling = false;
    for (size_t i = 0; i < many->roll.count; i++) {
        const struct wp_roll_row *row = &many->roll.rows[i];
        if (!row->has_cost || (row->at_rest && row->status != WP_OK))
            continue;
        *is_ceiling = *is_ceiling || row->cost_is_ceiling;
        sum = row->cost.milli_total > UINT64_MAX - sum ? UINT64_MAX : sum + row->cost.milli_total;
    }
    return sum;
}
