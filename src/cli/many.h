/* Many jobs as batch and work run them: who is told when a row comes to rest, and what came of them all. */
#ifndef WP_CLI_MANY_H
#define WP_CLI_MANY_H

#include <stdatomic.h>

#include "cli/live.h"
#include "cli/roll.h"
#include "cli/session.h"
#include "wanprep/batch.h"
#include "wanprep/manifest.h"
#include "wanprep/preflight.h"
#include "wanprep/report.h"

struct wp_many {
    struct wp_console *console;
    struct wp_log log;
    const struct wp_limits *limits;
    enum wp_region region;
    bool json, dry_run, fail_fast;
    bool has_max_cost;
    uint64_t max_cost;
    const char *currency;               /**< of the region; NULL: there are no prices */
    const struct wp_manifest *manifest; /**< row i of the roll is its row i; NULL: jobs of a store */
    struct wp_roll roll;
    struct wp_live live;
    struct wp_batch *batch;       /**< owned; NULL: nothing was begun */
    struct wp_verifier *verifier; /**< owned */
    bool has_spent;
    uint64_t spent, reserved;
    bool incomplete;    /**< memory was out for a line of JSON */
    bool failed;        /**< a row has no result, and fail_fast is set. Under the lock of live */
    atomic_bool closed; /**< nobody reads standard output any more */
    int64_t begun_ms;
};

/** For what is set from outside before: console to manifest. Ended with wp_many_end(). */
void wp_many_begin(struct wp_many *many);
void wp_many_end(struct wp_many *many);

/** A wp_interrupted_fn: a signal came, or nobody reads standard output any more. */
bool wp_many_interrupted(void *user);

/** A row is at rest: keeps what came of it, and tells. preflight and result may be NULL. Once for each. */
void wp_many_rest(struct wp_many *many, size_t index, enum wp_status status,
                  const struct wp_preflight *preflight, const struct wp_job_result *result,
                  const char *message);

/** All rows that are not at rest are now, with this status. */
void wp_many_rest_all(struct wp_many *many, enum wp_status status, const char *message);

/** Finds the key and makes a client that a signal or a closed pipe interrupts. Fails as wp_client_open(). */
enum wp_status wp_many_client(struct wp_client **out, struct wp_many *many,
                              const struct wp_service_settings *service, struct wp_error *error);

/** Makes the batch, with a verifier and callbacks that fill the roll. Fails as wp_batch_new() and
 * wp_verifier_new(). */
enum wp_status wp_many_open(struct wp_many *many, struct wp_client *client, const struct wp_job_options *job,
                            bool no_jail, struct wp_error *error);

/** Waits for all that is in the batch, and closes it. Fails as wp_batch_finish(). */
enum wp_status wp_many_close(struct wp_many *many, struct wp_error *error);

/** What the seconds of a row that were billed come to. False: that is not known. */
bool wp_many_billed(struct wp_cost *out, const struct wp_many *many, const struct wp_roll_row *row);

/** Why a row has no result, in one line for people. */
void wp_many_reason(char *out, size_t size, const struct wp_roll_row *row);

/** Sums the estimates of the rows that are not at rest, or with dry_run are. *is_ceiling: one of them is at
 * most that. */
uint64_t wp_many_estimate(const struct wp_many *many, bool *is_ceiling);

/** Prints the summary: the last line of JSON, or text for people, or with --quiet the paths of the videos.
 * results may be NULL. Fails with WP_NOMEM. */
enum wp_status wp_many_show(struct wp_many *many, enum wp_status status, const char *message,
                            const char *results, struct wp_error *error);

#endif
