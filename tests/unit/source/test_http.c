/* A URL as a source, against a scripted server: time, memory, and what is left of an answer that was given
 * up. */
#include "unit/net/client.h"

#include "base/alloc.h"
#include "source/source.h"

#include "base/banned.h"

#define RANGE_HEAD "HTTP/1.1 206 Partial Content\r\nContent-Length: "

struct opened {
    struct wp_source *source;
    struct wp_source_facts facts;
    struct wp_delivery_facts delivery;
    enum wp_status status;
};

static void open_url(struct opened *out, const char *url, struct wp_http_options options)
{
    options.allow_private = true;
    if (!options.max_bytes)
        options.max_bytes = 1 << 20;
    wp_source_describe(&out->facts, url);
    out->status = wp_source_open_http(&out->source, &out->facts, &out->delivery, &options, NULL);
}

/* Opens a path of a server with one step, and wants this trouble. */
static void expect_trouble(const struct server_step *steps, size_t count, struct wp_http_options options,
                           enum wp_delivery_trouble trouble)
{
    struct server *server = server_start(steps, count);
    struct opened opened;
    open_url(&opened, url_of(server, "/a.mp4"), options);
    server_join(server);
    server_free(server);
    assert_int_equal(opened.status, WP_OK);
    assert_null(opened.source);
    assert_int_equal(opened.facts.state, WP_SOURCE_UNAVAILABLE);
    assert_int_equal(opened.delivery.trouble, trouble);
    assert_string_equal(opened.facts.reason, opened.delivery.trouble_reason);
    assert_true(opened.facts.reason[0]);
}

static void time_is_bounded(void **state)
{
    (void)state;
    const struct wp_http_options first = {.first_byte_ms = 100}, all = {.total_ms = 200};
    const struct wp_http_options whole = {.total_ms = 200, .whole = true}, stall = {.stall_ms = 500};
    expect_trouble(STEPS({NULL, SERVER_HANG, false}), first, WP_DELIVERY_TIMEOUT);
    expect_trouble(STEPS({"HTTP/1.1 200", SERVER_HANG, false}), all, WP_DELIVERY_TIMEOUT);
    expect_trouble(STEPS({"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", SERVER_HANG, false}), all,
                   WP_DELIVERY_TIMEOUT);
    expect_trouble(STEPS({RANGE_HEAD "9\r\nContent-Range: bytes 0-8/9\r\n\r\nabc", SERVER_HANG, false}),
                   whole, WP_DELIVERY_TIMEOUT);
    expect_trouble(STEPS({RANGE_HEAD "9\r\nContent-Range: bytes 0-8/9\r\n\r\nabc", SERVER_HANG, false}),
                   stall, WP_DELIVERY_TIMEOUT);
}

/* Waiting for the first byte has a bound of its own, which that of a stall does not cut short. */
static void silence_before_the_first_byte_is_no_stall(void **state)
{
    (void)state;
    struct server *server = server_start(STEPS({NULL, SERVER_HANG, false}));
    struct opened opened;
    open_url(&opened, url_of(server, "/a.mp4"),
             (struct wp_http_options){.first_byte_ms = 2500, .stall_ms = 500});
    server_join(server);
    server_free(server);
    assert_int_equal(opened.delivery.trouble, WP_DELIVERY_TIMEOUT);
    assert_non_null(strstr(opened.facts.reason, "2500 ms"));
}

static void answers_are_bounded(void **state)
{
    (void)state;
    const struct wp_http_options small = {.max_bytes = 1000}, none = {0};
    expect_trouble(STEPS({"HTTP/1.1 200 OK\r\n\r\n", SERVER_FLOOD, false}), small, WP_DELIVERY_TOO_LARGE);
    expect_trouble(STEPS({"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", SERVER_FLOOD, false}), small,
                   WP_DELIVERY_TOO_LARGE);
    expect_trouble(STEPS({"HTTP/1.1 404 No\r\n\r\n", SERVER_FLOOD, false}), none, WP_DELIVERY_STATUS);
    expect_trouble(STEPS({"HTTP/1.1 302 Found\r\n\r\n", SERVER_FLOOD, false}), none, WP_DELIVERY_REDIRECTS);
    expect_trouble(STEPS({"HTTP/1.1 200 OK\r\nX: ", SERVER_FLOOD, false}), none, WP_DELIVERY_LIES);
    expect_trouble(STEPS({"SSH-2.0-OpenSSH_9.2\r\n", SERVER_CLOSE, false}), none, WP_DELIVERY_LIES);
    expect_trouble(STEPS({"HTTP/9.9 200 OK\r\n\r\nx", SERVER_CLOSE, false}), none, WP_DELIVERY_LIES);
    expect_trouble(STEPS({NULL, SERVER_RESET, false}), none, WP_DELIVERY_NO_CONNECTION);
}

static int64_t fake_now(void *user)
{
    return *(int64_t *)user;
}

