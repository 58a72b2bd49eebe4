/* Puts a child under the filter of system calls that compile/filter.c has made. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "jail/rights.h"

#include "filter.inc"

#include "base/banned.h"

const char *wp_rights_filter(void)
{
    struct sock_filter own[sizeof filter / sizeof filter[0]];
    memcpy(own, filter, sizeof filter);
    own[SELF_AT].k = (uint32_t)getpid();
    const struct sock_fprog program = {sizeof own / sizeof own[0], own};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0 ? NULL
                                                                           : "loading the seccomp filter";
}
