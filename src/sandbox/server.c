#include "sandbox/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "sandbox/listener.h"
#include "sandbox/send.h"

#include "base/banned.h"

enum {
    MAX_CONNECTIONS = 512,
    MAX_HEADER_BYTES = 64 * 1024,
    IDLE_S = 120,
    MAX_WAIT_MS = 60000,
};

/* A request on its way: begun with its first line, ended when the answer is out. */
struct exchange {
    struct sb_server *server;
    struct sb_request request;
    struct sb_answer answer;
    enum { BEGUN, READING, ANSWERED } stage;
    uint64_t received;
    int64_t due_ms;        /* when it goes on */
    struct exchange *next; /* of those that are suspended */
};

struct sb_server {
    struct MHD_Daemon *daemon;
    struct sb_listener listener;
    struct sb_service *service;
    struct exchange *waiting;
    int64_t back_ms;        /* until then the server is away; 0: it is not */
    int64_t wall_offset_ms; /* from the monotonic clock: all times of a run agree with each other */
};

static int64_t now_ms(void)
{
    return wp_clock_system()->now_ms(NULL);
}

const char *sb_request_header(const struct sb_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *sb_request_argument(const struct sb_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

struct header_visit {
    void (*visit)(void *user, const char *name, const char *value);
    void *user;
};

static enum MHD_Result visit_header(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    const struct header_visit *visit = user;
    (void)kind;
    visit->visit(visit->user, name, value ? value : "");
    return MHD_YES;
}

void sb_request_each_header(const struct sb_request *request,
                            void (*visit)(void *user, const char *name, const char *value), void *user)
{
    struct header_visit header_visit = {visit, user};
    (void)MHD_get_connection_values(request->connection, MHD_HEADER_KIND, visit_header, &header_visit);
}

static void free_exchange(struct exchange *exchange)
{
    if (!exchange)
        return;
    wp_free(exchange->request.target);
    wp_buf_free(&exchange->request.body);
    sb_form_free(exchange->request.form);
    sb_answer_free(&exchange->answer);
    wp_free(exchange);
}

/* The first line is here. What is returned becomes the exchange of the calls below. */
static void *on_target(void *user, const char *target, struct MHD_Connection *connection)
{
    struct exchange *exchange = wp_calloc(1, sizeof *exchange);
    if (!exchange)
        return NULL;
    exchange->server = user;
    exchange->request.connection = connection;
    exchange->request.body = wp_buf_new(SB_MAX_JSON);
    exchange->request.target = wp_strdup(target);
    exchange->answer = sb_answer_new();
    if (!exchange->request.target) {
        free_exchange(exchange);
        return NULL;
    }
    return exchange;
}

static void on_completed(void *user, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    (void)user, (void)connection, (void)code;
    free_exchange(*context);
    *context = NULL;
}

/* Nothing happens on this connection before due_ms. */
static void suspend(struct exchange *exchange, int64_t due_ms)
{
    exchange->due_ms = due_ms;
    exchange->next = exchange->server->waiting;
    exchange->server->waiting = exchange;
    MHD_suspend_connection(exchange->request.connection);
}

static bool may_drip(void *user)
{
    struct exchange *exchange = user;
    int64_t now = now_ms();
    if (now < exchange->due_ms) {
        suspend(exchange, exchange->due_ms);
        return false;
    }
    exchange->due_ms = now + exchange->answer.drip_ms;
    return true;
}

static enum MHD_Result send_answer(struct exchange *exchange)
{
    struct sb_answer *answer = &exchange->answer;
    answer->may_drip = may_drip;
    answer->drip_user = exchange;
    if (answer->away_ms > 0) {
        sb_listener_leave(&exchange->server->listener);
        exchange->server->back_ms = now_ms() + answer->away_ms;
        sb_answer_header(answer, "Connection", "close");
    }
    return sb_send(exchange->request.connection, answer);
}

static enum MHD_Result begin(struct sb_server *server, struct exchange *exchange, const char *method,
                             const char *path)
{
    struct sb_request *request = &exchange->request;
    bool whole = wp_text_copy(request->method, sizeof request->method, method) &
                 wp_text_copy(request->path, sizeof request->path, path);
    request->endpoint = whole ? sb_service_route(method, path) : SB_NOWHERE;
    sb_uuid(request->id);
    exchange->stage = READING;
    if (sb_service_refuse_early(server->service, request, &exchange->answer)) {
        exchange->stage = ANSWERED;
        return send_answer(exchange);
    }
    if (request->endpoint == SB_UPLOAD)
        request->form = sb_form_new(request->connection);
    return MHD_YES;
}

/* Takes a piece of the body. */
static enum MHD_Result take(struct exchange *exchange, const char *bytes, size_t len)
{
    struct sb_request *request = &exchange->request;
    exchange->received += len;
    if (exchange->received > sb_max_body(request->endpoint))
        return MHD_NO; /* a chunked body without end */
    if (request->form)
        sb_form_add(request->form, bytes, len);
    else if (request->endpoint != SB_UPLOAD && !wp_buf_add(&request->body, bytes, len))
        return MHD_NO;
    return MHD_YES;
}

/* The request is whole: carries it out. */
static enum MHD_Result finish(struct sb_server *server, struct exchange *exchange)
{
    struct sb_request *request = &exchange->request;
    if (request->form)
        sb_form_end(request->form);
    request->now_ms = now_ms();
    request->wall_ms = request->now_ms + server->wall_offset_ms;
    sb_service_answer(server->service, request, &exchange->answer);
    exchange->stage = ANSWERED;
    if (exchange->answer.delay_ms == 0)
        return send_answer(exchange);
    suspend(exchange, request->now_ms + exchange->answer.delay_ms);
    return MHD_YES;
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *bytes, size_t *len,
                                  void **context)
{
    (void)version, (void)connection;
    struct sb_server *server = user;
    struct exchange *exchange = *context;
    if (!exchange || (exchange->stage == BEGUN && server->back_ms > 0))
        return MHD_NO;
    switch (exchange->stage) {
    case BEGUN:
        return begin(server, exchange, method, path);
    case READING:
        if (*len > 0) {
            enum MHD_Result result = take(exchange, bytes, *len);
            *len = 0;
            return result;
        }
        return finish(server, exchange);
    case ANSWERED: /* it was suspended, and is due now */
        break;
    }
    return send_answer(exchange);
}

/* Wakes what is due at ms. */
static void wake(struct sb_server *server, int64_t ms)
{
    for (struct exchange **link = &server->waiting; *link;) {
        struct exchange *exchange = *link;
        if (exchange->due_ms <= ms) {
            *link = exchange->next;
            MHD_resume_connection(exchange->request.connection);
        } else {
            link = &exchange->next;
        }
    }
}

enum wp_status sb_server_start(struct sb_server **out, struct sb_service *service, uint16_t port,
                               struct wp_error *error)
{
    struct sb_server *server = wp_calloc(1, sizeof *server);
    if (!server)
        return wp_fail_nomem(error, "server");
    server->service = service;
    server->wall_offset_ms = wp_clock_system()->wall_ms(NULL) - now_ms();
    enum wp_status status = sb_listener_open(&server->listener, port, error);
    if (status != WP_OK)
        goto fail;
    server->daemon = MHD_start_daemon(
        MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_request, server,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)MAX_CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)MAX_HEADER_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
    if (!server->daemon) {
        status = wp_fail(error, WP_INTERNAL, "server", "the HTTP library did not start");
        goto fail;
    }
    (void)wp_text_format(service->root, sizeof service->root, "http://127.0.0.1:%u", server->listener.port);
    *out = server;
    return WP_OK;
fail:
    sb_listener_close(&server->listener);
    wp_free(server);
    return status;
}

void sb_server_stop(struct sb_server *server)
{
    if (!server)
        return;
    wake(server, INT64_MAX); /* the library wants none suspended when it stops */
    MHD_stop_daemon(server->daemon);
    sb_listener_close(&server->listener);
    wp_free(server);
}

/* Gives the library the connections that have come. */
static void take_connections(struct sb_server *server)
{
    struct sockaddr_in peer;
    socklen_t size = sizeof peer;
    for (int fd; (fd = accept4(server->listener.fd, (struct sockaddr *)&peer, &size,
                               SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0;
         size = sizeof peer)
        (void)MHD_add_connection(server->daemon, fd, (struct sockaddr *)&peer, size);
}

/* How long nothing is due. */
static struct timeval time_to_wait(const struct sb_server *server)
{
    MHD_UNSIGNED_LONG_LONG timeout;
    int64_t wait_ms = MHD_get_timeout(server->daemon, &timeout) == MHD_YES ? (int64_t)timeout : MAX_WAIT_MS;
    for (const struct exchange *exchange = server->waiting; exchange; exchange = exchange->next) {
        int64_t left = exchange->due_ms - now_ms();
        if (left < wait_ms)
            wait_ms = left > 0 ? left : 0;
    }
    if (server->back_ms > 0 && server->back_ms - now_ms() < wait_ms)
        wait_ms = server->back_ms > now_ms() ? server->back_ms - now_ms() : 0;
    if (wait_ms > MAX_WAIT_MS)
        wait_ms = MAX_WAIT_MS;
    return (struct timeval){.tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000};
}

static void watch(int fd, fd_set *set, int *max)
{
    if (fd < 0)
        return;
    FD_SET(fd, set);
    if (fd > *max)
        *max = fd;
}

/* Listens again when it was away for long enough. */
static void come_back(struct sb_server *server)
{
    if (server->back_ms > 0 && now_ms() >= server->back_ms && sb_listener_return(&server->listener))
        server->back_ms = 0;
}

enum wp_status sb_server_turn(struct sb_server *server, int fd, bool *readable, struct wp_error *error)
{
    /* select(), since the library's epoll mode overlooks now and then that a client has hung up */
    fd_set reads, writes, excepts;
    int max = -1;
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_ZERO(&excepts);
    come_back(server);
    watch(fd, &reads, &max);
    watch(server->listener.fd, &reads, &max);
    *readable = false;
    if (MHD_get_fdset(server->daemon, &reads, &writes, &excepts, &max) != MHD_YES)
        return wp_fail(error, WP_INTERNAL, "server", "the HTTP library lost its sockets");
    struct timeval timeout = time_to_wait(server);
    if (select(max + 1, &reads, &writes, &excepts, &timeout) < 0) {
        if (errno == EINTR)
            return WP_OK;
        return wp_fail(error, WP_INTERNAL, "server", "cannot wait for the network: %s", strerror(errno));
    }
    wake(server, now_ms());
    take_connections(server);
    (void)MHD_run_from_select(server->daemon, &reads, &writes, &excepts);
    *readable = FD_ISSET(fd, &reads);
    return WP_OK;
}
