/*
 * A scripted HTTP server for one test: a thread on a free loopback port. Each step of the script is one
 * request to read and what to do then; steps of one connection follow each other until one of them closes it.
 */
#ifndef WP_TESTS_NET_SERVER_H
#define WP_TESTS_NET_SERVER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum server_end {
    SERVER_CLOSE, /* close after the answer */
    SERVER_KEEP,  /* the next step is on the same connection */
    SERVER_RESET, /* a TCP reset after the answer */
    SERVER_HANG,  /* stay silent until the client goes away */
    SERVER_FLOOD, /* send 'x' until the client goes away */
};

struct server_step {
    const char *answer; /* NULL: nothing is sent */
    enum server_end end;
    bool unread; /* answer without having read the request */
};

struct server {
    const struct server_step *steps;
    size_t step_count;
    int listener;
    unsigned port;
    pthread_t thread;
    size_t connections;
    size_t requests;
    char seen[8][64 << 10]; /* the requests, raw, NUL-terminated */
    size_t seen_len[8];
};

/* How long the whole request is once its headers are there; 0: not known yet. */
static size_t server_request_length(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n");
    if (!end)
        return 0;
    const char *length = strstr(request, "Content-Length: ");
    size_t body = length && length < end ? strtoul(length + 16, NULL, 10) : 0;
    return (size_t)(end - request) + 4 + body;
}

/* Waits for a further request on a kept connection. False: the client came with a new connection instead. */
static bool server_wait(const struct server *server, int fd)
{
    struct pollfd wait[] = {{.fd = fd, .events = POLLIN}, {.fd = server->listener, .events = POLLIN}};
    return poll(wait, 2, -1) > 0 && wait[0].revents;
}

/* False: the client went away before it sent a whole request. */
static bool server_read(struct server *server, int fd)
{
    if (server->requests >= 8)
        return false;
    char *request = server->seen[server->requests];
    size_t len = 0;
    for (;;) {
        size_t whole = server_request_length(request);
        if (whole > 0 && len >= whole)
            break;
        ssize_t got = recv(fd, request + len, sizeof server->seen[0] - 1 - len, 0);
        if (got <= 0)
            return false;
        len += (size_t)got;
        request[len] = '\0';
    }
    server->seen_len[server->requests++] = len;
    return true;
}

static void server_send(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        len -= (size_t)sent;
    }
}

static void server_end(int fd, enum server_end end)
{
    char block[4096];
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    if (end == SERVER_RESET)
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    if (end == SERVER_HANG) {
        while (recv(fd, block, sizeof block, 0) > 0)
            continue;
    }
    if (end == SERVER_FLOOD) {
        memset(block, 'x', sizeof block);
        while (send(fd, block, sizeof block, MSG_NOSIGNAL) > 0)
            continue;
    }
}

static void *server_main(void *user)
{
    struct server *server = user;
    for (size_t i = 0; i < server->step_count;) {
        int fd = accept(server->listener, NULL, NULL);
        if (fd < 0)
            break;
        server->connections++;
        for (bool open = true; open && i < server->step_count;) {
            const struct server_step *step = &server->steps[i];
            if (!step->unread && !server_read(server, fd))
                break;
            i++;
            if (step->answer)
                server_send(fd, step->answer, strlen(step->answer));
            server_end(fd, step->end);
            open = step->end == SERVER_KEEP && server_wait(server, fd);
        }
        (void)close(fd);
    }
    return NULL;
}

static inline struct server *server_start(const struct server_step *steps, size_t count)
{
    struct server *server = calloc(1, sizeof *server);
    assert_non_null(server);
    server->steps = steps;
    server->step_count = count;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(server->listener >= 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server->listener, 8), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &size), 0);
    server->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, server_main, server), 0);
    return server;
}

/* Waits for the script to end; what it saw can be read afterwards. Close all clients' connections before. */
static inline void server_join(struct server *server)
{
    (void)shutdown(server->listener, SHUT_RDWR); /* wakes an accept() that nobody comes to */
    assert_int_equal(pthread_join(server->thread, NULL), 0);
    (void)close(server->listener);
}

static inline void server_free(struct server *server)
{
    free(server);
}

#endif
