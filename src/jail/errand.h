/* A task on its way: the caller's side of the talk with a child. Everything that comes in is hostile. */
#ifndef WP_JAIL_ERRAND_H
#define WP_JAIL_ERRAND_H

#include "jail/wire.h"

struct wp_errand {
    int socket;
    const struct wp_jail_task *task;
    struct wp_error *error;
    int64_t deadline_us; /**< of the child's own time: moves on while the caller reads */
    int64_t last_us;     /**< of everything: does not */
    unsigned logs;
    unsigned char *bytes;       /**< owned: room for the answer to a READ; NULL until one is needed */
    enum wp_status read_status; /**< of the first read that failed, and why */
    struct wp_error read_error;
    enum wp_jail_end end;  /**< LIED or NO_MEMORY where that is known from what came in */
    enum wp_status status; /**< meaningful where the task is done */
};

/** Sends the task to the child. */
enum wp_wire wp_errand_send(struct wp_errand *errand);

/** Serves the child until its result is there (WP_WIRE_OK: end and status tell of it) or it is no use any
 * more. */
enum wp_wire wp_errand_attend(struct wp_errand *errand);

#endif
