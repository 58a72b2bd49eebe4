/* One run: what the steps of `wanprep run` hand on to each other. */
#ifndef WP_CLI_RUN_H
#define WP_CLI_RUN_H

#include "cli/command.h"
#include "cli/preflight.h"
#include "wanprep/client.h"
#include "wanprep/job.h"
#include "wanprep/preflight.h"

struct wp_run_settings {
    struct wp_common_settings common;
    struct wp_preflight_settings preflight;
    bool json, dry_run, yes, skip_preflight, force, resubmit, watermark, check_image;
    uint64_t max_cost; /**< thousandths of the region's currency; UINT64_MAX: no maximum */
    int64_t timeout_ms, poll_interval_ms;
    const char *output_dir, *base_url, *workspace;
};

/** A run, as far as it went. */
struct wp_run {
    const struct wp_run_settings *settings;
    struct wp_console *console;
    struct wp_log log;
    struct wp_profile *profile; /**< owned; NULL: the built-in limits */
    struct wp_job_request request;
    struct wp_client_options service; /**< without the key */
    bool has_preflight;
    struct wp_preflight preflight;
    bool has_cost, cost_is_ceiling;
    struct wp_cost cost;
    char *description; /**< owned: the request that would be sent */
    bool show_request; /**< a dry run came so far */
    bool has_result;
    struct wp_job_result result;
};

/** Estimates the price: of the video's own duration, or where that is not known of the longest that is taken.
 */
void wp_run_estimate(struct wp_run *run);

/** WP_TOO_EXPENSIVE if the estimate is over --max-cost, or there is a maximum and no estimate. */
enum wp_status wp_run_check_price(const struct wp_run *run, struct wp_error *error);

/** On a terminal, asks whether to spend that; elsewhere the command was the order. WP_OK, WP_DECLINED or
 * WP_INTERRUPTED. */
enum wp_status wp_run_ask(const struct wp_run *run, struct wp_error *error);

/** "about 4.00 CNY (10 s of wan-std)", for people. */
void wp_run_price_text(char *out, size_t size, const struct wp_run *run);

/** Writes the preflight's report for people as soon as it is there. With --json it waits for the whole
 * document. */
enum wp_status wp_run_show_preflight(const struct wp_run *run, struct wp_error *error);

/** Writes what came of the run: the rest of the text, or the document. */
enum wp_status wp_run_show(const struct wp_run *run, enum wp_status status, struct wp_error *error);

#endif
