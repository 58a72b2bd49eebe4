/* When to try again: pure functions. */
#ifndef WP_NET_RETRY_H
#define WP_NET_RETRY_H

#include <stdbool.h>
#include <stdint.h>

/** Exponential backoff with full jitter between base and cap. */
struct wp_retry_policy {
    unsigned max_attempts; /**< including the first */
    int64_t base_ms;       /**< wait before the second attempt, doubled for each further one */
    int64_t cap_ms;
    int64_t budget_ms; /**< no wait may end later than this after the first attempt; 0: no budget */
};

struct wp_retry_decision {
    bool again;
    int64_t wait_ms;
};

/**
 * After attempt number `attempt` (1 is the first) failed in a way that may pass: whether and when to try
 * again. retry_after_ms is what the server asked for, -1 if nothing; it is honoured even where it is over the
 * cap, and stops the retries where it is over the budget. random is any 32-bit number: half of the backoff is
 * jittered by it.
 */
struct wp_retry_decision wp_retry_decide(const struct wp_retry_policy *policy, unsigned attempt,
                                         int64_t elapsed_ms, int64_t retry_after_ms, uint32_t random);

/**
 * Reads a Retry-After header (RFC 9110 10.2.3): seconds or an HTTP date, against the wall clock now. Returns
 * ms >= 0, at most a day; -1 for "", garbage, or a negative number.
 */
int64_t wp_retry_after_ms(const char *header, int64_t wall_now_ms);

/** An HTTP date (RFC 9110 5.6.7, IMF-fixdate) in ms since the epoch. False if it is none. */
bool wp_http_date_parse(int64_t *out, const char *text);

#endif
