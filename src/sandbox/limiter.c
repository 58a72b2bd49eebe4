#include "sandbox/limiter.h"

#include "base/banned.h"

/* Requests a second; 0: not limited. A bucket holds one second's worth. */
static const int64_t rates[SB_ENDPOINTS] = {
    [SB_CREATE] = 5, [SB_QUERY] = 20, [SB_LIST] = 20, [SB_CANCEL] = 20, [SB_POLICY] = 100};

struct sb_limiter sb_limiter_new(int64_t now_ms)
{
    struct sb_limiter limiter;
    for (int i = 0; i < SB_ENDPOINTS; i++) {
        limiter.buckets[i].tokens = rates[i] * 1000;
        limiter.buckets[i].at_ms = now_ms;
    }
    return limiter;
}

bool sb_limiter_take(struct sb_limiter *limiter, enum sb_endpoint endpoint, int64_t now_ms)
{
    int64_t rate = rates[endpoint];
    if (rate == 0)
        return true;
    int64_t elapsed = now_ms - limiter->buckets[endpoint].at_ms;
    int64_t full = rate * 1000;
    int64_t *tokens = &limiter->buckets[endpoint].tokens;
    /* rate a second is rate thousandths a millisecond */
    *tokens = elapsed >= 1000 || *tokens + elapsed * rate > full ? full : *tokens + elapsed * rate;
    limiter->buckets[endpoint].at_ms = now_ms;
    if (*tokens < 1000)
        return false;
    *tokens -= 1000;
    return true;
}
