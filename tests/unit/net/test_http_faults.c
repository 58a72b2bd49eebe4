/* Servers that fail or mean harm: how far the request came is told right, and everything has its ceiling. */
#include "unit/net/client.h"

#include "base/alloc.h"
#include "base/clock.h"

#include "base/banned.h"

struct sunk {
    char bytes[64];
    size_t len;
    bool full; /* says no */
};

static bool sink(void *user, const void *bytes, size_t len)
{
    struct sunk *sunk = user;
    if (sunk->full || len > sizeof sunk->bytes - sunk->len)
        return false;
    memcpy(sunk->bytes + sunk->len, bytes, len);
    sunk->len += len;
    return true;
}

static bool always(void *user)
{
    (void)user;
    return true;
}

/* One request to a server that plays one step; the answer is the caller's to free. */
static enum wp_status perform(struct server_step step, struct wp_http_request request,
                              struct wp_http_answer *answer)
{
    struct server *server = server_start(&step, 1);
    struct wp_http_session *session = session_new(NULL);
    struct wp_error error = {0};
    char url[64];
    assert_true(wp_text_format(url, sizeof url, "http://127.0.0.1:%u/x", server->port));
    request.method = request.method ? request.method : "GET";
    request.url = url;
    request.reach = WP_REACH_LOOPBACK;
    enum wp_status status = wp_http_perform(session, &request, answer, &error);
    wp_http_session_free(session);
    server_join(server);
    server_free(server);
    assert_int_equal(status == WP_OK, answer->stage == WP_STAGE_ANSWERED);
    assert_int_equal(status == WP_OK, error.message[0] == '\0');
    assert_int_equal(error.status, status);
    return status;
}

