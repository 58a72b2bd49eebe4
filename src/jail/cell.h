/* What jail.c and cell.c share. */
#ifndef WP_JAIL_CELL_H
#define WP_JAIL_CELL_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "jail/children.h"

struct wp_jail {
    struct wp_jail_work work;
    struct wp_jail_limits limits;
    struct wp_jail_limits in_all; /* the same, and memory with what is there already */
    pid_t warden;                 /* 0: none, the children are ours */
    int control;                  /* the socket to the warden */
    struct wp_children children;  /* ours */
    pthread_mutex_t lock; /* of control, for one question and its answer at a time, and of what follows */
    bool is_taken[WP_JAIL_CELLS]; /* slots that have a cell */
};

/** Has a child made in a slot, without waiting for it. 0, or an errno; if there is none its socket is closed
 * and wp_jail_end() says why. */
int wp_jail_spawn(struct wp_jail *jail, int slot, int socket, const struct wp_jail_work *work);

/** Kills the child of a slot, if it still lives, and waits for it. *status is that of waitpid(2). 0, or an
 * errno. */
int wp_jail_end(struct wp_jail *jail, int slot, int *status);

/** That a jail cannot be set up: WP_INTERNAL, naming the step, what the system says to it, and the way out.
 */
enum wp_status wp_jail_fail(struct wp_error *error, const char *step, int code);

#endif
