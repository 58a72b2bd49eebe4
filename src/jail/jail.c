#include "jail/jail.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "jail/cell.h"
#include "jail/warden.h"

#include "base/banned.h"

enum wp_status wp_jail_open(struct wp_jail **out, wp_jail_fn *work, wp_jail_prepare_fn *prepare,
                            const struct wp_jail_limits *limits, struct wp_error *error)
{
    int sockets[2];
    *out = NULL;
    struct wp_jail *jail = wp_calloc(1, sizeof *jail);
    if (!jail)
        return wp_fail_nomem(error, "jail");
    jail->limits = *limits;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
        goto failed;
    pid_t caller = getpid();
    jail->warden = fork();
    if (jail->warden == 0)
        wp_warden_serve(sockets[1], caller, work, prepare, limits);
    (void)close(sockets[1]);
    jail->control = sockets[0];
    if (jail->warden < 0) {
        (void)close(jail->control);
        goto failed;
    }
    (void)pthread_mutex_init(&jail->lock, NULL);
    *out = jail;
    return WP_OK;
failed:
    wp_free(jail);
    return wp_jail_fail(error, "making a process", errno);
}

void wp_jail_close(struct wp_jail *jail)
{
    if (!jail)
        return;
    (void)close(jail->control);
    while (waitpid(jail->warden, NULL, 0) < 0 && errno == EINTR)
        continue;
    (void)pthread_mutex_destroy(&jail->lock);
    wp_free(jail);
}

enum wp_status wp_jail_fail(struct wp_error *error, const char *step, int code)
{
    return wp_fail(error, WP_INTERNAL, "jail",
                   "no process without rights can be made to read the inputs in (%s: %s); --no-sandbox reads "
                   "them in this process",
                   step, strerror(code));
}
