/* Faults by rules: ENDPOINT[@N[-[M]]]=ACTION[:PARAM[,PARAM…]], or by chance: ENDPOINT@P%=… */
#ifndef WP_SANDBOX_FAULTS_H
#define WP_SANDBOX_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/answer.h"
#include "sandbox/request.h"
#include "wanprep/status.h"

struct sb_action;

struct sb_fault {
    char rule[256];       /**< as it was given */
    unsigned endpoints;   /**< bits 1 << enum sb_endpoint */
    uint64_t first, last; /**< of the requests at an endpoint, from 1; both in */
    uint64_t percent;     /**< how many of 100 of these requests it hits, by the seed */
    const struct sb_action *action;
    bool after; /**< the request is carried out first; else the fault acts instead of it */
    uint64_t number;
    char name[64];
    char code[64];
    char message[128];
    char retry_after[64];
    bool has_retry_date;
    uint64_t retry_date_s; /**< Retry-After as a date so far ahead */
};

enum { SB_MAX_FAULTS = 64 };

struct sb_faults {
    struct sb_fault items[SB_MAX_FAULTS];
    size_t count;
};

/** Adds a rule. Fails with WP_USAGE. */
enum wp_status sb_faults_add(struct sb_faults *faults, const char *rule, struct wp_error *error);

/** The rule for this request; NULL if there is none. Chance is decided by the seed, the rule's place, the
 * endpoint and the request's number there, and by nothing else. */
const struct sb_fault *sb_faults_find(const struct sb_faults *faults, uint64_t seed,
                                      const struct sb_request *request);

/** Does to the answer what the rule says. */
void sb_fault_apply(const struct sb_fault *fault, const struct sb_request *request, struct sb_answer *answer);

#endif
