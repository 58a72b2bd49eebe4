/* The process that makes and ends the children of a jail. */
#ifndef WP_JAIL_WARDEN_H
#define WP_JAIL_WARDEN_H

#include <sys/types.h>

#include "jail/jail.h"

/**
 * In the warden's process: makes and ends children as it is told over control, until the other end of it is
 * closed, by when all have been killed. Never returns.
 */
_Noreturn void wp_warden_serve(int control, pid_t caller, const struct wp_jail_work *work,
                               const struct wp_jail_limits *limits);

/**
 * In the caller: has a child made that talks over socket, in a slot below WP_JAIL_CELLS, without waiting for
 * it. 0, or an errno. If it cannot be made its socket is closed and wp_warden_end() says why.
 */
int wp_warden_spawn(int control, int slot, int socket);

/** In the caller: kills the child of a slot, if it still lives, and waits for it. *status is that of
 * waitpid(2). 0, or an errno. */
int wp_warden_end(int control, int slot, int *status);

#endif
