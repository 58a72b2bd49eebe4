/*
 * Many jobs at work, on standard error: on a terminal a table that is drawn over, elsewhere a line for each
 * change that matters, and the numbers once a minute. A thread of its own draws; whoever changes the roll or
 * writes to the console meanwhile holds the lock.
 */
#ifndef WP_CLI_LIVE_H
#define WP_CLI_LIVE_H

#include <pthread.h>

#include "cli/console.h"
#include "cli/roll.h"
#include "cli/table.h"
#include "wanprep/batch.h"

struct wp_live {
    struct wp_console *console;
    struct wp_roll *roll;
    const char *noun;      /**< what a row is called: "row", "job" */
    struct wp_table table; /**< what is to be drawn, without what changes */
    struct wp_batch_state state;
    struct wp_batch *batch; /**< borrowed while the thread runs */
    pthread_mutex_t lock;
    pthread_cond_t stop;
    pthread_t thread;
    bool running, stopping;
    int64_t retry_ms; /**< no line about trying again before */
    char said[512];   /**< the numbers as they were told last */
};

/** roll, console and noun are borrowed. Ended with wp_live_end(). */
void wp_live_begin(struct wp_live *live, struct wp_console *console, struct wp_roll *roll, const char *noun);

/** Starts to draw. Where no thread can be made nothing is drawn. */
void wp_live_start(struct wp_live *live, struct wp_batch *batch);

/** Stops it, and clears the table. Before the batch is freed; more than once is fine. */
void wp_live_stop(struct wp_live *live);

void wp_live_end(struct wp_live *live);

void wp_live_lock(struct wp_live *live);
void wp_live_unlock(struct wp_live *live);

/** A line about a row that stays, unless the user wants none. Under the lock. */
void wp_live_say(struct wp_live *live, size_t index, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Whether a table is drawn: what it shows needs no line. */
bool wp_live_has_table(const struct wp_live *live);

/** Takes an event of a row of the roll. Under the lock. */
void wp_live_event(struct wp_live *live, size_t index, const struct wp_job_event *event);

#endif
