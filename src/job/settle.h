/*
 * Settling: what came of a create whose answer was lost.
 *
 * There is no idempotency key, so a second create would be a second bill. The service's task list is asked
 * instead. Within one output folder creates are sent one at a time, under a lock, and whoever takes the lock
 * first settles what others left behind: so a task in the list that no record owns can only be that of the
 * record at hand, or was made by somebody else with the same account.
 */
#ifndef WP_JOB_SETTLE_H
#define WP_JOB_SETTLE_H

#include <stdbool.h>
#include <stddef.h>

#include "job/job.h"

/* What one or more looks at the list came to. */
struct wp_settle_view {
    unsigned looks;   /* that were complete */
    size_t unowned;   /* tasks of the time window that no record owns, in the last look */
    bool claimed;     /* there is one that a user follows by its id: it may be ours */
    bool matched;     /* one of them carries the request id of our create */
    bool too_old;     /* the list does not reach back to the create any more */
    unsigned creates; /* that were sent so far without a known fate */
};

enum wp_settle_verdict {
    WP_SETTLE_ADOPT,      /* the one task is ours */
    WP_SETTLE_LOOK_AGAIN, /* after a pause */
    WP_SETTLE_NONE_MADE,  /* it may be sent again */
    WP_SETTLE_GIVE_UP,    /* a person has to decide */
};

enum wp_settle_verdict wp_settle_decide(const struct wp_settle_view *view);

/* Settles record, which is in SUBMITTING or UNCERTAIN, and puts it: to SUBMITTED, UPLOADING (none was made)
 * or UNCERTAIN. just_sent: the create is one of this very moment, so what was made until now can be its task.
 * To be called under the lock of creates. WP_OK: settled, also as UNCERTAIN; WP_UNCERTAIN: the list could not
 * be had, the state is left; WP_INTERRUPTED, WP_OUTPUT, WP_NOMEM. */
enum wp_status wp_settle(struct wp_job *job, struct wp_job_record *record, bool just_sent,
                         struct wp_error *error);

#endif
