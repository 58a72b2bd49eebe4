#include "jail/warden.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail/inmate.h"
#include "jail/rights.h"
#include "jail/wire.h"

#include "base/banned.h"

enum order_kind { SPAWN, END, KILL };

/* SPAWN comes with a descriptor. */
struct order {
    int32_t kind;
    int32_t child;
};

struct report {
    int32_t value; /* pid of a new child, or a wait status */
    int32_t error;
};

static struct report spawn(int socket, wp_jail_fn *work, const struct wp_jail_limits *limits)
{
    pid_t warden = getpid();
    pid_t child = fork();
    if (child == 0)
        wp_inmate_serve(socket, warden, work, limits);
    return (struct report){child, child < 0 ? errno : 0};
}

static struct report end(pid_t child)
{
    int status = 0;
    (void)kill(child, SIGKILL);
    pid_t gone;
    do {
        gone = waitpid(child, &status, 0);
    } while (gone < 0 && errno == EINTR);
    return (struct report){status, gone < 0 ? errno : 0};
}

_Noreturn void wp_warden_serve(int control, pid_t caller, wp_jail_fn *work, wp_jail_prepare_fn *prepare,
                               const struct wp_jail_limits *limits)
{
    struct order order;
    int socket = -1;
    if (prepare) /* while it can still say what is wrong */
        prepare();
    if (wp_rights_settle(control, caller))
        _exit(1);
    while (wp_wire_receive_fd(WP_JAIL_SOCKET, &order, sizeof order, &socket) == WP_WIRE_OK) {
        struct report report = {0};
        if (order.kind == SPAWN)
            report = spawn(socket, work, limits);
        else if (order.kind == END)
            report = end(order.child);
        else
            (void)kill(order.child, SIGKILL);
        if (socket >= 0)
            (void)close(socket);
        struct iovec part = {&report, sizeof report};
        if (wp_wire_send(WP_JAIL_SOCKET, &part, 1, -1, WP_WIRE_PATIENT) != WP_WIRE_OK)
            break;
    }
    /* All have been killed. They go at the same time, which is quicker than one after the other. */
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        continue;
    _exit(0);
}

static struct report ask(int control, struct order order, int socket)
{
    struct report report;
    struct iovec part = {&order, sizeof order};
    if (wp_wire_send(control, &part, 1, socket, WP_WIRE_PATIENT) != WP_WIRE_OK ||
        wp_wire_receive(control, &report, sizeof report, WP_WIRE_PATIENT) != WP_WIRE_OK)
        return (struct report){0, ESRCH};
    return report;
}

int wp_warden_spawn(int control, int socket)
{
    struct report report = ask(control, (struct order){SPAWN, 0}, socket);
    return report.error ? -report.error : report.value;
}

int wp_warden_end(int control, pid_t child, int *status)
{
    struct report report = ask(control, (struct order){END, child}, -1);
    *status = report.value;
    return -report.error;
}

void wp_warden_kill(int control, pid_t child)
{
    (void)ask(control, (struct order){KILL, child}, -1);
}