/* An answer 206 with bytes first to last of a file of 1,000,000; freed with free(). */
static char *range_of(unsigned first, unsigned last)
{
    size_t length = last - first + 1;
    char *answer = malloc(length + 200);
    assert_non_null(answer);
    assert_true(wp_text_format(answer, 200, RANGE_HEAD "%zu\r\nContent-Range: bytes %u-%u/1000000\r\n\r\n",
                               length, first, last));
    size_t head = strlen(answer);
    memset(answer + head, 'x', length);
    answer[head + length] = '\0';
    return answer;
}

static void the_time_of_all_requests_together_is_bounded(void **state)
{
    (void)state;
    char *first = range_of(0, 65535), *last = range_of(983040, 999999);
    for (int64_t passed_ms = 50000; passed_ms <= 60000; passed_ms += 10000) {
        int64_t now_ms = 1000;
        const struct wp_clock clock = {.now_ms = fake_now, .wall_ms = fake_now, .user = &now_ms};
        struct server *server = server_start(STEPS({first, SERVER_KEEP, false}, {last, SERVER_CLOSE, false}));
        struct opened opened;
        open_url(&opened, url_of(server, "/a.mp4"), (struct wp_http_options){.clock = &clock});
        assert_non_null(opened.source);
        const struct wp_reader *reader = wp_source_reader(opened.source);
        bool in_time = passed_ms < 60000;
        char byte = 0;
        size_t got = 0;
        now_ms += passed_ms;
        for (int i = 0; i < 2; i++) /* a trouble stays */
            assert_int_equal(reader->read_at(reader->user, &byte, 1, 999999, &got, NULL),
                             in_time ? WP_OK : WP_NETWORK);
        assert_true(got == in_time && byte == (in_time ? 'x' : 0));
        assert_int_equal(opened.delivery.trouble, in_time ? WP_DELIVERY_FINE : WP_DELIVERY_TIMEOUT);
        assert_int_equal(opened.delivery.requests, in_time ? 2 : 1);
        wp_source_close(opened.source);
        server_join(server);
        server_free(server);
    }
    free(first);
    free(last);
}

static void an_expiry_is_told_by_the_servers_clock(void **state)
{
    (void)state;
    struct server *server = server_start(
        STEPS({"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 1\r\n\r\nx",
               SERVER_CLOSE, false}));
    struct opened opened;
    open_url(&opened, url_of(server, "/a.mp4?OSSAccessKeyId=a&Expires=784111877&Signature=b"),
             (struct wp_http_options){0});
    assert_true(opened.delivery.has_expiry);
    assert_int_equal(opened.delivery.expires_in_s, 100);
    wp_source_close(opened.source);
    server_join(server);
    server_free(server);
}

static void what_must_not_be_asked_for_is_not(void **state)
{
    (void)state;
    static char longest[2100];
    memset(longest, 'a', sizeof longest - 1);
    memcpy(longest, "http://127.0.0.1:1/", strlen("http://127.0.0.1:1/"));
    const char *const urls[] = {"http://me:pw@127.0.0.1:1/a.jpg", longest};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct opened opened;
        open_url(&opened, urls[i], (struct wp_http_options){0});
        assert_int_equal(opened.status, WP_OK);
        assert_int_equal(opened.facts.state, WP_SOURCE_UNMEASURED);
        assert_true(opened.facts.reason[0] && !strstr(opened.facts.reason, "pw"));
        assert_int_equal(opened.delivery.requests, 0);
    }
}

static unsigned countdown;

static void *failing_malloc(size_t size)
{
    return countdown > 0 && --countdown == 0 ? NULL : malloc(size);
}

static void *failing_realloc(void *memory, size_t size)
{
    return countdown > 0 && --countdown == 0 ? NULL : realloc(memory, size);
}

static void every_failing_allocation_is_told(void **state)
{
    (void)state;
    const struct wp_alloc_hooks hooks = {failing_malloc, failing_realloc, free};
    bool opened_well = false;
    wp_alloc_set_hooks(&hooks);
    for (unsigned n = 1; n < 50 && !opened_well; n++) {
        struct server *server = server_start(
            STEPS({RANGE_HEAD "3\r\nContent-Range: bytes 0-2/3\r\n\r\nabc", SERVER_CLOSE, false}));
        struct opened opened;
        countdown = n;
        open_url(&opened, url_of(server, "/a.mp4"), (struct wp_http_options){0});
        countdown = 0;
        opened_well = opened.source != NULL;
        if (opened_well)
            assert_int_equal(opened.facts.state, WP_SOURCE_READ);
        else if (opened.status == WP_OK)
            assert_true(opened.facts.state != WP_SOURCE_READ);
        else
            assert_int_equal(opened.status, WP_NOMEM);
        wp_source_close(opened.source);
        server_join(server);
        server_free(server);
    }
    wp_alloc_set_hooks(NULL);
    assert_true(opened_well);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_is_bounded),
        cmocka_unit_test(silence_before_the_first_byte_is_no_stall),
        cmocka_unit_test(answers_are_bounded),
        cmocka_unit_test(the_time_of_all_requests_together_is_bounded),
        cmocka_unit_test(an_expiry_is_told_by_the_servers_clock),
        cmocka_unit_test(what_must_not_be_asked_for_is_not),
        cmocka_unit_test(every_failing_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
