/* One batch: what the steps of `wanprep batch` hand on to each other. */
#ifndef WP_CLI_BATCH_H
#define WP_CLI_BATCH_H

#include "cli/command.h"
#include "cli/many.h"
#include "cli/preflight.h"

struct wp_batch_settings {
    struct wp_common_settings common;
    struct wp_preflight_settings preflight;
    struct wp_service_settings service;
    struct wp_waiting_settings waiting;
    bool json, dry_run, yes, skip_preflight, force, resubmit, watermark, check_image, fail_fast;
    uint64_t max_cost; /**< thousandths of the region's currency; UINT64_MAX: no maximum */
    unsigned workers;
    const char *results; /**< NULL: in the output folder */
};

struct wp_batch_run {
    const struct wp_batch_settings *settings;
    struct wp_manifest *manifest; /**< owned */
    struct wp_profile *profile;   /**< owned; NULL: the built-in limits */
    struct wp_client *client;     /**< owned; NULL in a dry run */
    char *results;                /**< owned: path of the results file; NULL in a dry run */
    struct wp_many many;
};

/**
 * Judges every row, and estimates its price; those that are of no use or are rejected are at rest afterwards.
 * Fails with WP_INTERRUPTED, and as wp_preflight_many().
 */
enum wp_status wp_batch_check(struct wp_batch_run *run, struct wp_error *error);

/** Finds out where the results go, and whether they can be written there. Fails with WP_USAGE (over an
 * input), WP_OUTPUT or WP_NOMEM. */
enum wp_status wp_batch_find_results(struct wp_batch_run *run, const char *manifest, struct wp_error *error);

/** Writes the results file. Fails with WP_OUTPUT or WP_NOMEM; what had its name is then as it was. */
enum wp_status wp_batch_write_results(const struct wp_batch_run *run, struct wp_error *error);

/** On a terminal, asks whether to spend the sum of the estimates; elsewhere the command was the order. WP_OK,
 * WP_DECLINED or WP_INTERRUPTED. */
enum wp_status wp_batch_ask(const struct wp_batch_run *run, struct wp_error *error);

#endif
