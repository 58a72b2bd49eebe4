/* What a process of the jail gives up. */
#ifndef WP_JAIL_RIGHTS_H
#define WP_JAIL_RIGHTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "jail/jail.h"

/** The descriptor that a process of the jail keeps: its socket. 0, 1 and 2 are /dev/null. */
#define WP_JAIL_SOCKET 3

/** Whether this is a build whose run-time library reports to standard error (ASan, UBSan): it is then kept.
 */
#if defined(__SANITIZE_ADDRESS__)
#define WP_JAIL_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WP_JAIL_SANITIZED 1
#endif
#endif
#ifndef WP_JAIL_SANITIZED
#define WP_JAIL_SANITIZED 0
#endif

/** Private writable memory that this process has mapped, which is what a limit on memory counts. False:
 * unknown. */
bool wp_rights_mapped(uint64_t *bytes);

/**
 * Right after fork(): moves socket to WP_JAIL_SOCKET and closes all others, lets no signal but faults come
 * through, forgets the environment, has the kernel kill this process when parent dies, sees to it that
 * neither it nor what it executes gains rights, and limits memory (limits->memory in all), CPU time and
 * everything else that can be counted. NULL, or the step that failed; errno says why.
 */
const char *wp_rights_settle(int socket, pid_t parent, const struct wp_jail_limits *limits);

/** Right after fork() from a process that has settled: does what is not inherited. As above. */
const char *wp_rights_inherit(int socket, pid_t parent);

/** Puts a child under the filter of system calls, whose rules are in compile/filter.c. As above. */
const char *wp_rights_filter(void);

#endif
