#include "jail/cell.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "jail/errand.h"
#include "jail/warden.h"
#include "jail/wire.h"

#include "base/banned.h"

enum {
    /* A child is replaced after so many tasks, so that what one left behind does not add up. */
    MAX_TASKS = 500,
    /* In all, waits for the caller's reader included, a task may take so many times its own time. */
    PATIENCE = 10,
};

struct wp_cell {
    struct wp_jail *jail; /* borrowed */
    pid_t child;          /* 0: none */
    int socket;           /* to the child */
    unsigned tasks;       /* that the child has run */
    int64_t busy_us;      /* that they took */
};

enum wp_status wp_cell_open(struct wp_cell **out, struct wp_jail *jail, struct wp_error *error)
{
    struct wp_cell *cell = wp_calloc(1, sizeof *cell);
    *out = cell;
    if (!cell)
        return wp_fail_nomem(error, "jail");
    cell->jail = jail;
    cell->socket = -1;
    return WP_OK;
}

/* Ends the child; its wait status, or 0 if it is not known. */
static int bury(struct wp_cell *cell)
{
    int status = 0;
    if (cell->child == 0)
        return 0;
    (void)pthread_mutex_lock(&cell->jail->lock);
    int error = wp_warden_end(cell->jail->control, cell->child, &status);
    (void)pthread_mutex_unlock(&cell->jail->lock);
    (void)close(cell->socket);
    cell->socket = -1;
    cell->child = 0;
    return error == 0 ? status : 0;
}

void wp_cell_close(struct wp_cell *cell)
{
    if (!cell)
        return;
    if (cell->child != 0) {
        (void)pthread_mutex_lock(&cell->jail->lock);
        wp_warden_kill(cell->jail->control, cell->child);
        (void)pthread_mutex_unlock(&cell->jail->lock);
        (void)close(cell->socket);
    }
    wp_free(cell);
}

static enum wp_status await_ready(struct wp_cell *cell, struct wp_error *error)
{
    struct {
        struct wp_frame frame;
        struct wp_frame_ready ready;
    } answer;
    int64_t deadline_us = wp_clock_now_us() + cell->jail->limits.wall_ms * PATIENCE * 1000;
    enum wp_wire wire = wp_wire_receive(cell->socket, &answer, sizeof answer, deadline_us);
    if (wire == WP_WIRE_OK && answer.frame.kind == WP_FRAME_READY && answer.ready.error == 0)
        return WP_OK;
    (void)bury(cell);
    if (wire != WP_WIRE_OK)
        return wp_jail_fail(error, "the child ended", ECHILD);
    answer.ready.step[sizeof answer.ready.step - 1] = '\0';
    return wp_jail_fail(error, answer.ready.step, answer.ready.error);
}

static enum wp_status spawn(struct wp_cell *cell, struct wp_error *error)
{
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
        return wp_jail_fail(error, "making a socket", errno);
    (void)pthread_mutex_lock(&cell->jail->lock);
    int child = wp_warden_spawn(cell->jail->control, sockets[1]);
    (void)pthread_mutex_unlock(&cell->jail->lock);
    (void)close(sockets[1]);
    if (child < 0) {
        (void)close(sockets[0]);
        return wp_jail_fail(error, "making a process", -child);
    }
    cell->child = child;
    cell->socket = sockets[0];
    cell->tasks = 0;
    cell->busy_us = 0;
    return await_ready(cell, error);
}

static enum wp_jail_end read_death(int status)
{
    if (!WIFSIGNALED(status))
        return WP_JAIL_CRASHED;
    if (WTERMSIG(status) == SIGSYS)
        return WP_JAIL_FORBIDDEN;
    return WTERMSIG(status) == SIGXCPU ? WP_JAIL_TOO_LONG : WP_JAIL_CRASHED;
}

