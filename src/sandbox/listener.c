#include "sandbox/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"

#include "base/banned.h"

enum { BACKLOG = 512 };

/* A socket on the port: SO_REUSEADDR lets one beside another that does not listen. -1: errno says why. */
static int bind_socket(uint16_t *port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, (struct sockaddr *)&address, size) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &size) == 0) {
        *port = ntohs(address.sin_port);
        return fd;
    }
    int code = errno;
    if (fd >= 0)
        (void)close(fd);
    errno = code;
    return -1;
}

enum wp_status sb_listener_open(struct sb_listener *listener, uint16_t port, struct wp_error *error)
{
    *listener = (struct sb_listener){.port = port, .keeper = -1, .fd = -1};
    listener->keeper = bind_socket(&listener->port);
    if (listener->keeper < 0 || !sb_listener_return(listener))
        return wp_fail(error, WP_NETWORK, "server", "cannot listen on 127.0.0.1:%u: %s", port,
                       strerror(errno));
    return WP_OK;
}

void sb_listener_leave(struct sb_listener *listener)
{
    if (listener->fd >= 0)
        (void)close(listener->fd);
    listener->fd = -1;
}

bool sb_listener_return(struct sb_listener *listener)
{
    if (listener->fd < 0)
        listener->fd = bind_socket(&listener->port);
    return listener->fd >= 0 && listen(listener->fd, BACKLOG) == 0;
}

void sb_listener_close(struct sb_listener *listener)
{
    sb_listener_leave(listener);
    if (listener->keeper >= 0)
        (void)close(listener->keeper);
    listener->keeper = -1;
}
