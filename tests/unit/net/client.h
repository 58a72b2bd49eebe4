/* The client's side of a test against a scripted server. */
#ifndef WP_TESTS_NET_CLIENT_H
#define WP_TESTS_NET_CLIENT_H

#include "unit/net/server.h"

#include "base/text.h"
#include "net/http.h"
#include "net/loop.h"

/* The arguments of server_start() behind the first. */
#define STEPS(...)                                                                                           \
    (const struct server_step[]){__VA_ARGS__},                                                               \
        sizeof(struct server_step[]){__VA_ARGS__} / sizeof(struct server_step)

/* Whether sessions run their requests on a loop, each on one of its own. */
static bool on_a_loop;

static inline struct wp_http_session *session_new(const struct wp_log *log)
{
    struct wp_http_session *session = NULL;
    assert_int_equal(wp_http_session_new(&session, log, NULL), WP_OK);
    if (on_a_loop) {
        struct wp_http_loop *loop = NULL;
        assert_int_equal(wp_http_loop_new(&loop, NULL), WP_OK);
        wp_http_session_join(session, loop);
        wp_http_loop_free(loop);
    }
    return session;
}

/* Runs the tests on the caller's thread, then on a loop: a request must not tell which. */
#define RUN_BOTH_WAYS(tests)                                                                                 \
    (cmocka_run_group_tests_name("on the caller's thread", tests, NULL, NULL) +                              \
     cmocka_run_group_tests_name("on a loop", tests, use_a_loop, NULL))

static inline int use_a_loop(void **state)
{
    (void)state;
    on_a_loop = true;
    return 0;
}

static inline const char *url_of(const struct server *server, const char *path)
{
    static char url[512];
    assert_true(wp_text_format(url, sizeof url, "http://127.0.0.1:%u%s", server->port, path));
    return url;
}

static inline struct wp_http_request get(const char *url)
{
    return (struct wp_http_request){
        .method = "GET", .url = url, .reach = WP_REACH_LOOPBACK, .max_body = 1024};
}

#endif
