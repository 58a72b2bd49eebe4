#include "jail/jail.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "jail/cell.h"
#include "jail/rights.h"
#include "jail/warden.h"
#include "jail/wire.h"

#include "base/banned.h"

/* 0, or an errno. */
static int fork_warden(struct wp_jail *jail)
{
    int sockets[2];
    if (!wp_wire_pair(sockets))
        return errno;
    pid_t caller = getpid();
    jail->warden = fork();
    if (jail->warden == 0)
        wp_warden_serve(sockets[1], caller, &jail->work, &jail->in_all);
    int failed = jail->warden < 0 ? errno : 0;
    (void)close(sockets[1]);
    if (failed)
        (void)close(sockets[0]);
    jail->control = sockets[0];
    return failed;
}

enum wp_status wp_jail_open(struct wp_jail **out, const struct wp_jail_work *work,
                            const struct wp_jail_limits *limits, struct wp_error *error)
{
    *out = NULL;
    struct wp_jail *jail = wp_calloc(1, sizeof *jail);
    if (!jail)
        return wp_fail_nomem(error, "jail");
    uint64_t mapped = 0;
    const char *step = wp_rights_mapped(&mapped) ? NULL : "reading /proc/self/statm";
    int failed = step ? errno : 0;
    jail->limits = jail->in_all = *limits;
    jail->in_all.memory += mapped;
    jail->work = *work;
    if (!step && !limits->no_warden) {
        failed = fork_warden(jail);
        step = failed ? "making a process" : NULL;
    }
    if (step) {
        wp_free(jail);
        return wp_jail_fail(error, step, failed);
    }
    (void)pthread_mutex_init(&jail->lock, NULL);
    *out = jail;
    return WP_OK;
}

void wp_jail_close(struct wp_jail *jail)
{
    if (!jail)
        return;
    if (jail->warden)
        (void)close(jail->control);
    while (jail->warden && waitpid(jail->warden, NULL, 0) < 0 && errno == EINTR)
        continue;
    wp_children_end_all(&jail->children);
    (void)pthread_mutex_destroy(&jail->lock);
    wp_free(jail);
}

int wp_jail_spawn(struct wp_jail *jail, int slot, int socket, const struct wp_jail_work *work)
{
    int failed = 0;
    (void)pthread_mutex_lock(&jail->lock);
    if (jail->warden)
        failed = wp_warden_spawn(jail->control, slot, socket);
    else
        wp_children_spawn(&jail->children, slot, socket, &jail->in_all, work);
    (void)pthread_mutex_unlock(&jail->lock);
    (void)close(socket);
    return failed;
}

int wp_jail_end(struct wp_jail *jail, int slot, int *status)
{
    (void)pthread_mutex_lock(&jail->lock);
    int failed = jail->warden ? wp_warden_end(jail->control, slot, status)
                              : wp_children_end(&jail->children, slot, status);
    (void)pthread_mutex_unlock(&jail->lock);
    return failed;
}

enum wp_status wp_jail_fail(struct wp_error *error, const char *step, int code)
{
    return wp_fail(error, WP_INTERNAL, "jail",
                   "no process without rights can be made to read the inputs in (%s: %s); --no-sandbox reads "
                   "them in this process",
                   step, strerror(code));
}
