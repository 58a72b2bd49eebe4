/* Frames between a cell and its child: a head, then as many bytes as it promises, over a stream socket. */
#ifndef WP_JAIL_WIRE_H
#define WP_JAIL_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "jail/jail.h"

enum wp_frame_kind {
    WP_FRAME_TASK = 1, /**< to the child: struct wp_frame_task, the request; may carry a descriptor */
    WP_FRAME_BYTES,    /**< to the child: the answer to a READ: struct wp_frame_bytes, the bytes */
    WP_FRAME_READY,    /**< from the child: it has given up its rights: struct wp_frame_ready */
    WP_FRAME_READ,     /**< from the child: struct wp_frame_read */
    WP_FRAME_LOG,      /**< from the child: struct wp_frame_log */
    WP_FRAME_RESULT,   /**< from the child: struct wp_frame_result, the facts, the blob */
};

struct wp_frame {
    uint32_t kind;
    uint32_t length; /**< of what follows */
};

struct wp_frame_task {
    uint64_t size; /**< of the reader */
    uint32_t request_size;
    uint32_t facts_size;
    uint32_t blob_ceiling; /**< 0: no blob is wanted */
    uint32_t log_level;    /**< WP_FRAME_NO_LOG: none is wanted */
};

#define WP_FRAME_NO_LOG UINT32_MAX

struct wp_frame_ready {
    int32_t error; /**< 0, or an errno */
    char step[64]; /**< what failed */
};

struct wp_frame_read {
    uint64_t offset;
    uint32_t length; /**< at most WP_FRAME_READ_MAX */
    uint32_t unused;
};

#define WP_FRAME_READ_MAX 262144UL

struct wp_frame_bytes {
    uint32_t status;
    uint32_t unused;
};

struct wp_frame_log {
    uint32_t level;
    char room[12];
    char line[1024];
};

#define WP_FRAME_LOGS_MAX 1000

struct wp_frame_result {
    uint32_t status;
    uint32_t blob_length;
    char message[256];
};

enum wp_wire {
    WP_WIRE_OK,
    WP_WIRE_CLOSED, /**< the other side is gone */
    WP_WIRE_LATE,   /**< the deadline has passed */
};

/** For deadlines: waits as long as it takes, and makes no system call but the one that sends or receives. */
#define WP_WIRE_PATIENT INT64_MAX

/** Sends all parts (which are used up); fd, if it is not -1, goes with the first byte. deadline_us is a time
 * of wp_clock_now_us(). */
enum wp_wire wp_wire_send(int socket, struct iovec *parts, size_t count, int fd, int64_t deadline_us);

/** Receives len bytes. Descriptors that come along are dropped. */
enum wp_wire wp_wire_receive(int socket, void *out, size_t len, int64_t deadline_us);

/** Receives len bytes and the descriptor that may come with the first; *fd is -1 if none did. Patient. */
enum wp_wire wp_wire_receive_fd(int socket, void *out, size_t len, int *fd);

#endif
