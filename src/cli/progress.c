#include "cli/progress.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

#include "base/banned.h"

/* Redrawing more often than this is of no use to an eye. */
enum { DRAW_MS = 500 };

struct wp_progress wp_progress_new(struct wp_console *console, const struct wp_clock *clock)
{
    return (struct wp_progress){.console = console, .clock = clock};
}

/* A line that stays, unless the user wants none. */
static void say(struct wp_progress *progress, const char *text)
{
    if (!progress->console->quiet)
        wp_console_line(progress->console, "%s", text);
}

static void draw(struct wp_progress *progress, int64_t now)
{
    char line[400];
    progress->drawn_ms = now;
    if (progress->timed) {
        int64_t seconds = (now - progress->started_ms) / 1000;
        (void)wp_text_format(line, sizeof line, "%s, %" PRId64 ":%02" PRId64, progress->doing, seconds / 60,
                             seconds % 60);
    } else {
        (void)wp_text_copy(line, sizeof line, progress->doing);
    }
    wp_console_status(progress->console, line);
}

void wp_progress_tick(struct wp_progress *progress)
{
    int64_t now = progress->clock->now_ms(progress->clock->user);
    if (progress->timed && now - progress->drawn_ms >= DRAW_MS)
        draw(progress, now);
}

/* Something else is going on from now: the terminal shows it, and elsewhere it is a line. */
static void begin(struct wp_progress *progress, const char *doing, bool timed)
{
    if (strcmp(progress->doing, doing) == 0)
        return;
    int64_t now = progress->clock->now_ms(progress->clock->user);
    (void)wp_text_copy(progress->doing, sizeof progress->doing, doing);
    /* Waiting is one thing, however often the task changes its status. */
    if (!progress->timed || !timed)
        progress->started_ms = now;
    progress->timed = timed;
    if (progress->console->live)
        draw(progress, now);
    else
        say(progress, doing);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* A transfer: percents on a terminal; elsewhere its begin and its end. */
static void show_transfer(struct wp_progress *progress, const char *verb, const struct wp_job_event *event)
{
    char doing[320];
    const char *name = base_name(event->path ? event->path : "");
    if (!progress->console->live) {
        (void)wp_text_format(doing, sizeof doing, "%s %s", verb, name);
    } else if (event->total > 0) {
        double percent = 100.0 * (double)event->bytes / (double)event->total;
        (void)wp_text_format(doing, sizeof doing, "%s %s: %.0f %% of %.1f MB", verb, name, percent,
                             (double)event->total / 1e6);
    } else {
        (void)wp_text_format(doing, sizeof doing, "%s %s: %.1f MB", verb, name, (double)event->bytes / 1e6);
    }
    begin(progress, doing, false);
}

/* The states that nothing else tells of. */
static void show_state(struct wp_progress *progress, enum wp_job_state state)
{
    if (state == WP_JOB_SUBMITTING)
        begin(progress, "submitting", false);
}

void wp_progress_event(void *user, const struct wp_job_event *event)
{
    struct wp_progress *progress = user;
    char text[320];
    switch (event->kind) {
    case WP_EVENT_STATE:
        show_state(progress, event->state);
        break;
    case WP_EVENT_JOINED:
        say(progress, event->message && event->message[0] ? event->message
                                                          : "an earlier job of the same pair is carried on");
        break;
    case WP_EVENT_TASK:
        (void)wp_text_format(text, sizeof text, "task %s", event->task_id);
        say(progress, text);
        break;
    case WP_EVENT_STATUS:
        (void)wp_text_format(text, sizeof text, "task %s is %s", event->task_id, event->task_status);
        begin(progress, text, true);
        break;
    case WP_EVENT_UPLOAD:
        show_transfer(progress, "uploading", event);
        break;
    case WP_EVENT_DOWNLOAD:
        show_transfer(progress, "downloading", event);
        break;
    case WP_EVENT_RETRY:
        if (event->message)
            say(progress, event->message);
        break;
    }
}