/* What the caller is told: why there are no facts, if there are none. */
static enum wp_status explain(const struct wp_errand *errand, const struct wp_jail_limits *limits, int death)
{
    switch (errand->end) {
    case WP_JAIL_DONE:
        return errand->status;
    case WP_JAIL_NO_MEMORY:
        return wp_fail(errand->error, WP_INPUT, "jail", "the decoder ran out of memory (over %llu MiB)",
                       (unsigned long long)(limits->memory >> 20));
    case WP_JAIL_TOO_LONG:
        return wp_fail(errand->error, WP_INPUT, "jail", "the decoder took over %lld s and was stopped",
                       (long long)((limits->wall_ms + 999) / 1000));
    case WP_JAIL_FORBIDDEN:
        return wp_fail(errand->error, WP_INPUT, "jail",
                       "the decoder crashed: it tried what it has no right to do");
    case WP_JAIL_LIED:
        return wp_fail(errand->error, WP_INPUT, "jail",
                       "the decoder crashed: it gave nonsense as its answer");
    case WP_JAIL_CRASHED:
        break;
    }
    const char *name = WIFSIGNALED(death) ? sigabbrev_np(WTERMSIG(death)) : NULL;
    return wp_fail(errand->error, WP_INPUT, "jail", "the decoder crashed%s%s%s", name ? " (SIG" : "",
                   name ? name : "", name ? ")" : "");
}

/* Sees to it that there is a child that may take one more task. */
static enum wp_status provide(struct wp_cell *cell, struct wp_error *error)
{
    if (cell->tasks >= MAX_TASKS || cell->busy_us >= cell->jail->limits.wall_ms * 1000)
        (void)bury(cell);
    return cell->child == 0 ? spawn(cell, error) : WP_OK;
}

/* Runs the task in the child that is there; how the child died, if it did. */
static int attempt(struct wp_cell *cell, struct wp_errand *errand)
{
    int64_t begin_us = wp_clock_now_us();
    int death = 0;
    errand->socket = cell->socket;
    errand->deadline_us = begin_us + cell->jail->limits.wall_ms * 1000;
    errand->last_us = begin_us + cell->jail->limits.wall_ms * 1000 * PATIENCE;
    enum wp_wire wire = wp_errand_send(errand);
    if (wire == WP_WIRE_OK)
        wire = wp_errand_attend(errand);
    cell->busy_us += wp_clock_now_us() - begin_us;
    cell->tasks++;
    if (wire != WP_WIRE_OK)
        death = bury(cell);
    if (wire == WP_WIRE_LATE)
        errand->end = WP_JAIL_TOO_LONG;
    else if (wire == WP_WIRE_CLOSED && errand->end == WP_JAIL_DONE)
        errand->end = read_death(death);
    return death;
}

static void forget(const struct wp_jail_task *task)
{
    if (task->facts_size > 0)
        memset(task->facts, 0, task->facts_size);
    if (task->blob)
        wp_buf_clear(task->blob);
}

enum wp_status wp_cell_run(struct wp_cell *cell, const struct wp_jail_task *task, enum wp_jail_end *end,
                           struct wp_error *error)
{
    assert(task->request_size <= WP_JAIL_REQUEST_MAX && task->facts_size <= WP_JAIL_FACTS_MAX);
    assert(!task->blob || task->blob->ceiling <= WP_JAIL_BLOB_MAX);
    struct wp_errand errand;
    int death = 0;
    bool fresh = false, again = false;
    do {
        errand = (struct wp_errand){.task = task, .error = error, .end = WP_JAIL_DONE};
        forget(task);
        enum wp_status status = provide(cell, error);
        if (status != WP_OK)
            return status;
        fresh = cell->tasks == 0;
        death = attempt(cell, &errand);
        wp_free(errand.bytes);
        /* What ended a used child may be the fault of an earlier task: each is judged by a fresh one. */
        again = !fresh && errand.end != WP_JAIL_DONE && errand.end != WP_JAIL_TOO_LONG;
        if (again)
            (void)bury(cell);
    } while (again);
    if (errand.end != WP_JAIL_DONE)
        forget(task);
    if (end)
        *end = errand.end;
    return explain(&errand, &cell->jail->limits, death);
}
