#include "jail/cell.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "jail/errand.h"
#include "jail/wire.h"

#include "base/banned.h"

enum {
    /* A child is replaced after so many tasks, so that what one left behind does not add up. */
    MAX_TASKS = 500,
    /* In all, waits for the caller's reader included, a task may take so many times its own time. */
    PATIENCE = 10,
};

struct wp_cell {
    struct wp_jail *jail;     /* borrowed */
    int slot;                 /* of the child, at its parent */
    struct wp_jail_work work; /* of the child, where there is no warden */
    int socket;               /* to the child; -1: there is none */
    bool ready;               /* it has said that it has given up its rights */
    unsigned tasks;           /* that the child has run */
    int64_t busy_us;          /* that they took */
};

/* Has a child made, which goes on while we do something else. */
static enum wp_status spawn(struct wp_cell *cell, struct wp_error *error)
{
    int sockets[2];
    if (!wp_wire_pair(sockets))
        return wp_jail_fail(error, "making a socket", errno);
    int failed = wp_jail_spawn(cell->jail, cell->slot, sockets[1], &cell->work);
    if (failed) {
        (void)close(sockets[0]);
        return wp_jail_fail(error, "making a process", failed);
    }
    cell->socket = sockets[0];
    cell->ready = false;
    cell->tasks = 0;
    cell->busy_us = 0;
    return WP_OK;
}

static int take_slot(struct wp_jail *jail)
{
    int slot = 0;
    (void)pthread_mutex_lock(&jail->lock);
    while (slot < WP_JAIL_CELLS && jail->is_taken[slot])
        slot++;
    assert(slot < WP_JAIL_CELLS);
    jail->is_taken[slot] = true;
    (void)pthread_mutex_unlock(&jail->lock);
    return slot;
}

enum wp_status wp_cell_open(struct wp_cell **out, struct wp_jail *jail, const struct wp_jail_work *work,
                            struct wp_error *error)
{
    struct wp_cell *cell = wp_calloc(1, sizeof *cell);
    *out = cell;
    if (!cell)
        return wp_fail_nomem(error, "jail");
    cell->jail = jail;
    cell->slot = take_slot(jail);
    cell->work = work ? *work : jail->work;
    cell->socket = -1;
    return spawn(cell, error);
}

/* Ends the child. Its wait status, or 0 if it is not known; *error is then why, if it could not be made. */
static int bury(struct wp_cell *cell, int *error)
{
    int status = 0;
    *error = 0;
    if (cell->socket < 0)
        return 0;
    *error = wp_jail_end(cell->jail, cell->slot, &status);
    (void)close(cell->socket);
    cell->socket = -1;
    return status;
}

/* The child sees that there will be no more tasks, and goes; its parent sees to it that it does. */
void wp_cell_close(struct wp_cell *cell)
{
    if (!cell)
        return;
    if (cell->socket >= 0)
        (void)close(cell->socket);
    (void)pthread_mutex_lock(&cell->jail->lock);
    cell->jail->is_taken[cell->slot] = false;
    (void)pthread_mutex_unlock(&cell->jail->lock);
    wp_free(cell);
}

static enum wp_status await_ready(struct wp_cell *cell, struct wp_error *error)
{
    struct wp_frame_ready ready;
    struct iovec part = {&ready, sizeof ready};
    size_t got;
    int64_t deadline_us = wp_clock_now_us() + cell->jail->limits.wall_ms * PATIENCE * 1000;
    enum wp_wire wire = wp_wire_receive(cell->socket, &part, 1, &got, NULL, deadline_us);
    bool told = wire == WP_WIRE_OK && got == sizeof ready && ready.kind == WP_FRAME_READY;
    cell->ready = told && ready.error == 0;
    if (cell->ready)
        return WP_OK;
    int unmade = 0;
    (void)bury(cell, &unmade);
    if (!told)
        return wp_jail_fail(error, unmade ? "making a process" : "the child ended", unmade ? unmade : ECHILD);
    ready.step[sizeof ready.step - 1] = '\0';
    return wp_jail_fail(error, ready.step, ready.error);
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
    int unmade;
    if (cell->tasks >= MAX_TASKS || cell->busy_us >= cell->jail->limits.wall_ms * 1000)
        (void)bury(cell, &unmade);
    return cell->socket < 0 ? spawn(cell, error) : WP_OK;
}

static int64_t start_clock(const struct wp_cell *cell, struct wp_errand *errand)
{
    int64_t begin_us = wp_clock_now_us();
    errand->deadline_us = begin_us + cell->jail->limits.wall_ms * 1000;
    errand->last_us = begin_us + cell->jail->limits.wall_ms * 1000 * PATIENCE;
    return begin_us;
}

/* Runs the task in the child that is there, and tells how the child died, if it did. A child that is being
 * made finds the task when it is ready. */
static enum wp_status attempt(struct wp_cell *cell, struct wp_errand *errand, int *death)
{
    int64_t begin_us = start_clock(cell, errand);
    int unmade;
    errand->socket = cell->socket;
    enum wp_wire wire = wp_errand_send(errand);
    if (!cell->ready) {
        enum wp_status status = await_ready(cell, errand->error);
        if (status != WP_OK)
            return status;
        begin_us = start_clock(cell, errand);
    }
    if (wire == WP_WIRE_OK)
        wire = wp_errand_attend(errand);
    cell->busy_us += wp_clock_now_us() - begin_us;
    cell->tasks++;
    if (wire != WP_WIRE_OK)
        *death = bury(cell, &unmade);
    if (wire == WP_WIRE_LATE)
        errand->end = WP_JAIL_TOO_LONG;
    else if (wire == WP_WIRE_CLOSED && errand->end == WP_JAIL_DONE)
        errand->end = read_death(*death);
    return WP_OK;
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
    int death = 0, unmade;
    bool fresh = false, again = false;
    do {
        errand = (struct wp_errand){.task = task, .error = error, .end = WP_JAIL_DONE};
        forget(task);
        enum wp_status status = provide(cell, error);
        fresh = cell->tasks == 0;
        if (status == WP_OK)
            status = attempt(cell, &errand, &death);
        wp_free(errand.bytes);
        if (status != WP_OK)
            return status;
        /* What ended a used child may be the fault of an earlier task: each is judged by a fresh one. */
        again = !fresh && errand.end != WP_JAIL_DONE && errand.end != WP_JAIL_TOO_LONG;
        if (again)
            (void)bury(cell, &unmade);
    } while (again);
    if (errand.end != WP_JAIL_DONE)
        forget(task);
    if (end)
        *end = errand.end;
    return explain(&errand, &cell->jail->limits, death);
}
