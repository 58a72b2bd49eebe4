/* The child: gives up its rights, then runs one task after the other. */
#ifndef WP_JAIL_INMATE_H
#define WP_JAIL_INMATE_H

#include <sys/types.h>

#include "jail/jail.h"

/**
 * Right after fork(): serves over socket until the other end is closed. limits NULL: the parent is a warden,
 * which has settled already. Never returns.
 */
_Noreturn void wp_inmate_serve(int socket, pid_t parent, const struct wp_jail_work *work,
                               const struct wp_jail_limits *limits);

#endif