static void tells_how_far_it_came(void **state)
{
    (void)state;
    static const struct {
        struct server_step step;
        long http_status;
    } rows[] = {
        {{NULL, SERVER_CLOSE, false}, 0},
        {{NULL, SERVER_RESET, false}, 0},
        {{"HTTP/1.1 200 OK\r\nContent-Le", SERVER_CLOSE, false}, 200},
        {{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", SERVER_CLOSE, false}, 200},
        {{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", SERVER_RESET, false}, 200},
        {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", SERVER_CLOSE, false}, 200},
        {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n", SERVER_CLOSE, false}, 200},
        {{"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc", SERVER_CLOSE, false}, 200},
        {{"no HTTP at all\r\n\r\n", SERVER_CLOSE, false}, 0},
        {{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", SERVER_HANG, false}, 200},
        {{NULL, SERVER_HANG, false}, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_http_answer answer;
        struct wp_http_request request = {
            .method = "POST", .body = "{}", .body_len = 2, .max_body = 100, .timeout_ms = 300};
        if (perform(rows[i].step, request, &answer) != WP_NETWORK)
            fail_msg("row %zu: taken for an answer", i);
        assert_int_equal(answer.stage, WP_STAGE_SENT);
        assert_int_equal(answer.status, rows[i].http_status);
        wp_http_answer_free(&answer);
    }
}

static void tells_that_nothing_was_sent(void **state)
{
    (void)state;
    int probe = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(probe, (struct sockaddr *)&address, size), 0); /* bound, and nobody listens */
    assert_int_equal(getsockname(probe, (struct sockaddr *)&address, &size), 0);
    struct wp_http_session *session = session_new(NULL);
    for (size_t i = 0; i < 2; i++) {
        char url[64];
        assert_true(wp_text_format(url, sizeof url, i ? "https://127.0.0.1:%u/" : "http://127.0.0.1:%u/",
                                   (unsigned)ntohs(address.sin_port)));
        struct wp_http_request request = {.method = "POST", .url = url, .reach = WP_REACH_ANY};
        struct wp_http_answer answer;
        assert_int_equal(wp_http_perform(session, &request, &answer, NULL), WP_NETWORK);
        assert_int_equal(answer.stage, WP_STAGE_NOT_SENT);
        wp_http_answer_free(&answer);
    }
    wp_http_session_free(session);
    (void)close(probe);
}

/* TLS is asked of a server that speaks none: the handshake fails before the request. */
static void sends_nothing_without_tls(void **state)
{
    (void)state;
    struct server *server =
        server_start(&(struct server_step){"HTTP/1.1 400 Bad Request\r\n\r\n", SERVER_CLOSE, true}, 1);
    struct wp_http_session *session = session_new(NULL);
    char url[64];
    assert_true(wp_text_format(url, sizeof url, "https://127.0.0.1:%u/", server->port));
    struct wp_http_request request = {.method = "POST", .url = url, .reach = WP_REACH_ANY};
    struct wp_http_answer answer;
    assert_int_equal(wp_http_perform(session, &request, &answer, NULL), WP_NETWORK);
    assert_int_equal(answer.stage, WP_STAGE_NOT_SENT);
    wp_http_answer_free(&answer);
    wp_http_session_free(session);
    server_join(server);
    server_free(server);
}

static void bounds_the_body(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        enum server_end end;
        size_t ceiling;
        enum wp_status status;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde", SERVER_CLOSE, 5, WP_OK},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde", SERVER_CLOSE, 4, WP_NETWORK},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n", SERVER_CLOSE, 5,
         WP_OK},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n", SERVER_CLOSE, 4,
         WP_NETWORK},
        {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nabcde", SERVER_HANG, 1000, WP_NETWORK},
        {"HTTP/1.1 200 OK\r\n\r\n", SERVER_FLOOD, 100000, WP_NETWORK},
        {"HTTP/1.1 500 Oops\r\n\r\n", SERVER_FLOOD, 100000, WP_NETWORK},
        {"HTTP/1.1 200 OK\r\nX-Flood: ", SERVER_FLOOD, 100000, WP_NETWORK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_http_answer answer;
        struct wp_http_request request = {.max_body = rows[i].ceiling, .timeout_ms = 60000};
        if (perform((struct server_step){rows[i].answer, rows[i].end, false}, request, &answer) !=
            rows[i].status)
            fail_msg("row %zu", i);
        assert_true(answer.body.len <= rows[i].ceiling);
        wp_http_answer_free(&answer);
    }
}

static void bounds_the_headers(void **state)
{
    (void)state;
    static char text[1 << 20];
    size_t len = 0;
    (void)wp_text_copy(text, sizeof text, "HTTP/1.1 200 OK\r\n");
    for (len = strlen(text); len < sizeof text - 64; len += strlen(text + len))
        (void)wp_text_copy(text + len, 64, "X-Many: 0123456789012345678901234567890123456789\r\n");
    struct wp_http_answer answer;
    struct wp_http_request request = {.max_body = 100};
    assert_int_equal(perform((struct server_step){text, SERVER_HANG, false}, request, &answer), WP_NETWORK);
    assert_int_equal(answer.stage, WP_STAGE_SENT);
    wp_http_answer_free(&answer);
}

static void drops_headers_that_are_too_long(void **state)
{
    (void)state;
    char text[8192] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: \"ok\"\r\nLocation: http://h/";
    size_t len = strlen(text);
    memset(text + len, 'a', 4000);
    (void)wp_text_copy(text + len + 4000, 16, "\r\n\r\n");
    struct wp_http_answer answer;
    assert_int_equal(
        perform((struct server_step){text, SERVER_CLOSE, false}, (struct wp_http_request){0}, &answer),
        WP_OK);
    assert_string_equal(answer.etag, "\"ok\"");
    assert_string_equal(answer.location, "");
    wp_http_answer_free(&answer);
}

static void sinks_good_answers_alone(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        uint64_t ceiling;
        bool full;
        enum wp_status status;
        size_t sunk, kept;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde", 5, false, WP_OK, 5, 0},
        {"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-4/5\r\nContent-Length: 2\r\n\r\nde", 5,
         false, WP_OK, 2, 0},
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nabcde", 5, false, WP_OK, 0, 5},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde", 4, false, WP_NETWORK, 0, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde", 5, true, WP_OUTPUT, 0, 0},
        {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 5, false, WP_OK, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sunk sunk = {.full = rows[i].full};
        struct wp_http_request request = {
            .max_body = 100, .sink = sink, .sink_user = &sunk, .max_sink = rows[i].ceiling};
        struct wp_http_answer answer;
        if (perform((struct server_step){rows[i].answer, SERVER_CLOSE, false}, request, &answer) !=
            rows[i].status)
            fail_msg("row %zu", i);
        assert_int_equal(sunk.len, rows[i].sunk);
        assert_int_equal(answer.body.len, rows[i].kept);
        if (answer.status == 206)
            assert_string_equal(answer.content_range, "bytes 3-4/5");
        wp_http_answer_free(&answer);
    }
}

static void gives_up_on_a_stall(void **state)
{
    (void)state;
    struct wp_http_request request = {.max_body = 100, .timeout_ms = 60000, .stall_timeout_ms = 1000};
    struct wp_http_answer answer;
    assert_int_equal(
        perform((struct server_step){"HTTP/1.1 200 OK\r\n\r\nabc", SERVER_HANG, false}, request, &answer),
        WP_NETWORK);
    assert_int_equal(answer.stage, WP_STAGE_SENT);
    wp_http_answer_free(&answer);
}

static void stops_when_interrupted(void **state)
{
    (void)state;
    struct wp_http_request request = {.max_body = 100, .interrupted = always};
    struct wp_http_answer answer;
    assert_int_equal(perform((struct server_step){NULL, SERVER_HANG, false}, request, &answer),
                     WP_INTERRUPTED);
    wp_http_answer_free(&answer);
}

static size_t allocations_left;

static void *failing_realloc(void *memory, size_t size)
{
    if (allocations_left == 0)
        return NULL;
    allocations_left--;
    return realloc(memory, size);
}

/* An answer that cannot be held is none: a create must not look as if it was not answered for other reasons.
 */
static void tells_want_of_memory(void **state)
{
    (void)state;
    static const struct wp_alloc_hooks hooks = {malloc, failing_realloc, free};
    static const struct server_step step = {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", SERVER_CLOSE,
                                            false};
    struct wp_http_request request = {.max_body = 100};
    struct wp_http_answer answer;
    wp_alloc_set_hooks(&hooks);
    allocations_left = 0;
    assert_int_equal(perform(step, request, &answer), WP_NOMEM);
    assert_int_equal(answer.stage, WP_STAGE_SENT);
    wp_http_answer_free(&answer);
    allocations_left = 1;
    assert_int_equal(perform(step, request, &answer), WP_OK);
    wp_http_answer_free(&answer);
    wp_alloc_set_hooks(NULL);
}

/* Whoever slept while it connected sends nothing. */
static void sends_nothing_when_it_is_too_late(void **state)
{
    (void)state;
    static const struct server_step step = {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", SERVER_CLOSE,
                                            false};
    const struct wp_clock *clock = wp_clock_system();
    int64_t now_ms = clock->boot_ms(clock->user);
    struct server *server = server_start(&step, 1);
    struct wp_http_session *session = session_new(NULL);
    char url[64];
    assert_true(wp_text_format(url, sizeof url, "http://127.0.0.1:%u/x", server->port));
    for (int in_time = 0; in_time < 2; in_time++) {
        struct wp_http_request request = {.method = "POST",
                                          .url = url,
                                          .body = in_time ? "in time" : "late",
                                          .body_len = in_time ? 7 : 4,
                                          .reach = WP_REACH_LOOPBACK,
                                          .not_after_ms = in_time ? now_ms + 3600000 : now_ms - 1};
        struct wp_http_answer answer;
        assert_int_equal(wp_http_perform(session, &request, &answer, NULL), in_time ? WP_OK : WP_NETWORK);
        assert_int_equal(answer.stage, in_time ? WP_STAGE_ANSWERED : WP_STAGE_NOT_SENT);
        wp_http_answer_free(&answer);
    }
    wp_http_session_free(session);
    server_join(server);
    assert_int_equal(server->requests, 1);
    assert_non_null(strstr(server->seen[0], "in time"));
    server_free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_how_far_it_came),
        cmocka_unit_test(tells_that_nothing_was_sent),
        cmocka_unit_test(sends_nothing_without_tls),
        cmocka_unit_test(bounds_the_body),
        cmocka_unit_test(bounds_the_headers),
        cmocka_unit_test(drops_headers_that_are_too_long),
        cmocka_unit_test(sinks_good_answers_alone),
        cmocka_unit_test(gives_up_on_a_stall),
        cmocka_unit_test(stops_when_interrupted),
        cmocka_unit_test(tells_want_of_memory),
        cmocka_unit_test(sends_nothing_when_it_is_too_late),
    };
    return RUN_BOTH_WAYS(tests);
}
