/* What jail.c and cell.c share. */
#ifndef WP_JAIL_CELL_H
#define WP_JAIL_CELL_H

#include <pthread.h>
#include <sys/types.h>

#include "jail/jail.h"

struct wp_jail {
    struct wp_jail_limits limits;
    pid_t warden;
    int control;          /* the socket to the warden */
    pthread_mutex_t lock; /* of control: one question and its answer at a time */
};

/** That a jail cannot be set up: WP_INTERNAL, naming the step, what the system says to it, and the way out.
 */
enum wp_status wp_jail_fail(struct wp_error *error, const char *step, int code);

#endif
