#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/many.h"
#include "cli/money.h"

#include "base/banned.h"

/* More rows without a result than these are only counted: the results file has them all. */
enum { MAX_TOLD = 20 };

static int64_t elapsed_ms(const struct wp_many *many)
{
    const struct wp_clock *clock = wp_clock_system();
    return clock->now_ms(clock->user) - many->begun_ms;
}

static enum wp_status show_line(const struct wp_many *many, enum wp_status status, const char *message,
                                const char *results, struct wp_error *error)
{
    bool is_ceiling = false;
    char *text = NULL;
    size_t length = 0;
    const struct wp_batch_report report = {
        .status = status,
        .message = message,
        .dry_run = many->dry_run,
        .rows = many->roll.count,
        .counts = many->roll.tally.counts,
        .count_count = WP_TALLY_KINDS,
        .currency = many->currency,
        .has_estimate = many->manifest != NULL,
        .estimate = wp_many_estimate(many, &is_ceiling),
        .estimate_is_ceiling = is_ceiling,
        .has_spent = many->has_spent,
        .spent = many->spent,
        .reserved = many->reserved,
        .has_max_cost = many->has_max_cost,
        .max_cost = many->max_cost,
        .results = results,
        .elapsed_ms = elapsed_ms(many),
    };
    enum wp_status written =
        many->incomplete ? wp_fail_nomem(error, "batch") : wp_report_batch(&text, &length, &report, error);
    if (written == WP_OK)
        wp_console_print(text, length);
    wp_free(text);
    return written;
}

static void add_videos(struct wp_buf *out, const struct wp_many *many)
{
    for (size_t i = 0; i < many->roll.count; i++) {
        if (many->roll.rows[i].result)
            (void)wp_buf_add_format(out, "%s\n", many->roll.rows[i].result);
    }
}

/* Not where they have been told on the same terminal as they came. */
static void add_reasons(struct wp_buf *out, const struct wp_many *many)
{
    size_t left = 0, told = 0;
    if (many->console->shown)
        return;
    for (size_t i = 0; i < many->roll.count; i++) {
        const struct wp_roll_row *row = &many->roll.rows[i];
        if (row->status == WP_OK || row->status == WP_INTERRUPTED)
            continue;
        if (told == MAX_TOLD) {
            left++;
            continue;
        }
        told++;
        char reason[1024];
        wp_many_reason(reason, sizeof reason, row);
        (void)wp_buf_add_format(out, "%s %zu: %s\n", many->live.noun, i + 1, reason);
    }
    if (left > 0)
        (void)wp_buf_add_format(out, "... and %zu more\n", left);
}

static void add_dry_run(struct wp_buf *out, const struct wp_many *many)
{
    char amount[64] = "an unknown price";
    bool is_ceiling = false;
    uint64_t sum = wp_many_estimate(many, &is_ceiling);
    for (size_t i = 0; i < many->roll.count; i++) {
        const struct wp_roll_row *row = &many->roll.rows[i];
        if (row->status != WP_OK)
            continue;
        if (row->has_cost)
            wp_money_text(amount, sizeof amount, row->cost.milli_total, row->cost.currency);
        (void)wp_buf_add_format(out, "%s %zu: would be sent, %s %s\n", many->live.noun, i + 1,
                                row->cost_is_ceiling ? "at most about" : "about", amount);
    }
    add_reasons(out, many);
    if (many->currency)
        wp_money_text(amount, sizeof amount, sum, many->currency);
    (void)wp_buf_add_format(out, "%zu of %zu rows would be sent, for %s %s, an estimate\n",
                            wp_tally_of(&many->roll.tally, WP_OK), many->roll.count,
                            is_ceiling ? "at most about" : "about", amount);
}

static void add_text(struct wp_buf *out, const struct wp_many *many, enum wp_status status,
                     const char *results)
{
    struct wp_buf counts = wp_buf_new(4096);
    wp_tally_text(&counts, &many->roll.tally);
    add_reasons(out, many);
    (void)wp_buf_add_format(out, "%zu %s%s%s%s\n", many->roll.count, many->live.noun,
                            many->roll.count == 1 ? "" : "s", counts.len > 0 ? ": " : "",
                            wp_buf_text(&counts));
    wp_buf_free(&counts);
    if (many->has_spent && many->currency) {
        char amount[64];
        wp_money_text(amount, sizeof amount, many->spent, many->currency);
        (void)wp_buf_add_format(out, "%-9s %s\n", "spent", amount);
        wp_money_text(amount, sizeof amount, many->reserved, many->currency);
        if (many->reserved > 0)
            (void)wp_buf_add_format(out, "%-9s %s, an estimate, for tasks that go on\n", "reserved", amount);
    }
    if (results)
        (void)wp_buf_add_format(out, "%-9s %s\n", "results", results);
    if (status != WP_OK && many->manifest)
        (void)wp_buf_add_text(out, "The same command again does what is not done; nothing is paid twice.\n");
}

enum wp_status wp_many_show(struct wp_many *many, enum wp_status status, const char *message,
                            const char *results, struct wp_error *error)
{
    if (many->json)
        return show_line(many, status, message, results, error);
    struct wp_buf out = wp_buf_new((size_t)1 << 30);
    if (many->console->quiet)
        add_videos(&out, many);
    else if (many->dry_run)
        add_dry_run(&out, many);
    else if (many->roll.at_rest > 0 || many->has_spent)
        add_text(&out, many, status, results);
    enum wp_status written = out.failed ? wp_fail_nomem(error, "batch") : WP_OK;
    wp_console_print(wp_buf_text(&out), out.len);
    wp_buf_free(&out);
    return written;
}
