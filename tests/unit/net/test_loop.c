/* Many sessions on one loop. That one request behaves as without it, the other tests of this room say. */
#include "unit/net/client.h"
#include "unit/net/crowd.h"

#include <netdb.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/banned.h"

/* A name server that does not answer before it is told to: libcurl finds this in place of the C library's. */
static pthread_mutex_t names_lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                       const struct addrinfo *hints, struct addrinfo **out)
{
    (void)node, (void)service, (void)hints, (void)out;
    (void)pthread_mutex_lock(&names_lock);
    (void)pthread_mutex_unlock(&names_lock);
    return EAI_NONAME;
}

static struct wp_http_loop *loop_new(void)
{
    struct wp_http_loop *loop = NULL;
    assert_int_equal(wp_http_loop_new(&loop, NULL), WP_OK);
    return loop;
}

static struct wp_http_session *joined(struct wp_http_loop *loop)
{
    struct wp_http_session *session = NULL;
    assert_int_equal(wp_http_session_new(&session, NULL, NULL), WP_OK);
    wp_http_session_join(session, loop);
    return session;
}

/* One client in a thread of its own. */
struct client {
    struct crowd *crowd;
    struct wp_http_session *session;
    const char *method, *url; /* url: NULL makes it of the path */
    const char *path;
    size_t number, times;
    int64_t timeout_ms;
    atomic_bool stop; /* interrupts it */
    atomic_bool done;
    size_t good; /* answers that are what was asked for */
    enum wp_status status;
    enum wp_http_stage stage;
    pthread_t thread;
};

static bool is_stopped(void *user)
{
    struct client *client = user;
    return client->stop;
}

static void *client_main(void *user)
{
    struct client *client = user;
    for (size_t i = 0; i < client->times; i++) {
        char path[64], url[128];
        struct wp_http_answer answer;
        if (client->path)
            (void)wp_text_copy(path, sizeof path, client->path);
        else
            (void)wp_text_format(path, sizeof path, "/%zu/%zu", client->number, i);
        (void)wp_text_format(url, sizeof url, "http://127.0.0.1:%u%s", client->crowd->port, path);
        struct wp_http_request request = get(client->url ? client->url : url);
        request.method = client->method ? client->method : i % 3 == 2 ? "POST" : "GET";
        request.timeout_ms = client->timeout_ms;
        request.interrupted = is_stopped;
        request.interrupted_user = client;
        client->status = wp_http_perform(client->session, &request, &answer, NULL);
        client->stage = answer.stage;
        client->good += client->status == WP_OK && strcmp(wp_buf_text(&answer.body), path) == 0;
        wp_http_answer_free(&answer);
    }
    client->done = true;
    return NULL;
}

static void start(struct client *client)
{
    client->times = client->times ? client->times : 1;
    assert_int_equal(pthread_create(&client->thread, NULL, client_main, client), 0);
}

static void join(struct client *client)
{
    assert_int_equal(pthread_join(client->thread, NULL), 0);
}

/* Performs so many requests on this thread; all must be answered. */
static void ask(struct crowd *crowd, struct wp_http_session *session, const char *method, size_t times)
{
    struct client client = {.crowd = crowd, .session = session, .method = method, .times = times};
    (void)client_main(&client);
    assert_int_equal(client.good, times);
}

static void many_at_once(void **state)
{
    (void)state;
    enum { CLIENTS = 12, TIMES = 30 };
    struct crowd *crowd = crowd_start();
    struct wp_http_loop *loop = loop_new();
    struct client clients[CLIENTS] = {{0}};
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){.crowd = crowd, .session = joined(loop), .number = i, .times = TIMES};
        start(&clients[i]);
    }
    wp_http_loop_free(loop); /* the sessions keep it */
    for (size_t i = 0; i < CLIENTS; i++) {
        join(&clients[i]);
        wp_http_session_free(clients[i].session);
        assert_int_equal(clients[i].good, TIMES);
    }
    crowd_stop(crowd);
    assert_int_equal(crowd->posts, CLIENTS * TIMES / 3);
    assert_int_equal(crowd->requests, CLIENTS * TIMES);
    free(crowd);
}

static void a_slow_one_holds_up_no_other(void **state)
{
    (void)state;
    struct crowd *crowd = crowd_start();
    struct wp_http_loop *loop = loop_new();
    struct wp_http_session *session = joined(loop);
    struct client slow = {.crowd = crowd, .session = joined(loop), .path = "/held"};
    start(&slow);
    crowd_await(crowd, 1);
    ask(crowd, session, NULL, 30);
    assert_false(slow.done);
    crowd_release(crowd);
    join(&slow);
    assert_int_equal(slow.good, 1);
    wp_http_session_free(slow.session);
    wp_http_session_free(session);
    wp_http_loop_free(loop);
    crowd_stop(crowd);
    free(crowd);
}

