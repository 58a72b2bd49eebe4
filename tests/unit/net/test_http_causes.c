/* Why there is no complete answer. */
#include "unit/net/client.h"

#include "base/banned.h"

/* Performs a GET of a server with these steps and gives its fault. */
static enum wp_http_fault fault_of(const struct server_step *steps, size_t count,
                                   struct wp_http_request request)
{
    struct server *server = server_start(steps, count);
    struct wp_http_session *session = session_new(NULL);
    struct wp_http_answer answer;
    if (!request.url)
        request.url = url_of(server, "/");
    enum wp_status status = wp_http_perform(session, &request, &answer, NULL);
    enum wp_http_fault fault = answer.fault;
    assert_int_equal(status == WP_OK, fault == WP_FAULT_NONE);
    assert_int_equal(answer.fault_reason[0] != 0, fault != WP_FAULT_NONE);
    assert_true(answer.has_first_byte || fault != WP_FAULT_NONE);
    assert_true(!answer.has_first_byte || (answer.first_byte_us >= 0 && answer.body_us >= 0));
    wp_http_answer_free(&answer);
    wp_http_session_free(session);
    server_join(server);
    server_free(server);
    return fault;
}

static void causes_are_told_apart(void **state)
{
    (void)state;
    struct wp_http_request plain = get(NULL), quick = plain, first = plain, name = plain, none = plain,
                           far = plain;
    quick.timeout_ms = 150;
    first.first_byte_timeout_ms = 100;
    name.url = "http://service.invalid/";
    none.url = "http://127.0.0.1:1/";
    far.reach = WP_REACH_PUBLIC;
    struct wp_http_request password = plain;
    password.url = "http://me:pw@127.0.0.1:1/";
    assert_int_equal(
        fault_of(STEPS({"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", SERVER_CLOSE, false}), plain),
        WP_FAULT_NONE);
    assert_int_equal(fault_of(STEPS({NULL, SERVER_HANG, false}), quick), WP_FAULT_TIMEOUT);
    assert_int_equal(fault_of(STEPS({NULL, SERVER_HANG, false}), first), WP_FAULT_TIMEOUT);
    assert_int_equal(
        fault_of(STEPS({"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", SERVER_HANG, false}), quick),
        WP_FAULT_TIMEOUT);
    assert_int_equal(
        fault_of(STEPS({"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", SERVER_CLOSE, false}), plain),
        WP_FAULT_CUT);
    assert_int_equal(fault_of(STEPS({NULL, SERVER_RESET, false}), plain), WP_FAULT_CONNECT);
    assert_int_equal(
        fault_of(STEPS({"HTTP/1.1 200 OK\r\nContent-Length: 1025\r\n\r\nx", SERVER_CLOSE, false}), plain),
        WP_FAULT_CEILING);
    assert_int_equal(fault_of(NULL, 0, none), WP_FAULT_CONNECT);
    assert_int_equal(fault_of(NULL, 0, name), WP_FAULT_HOST);
    assert_int_equal(fault_of(NULL, 0, far), WP_FAULT_REACH);
    assert_int_equal(fault_of(NULL, 0, password), WP_FAULT_REQUEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(causes_are_told_apart),
    };
    return RUN_BOTH_WAYS(tests);
}
