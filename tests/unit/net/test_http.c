/* One HTTP request against a scripted server: what is sent, what is understood, what is remembered. */
#include "unit/net/client.h"

#include "base/banned.h"

static void reads_an_answer(void **state)
{
    (void)state;
    struct server *server =
        server_start(STEPS({"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"abc\"\r\n"
                            "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: 7\r\n"
                            "Date: Sun, 06 Nov 1994 08:49:38 GMT\r\nContent-Length: 4\r\n\r\n{\"\"}",
                            SERVER_CLOSE, false}));
    struct wp_http_session *session = session_new(NULL);
    struct wp_http_request request = get(url_of(server, "/a/../b?x=%20&Signature=a%2Fb"));
    request.headers = (const char *const[]){"Authorization: Bearer sk-1", "X-Two: 2", NULL};
    struct wp_http_answer answer;
    assert_int_equal(wp_http_perform(session, &request, &answer, NULL), WP_OK);
    wp_http_session_free(session);
    server_join(server);
    assert_int_equal(answer.stage, WP_STAGE_ANSWERED);
    assert_int_equal(answer.status, 200);
    assert_string_equal(wp_buf_text(&answer.body), "{\"\"}");
    assert_string_equal(answer.content_type, "application/json");
    assert_string_equal(answer.etag, "\"abc\"");
    assert_string_equal(answer.last_modified, "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_string_equal(answer.date, "Sun, 06 Nov 1994 08:49:38 GMT");
    assert_string_equal(answer.retry_after, "7");
    assert_string_equal(answer.location, "");
    assert_true(answer.has_content_length && answer.content_length == 4);
    assert_string_equal(answer.peer, "127.0.0.1");
    char expected[512];
    assert_true(wp_text_format(
        expected, sizeof expected,
        "GET /a/../b?x=%%20&Signature=a%%2Fb HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nUser-Agent: wanprep/%s\r\n"
        "Accept: */*\r\nAuthorization: Bearer sk-1\r\nX-Two: 2\r\n\r\n",
        server->port, wp_version()));
    assert_string_equal(server->seen[0], expected);
    wp_http_answer_free(&answer);
    server_free(server);
}

static void reads_chunks_and_interim_answers(void **state)
{
    (void)state;
    struct server *server = server_start(STEPS(
        {"HTTP/1.1 100 Continue\r\nETag: \"no\"\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
         "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
         SERVER_CLOSE, false}));
    struct wp_http_session *session = session_new(NULL);
    struct wp_http_request request = get(url_of(server, "/"));
    struct wp_http_answer answer;
    assert_int_equal(wp_http_perform(session, &request, &answer, NULL), WP_OK);
    wp_http_session_free(session);
    server_join(server);
    assert_int_equal(answer.status, 200);
    assert_string_equal(wp_buf_text(&answer.body), "abcde");
    assert_string_equal(answer.etag, "");
    assert_false(answer.has_content_length);
    wp_http_answer_free(&answer);
    server_free(server);
}

static void follows_no_redirect(void **state)
{
    (void)state;
    struct server *server = server_start(
        STEPS({"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/evil\r\nContent-Length: 0\r\n\r\n",
               SERVER_CLOSE, false}));
    struct wp_http_session *session = session_new(NULL);
    struct wp_http_request request = get(url_of(server, "/"));
    struct wp_http_answer answer;
    assert_int_equal(wp_http_perform(session, &request, &answer, NULL), WP_OK);
    wp_http_session_free(session);
    server_join(server);
    assert_int_equal(answer.status, 302);
    assert_string_equal(answer.location, "http://127.0.0.1:1/evil");
    assert_int_equal(server->requests, 1);
    wp_http_answer_free(&answer);
    server_free(server);
}

static void posts_a_body(void **state)
{
    (void)state;
    struct server *server =
        server_start(STEPS({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE, false},
                           {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE, false}));
    struct wp_http_session *session = session_new(NULL);
    static char body[3000];
    memset(body, 'b', sizeof body);
    body[1] = '\0';
    struct wp_http_request request = get(url_of(server, "/create"));
    request.method = "POST";
    request.body = body;
    request.body_len = sizeof body;
    request.headers = (const char *const[]){"Content-Type: application/json", NULL};
    struct wp_http_answer answer;
    assert_int_equal(wp_http_perform(session, &request, &answer, NULL), WP_OK);
    wp_http_answer_free(&answer);
    request.body = NULL;
    request.headers = NULL;
    assert_int_equal(wp_http_perform(session, &request, &answer, NULL), WP_OK);
    wp_http_answer_free(&answer);
    wp_http_session_free(session);
    server_join(server);
    const char *first = server->seen[0];
    assert_true(wp_text_starts(first, "POST /create HTTP/1.1\r\n"));
    assert_non_null(strstr(first, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(first, "\r\nContent-Length: 3000\r\n"));
    assert_null(strstr(first, "Expect"));
    assert_memory_equal(first + server->seen_len[0] - sizeof body, body, sizeof body);
    assert_non_null(strstr(server->seen[1], "\r\nContent-Length: 0\r\n"));
    assert_null(strstr(server->seen[1], "Content-Type"));
    server_free(server);
}

/* What libcurl does with a connection that turns out to be dead once the request is on it: it asks again. */
static void a_get_survives_a_dead_connection(void **state)
{
    (void)state;
    static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    struct server *server =
        server_start(STEPS({ok, SERVER_KEEP, false}, {NULL, SERVER_CLOSE, false}, {ok, SERVER_CLOSE, false}));
    struct wp_http_session *session = session_new(NULL);
    struct wp_http_request request = get(url_of(server, "/"));
    struct wp_http_answer answer;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(wp_http_perform(session, &request, &answer, NULL), WP_OK);
        wp_http_answer_free(&answer);
    }
    wp_http_session_free(session);
    server_join(server);
    assert_int_equal(server->requests, 3);
    assert_int_equal(server->connections, 2);
    server_free(server);
}

/* The same for a POST would be a second task that is paid for: it takes no connection that was used before.
 */
static void a_post_is_never_sent_twice(void **state)
{
    (void)state;
    static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    struct server *server =
        server_start(STEPS({ok, SERVER_KEEP, false}, {NULL, SERVER_CLOSE, false}, {ok, SERVER_CLOSE, false}));
    struct wp_http_session *session = session_new(NULL);
    struct wp_http_request request = get(url_of(server, "/"));
    struct wp_http_answer answer;
    assert_int_equal(wp_http_perform(session, &request, &answer, NULL), WP_OK);
    wp_http_answer_free(&answer);
    request.method = "POST";
    assert_int_equal(wp_http_perform(session, &request, &answer, NULL), WP_NETWORK);
    assert_int_equal(answer.stage, WP_STAGE_SENT);
    assert_int_equal(answer.status, 0);
    wp_http_answer_free(&answer);
    wp_http_session_free(session);
    server_join(server);
    assert_int_equal(server->requests, 2);
    assert_int_equal(server->connections, 2);
    server_free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_an_answer),
        cmocka_unit_test(reads_chunks_and_interim_answers),
        cmocka_unit_test(follows_no_redirect),
        cmocka_unit_test(posts_a_body),
        cmocka_unit_test(a_post_is_never_sent_twice),
        cmocka_unit_test(a_get_survives_a_dead_connection),
    };
    return RUN_BOTH_WAYS(tests);
}
