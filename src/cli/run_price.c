#include "base/error.h"
#include "base/text.h"
#include "cli/money.h"
#include "cli/run.h"

#include "base/banned.h"

void wp_run_estimate(struct wp_run *run)
{
    if (run->has_preflight && run->preflight.has_cost) {
        run->cost = run->preflight.cost;
        run->has_cost = true;
        return;
    }
    const struct wp_limits *limits = wp_limits_of(run->profile);
    run->has_cost = run->cost_is_ceiling = wp_cost_estimate(
        &run->cost, limits, run->settings->preflight.region, run->request.mode, limits->max_duration_s);
}

void wp_run_price_text(char *out, size_t size, const struct wp_run *run)
{
    char amount[64];
    if (!run->has_cost) {
        (void)wp_text_copy(out, size, "an unknown price");
        return;
    }
    wp_money_text(amount, sizeof amount, run->cost.milli_total, run->cost.currency);
    (void)wp_text_format(out, size, "%s %s (%.6g s of %s)", run->cost_is_ceiling ? "at most about" : "about",
                         amount, run->cost.seconds, wp_mode_name(run->cost.mode));
}

enum wp_status wp_run_check_price(const struct wp_run *run, struct wp_error *error)
{
    uint64_t maximum = run->settings->max_cost;
    if (maximum == UINT64_MAX || (run->has_cost && run->cost.milli_total <= maximum))
        return WP_OK;
    char price[128], limit[64];
    wp_run_price_text(price, sizeof price, run);
    wp_money_text(limit, sizeof limit, maximum, run->has_cost ? run->cost.currency : "");
    return wp_fail(
        error, WP_TOO_EXPENSIVE, "run",
        "the task would cost %s, over the maximum of %s; nothing was sent. Raise --max-cost, or cut the "
        "video",
        price, limit);
}

enum wp_status wp_run_ask(const struct wp_run *run, struct wp_error *error)
{
    if (run->settings->yes || !wp_console_can_ask())
        return WP_OK;
    char price[128], question[256];
    wp_run_price_text(price, sizeof price, run);
    (void)wp_text_format(question, sizeof question,
                         "The task will cost %s, an estimate, and nothing if this pair is already running or "
                         "done here. Go on?",
                         price);
    switch ((int)wp_console_ask(run->console, question)) {
    case WP_OK:
        return WP_OK;
    case WP_INTERRUPTED:
        return wp_fail(error, WP_INTERRUPTED, "run", "interrupted; nothing was sent");
    default:
        return wp_fail(error, WP_DECLINED, "run", "nothing was sent");
    }
}