static void a_slow_name_server_holds_up_nobody(void **state)
{
    (void)state;
    struct crowd *crowd = crowd_start();
    struct wp_http_loop *loop = loop_new();
    struct wp_http_session *session = joined(loop);
    struct client timed = {.url = "http://a.test/", .timeout_ms = 100}, stopped = {.url = "http://b.test/"};
    (void)pthread_mutex_lock(&names_lock);
    timed.crowd = stopped.crowd = crowd;
    timed.session = joined(loop);
    stopped.session = joined(loop);
    start(&timed);
    start(&stopped);
    ask(crowd, session, NULL, 30);
    join(&timed);
    assert_int_equal(timed.status, WP_NETWORK);
    assert_int_equal(timed.stage, WP_STAGE_NOT_SENT);
    assert_false(stopped.done);
    stopped.stop = true;
    join(&stopped);
    assert_int_equal(stopped.status, WP_INTERRUPTED);
    assert_int_equal(stopped.stage, WP_STAGE_NOT_SENT);
    ask(crowd, session, NULL, 3);
    wp_http_session_free(timed.session);
    wp_http_session_free(stopped.session);
    wp_http_session_free(session);
    wp_http_loop_free(loop);
    (void)pthread_mutex_unlock(&names_lock);
    crowd_stop(crowd);
    free(crowd);
}

static void an_interrupted_one_ends_alone(void **state)
{
    (void)state;
    enum { CLIENTS = 4 };
    struct crowd *crowd = crowd_start();
    struct wp_http_loop *loop = loop_new();
    struct wp_http_session *session = joined(loop);
    struct client clients[CLIENTS] = {{0}};
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i] =
            (struct client){.crowd = crowd, .session = joined(loop), .method = "POST", .path = "/held"};
        start(&clients[i]);
    }
    crowd_await(crowd, CLIENTS);
    clients[1].stop = true;
    join(&clients[1]);
    assert_int_equal(clients[1].status, WP_INTERRUPTED);
    assert_int_equal(clients[1].stage, WP_STAGE_SENT);
    wp_http_session_free(clients[1].session);
    ask(crowd, session, NULL, 5);
    crowd_release(crowd);
    for (size_t i = 0; i < CLIENTS; i++) {
        if (i == 1)
            continue;
        join(&clients[i]);
        assert_int_equal(clients[i].good, 1);
        wp_http_session_free(clients[i].session);
    }
    wp_http_session_free(session);
    wp_http_loop_free(loop);
    crowd_stop(crowd);
    free(crowd);
}

static void time_runs_out_for_each_alone(void **state)
{
    (void)state;
    struct crowd *crowd = crowd_start();
    struct wp_http_loop *loop = loop_new();
    struct client late = {.crowd = crowd, .session = joined(loop), .path = "/hang", .timeout_ms = 100};
    struct client held = {.crowd = crowd, .session = joined(loop), .path = "/held", .timeout_ms = 60000};
    start(&held);
    start(&late);
    join(&late);
    assert_int_equal(late.status, WP_NETWORK);
    assert_int_equal(late.stage, WP_STAGE_SENT);
    assert_false(held.done);
    crowd_release(crowd);
    join(&held);
    assert_int_equal(held.good, 1);
    wp_http_session_free(late.session);
    wp_http_session_free(held.session);
    wp_http_loop_free(loop);
    crowd_stop(crowd);
    free(crowd);
}

static void connections_are_shared_by_gets(void **state)
{
    (void)state;
    struct crowd *crowd = crowd_start();
    struct wp_http_loop *loop = loop_new();
    struct wp_http_session *one = joined(loop), *two = joined(loop);
    ask(crowd, one, "GET", 2);
    ask(crowd, two, "GET", 2);
    assert_int_equal(crowd->connections, 1);
    ask(crowd, one, "POST", 3);
    assert_int_equal(crowd->connections, 4);
    ask(crowd, two, "GET", 2);
    assert_int_equal(crowd->connections, 4);
    wp_http_session_free(one);
    ask(crowd, two, "GET", 1);
    assert_int_equal(crowd->connections, 4);
    wp_http_session_free(two);
    wp_http_loop_free(loop);
    crowd_stop(crowd);
    free(crowd);
}

static void a_session_comes_and_goes(void **state)
{
    (void)state;
    struct crowd *crowd = crowd_start();
    struct wp_http_loop *loops[2] = {loop_new(), loop_new()};
    struct wp_http_session *session = joined(NULL);
    for (size_t i = 0; i < 6; i++) {
        wp_http_session_join(session, i % 3 ? loops[i % 2] : NULL);
        ask(crowd, session, NULL, 3);
    }
    wp_http_loop_free(loops[0]);
    wp_http_loop_free(loops[1]);
    ask(crowd, session, NULL, 3);
    wp_http_session_join(session, NULL); /* the last owner of the loop */
    ask(crowd, session, NULL, 3);
    wp_http_session_free(session);
    wp_http_loop_free(NULL);
    crowd_stop(crowd);
    free(crowd);
}

/* In a child: an assertion ends the process. */
static void a_request_that_is_out_forbids_to_free(void **state)
{
    (void)state;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        (void)signal(SIGABRT, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr))
            _exit(0);
        struct crowd *crowd = crowd_start();
        struct client client = {.crowd = crowd, .session = joined(loop_new()), .path = "/hang"};
        start(&client);
        crowd_await(crowd, 1);
        wp_http_session_free(client.session);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_that_is_out_forbids_to_free),
        cmocka_unit_test(many_at_once),
        cmocka_unit_test(a_slow_one_holds_up_no_other),
        cmocka_unit_test(a_slow_name_server_holds_up_nobody),
        cmocka_unit_test(an_interrupted_one_ends_alone),
        cmocka_unit_test(time_runs_out_for_each_alone),
        cmocka_unit_test(connections_are_shared_by_gets),
        cmocka_unit_test(a_session_comes_and_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
