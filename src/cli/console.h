/*
 * The console: results go to standard output, everything else to standard error. On a terminal the end of
 * standard error may be a status, or a block of lines, that is drawn over; every other line is first cleared
 * of it.
 */
#ifndef WP_CLI_CONSOLE_H
#define WP_CLI_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"
#include "wanprep/log.h"
#include "wanprep/status.h"

/** No block has more lines. */
#define WP_MAX_BLOCK 200

struct wp_console {
    bool live;  /**< standard error is a terminal that can redraw a line */
    bool shown; /**< standard output is a terminal, too */
    bool color; /**< standard output is a terminal that takes colours, and NO_COLOR is not set */
    bool quiet;
    unsigned verbose;
    bool status_shown;
    size_t block_lines; /**< of the block that is shown */
    unsigned short block_widths[WP_MAX_BLOCK];
};

/** Columns and lines of a terminal. */
struct wp_size {
    size_t columns, lines;
};

/** Those of standard error's terminal, or 80 by 24 where it does not say; at most WP_MAX_BLOCK lines. */
struct wp_size wp_console_size(void);

/** Makes sure that descriptors 0 to 2 are taken (so that no file of ours can become "standard output"). */
void wp_console_open(void);

/** Looks at the terminal and the environment. */
struct wp_console wp_console_new(void);

/** A line to standard error, control bytes and secrets removed; also with --quiet. */
void wp_console_line(struct wp_console *console, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Shows a status in place of the one before, cut to the terminal's width. Only if the console is live. */
void wp_console_status(struct wp_console *console, const char *text);

/**
 * Shows lines, each with its line break, in place of the status or block before; the cursor is left on a line
 * of its own. widths says how many columns each takes. The caller sees to it that they fit the terminal. Only
 * if the console is live.
 */
void wp_console_block(struct wp_console *console, const char *text, const unsigned short *widths,
                      size_t lines);

/** Removes the status or the block. */
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

/** Hands on what was printed. False: nobody takes it any more. */
bool wp_console_flush(void);

/** Flushes and closes standard output: WP_OUTPUT if any of it could not be written. */
enum wp_status wp_console_close(struct wp_error *error);

#endif
