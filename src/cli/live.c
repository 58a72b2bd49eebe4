#include "cli/live.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"

#include "base/banned.h"

/* More often is of no use to an eye, and a log is read by the minute. */
enum { DRAW_MS = 500, SAY_MS = 60000, RETRY_MS = 10000 };

static int64_t now_ms(void)
{
    const struct wp_clock *clock = wp_clock_system();
    return clock->now_ms(clock->user);
}

void wp_live_begin(struct wp_live *live, struct wp_console *console, struct wp_roll *roll, const char *noun)
{
    pthread_condattr_t attributes;
    *live = (struct wp_live){.console = console, .roll = roll, .noun = noun, .table = {.roll = roll}};
    (void)pthread_mutex_init(&live->lock, NULL);
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&live->stop, &attributes);
    (void)pthread_condattr_destroy(&attributes);
}

void wp_live_end(struct wp_live *live)
{
    wp_live_stop(live);
    (void)pthread_cond_destroy(&live->stop);
    (void)pthread_mutex_destroy(&live->lock);
}

void wp_live_lock(struct wp_live *live)
{
    (void)pthread_mutex_lock(&live->lock);
}

void wp_live_unlock(struct wp_live *live)
{
    (void)pthread_mutex_unlock(&live->lock);
}

/* With -v lines of the log come from other threads, and would cross the table. */
bool wp_live_has_table(const struct wp_live *live)
{
    return live->console->live && !live->console->quiet && !live->console->verbose;
}

static void draw(struct wp_live *live)
{
    unsigned short widths[WP_MAX_BLOCK];
    struct wp_buf out = wp_buf_new(1 << 18);
    const struct wp_size size = wp_console_size();
    size_t lines = 0;
    live->table.columns = size.columns;
    live->table.lines = size.lines;
    wp_table_draw(&out, &live->table);
    for (const char *p = wp_buf_text(&out); *p && lines < WP_MAX_BLOCK; lines++) {
        size_t len = strcspn(p, "\n");
        widths[lines] = (unsigned short)wp_table_width(p, len);
        p += len + 1;
    }
    if (!out.failed)
        wp_console_block(live->console, wp_buf_text(&out), widths, lines);
    wp_buf_free(&out);
}

/* The numbers as a line, if they have changed since they were told. */
static void say_numbers(struct wp_live *live)
{
    struct wp_buf out = wp_buf_new(sizeof live->said - 1);
    wp_table_sum(&out, &live->table);
    if (strcmp(wp_buf_text(&out), live->said) != 0) {
        wp_console_line(live->console, "%s", wp_buf_text(&out));
        (void)wp_text_copy(live->said, sizeof live->said, wp_buf_text(&out));
    }
    wp_buf_free(&out);
}

/* Waits under the lock. False: it is to end. */
static bool wait(struct wp_live *live, int64_t until_ms)
{
    const struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
    while (!live->stopping && pthread_cond_timedwait(&live->stop, &live->lock, &until) == 0)
        continue;
    return !live->stopping;
}

static void *run(void *user)
{
    struct wp_live *live = user;
    int64_t period = wp_live_has_table(live) ? DRAW_MS : SAY_MS;
    wp_live_lock(live);
    while (wait(live, now_ms() + period)) {
        /* Not under our lock: who calls back holds one of the batch's, and waits for ours. */
        wp_live_unlock(live);
        wp_batch_look(&live->state, live->batch);
        wp_live_lock(live);
        live->table.state = &live->state;
        live->table.now_ms = now_ms();
        if (wp_live_has_table(live))
            draw(live);
        else if (!live->console->quiet)
            say_numbers(live);
    }
    wp_live_unlock(live);
    return NULL;
}

void wp_live_start(struct wp_live *live, struct wp_batch *batch)
{
    sigset_t all, before;
    live->batch = batch;
    /* Signals are for the thread that waits. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    live->running = pthread_create(&live->thread, NULL, run, live) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void wp_live_stop(struct wp_live *live)
{
    if (!live->running)
        return;
    wp_live_lock(live);
    live->stopping = true;
    (void)pthread_cond_signal(&live->stop);
    wp_live_unlock(live);
    (void)pthread_join(live->thread, NULL);
    live->running = live->stopping = false;
    wp_console_clear(live->console);
}

void wp_live_say(struct wp_live *live, size_t index, const char *format, ...)
{
    char text[1000];
    va_list args;
    if (live->console->quiet)
        return;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    wp_console_line(live->console, "%s %zu: %s", live->noun, index + 1, text);
}

/* Where the network is gone every row has this to say, again and again. */
static bool is_time_to_tell_of_a_retry(struct wp_live *live, int64_t now)
{
    if (now < live->retry_ms)
        return false;
    live->retry_ms = now + RETRY_MS;
    return true;
}

void wp_live_event(struct wp_live *live, size_t index, const struct wp_job_event *event)
{
    int64_t now = now_ms();
    const char *message = event->message ? event->message : "";
    wp_roll_event(live->roll, index, event, now);
    if (wp_live_has_table(live))
        return;
    if (event->kind == WP_EVENT_TASK)
        wp_live_say(live, index, "task %s", event->task_id);
    else if (event->kind == WP_EVENT_JOINED)
        wp_live_say(live, index, "%s",
                    message[0] ? message : "an earlier job of the same pair is carried on");
    else if (event->kind == WP_EVENT_RETRY && message[0] && is_time_to_tell_of_a_retry(live, now))
        wp_live_say(live, index, "%s", message);
}
