#include "job/watch.h"

#include "base/banned.h"

#define FIRST_WAIT_MS 2000
#define LAST_WAIT_MS  15000
#define UNKNOWN_ENDS  3
#define NO_URL_ENDS   6

int64_t wp_watch_wait_ms(unsigned poll, int64_t fixed_ms, uint32_t random)
{
    if (fixed_ms > 0)
        return fixed_ms;
    int64_t wait = FIRST_WAIT_MS;
    for (unsigned i = 0; i < poll && wait < LAST_WAIT_MS; i++)
        wait += wait / 2;
    if (wait > LAST_WAIT_MS)
        wait = LAST_WAIT_MS;
    return wait - (int64_t)(random % (uint32_t)(wait / 5 + 1));
}

void wp_watch_schedule(struct wp_watch *watch, int64_t now_ms, int64_t fixed_ms, uint32_t random)
{
    watch->due_ms = now_ms + wp_watch_wait_ms(watch->polls++, fixed_ms, random);
}

int64_t wp_watch_back_off(struct wp_watch *watch, int64_t now_ms, int64_t fixed_ms, int64_t retry_after_ms,
                          uint32_t random)
{
    int64_t wait = wp_watch_wait_ms(watch->failures++, 0, random);
    if (fixed_ms > 0 && wait > fixed_ms)
        wait = fixed_ms;
    if (wait < retry_after_ms)
        wait = retry_after_ms;
    wp_watch_schedule(watch, now_ms, fixed_ms, random);
    if (watch->due_ms < now_ms + wait)
        watch->due_ms = now_ms + wait;
    return watch->due_ms - now_ms;
}

enum wp_watch_verdict wp_watch_take(struct wp_watch *watch, const struct wp_task_answer *task)
{
    watch->failures = 0;
    if (task->status != WP_TASK_STATUS_UNKNOWN)
        watch->unknown = 0;
    switch (task->status) {
    case WP_TASK_STATUS_SUCCEEDED:
        if (task->video_url[0])
            return WP_WATCH_SUCCEEDED;
        return ++watch->without_url < NO_URL_ENDS ? WP_WATCH_ON : WP_WATCH_NO_URL;
    case WP_TASK_STATUS_FAILED:
        return WP_WATCH_FAILED;
    case WP_TASK_STATUS_CANCELED:
        return WP_WATCH_CANCELED;
    case WP_TASK_STATUS_UNKNOWN:
        return ++watch->unknown < UNKNOWN_ENDS ? WP_WATCH_ON : WP_WATCH_EXPIRED;
    case WP_TASK_STATUS_PENDING:
    case WP_TASK_STATUS_RUNNING:
    case WP_TASK_STATUS_SUSPENDED:
    case WP_TASK_STATUS_OTHER:
        break;
    }
    return WP_WATCH_ON;
}
