/*
 * Watching a task: when to look at it next, and what a look means. Pure, but for wp_job_look() of job.h,
 * which asks the service; so one blocking wait and a poller of many share it.
 */
#ifndef WP_JOB_WATCH_H
#define WP_JOB_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "dashscope/answer.h"

/* Where the watching of one task stands. Zero is a task that is to be looked at now. */
struct wp_watch {
    int64_t due_ms; /* monotonic: no look before this */
    unsigned polls, failures, unknown, without_url;
};

/* The wait before look number `poll` (0 is the first): 2 s, growing by half each time to 15 s, less up to a
 * fifth of it by the random number, so that many jobs do not ask at the same instant. fixed_ms > 0: that,
 * exactly. */
int64_t wp_watch_wait_ms(unsigned poll, int64_t fixed_ms, uint32_t random);

/* Sets when the next look is due, as wp_watch_wait_ms() has it, counted from now. */
void wp_watch_schedule(struct wp_watch *watch, int64_t now_ms, int64_t fixed_ms, uint32_t random);

/* After a look that failed in a way that passes: the same, but no sooner than failures in a row and the
 * service's wish (-1: none) have it. Returns the wait. */
int64_t wp_watch_back_off(struct wp_watch *watch, int64_t now_ms, int64_t fixed_ms, int64_t retry_after_ms,
                          uint32_t random);

enum wp_watch_verdict {
    WP_WATCH_ON,
    WP_WATCH_SUCCEEDED,
    WP_WATCH_FAILED,
    WP_WATCH_CANCELED,
    WP_WATCH_EXPIRED, /* unknown, and not for the first time: a task just made may not be known everywhere yet
                       */
    WP_WATCH_NO_URL,  /* it succeeded, but again and again names no result */
};

/* What an answer means, and counts it. */
enum wp_watch_verdict wp_watch_take(struct wp_watch *watch, const struct wp_task_answer *task);

#endif
