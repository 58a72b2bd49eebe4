/* Calling the service: headers, evidence, retries, and what to tell people of a refusal. */
#ifndef WP_JOB_CALL_H
#define WP_JOB_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "dashscope/answer.h"
#include "dashscope/catalogue.h"
#include "dashscope/request.h"
#include "job/client.h"
#include "job/evidence.h"
#include "net/http.h"
#include "net/retry.h"
#include "store/store.h"
#include "wanprep/status.h"

/* Who calls. Everything is borrowed. */
struct wp_caller {
    struct wp_client *client;
    const struct wp_clock *clock;
    struct wp_limiter *limiter;   /* NULL: the client's */
    struct wp_evidence *evidence; /* NULL: none is kept */
    void (*retrying)(void *user, const char *message);
    void *retrying_user;
};

struct wp_call_spec {
    enum wp_call call;
    const char *url;
    const char *body; /* NULL: none */
    size_t body_len;
    bool oss_resolve;
    bool has_turn;          /* the caller has waited for its turn */
    int64_t not_after_ms;   /* nothing is sent after this, by boot_ms; 0: whenever */
    struct wp_store *lease; /* whose locks must be ours for as long as the call can take, else nothing is
                               sent; NULL: that does not matter */
};

/* "create", "query", … */
const char *wp_call_name(enum wp_call call);

/* One attempt. As wp_http_perform(), and the answer is to be freed in every case. A create, once begun, is
 * not interrupted: it would leave a task of unknown fate. */
enum wp_status wp_call_once(struct wp_caller *caller, const struct wp_call_spec *spec,
                            struct wp_http_answer *answer, struct wp_error *error);

/* Reads the body of a 200 answer. False: it is not what was asked for. */
typedef bool wp_call_read_fn(void *out, const char *body, size_t len);

/* One attempt of a call that may be repeated. *again: a failure may pass. The answer is to be freed in every
 * case. */
enum wp_status wp_call_try(struct wp_caller *caller, const struct wp_call_spec *spec, wp_call_read_fn *read,
                           void *out, struct wp_http_answer *answer, bool *again, struct wp_error *why);

/* Attempts, for calls that may be repeated, until there is a 200 answer that can be read or a reason to stop.
 */
enum wp_status wp_call_ask(struct wp_caller *caller, const struct wp_call_spec *spec, wp_call_read_fn *read,
                           void *out, struct wp_error *error);

/* Where retries of one matter stand. */
struct wp_attempts {
    const struct wp_retry_policy *policy;
    int64_t started_ms;
    unsigned made;
};

struct wp_attempts wp_attempts_new(const struct wp_caller *caller, const struct wp_retry_policy *policy);

/* After another attempt that failed as `why` tells: WP_OK if it may be tried again, in *wait_ms, and tells
 * so; else why's status. retry_after: the header's text or "". */
enum wp_status wp_attempts_next(struct wp_attempts *attempts, const struct wp_caller *caller,
                                const char *retry_after, const struct wp_error *why, int64_t *wait_ms);

/* The same, and waits: also WP_INTERRUPTED. */
enum wp_status wp_attempts_wait(struct wp_attempts *attempts, struct wp_caller *caller,
                                const char *retry_after, struct wp_error *why);

/* Fills error for an answer that is no success: the service's own words, and what the catalogue advises. what
 * is e.g. "the create". WP_REFUSED, or WP_NETWORK where the service is at fault. */
enum wp_status wp_call_refused(const char *what, const struct wp_http_answer *answer,
                               const struct wp_service_error *said, struct wp_error *error);

/* The same for the storage's answers: its codes are not those of the catalogue. */
enum wp_status wp_call_storage_refused(const char *what, const struct wp_http_answer *answer,
                                       const struct wp_service_error *said, struct wp_error *error);

/* Tells that something which failed as `why` tells is tried again. */
void wp_call_tell_retry(const struct wp_caller *caller, const struct wp_error *why, int64_t wait_ms);

/* Sleeps in small slices. WP_INTERRUPTED as soon as the user wants to stop. */
enum wp_status wp_call_pause(const struct wp_caller *caller, int64_t ms, struct wp_error *error);

/* Waits until the service's rates allow the call, and counts it. WP_INTERRUPTED. */
enum wp_status wp_call_turn(const struct wp_caller *caller, enum wp_call call, struct wp_error *error);

/* The service's clock: the latest Date, and what the machine's own clock that sleeps along and never jumps
 * counted since. The wall clock where no Date was seen. */
int64_t wp_call_service_ms(const struct wp_caller *caller);

/* Whether a Date was seen a moment ago, and nothing has happened to our clocks since. */
bool wp_call_clock_is_fresh(const struct wp_caller *caller);

#endif
