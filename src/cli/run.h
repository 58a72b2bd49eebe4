/* One run: what the steps of `wanprep run` and `wanprep submit` hand on to each other. */
#ifndef WP_CLI_RUN_H
#define WP_CLI_RUN_H

#include "cli/command.h"
#include "cli/preflight.h"
#include "cli/session.h"
#include "wanprep/client.h"
#include "wanprep/job.h"
#include "wanprep/preflight.h"

struct wp_run_settings {
    struct wp_common_settings common;
    struct wp_preflight_settings preflight;
    bool json, dry_run, yes, skip_preflight, force, resubmit, watermark, check_image;
    uint64_t max_cost; /**< thousandths of the region's currency; UINT64_MAX: no maximum */
    struct wp_service_settings service;
    struct wp_waiting_settings waiting;
};

#define WP_RUN_SETTINGS_DEFAULTS                                                                             \
    {                                                                                                        \
        .preflight = WP_PREFLIGHT_SETTINGS_DEFAULTS, .check_image = true, .max_cost = UINT64_MAX             \
    }

/** The rows of struct wp_run_settings that run and submit share; WP_PREFLIGHT_OPTIONS follow. */
#define WP_RUN_OPTIONS                                                                                       \
    WP_OUTPUT_OPTION(struct wp_run_settings),                                                                \
        {.name = "json",                                                                                     \
         .set = wp_set_true,                                                                                 \
         .offset = offsetof(struct wp_run_settings, json),                                                   \
         .help = "write one JSON document to standard output"},                                              \
        {.name = "dry-run",                                                                                  \
         .set = wp_set_true,                                                                                 \
         .offset = offsetof(struct wp_run_settings, dry_run),                                                \
         .help = "print the request that would be sent and its price, and send nothing; needs no key"},      \
        {.name = "yes",                                                                                      \
         .letter = 'y',                                                                                      \
         .set = wp_set_true,                                                                                 \
         .offset = offsetof(struct wp_run_settings, yes),                                                    \
         .help = "do not ask before spending"},                                                              \
        {.name = "max-cost",                                                                                 \
         .value = "AMOUNT",                                                                                  \
         .set = wp_set_amount,                                                                               \
         .offset = offsetof(struct wp_run_settings, max_cost),                                               \
         .max = 1000000000,                                                                                  \
         .allowed = "an amount such as 4 or 2.50, at most 1000000, in CNY for cn and USD for intl",          \
         .help = "send nothing if the estimated price is over this"},                                        \
        {.name = "watermark",                                                                                \
         .set = wp_set_true,                                                                                 \
         .offset = offsetof(struct wp_run_settings, watermark),                                              \
         .help = "have the service put its watermark on the result"},                                        \
        {.name = "no-check-image",                                                                           \
         .set = wp_set_false,                                                                                \
         .offset = offsetof(struct wp_run_settings, check_image),                                            \
         .help = "have the service skip its own check of the image"},                                        \
        {.name = "skip-preflight",                                                                           \
         .set = wp_set_true,                                                                                 \
         .offset = offsetof(struct wp_run_settings, skip_preflight),                                         \
         .help = "submit without the check; the price is then that of the longest video"},                   \
        {.name = "force",                                                                                    \
         .set = wp_set_true,                                                                                 \
         .offset = offsetof(struct wp_run_settings, force),                                                  \
         .help = "make a new task even if the same pair is running or done in this folder"},                 \
        {.name = "resubmit",                                                                                 \
         .set = wp_set_true,                                                                                 \
         .offset = offsetof(struct wp_run_settings, resubmit),                                               \
         .help =                                                                                             \
             "send a job again of which it is uncertain whether it became a task; it may be paid twice"},    \
        WP_SERVICE_OPTIONS(struct wp_run_settings)

/** A run, as far as it went. */
struct wp_run {
    const struct wp_run_settings *settings;
    enum wp_job_goal goal; /**< WP_GOAL_DONE or WP_GOAL_SUBMITTED */
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

/** Does it all: the work of `wanprep run` and of `wanprep submit`. */
enum wp_status wp_run_command(const struct wp_call_line *line, enum wp_job_goal goal, struct wp_error *error);

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

/** Writes the preflight's report for people as soon as it is there: to standard error where the goal is a
 * task, whose id is then alone on standard output. With --json it waits for the whole document. */
enum wp_status wp_run_show_preflight(const struct wp_run *run, struct wp_error *error);

/** Writes what came of the run: the rest of the text, or the document. */
enum wp_status wp_run_show(const struct wp_run *run, enum wp_status status, struct wp_error *error);

#endif
