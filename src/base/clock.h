/* Time, so that tests can make hours pass in no time. */
#ifndef WP_BASE_CLOCK_H
#define WP_BASE_CLOCK_H

#include <stdint.h>

struct wp_clock {
    int64_t (*now_ms)(void *user);            /**< monotonic; for durations and deadlines */
    int64_t (*boot_ms)(void *user);           /**< since the machine was started, its sleep included; the same
                                                 for all processes */
    int64_t (*wall_ms)(void *user);           /**< since the Unix epoch; may jump */
    void (*sleep_ms)(void *user, int64_t ms); /**< may return early, e.g. on a signal */
    void *user;
};

/** The system's clock. Static storage. */
const struct wp_clock *wp_clock_system(void);

/** Monotonic microseconds of the system, for measuring. */
int64_t wp_clock_now_us(void);

/** "2026-11-22T09:30:00.123Z" (24 bytes and a NUL). */
void wp_clock_format_utc(char out[32], int64_t wall_ms);

#endif
