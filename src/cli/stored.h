/* Jobs that stand in a store already, many at the same time: what `resume` and `work` have in common. */
#ifndef WP_CLI_STORED_H
#define WP_CLI_STORED_H

#include "cli/command.h"
#include "cli/many.h"
#include "cli/preflight.h"

struct wp_stored_settings {
    struct wp_common_settings common;
    struct wp_service_settings service;
    struct wp_waiting_settings waiting;
    enum wp_region region;
    const char *profile;
    bool json, drain, fail_fast, no_sandbox;
};

/** The rows of their options that are the same. */
#define WP_STORED_OPTIONS                                                                                    \
    {.name = "json",                                                                                         \
     .set = wp_set_true,                                                                                     \
     .offset = offsetof(struct wp_stored_settings, json),                                                    \
     .help = "write JSON Lines to standard output: one for each job as it comes to rest, and a summary"},    \
        WP_OUTPUT_OPTION(struct wp_stored_settings), WP_WAITING_OPTIONS(struct wp_stored_settings),          \
        WP_SERVICE_OPTIONS(struct wp_stored_settings),                                                       \
        WP_NO_SANDBOX_OPTION(offsetof(struct wp_stored_settings, no_sandbox)),                               \
        WP_PROFILE_OPTION(offsetof(struct wp_stored_settings, profile)),                                     \
        WP_REGION_OPTION(offsetof(struct wp_stored_settings, region)), WP_COMMON_OPTIONS

/** Gives jobs of the store to many->batch; returns when it has given all, or is to stop. */
typedef enum wp_status wp_stored_fill_fn(struct wp_many *many, const struct wp_stored_settings *settings,
                                         struct wp_error *error);

/** Runs a command: whatever fill gives is done, and what came of it is told. */
enum wp_status wp_stored_run(const struct wp_call_line *line, wp_stored_fill_fn *fill,
                             struct wp_error *error);

#endif
