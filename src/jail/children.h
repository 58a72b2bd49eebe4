/* The children that a process has, each in a slot of its own: those of a warden, or of a caller who has none.
 */
#ifndef WP_JAIL_CHILDREN_H
#define WP_JAIL_CHILDREN_H

#include <sys/types.h>

#include "jail/jail.h"

struct wp_children {
    pid_t pids[WP_JAIL_CELLS]; /* an errno below 0: it could not be made; 0: there is none */
};

/**
 * Makes a child that talks over socket, after the end of what is left of one in that slot. limits NULL: it
 * inherits all that a warden has given up, and loaded. wp_children_end() says why there is none.
 */
void wp_children_spawn(struct wp_children *children, int slot, int socket,
                       const struct wp_jail_limits *limits, const struct wp_jail_work *work);

/** Kills a child, if it still lives, and waits for it. *status is that of waitpid(2). 0, or an errno. */
int wp_children_end(struct wp_children *children, int slot, int *status);

/** Kills all and waits for them. */
void wp_children_end_all(struct wp_children *children);

#endif
