/* To be preloaded: sleeps are SLEEP_FASTER times as short, and the monotonic clocks go on by what was not
 * slept, so that the process finds all of its waits to be as long as it wanted. IDLE_FASTER does the same to
 * waits for a descriptor on which nothing happens: timeouts come sooner, answers do not. The wall clock is
 * left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define NS 1000000000LL

static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_nanosleep)(const struct timespec *, struct timespec *);
static int (*real_poll)(struct pollfd *, nfds_t, int);
static long long sleep_faster = 1, idle_faster = 1;
static _Atomic long long skipped_ns;

static void *find(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    return found ? found : (abort(), NULL);
}

static long long setting(const char *name)
{
    const char *text = getenv(name);
    return text ? strtoll(text, NULL, 10) : 1;
}

__attribute__((constructor)) static void begin(void)
{
    *(void **)&real_clock_gettime = find("clock_gettime");
    *(void **)&real_nanosleep = find("nanosleep");
    *(void **)&real_poll = find("poll");
    sleep_faster = setting("SLEEP_FASTER");
    idle_faster = setting("IDLE_FASTER");
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    if (!real_clock_gettime)
        begin();
    int result = real_clock_gettime(id, now);
    if (result != 0 || (id != CLOCK_MONOTONIC && id != CLOCK_BOOTTIME))
        return result;
    long long ns = now->tv_nsec + skipped_ns;
    now->tv_sec += ns / NS;
    now->tv_nsec = ns % NS;
    return 0;
}

int nanosleep(const struct timespec *span, struct timespec *left)
{
    long long ns = span->tv_sec * NS + span->tv_nsec, slept = ns / sleep_faster;
    struct timespec less = {slept / NS, slept % NS};
    int result = slept > 0 ? real_nanosleep(&less, left) : 0;
    if (result == 0)
        skipped_ns += ns - slept;
    return result;
}

int poll(struct pollfd *fds, nfds_t count, int ms)
{
    int waited = ms > 0 ? (int)((ms + idle_faster - 1) / idle_faster) : ms;
    int result = real_poll(fds, count, waited);
    if (result == 0 && ms > 0)
        skipped_ns += (ms - waited) * 1000000LL;
    return result;
}
