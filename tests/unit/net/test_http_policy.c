/* What is never given away, never asked and never connected to. */
#include "unit/net/client.h"

#include "base/buf.h"

#include "base/banned.h"

struct lines {
    struct wp_buf text;
};

static void keep_line(void *user, enum wp_log_level level, const char *room, const char *line)
{
    (void)level;
    struct lines *lines = user;
    (void)wp_buf_add_format(&lines->text, "%s: %s\n", room, line);
}

static void logs_no_secrets(void **state)
{
    (void)state;
    struct lines lines = {wp_buf_new(1 << 20)};
    struct wp_log log = {.fn = keep_line, .user = &lines, .level = WP_LOG_DEBUG};
    struct server *server =
        server_start(STEPS({"HTTP/1.1 403 Forbidden\r\nSet-Cookie: session=topsecret\r\nLocation: "
                            "https://h/x?Signature=s3cr3t-out&a=1\r\n"
                            "Content-Length: 0\r\n\r\n",
                            SERVER_CLOSE, false}));
    struct wp_http_session *session = session_new(&log);
    struct wp_http_request request = get(url_of(server, "/v?Expires=1&Signature=s3cr3t-in%2F1"));
    request.method = "POST";
    request.body = "{\"body\":\"private\"}";
    request.body_len = strlen(request.body);
    request.headers = (const char *const[]){"Authorization: Bearer sk-0123456789", "Cookie: c00kie", NULL};
    struct wp_http_answer answer;
    struct wp_error error = {0};
    assert_int_equal(wp_http_perform(session, &request, &answer, &error), WP_OK);
    assert_int_equal(answer.status, 403);
    wp_http_answer_free(&answer);
    request.url = "http://127.0.0.1:1/v?Signature=s3cr3t-in";
    assert_int_equal(wp_http_perform(session, &request, &answer, &error), WP_NETWORK);
    wp_http_answer_free(&answer);
    wp_http_session_free(session);
    server_join(server);
    const char *text = wp_buf_text(&lines.text);
    assert_non_null(strstr(text, "> POST /v?Expires=1&Signature=***"));
    assert_non_null(strstr(text, "> Authorization: ***"));
    assert_non_null(strstr(text, "< HTTP/1.1 403"));
    static const char *const secrets[] = {"sk-0123456789", "0123456789", "s3cr3t",
                                          "topsecret",     "c00kie",     "private"};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        if (strstr(text, secrets[i]) || strstr(error.message, secrets[i]))
            fail_msg("'%s' was given away:\n%s%s", secrets[i], text, error.message);
    }
    assert_non_null(
        strstr(server->seen[0], "Authorization: Bearer sk-0123456789\r\n")); /* it was sent, though */
    wp_buf_free(&lines.text);
    server_free(server);
}

static void refuses_bad_requests(void **state)
{
    (void)state;
    static const char *const injected[] = {"X-A: b\r\nX-C: d", NULL};
    static const struct {
        const char *method, *url;
        const char *const *headers;
    } rows[] = {
        {"GET", "ftp://127.0.0.1/x", NULL},
        {"GET", "file:///etc/passwd", NULL},
        {"GET", "127.0.0.1/x", NULL},
        {"GET", "http://user:pw@127.0.0.1:1/", NULL},
        {"GET", "http://127.0.0.1:1/a b", NULL},
        {"GET", "http://127.0.0.1:1/\r\nX: y", NULL},
        {"PUT", "http://127.0.0.1:1/", NULL},
        {"GET", "http://127.0.0.1:1/", injected},
    };
    struct wp_http_session *session = session_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_http_request request = get(rows[i].url);
        request.method = rows[i].method;
        request.headers = rows[i].headers;
        struct wp_http_answer answer;
        struct wp_error error = {0};
        assert_int_equal(wp_http_perform(session, &request, &answer, &error), WP_USAGE);
        assert_int_equal(answer.stage, WP_STAGE_NOT_SENT);
        assert_true(error.message[0] != '\0');
        assert_null(strstr(error.message, "pw"));
        wp_http_answer_free(&answer);
    }
    wp_http_session_free(session);
}

static void judges_addresses(void **state)
{
    (void)state;
    /* A name that libcurl itself takes for loopback (RFC 6761 6.3): judged once it is connected. */
    static const struct {
        const char *host;
        enum wp_http_reach reach;
        enum wp_status status;
    } rows[] = {
        {"127.0.0.1", WP_REACH_PUBLIC, WP_NETWORK},      {"localhost", WP_REACH_PUBLIC, WP_NETWORK},
        {"name.localhost", WP_REACH_PUBLIC, WP_NETWORK}, {"0x7f000001", WP_REACH_PUBLIC, WP_NETWORK},
        {"127.0.0.1", WP_REACH_LOOPBACK, WP_OK},         {"name.localhost", WP_REACH_ANY, WP_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct server *server =
            server_start(STEPS({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE, false}));
        struct wp_http_session *session = session_new(NULL);
        char url[128];
        assert_true(wp_text_format(url, sizeof url, "http://%s:%u/", rows[i].host, server->port));
        struct wp_http_request request = get(url);
        request.reach = rows[i].reach;
        struct wp_http_answer answer;
        assert_int_equal(wp_http_perform(session, &request, &answer, NULL), rows[i].status);
        assert_int_equal(answer.stage, rows[i].status == WP_OK ? WP_STAGE_ANSWERED : WP_STAGE_NOT_SENT);
        wp_http_answer_free(&answer);
        wp_http_session_free(session);
        server_join(server);
        assert_int_equal(server->requests, rows[i].status == WP_OK);
        server_free(server);
    }
}

static void proxies_serve_https_alone(void **state)
{
    (void)state;
    struct server *proxy =
        server_start(STEPS({"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE, false}));
    struct server *server =
        server_start(STEPS({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE, false}));
    char address[64];
    assert_true(wp_text_format(address, sizeof address, "http://127.0.0.1:%u", proxy->port));
    assert_int_equal(
        setenv("http_proxy", address, 1) | setenv("https_proxy", address, 1) | unsetenv("no_proxy"), 0);
    struct wp_http_session *session = session_new(NULL);
    struct wp_http_answer answer;
    struct wp_http_request request = get(url_of(server, "/"));
    request.reach = WP_REACH_ANY;
    assert_int_equal(wp_http_perform(session, &request, &answer, NULL), WP_OK);
    wp_http_answer_free(&answer);
    request.url = "https://service.invalid/";
    request.headers = (const char *const[]){"Authorization: Bearer sk-1", NULL};
    assert_int_equal(wp_http_perform(session, &request, &answer, NULL), WP_NETWORK);
    assert_int_equal(answer.stage, WP_STAGE_NOT_SENT);
    wp_http_answer_free(&answer);
    wp_http_session_free(session);
    assert_int_equal(unsetenv("http_proxy") | unsetenv("https_proxy"), 0);
    server_join(server);
    server_join(proxy);
    assert_int_equal(server->requests, 1);
    assert_int_equal(proxy->requests, 1);
    assert_true(wp_text_starts(proxy->seen[0], "CONNECT service.invalid:443 HTTP/1.1\r\n"));
    assert_null(strstr(proxy->seen[0], "sk-1"));
    server_free(server);
    server_free(proxy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logs_no_secrets),
        cmocka_unit_test(refuses_bad_requests),
        cmocka_unit_test(judges_addresses),
        cmocka_unit_test(proxies_serve_https_alone),
    };
    return RUN_BOTH_WAYS(tests);
}
