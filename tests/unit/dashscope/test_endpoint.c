/* Where requests go, and what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "dashscope/endpoint.h"
#include "dashscope/request.h"

#include "base/banned.h"

static void knows_the_regions(void **state)
{
    (void)state;
    struct wp_endpoint endpoint;
    assert_int_equal(wp_endpoint_set(&endpoint, NULL, WP_REGION_CHINA, NULL), WP_OK);
    assert_string_equal(endpoint.base_url, "https://dashscope.aliyuncs.com/api/v1");
    assert_false(endpoint.loopback);
    assert_int_equal(wp_endpoint_set(&endpoint, NULL, WP_REGION_INTERNATIONAL, NULL), WP_OK);
    assert_string_equal(endpoint.base_url, "https://dashscope-intl.aliyuncs.com/api/v1");
}

static void takes_base_urls(void **state)
{
    (void)state;
    static const struct {
        const char *given, *kept;
        bool loopback;
    } rows[] = {
        {"https://ws.cn-beijing.maas.aliyuncs.com/api/v1", "https://ws.cn-beijing.maas.aliyuncs.com/api/v1",
         false},
        {"https://gateway.example.com/api/v1/", "https://gateway.example.com/api/v1", false},
        {"https://gateway.example.com//", "https://gateway.example.com", false},
        {"https://10.0.0.1:8443/api", "https://10.0.0.1:8443/api", false},
        {"https://localhost/api", "https://localhost/api", true},
        {"http://localhost:8080/api/v1", "http://localhost:8080/api/v1", true},
        {"http://127.0.0.1:8080/api/v1/", "http://127.0.0.1:8080/api/v1", true},
        {"http://[::1]:8080", "http://[::1]:8080", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_endpoint endpoint;
        if (wp_endpoint_set(&endpoint, rows[i].given, WP_REGION_CHINA, NULL) != WP_OK)
            fail_msg("refused: %s", rows[i].given);
        assert_string_equal(endpoint.base_url, rows[i].kept);
        assert_int_equal(endpoint.loopback, rows[i].loopback);
    }
}

static void refuses_base_urls(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "x",
        "dashscope.aliyuncs.com/api/v1",
        "ftp://example.com/",
        "http://dashscope.aliyuncs.com/api/v1",
        "http://10.0.0.1/",
        "http://192.168.1.1:8080/api",
        "http://localhost.example.com/",
        "https://user:s3cret@example.com/",
        "https://s3cret@example.com/",
        "https://example.com/api?x=1",
        "https://example.com/api#x",
        "https://example.com/\xc3\xa4",
        "https://example.com/a b",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct wp_endpoint endpoint;
        struct wp_error error = {0};
        if (wp_endpoint_set(&endpoint, bad[i], WP_REGION_CHINA, &error) != WP_USAGE)
            fail_msg("taken: %s", bad[i]);
        assert_true(error.message[0] != '\0');
        assert_null(strstr(error.message, "s3cret"));
    }
}

static void bounds_base_urls(void **state)
{
    (void)state;
    char text[600] = "https://example.com/";
    struct wp_endpoint endpoint;
    memset(text + strlen(text), 'a', 511 - strlen(text));
    assert_int_equal(strlen(text), 511);
    assert_int_equal(wp_endpoint_set(&endpoint, text, WP_REGION_CHINA, NULL), WP_OK);
    text[511] = 'a';
    assert_int_equal(wp_endpoint_set(&endpoint, text, WP_REGION_CHINA, NULL), WP_USAGE);
}

static void makes_urls(void **state)
{
    (void)state;
    static const struct wp_endpoint endpoint = {.base_url = "https://h/api/v1"};
    struct wp_buf out = wp_buf_new(512);
    assert_true(wp_endpoint_create_url(&endpoint, &out));
    assert_string_equal(wp_buf_text(&out), "https://h/api/v1/services/aigc/image2video/video-synthesis");
    wp_buf_clear(&out);
    assert_true(wp_endpoint_task_url(&endpoint, "0385dc79-5ff8-4d82.x_~", &out));
    assert_string_equal(wp_buf_text(&out), "https://h/api/v1/tasks/0385dc79-5ff8-4d82.x_~");
    wp_buf_clear(&out);
    assert_true(wp_endpoint_cancel_url(&endpoint, "../a b?c#d%\xc3\xa4", &out));
    assert_string_equal(wp_buf_text(&out), "https://h/api/v1/tasks/..%2Fa%20b%3Fc%23d%25%C3%A4/cancel");
    wp_buf_clear(&out);
    assert_true(wp_endpoint_policy_url(&endpoint, &out));
    assert_string_equal(wp_buf_text(&out),
                        "https://h/api/v1/uploads?action=getPolicy&model=wan2.2-animate-move");
    wp_buf_free(&out);
}

static void lists_in_the_time_of_the_service(void **state)
{
    (void)state;
    static const struct wp_endpoint endpoint = {.base_url = "https://h/api/v1"};
    struct wp_buf out = wp_buf_new(512);
    /* 2025-09-18 11:32:00.105 UTC to 2025-12-31 16:00:00 UTC, which is the next year in UTC+8 */
    assert_true(wp_endpoint_list_url(&endpoint, 1758195120105, 1767196800000, 2, 50, &out));
    assert_string_equal(wp_buf_text(&out),
                        "https://h/api/v1/tasks/?model_name=wan2.2-animate-move&start_time=20250918193200"
                        "&end_time=20260101000000&page_no=2&page_size=50");
    wp_buf_clear(&out);
    assert_true(wp_endpoint_list_url(&endpoint, -1, -1, 1, 10, &out));
    assert_string_equal(wp_buf_text(&out),
                        "https://h/api/v1/tasks/?model_name=wan2.2-animate-move&page_no=1&page_size=10");
    wp_buf_free(&out);
}

