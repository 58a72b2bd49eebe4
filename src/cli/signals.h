/* Signals that ask to stop. */
#ifndef WP_CLI_SIGNALS_H
#define WP_CLI_SIGNALS_H

#include <stdbool.h>

/** Writing to a closed pipe, or beyond the size that a file may have (ulimit -f), becomes an error instead of
 * a silent death. For every command. */
void wp_signals_ignore(void);

/**
 * From now on the first SIGINT, SIGTERM or SIGHUP is only noted, and a second one exits at once with 130.
 * Those that the parent had ignored (nohup) stay ignored.
 */
void wp_signals_catch(void);

/** Whether one came. */
bool wp_signals_seen(void);

/** Waits until fd can be read, without a gap in which a signal would be missed. False: a signal came. */
bool wp_signals_wait_input(int fd);

#endif
