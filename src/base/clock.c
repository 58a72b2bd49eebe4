#include "base/clock.h"

#include <time.h>

#include "base/text.h"

#include "base/banned.h"

static int64_t read_clock(clockid_t id, int64_t parts_per_s)
{
    struct timespec now = {0};
    (void)clock_gettime(id, &now); /* cannot fail for these clocks */
    return (int64_t)now.tv_sec * parts_per_s + now.tv_nsec / (1000000000 / parts_per_s);
}

static int64_t system_now(void *user)
{
    (void)user;
    return read_clock(CLOCK_MONOTONIC, 1000);
}

static int64_t system_boot(void *user)
{
    (void)user;
    return read_clock(CLOCK_BOOTTIME, 1000);
}

static int64_t system_wall(void *user)
{
    (void)user;
    return read_clock(CLOCK_REALTIME, 1000);
}

static void system_sleep(void *user, int64_t ms)
{
    (void)user;
    if (ms <= 0)
        return;
    struct timespec span = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&span, NULL);
}

const struct wp_clock *wp_clock_system(void)
{
    static const struct wp_clock clock = {system_now, system_boot, system_wall, system_sleep, NULL};
    return &clock;
}

int64_t wp_clock_now_us(void)
{
    return read_clock(CLOCK_MONOTONIC, 1000000);
}

void wp_clock_format_utc(char out[32], int64_t wall_ms)
{
    int64_t ms = wall_ms % 1000;
    time_t seconds = (time_t)(wall_ms / 1000);
    if (ms < 0) {
        ms += 1000;
        seconds--;
    }
    struct tm tm;
    char day[24];
    if (!gmtime_r(&seconds, &tm) || strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm) == 0)
        day[0] = '\0';
    (void)wp_text_format(out, 32, "%s.%03dZ", day, (int)ms);
}