static void says_when_it_does_not_fit(void **state)
{
    (void)state;
    static const struct wp_endpoint endpoint = {.base_url = "https://h/api/v1"};
    struct wp_buf out = wp_buf_new(20);
    assert_false(wp_endpoint_create_url(&endpoint, &out));
    wp_buf_clear(&out);
    assert_false(wp_endpoint_task_url(&endpoint, "0123456789", &out));
    wp_buf_clear(&out);
    assert_false(wp_endpoint_cancel_url(&endpoint, "0123456789", &out));
    wp_buf_clear(&out);
    assert_false(wp_endpoint_policy_url(&endpoint, &out));
    wp_buf_clear(&out);
    assert_false(wp_endpoint_list_url(&endpoint, 0, 0, 1, 10, &out));
    wp_buf_free(&out);
}

static void writes_the_create(void **state)
{
    (void)state;
    struct wp_create_request request = {.image_url = "oss://dir/a\"b.jpg",
                                        .video_url = "https://h/v.mp4?a=1&b=2",
                                        .mode = WP_MODE_PRO,
                                        .watermark = true,
                                        .check_image = false};
    struct wp_buf out = wp_buf_new(1024);
    assert_true(wp_create_body(&request, &out));
    assert_string_equal(
        wp_buf_text(&out),
        "{\"model\":\"wan2.2-animate-move\",\"input\":{\"image_url\":\"oss://dir/a\\\"b.jpg\","
        "\"video_url\":\"https://h/v.mp4?a=1&b=2\",\"watermark\":true},"
        "\"parameters\":{\"mode\":\"wan-pro\",\"check_image\":false}}");
    assert_true(wp_create_needs_oss(&request));
    wp_buf_clear(&out);
    request = (struct wp_create_request){
        .image_url = "https://h/i.jpg", .video_url = "https://h/v.mp4", .check_image = true};
    assert_true(wp_create_body(&request, &out));
    assert_non_null(
        strstr(wp_buf_text(&out),
               "\"watermark\":false},\"parameters\":{\"mode\":\"wan-std\",\"check_image\":true}}"));
    assert_false(wp_create_needs_oss(&request));
    request.video_url = "oss://v.mp4";
    assert_true(wp_create_needs_oss(&request));
    wp_buf_free(&out);
    struct wp_buf small = wp_buf_new(20);
    assert_false(wp_create_body(&request, &small));
    wp_buf_free(&small);
}

