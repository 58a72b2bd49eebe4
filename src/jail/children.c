#include "jail/children.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail/inmate.h"

#include "base/banned.h"

void wp_children_spawn(struct wp_children *children, int slot, int socket,
                       const struct wp_jail_limits *limits, const struct wp_jail_work *work)
{
    pid_t parent = getpid();
    int status;
    (void)wp_children_end(children, slot, &status);
    pid_t child = fork();
    if (child == 0 && limits && work->prepare) /* while it can still say what is wrong */
        work->prepare(work->user);
    if (child == 0)
        wp_inmate_serve(socket, parent, work, limits);
    children->pids[slot] = child < 0 ? -errno : child;
}

/* Where the caller ignores SIGCHLD the kernel forgets a child that has ended, and its number may be
 * another's. */
static void kill_ours(pid_t child)
{
    siginfo_t end;
    if (waitid(P_PID, (id_t)child, &end, WEXITED | WNOHANG | WNOWAIT) == 0)
        (void)kill(child, SIGKILL);
}

static int wait_for(pid_t child, int *status)
{
    pid_t gone;
    do {
        gone = waitpid(child, status, 0);
    } while (gone < 0 && errno == EINTR);
    return gone < 0 ? errno : 0;
}

int wp_children_end(struct wp_children *children, int slot, int *status)
{
    pid_t child = children->pids[slot];
    children->pids[slot] = 0;
    *status = 0;
    if (child <= 0)
        return child ? -child : ESRCH;
    kill_ours(child);
    return wait_for(child, status);
}

/* They go at the same time, which is quicker than one after the other. */
void wp_children_end_all(struct wp_children *children)
{
    int status;
    for (int slot = 0; slot < WP_JAIL_CELLS; slot++) {
        if (children->pids[slot] > 0)
            kill_ours(children->pids[slot]);
    }
    for (int slot = 0; slot < WP_JAIL_CELLS; slot++) {
        if (children->pids[slot] > 0)
            (void)wait_for(children->pids[slot], &status);
        children->pids[slot] = 0;
    }
}
