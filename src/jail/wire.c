#include "jail/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"

#include "base/banned.h"

/* Room for one descriptor, aligned as a header of ancillary data must be. */
union ancillary {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

/*
 * Messages, and no stream: one call takes a frame whole, and who waits for one is not woken when what was
 * sent before is taken (the kernel's receiver_wake_function() against its unix_stream_data_wait()).
 */
bool wp_wire_pair(int sockets[2])
{
    const struct timeval tick = {.tv_usec = 100000};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0)
        return false;
    if (setsockopt(sockets[0], SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof tick) == 0 &&
        setsockopt(sockets[0], SOL_SOCKET, SO_SNDTIMEO, &tick, sizeof tick) == 0)
        return true;
    int failed = errno;
    (void)close(sockets[0]);
    (void)close(sockets[1]);
    errno = failed;
    return false;
}

/* Whether a call that failed can be made again. ECONNRESET: the other side closed with something unread,
 * which is told before what it sent. */
static enum wp_wire after_failure(int64_t deadline_us)
{
    if (errno == EINTR || errno == ECONNRESET)
        return WP_WIRE_OK;
    if (errno != EAGAIN)
        return WP_WIRE_CLOSED;
    return wp_clock_now_us() < deadline_us ? WP_WIRE_OK : WP_WIRE_LATE;
}

static void attach(struct msghdr *message, union ancillary *room, int fd)
{
    memset(room, 0, sizeof *room);
    message->msg_control = room->bytes;
    message->msg_controllen = sizeof room->bytes;
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
}

static int detach(struct msghdr *message)
{
    int fd = -1;
    const struct cmsghdr *header = CMSG_FIRSTHDR(message);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof fd))
        memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return fd;
}

enum wp_wire wp_wire_send(int socket, struct iovec *parts, size_t count, int fd, int64_t deadline_us)
{
    union ancillary room;
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
    if (fd >= 0)
        attach(&message, &room, fd);
    while (sendmsg(socket, &message, MSG_NOSIGNAL) < 0) {
        enum wp_wire wire = after_failure(deadline_us);
        if (wire != WP_WIRE_OK)
            return wire;
    }
    return WP_WIRE_OK;
}

enum wp_wire wp_wire_receive(int socket, struct iovec *parts, size_t count, size_t *got, int *fd,
                             int64_t deadline_us)
{
    union ancillary room;
    struct msghdr message = {.msg_iov = parts,
                             .msg_iovlen = count,
                             .msg_control = fd ? room.bytes : NULL,
                             .msg_controllen = fd ? sizeof room.bytes : 0};
    ssize_t came;
    *got = 0;
    if (fd)
        *fd = -1;
    while ((came = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_TRUNC)) < 0) {
        enum wp_wire wire = after_failure(deadline_us);
        if (wire != WP_WIRE_OK)
            return wire;
    }
    if (fd)
        *fd = detach(&message);
    *got = (size_t)came;
    return came > 0 ? WP_WIRE_OK : WP_WIRE_CLOSED;
}
