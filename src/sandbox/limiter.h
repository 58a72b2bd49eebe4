/* The service's documented rates, as token buckets. */
#ifndef WP_SANDBOX_LIMITER_H
#define WP_SANDBOX_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/request.h"

struct sb_limiter {
    struct {
        int64_t tokens; /**< in thousandths */
        int64_t at_ms;
    } buckets[SB_ENDPOINTS];
};

/** Full buckets. */
struct sb_limiter sb_limiter_new(int64_t now_ms);

/** Takes a token. False: over the rate. Endpoints without a documented rate always pass. */
bool sb_limiter_take(struct sb_limiter *limiter, enum sb_endpoint endpoint, int64_t now_ms);

#endif
