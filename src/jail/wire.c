#include "jail/wire.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

#include "base/banned.h"

/* Room for one descriptor, aligned as a header of ancillary data must be. */
union ancillary {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

static enum wp_wire wait_for(int socket, short events, int64_t deadline_us)
{
    struct pollfd wanted = {.fd = socket, .events = events};
    for (;;) {
        int64_t left_us = deadline_us - wp_clock_now_us();
        if (left_us <= 0)
            return WP_WIRE_LATE;
        int64_t left_ms = left_us / 1000 + 1;
        int ready = poll(&wanted, 1, left_ms < INT_MAX ? (int)left_ms : INT_MAX);
        if (ready > 0)
            return WP_WIRE_OK;
        if (ready < 0 && errno != EINTR)
            return WP_WIRE_CLOSED;
    }
}

/* Whether a call that failed can be made again; waits until then. */
static enum wp_wire after_failure(int socket, short events, int64_t deadline_us)
{
    if (errno == EINTR)
        return WP_WIRE_OK;
    if (errno == EAGAIN && deadline_us != WP_WIRE_PATIENT)
        return wait_for(socket, events, deadline_us);
    return WP_WIRE_CLOSED;
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

/* Takes what was sent off the front of the parts. */
static void use_up(struct msghdr *message, size_t sent)
{
    while (message->msg_iovlen > 0 && sent >= message->msg_iov->iov_len) {
        sent -= message->msg_iov->iov_len;
        message->msg_iov++;
        message->msg_iovlen--;
    }
    if (message->msg_iovlen > 0) {
        message->msg_iov->iov_base = (char *)message->msg_iov->iov_base + sent;
        message->msg_iov->iov_len -= sent;
    }
}

enum wp_wire wp_wire_send(int socket, struct iovec *parts, size_t count, int fd, int64_t deadline_us)
{
    union ancillary room;
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
    int flags = MSG_NOSIGNAL | (deadline_us == WP_WIRE_PATIENT ? 0 : MSG_DONTWAIT);
    if (fd >= 0)
        attach(&message, &room, fd);
    use_up(&message, 0);
    while (message.msg_iovlen > 0) {
        ssize_t sent = sendmsg(socket, &message, flags);
        if (sent >= 0) {
            use_up(&message, (size_t)sent);
            message.msg_control = NULL;
            message.msg_controllen = 0;
            continue;
        }
        enum wp_wire wire = after_failure(socket, POLLOUT, deadline_us);
        if (wire != WP_WIRE_OK)
            return wire;
    }
    return WP_WIRE_OK;
}

enum wp_wire wp_wire_receive(int socket, void *out, size_t len, int64_t deadline_us)
{
    int flags = deadline_us == WP_WIRE_PATIENT ? 0 : MSG_DONTWAIT;
    for (size_t done = 0; done < len;) {
        ssize_t got = recv(socket, (char *)out + done, len - done, flags);
        if (got == 0)
            return WP_WIRE_CLOSED;
        if (got > 0) {
            done += (size_t)got;
            continue;
        }
        enum wp_wire wire = after_failure(socket, POLLIN, deadline_us);
        if (wire != WP_WIRE_OK)
            return wire;
    }
    return WP_WIRE_OK;
}

enum wp_wire wp_wire_receive_fd(int socket, void *out, size_t len, int *fd)
{
    union ancillary room;
    struct iovec part = {.iov_base = out, .iov_len = len};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = room.bytes, .msg_controllen = sizeof room.bytes};
    ssize_t got;
    *fd = -1;
    do {
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got <= 0)
        return WP_WIRE_CLOSED;
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof *fd))
        memcpy(fd, CMSG_DATA(header), sizeof *fd);
    return wp_wire_receive(socket, (char *)out + got, len - (size_t)got, WP_WIRE_PATIENT);
}
