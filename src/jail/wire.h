/* Frames between a cell and its child: each is one message of a socket that keeps messages apart. */
#ifndef WP_JAIL_WIRE_H
#define WP_JAIL_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "jail/jail.h"

/** What a frame begins with. */
enum wp_frame_kind {
    WP_FRAME_TASK = 1, /**< to the child: struct wp_frame_task, the request; may carry a descriptor */
    WP_FRAME_BYTES,    /**< to the child: the answer to a READ: struct wp_frame_bytes, the bytes */
    WP_FRAME_READY,    /**< from the child: it has given up its rights: struct wp_frame_ready */
    WP_FRAME_READ,     /**< from the child: struct wp_frame_read */
    WP_FRAME_LOG,      /**< from the child: struct wp_frame_log */
    WP_FRAME_BLOB,     /**< from the child: struct wp_frame_blob, some of the blob */
    WP_FRAME_RESULT,   /**< from the child, the last of a task: struct wp_frame_result, the facts */
};

struct wp_frame_task {
    uint32_t kind;
    uint32_t facts_size;
    uint32_t blob_ceiling; /**< 0: no blob is wanted */
    uint32_t log_level;    /**< WP_FRAME_NO_LOG: none is wanted */
    uint64_t size;         /**< of the reader */
    uint64_t unused;       /**< the request after it is aligned for any type */
};

#define WP_FRAME_NO_LOG UINT32_MAX

struct wp_frame_bytes {
    uint32_t kind;
    uint32_t status;
};

struct wp_frame_ready {
    uint32_t kind;
    int32_t error; /**< 0, or an errno */
    char step[64]; /**< what failed */
};

struct wp_frame_read {
    uint32_t kind;
    uint32_t length; /**< at most WP_FRAME_PART_MAX */
    uint64_t offset;
};

/** The most bytes of an answer to a READ, and of a part of a blob: less than a socket takes at once. */
#define WP_FRAME_PART_MAX 65536UL

struct wp_frame_log {
    uint32_t kind;
    uint32_t level;
    char room[12];
    char line[1024];
};

#define WP_FRAME_LOGS_MAX 1000

struct wp_frame_blob {
    uint32_t kind;
};

struct wp_frame_result {
    uint32_t kind;
    uint32_t status;
    char message[256];
};

enum wp_wire {
    WP_WIRE_OK,
    WP_WIRE_CLOSED, /**< the other side is gone */
    WP_WIRE_LATE,   /**< the deadline has passed */
};

/** For deadlines: waits as long as it takes. */
#define WP_WIRE_PATIENT INT64_MAX

/** A pair of sockets. Calls on the first look at the clock now and then, so that they end a tenth of a second
 * after their deadline. */
bool wp_wire_pair(int sockets[2]);

/** Sends a frame; fd, if it is not -1, goes with it. deadline_us is a time of wp_clock_now_us(). */
enum wp_wire wp_wire_send(int socket, struct iovec *parts, size_t count, int fd, int64_t deadline_us);

/**
 * Receives a frame. *got is its length, which may be over what the parts take: the rest is lost then. *fd is
 * the descriptor that came along, -1 if none did; with fd NULL one that comes is dropped.
 */
enum wp_wire wp_wire_receive(int socket, struct iovec *parts, size_t count, size_t *got, int *fd,
                             int64_t deadline_us);

#endif
