/* What a job is doing, on standard error: one line that is drawn over on a terminal, plain lines elsewhere.
 */
#ifndef WP_CLI_PROGRESS_H
#define WP_CLI_PROGRESS_H

#include <stdint.h>

#include "base/clock.h"
#include "cli/console.h"
#include "wanprep/job.h"

struct wp_progress {
    struct wp_console *console;
    const struct wp_clock *clock;
    int64_t started_ms; /**< of what is going on now */
    int64_t drawn_ms;
    char doing[320]; /**< what is going on now, e.g. "task 1234 is RUNNING"; "" before the first event */
    bool timed;      /**< it is waited for: show for how long */
};

struct wp_progress wp_progress_new(struct wp_console *console, const struct wp_clock *clock);

/** A wp_job_event_fn; user is the progress. */
void wp_progress_event(void *user, const struct wp_job_event *event);

/** Lets the clock on the terminal go on; may be called as often as one likes. */
void wp_progress_tick(struct wp_progress *progress);

#endif
