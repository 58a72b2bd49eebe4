/*
 * An HTTP server for many clients at once: a thread for each connection. It answers every request with the
 * path that was asked for; /held waits until crowd_release(), /hang is never answered.
 */
#ifndef WP_TESTS_NET_CROWD_H
#define WP_TESTS_NET_CROWD_H

#include "unit/net/server.h"

enum { CROWD_MAX = 256 };

struct crowd {
    int listener;
    unsigned port;
    pthread_t acceptor;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    bool released;
    size_t requests, posts, connections;
    pthread_t threads[CROWD_MAX];
    int fds[CROWD_MAX]; /* -1: closed */
};

struct crowd_guest {
    struct crowd *crowd;
    size_t index;
};

/* Answers one request. False: the connection is over. */
static bool crowd_serve(struct crowd *crowd, int fd)
{
    char request[4096], answer[4096], path[1024] = "";
    size_t len = 0;
    request[0] = '\0';
    while (server_request_length(request) == 0 || len < server_request_length(request)) {
        ssize_t got = recv(fd, request + len, sizeof request - 1 - len, 0);
        if (got <= 0)
            return false;
        len += (size_t)got;
        request[len] = '\0';
    }
    (void)sscanf(request, "%*s %1023s", path);
    (void)pthread_mutex_lock(&crowd->lock);
    crowd->requests++;
    crowd->posts += strncmp(request, "POST ", 5) == 0;
    (void)pthread_cond_broadcast(&crowd->changed);
    while (strcmp(path, "/held") == 0 && !crowd->released)
        (void)pthread_cond_wait(&crowd->changed, &crowd->lock);
    (void)pthread_mutex_unlock(&crowd->lock);
    if (strcmp(path, "/hang") == 0) {
        while (recv(fd, request, sizeof request, 0) > 0)
            continue;
        return false;
    }
    int size = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
                        strlen(path), path);
    server_send(fd, answer, (size_t)size);
    return true;
}

static void *crowd_guest_main(void *user)
{
    struct crowd_guest guest = *(struct crowd_guest *)user;
    free(user);
    int fd = guest.crowd->fds[guest.index];
    while (crowd_serve(guest.crowd, fd))
        continue;
    (void)pthread_mutex_lock(&guest.crowd->lock);
    guest.crowd->fds[guest.index] = -1;
    (void)pthread_mutex_unlock(&guest.crowd->lock);
    (void)close(fd);
    return NULL;
}

static void *crowd_accept(void *user)
{
    struct crowd *crowd = user;
    for (int fd; (fd = accept(crowd->listener, NULL, NULL)) >= 0;) {
        struct crowd_guest *guest = malloc(sizeof *guest);
        (void)pthread_mutex_lock(&crowd->lock);
        if (!guest || crowd->connections == CROWD_MAX)
            abort();
        *guest = (struct crowd_guest){crowd, crowd->connections++};
        crowd->fds[guest->index] = fd;
        if (pthread_create(&crowd->threads[guest->index], NULL, crowd_guest_main, guest) != 0)
            abort();
        (void)pthread_mutex_unlock(&crowd->lock);
    }
    return NULL;
}

static struct crowd *crowd_start(void)
{
    struct crowd *crowd = calloc(1, sizeof *crowd);
    assert_non_null(crowd);
    (void)pthread_mutex_init(&crowd->lock, NULL);
    (void)pthread_cond_init(&crowd->changed, NULL);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    crowd->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(crowd->listener >= 0);
    assert_int_equal(bind(crowd->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(crowd->listener, CROWD_MAX), 0);
    assert_int_equal(getsockname(crowd->listener, (struct sockaddr *)&address, &size), 0);
    crowd->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&crowd->acceptor, NULL, crowd_accept, crowd), 0);
    return crowd;
}

/* Lets those go on that wait in /held, and all that come later. */
static void crowd_release(struct crowd *crowd)
{
    (void)pthread_mutex_lock(&crowd->lock);
    crowd->released = true;
    (void)pthread_cond_broadcast(&crowd->changed);
    (void)pthread_mutex_unlock(&crowd->lock);
}

/* Waits until so many requests have come. */
static void crowd_await(struct crowd *crowd, size_t requests)
{
    (void)pthread_mutex_lock(&crowd->lock);
    while (crowd->requests < requests)
        (void)pthread_cond_wait(&crowd->changed, &crowd->lock);
    (void)pthread_mutex_unlock(&crowd->lock);
}

/* Hangs up on everybody. What was counted can be read afterwards. */
static void crowd_stop(struct crowd *crowd)
{
    crowd_release(crowd);
    (void)shutdown(crowd->listener, SHUT_RDWR);
    assert_int_equal(pthread_join(crowd->acceptor, NULL), 0);
    (void)close(crowd->listener);
    for (size_t i = 0; i < crowd->connections; i++) {
        (void)pthread_mutex_lock(&crowd->lock);
        if (crowd->fds[i] >= 0)
            (void)shutdown(crowd->fds[i], SHUT_RDWR);
        (void)pthread_mutex_unlock(&crowd->lock);
        assert_int_equal(pthread_join(crowd->threads[i], NULL), 0);
    }
}

#endif
