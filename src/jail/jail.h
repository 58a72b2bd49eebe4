/*
 * Running code on hostile bytes in a child process without rights.
 *
 * A cell is the caller's end of one child; each thread has a cell of its own. A child runs one task after the
 * other and is replaced when it dies or has run long enough. Children are forked by a warden: a process that
 * is forked itself when the jail is opened, before the caller starts threads of its own, so that no child
 * ever begins with locks that another thread held. A caller that needs no such care does without one, which
 * is quicker.
 *
 * A child has no network, no files, no environment and no other process: see rights.h and
 * compile/filter.c. It reads
 * either from the one descriptor that comes with a task, or through the caller, which answers its reads from
 * the task's reader. What it sends back is hostile: lengths are checked here, contents by the caller.
 */
#ifndef WP_JAIL_JAIL_H
#define WP_JAIL_JAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/reader.h"
#include "wanprep/log.h"
#include "wanprep/status.h"

/** The most bytes of a request, of the facts and of the blob of a result. */
#define WP_JAIL_REQUEST_MAX 4096
#define WP_JAIL_FACTS_MAX   16384
#define WP_JAIL_BLOB_MAX    (1 << 20)

/** The most cells that a jail may have at the same time. */
#define WP_JAIL_CELLS 128

/**
 * What is done, and what comes of it. The same struct on both sides: the caller fills it for wp_cell_run(),
 * and the work sees one of its own in the child, where fd is -1 and reader reads what the caller's would.
 */
struct wp_jail_task {
    const void *request; /**< plain data, copied to the child */
    size_t request_size;
    const struct wp_reader *reader; /**< borrowed */
    int fd;                   /**< a regular file, open for reading, that has just the reader's bytes; -1:
                                 reads go through the reader. Borrowed. */
    const struct wp_log *log; /**< borrowed; NULL: none */
    void *facts;              /**< plain data of facts_size bytes; the work finds it zeroed */
    size_t facts_size;
    /**
     * Bytes of any length beside the facts, e.g. small pictures: NULL if none are wanted. The work appends up
     * to the ceiling that the caller's buffer has (at most WP_JAIL_BLOB_MAX); they come back on the caller's
     * buffer, which is cleared before.
     */
    struct wp_buf *blob;
};

/** What the children of a jail do. */
struct wp_jail_work {
    /** A task. May return WP_OK, WP_INPUT, WP_NETWORK or WP_NOMEM. */
    enum wp_status (*run)(const struct wp_jail_task *task, void *user, struct wp_error *error);
    /** Runs once in a process before it has no files any more: loads what cannot be loaded then. May be NULL.
     */
    void (*prepare)(void *user);
    void *user; /**< borrowed; each process has a copy of what it points to */
};

/** How a task ended. */
enum wp_jail_end {
    WP_JAIL_DONE,      /**< the work returned */
    WP_JAIL_CRASHED,   /**< a signal, or an exit of its own */
    WP_JAIL_FORBIDDEN, /**< killed for a system call that it has no right to */
    WP_JAIL_NO_MEMORY,
    WP_JAIL_TOO_LONG,
    WP_JAIL_LIED, /**< it sent what the work would never send */
};

/** What a child may use. */
struct wp_jail_limits {
    int64_t wall_ms; /**< a task's own time, without what the caller needs to answer reads; at most ten times
                        as long in all */
    uint64_t memory; /**< bytes that it may allocate beyond what the caller had when the jail was opened */
    bool no_warden;  /**< the caller forks the children itself: for one that has no threads, or that opens all
                        cells before it has and runs one task in each */
};

struct wp_jail;
struct wp_cell;

/**
 * Forks the warden, if there is to be one, which prepares for all its children. *out is closed with
 * wp_jail_close() by this thread, which must outlive it: the kernel kills what it forked with the thread.
 * Fails with WP_INTERNAL (no process can be made) or WP_NOMEM.
 */
enum wp_status wp_jail_open(struct wp_jail **out, const struct wp_jail_work *work,
                            const struct wp_jail_limits *limits, struct wp_error *error);

/** Ends all children, and the warden. All cells are closed before. NULL is fine. */
void wp_jail_close(struct wp_jail *jail);

/**
 * A cell; its child is being made when this returns. work is what the child does where there is no warden;
 * NULL: what all do. Closed with wp_cell_close(). Fails with WP_NOMEM, and with WP_INTERNAL where there is no
 * warden any more.
 */
enum wp_status wp_cell_open(struct wp_cell **out, struct wp_jail *jail, const struct wp_jail_work *work,
                            struct wp_error *error);

/**
 * Runs the work on a task. Returns what the work returned (with the reader's own error where a read of it
 * failed), and WP_INPUT with a reason for people where it did not end by itself: task->facts are then zeroed.
 * A task that ends a child which has run others is run once more in a fresh one, so that no input is blamed
 * for what another left behind. WP_INTERNAL: no child without rights can be made here. end may be NULL.
 */
enum wp_status wp_cell_run(struct wp_cell *cell, const struct wp_jail_task *task, enum wp_jail_end *end,
                           struct wp_error *error);

/** Ends the child. NULL is fine. */
void wp_cell_close(struct wp_cell *cell);

#endif