/* The headers as one text. */
static const char *joined(const struct wp_headers *headers)
{
    static char text[4096];
    text[0] = '\0';
    for (size_t i = 0; headers->list[i]; i++) {
        assert_true(i < 6);
        assert_ptr_equal(headers->list[i], headers->lines[i]);
        size_t len = strlen(text);
        memcpy(text + len, headers->list[i], strlen(headers->list[i]) + 1);
        memcpy(text + strlen(text), "\n", 2);
    }
    return text;
}

static void sets_headers(void **state)
{
    (void)state;
    static const struct {
        enum wp_call call;
        const char *workspace;
        bool oss;
        const char *text;
    } rows[] = {
        {WP_CALL_CREATE, NULL, false,
         "Authorization: Bearer sk-1\nContent-Type: application/json\nX-DashScope-Async: enable\n"},
        {WP_CALL_CREATE, "llm-1", true,
         "Authorization: Bearer sk-1\nContent-Type: application/json\nX-DashScope-Async: enable\n"
         "X-DashScope-OssResourceResolve: enable\nX-DashScope-WorkSpace: llm-1\n"},
        {WP_CALL_QUERY, NULL, true, "Authorization: Bearer sk-1\n"},
        {WP_CALL_LIST, "llm-1", false, "Authorization: Bearer sk-1\nX-DashScope-WorkSpace: llm-1\n"},
        {WP_CALL_CANCEL, NULL, false, "Authorization: Bearer sk-1\n"},
        {WP_CALL_POLICY, NULL, false, "Authorization: Bearer sk-1\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_headers headers;
        assert_true(wp_headers_set(&headers, rows[i].call, "sk-1", rows[i].workspace, rows[i].oss));
        assert_string_equal(joined(&headers), rows[i].text);
        wp_headers_wipe(&headers);
        static const struct wp_headers none;
        assert_memory_equal(&headers, &none, sizeof none);
    }
    wp_headers_wipe(NULL);
}

static void refuses_what_no_header_may_hold(void **state)
{
    (void)state;
    struct wp_headers headers;
    char long_text[600];
    memset(long_text, 'k', sizeof long_text);
    long_text[sizeof long_text - 1] = '\0';
    static const char *const bad[] = {"", "a b", "a\r\nX: y", "a\tb", "\xc3\xa4", "a\x7f"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(wp_headers_set(&headers, WP_CALL_QUERY, bad[i], NULL, false));
        assert_null(headers.list[0]);
        assert_false(wp_headers_set(&headers, WP_CALL_QUERY, "sk-1", bad[i], false));
        assert_null(headers.list[0]);
    }
    assert_false(wp_headers_set(&headers, WP_CALL_QUERY, long_text, NULL, false));
    assert_false(wp_headers_set(&headers, WP_CALL_QUERY, "sk-1", long_text, false));
    assert_int_equal(headers.lines[0][0], '\0');
    assert_true(wp_headers_set(&headers, WP_CALL_QUERY, "***", NULL, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_regions),
        cmocka_unit_test(takes_base_urls),
        cmocka_unit_test(refuses_base_urls),
        cmocka_unit_test(bounds_base_urls),
        cmocka_unit_test(makes_urls),
        cmocka_unit_test(lists_in_the_time_of_the_service),
        cmocka_unit_test(says_when_it_does_not_fit),
        cmocka_unit_test(writes_the_create),
        cmocka_unit_test(sets_headers),
        cmocka_unit_test(refuses_what_no_header_may_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
