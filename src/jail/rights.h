/* What a process of the jail gives up. */
#ifndef WP_JAIL_RIGHTS_H
#define WP_JAIL_RIGHTS_H

#include <stdint.h>
#include <sys/types.h>

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

/**
 * For warden and child, right after fork(): moves socket to WP_JAIL_SOCKET and closes all others, takes
 * signals back to their defaults, forgets the environment, has the kernel kill this process when parent dies,
 * and sees to it that neither it nor what it executes gains rights. NULL, or the step that failed; errno says
 * why.
 */
const char *wp_rights_settle(int socket, pid_t parent);

/** For a child: limits on memory and everything else that can be counted, then the filter. As above. */
const char *wp_rights_drop(uint64_t memory, uint64_t cpu_s);

/** The filter of system calls, whose rules are in compile/filter.c. As above. */
const char *wp_rights_filter(void);

#endif
