/* How long to wait between polls. */
#ifndef WP_JOB_POLL_H
#define WP_JOB_POLL_H

#include <stdint.h>

/* The wait before poll number `poll` (0 is the first): 2 s, growing by half each time to 15 s, less up to a
 * fifth of it by the random number, so that many jobs do not ask at the same instant. fixed_ms > 0: that,
 * exactly. */
int64_t wp_poll_wait_ms(unsigned poll, int64_t fixed_ms, uint32_t random);

#endif
