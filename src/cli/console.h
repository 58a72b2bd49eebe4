/*
 * The console: results go to standard output, everything else to standard error. On a terminal the last line
 * of standard error may be a status that is drawn over; every other line is first cleared of it.
 */
#ifndef WP_CLI_CONSOLE_H
#define WP_CLI_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"
#include "wanprep/log.h"
#include "wanprep/status.h"

struct wp_console {
    bool live;  /**< standard error is a terminal that can redraw a line */
    bool color; /**< standard output is a terminal that takes colours, and NO_COLOR is not set */
    bool quiet;
    unsigned verbose;
    bool status_shown;
};

/** Makes sure that descriptors 0 to 2 are taken (so that no file of ours can become "standard output"). */
void wp_console_open(void);

/** Looks at the terminal and the environment. */
struct wp_console wp_console_new(void);

/** A line to standard error, control bytes and secrets removed; also with --quiet. */
void wp_console_line(struct wp_console *console, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Shows a status in place of the one before, cut to the terminal's width. Only if the console is live. */
void wp_console_status(struct wp_console *console, const char *text);

/** Removes the status. */
void wp_console_clear(struct wp_console *console);

/** Log lines to standard error: none, or with -v up to INFO, with -vv all. */
struct wp_log wp_console_log(struct wp_console *console);

/**
 * Asks on the terminal; "y" or "yes" is WP_OK, another answer WP_DECLINED, a signal WP_INTERRUPTED. Only
 * where wp_console_can_ask().
 */
enum wp_status wp_console_ask(struct wp_console *console, const char *question);
bool wp_console_can_ask(void);

/** Writes a result to standard output. A failure is told by wp_console_close(); false: more is of no use. */
bool wp_console_print(const char *text, size_t len);

/** Flushes and closes standard output: WP_OUTPUT if any of it could not be written. */
enum wp_status wp_console_close(struct wp_error *error);

#endif
