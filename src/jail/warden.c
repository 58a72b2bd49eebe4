#include "jail/warden.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "jail/children.h"
#include "jail/rights.h"
#include "jail/wire.h"

#include "base/banned.h"

enum order_kind { SPAWN, END };

/* SPAWN comes with a descriptor; END is answered. */
struct order {
    int32_t kind;
    int32_t slot;
};

struct report {
    int status; /* of waitpid(2) */
    int error;
};

_Noreturn void wp_warden_serve(int control, pid_t caller, const struct wp_jail_work *work,
                               const struct wp_jail_limits *limits)
{
    struct wp_children children = {0};
    struct order order;
    struct iovec in = {&order, sizeof order};
    size_t got;
    int socket = -1;
    if (work->prepare) /* while it can still say what is wrong */
        work->prepare(work->user);
    if (wp_rights_settle(control, caller, limits))
        _exit(1);
    while (wp_wire_receive(WP_JAIL_SOCKET, &in, 1, &got, &socket, WP_WIRE_PATIENT) == WP_WIRE_OK) {
        if (order.kind == SPAWN) {
            wp_children_spawn(&children, order.slot, socket, NULL, work);
            (void)close(socket); /* where there is no child the cell finds its other end closed */
            continue;
        }
        struct report report = {0};
        report.error = wp_children_end(&children, order.slot, &report.status);
        struct iovec out = {&report, sizeof report};
        if (wp_wire_send(WP_JAIL_SOCKET, &out, 1, -1, WP_WIRE_PATIENT) != WP_WIRE_OK)
            break;
    }
    wp_children_end_all(&children);
    _exit(0);
}

static int tell(int control, enum order_kind kind, int slot, int socket)
{
    struct order order = {(int32_t)kind, slot};
    struct iovec part = {&order, sizeof order};
    return wp_wire_send(control, &part, 1, socket, WP_WIRE_PATIENT) == WP_WIRE_OK ? 0 : ESRCH;
}

int wp_warden_spawn(int control, int slot, int socket)
{
    return tell(control, SPAWN, slot, socket);
}

int wp_warden_end(int control, int slot, int *status)
{
    struct report report = {0, tell(control, END, slot, -1)};
    struct iovec part = {&report, sizeof report};
    size_t got;
    if (report.error == 0 && wp_wire_receive(control, &part, 1, &got, NULL, WP_WIRE_PATIENT) != WP_WIRE_OK)
        report.error = ESRCH;
    *status = report.status;
    return report.error;
}
