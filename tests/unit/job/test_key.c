/* The identity of a job, and the request as it is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "job/key.h"
#include "wanprep/job.h"
#include "json/json.h"

#include "base/banned.h"

#define A "aaaa000000000000000000000000000000000000000000000000000000000000"
#define B "bbbb000000000000000000000000000000000000000000000000000000000000"

static void test_every_parameter_counts(void **state)
{
    (void)state;
    static const struct wp_key_parts parts[] = {
        {.image = {A, false}, .video = {B, false}, .base_url = "https://a", .check_image = true},
        {.image = {B, false}, .video = {A, false}, .base_url = "https://a", .check_image = true},
        {.image = {A, false}, .video = {A, false}, .base_url = "https://a", .check_image = true},
        {.image = {A, true}, .video = {B, false}, .base_url = "https://a", .check_image = true},
        {.image = {A, false}, .video = {B, true}, .base_url = "https://a", .check_image = true},
        {.image = {A, false}, .video = {B, false}, .base_url = "https://b", .check_image = true},
        {.image = {A, false}, .video = {B, false}, .base_url = "https://a", .check_image = false},
        {.image = {A, false},
         .video = {B, false},
         .base_url = "https://a",
         .check_image = true,
         .watermark = true},
        {.image = {A, false},
         .video = {B, false},
         .base_url = "https://a",
         .check_image = true,
         .mode = WP_MODE_PRO},
    };
    enum { COUNT = sizeof parts / sizeof parts[0] };
    wp_sha256_hex keys[COUNT], again;
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(wp_job_key(keys[i], &parts[i], NULL), WP_OK);
        assert_int_equal(wp_job_key(again, &parts[i], NULL), WP_OK);
        assert_string_equal(keys[i], again);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(keys[i], keys[j]);
    }
}

static const struct wp_json *describe(struct wp_json **document, const char *image, const char *video)
{
    char *text = NULL;
    struct wp_client_options client = {.api_key = "sk-secret", .workspace = "ws-1"};
    struct wp_job_request request = WP_JOB_REQUEST_DEFAULTS;
    request.image = image;
    request.video = video;
    assert_int_equal(wp_job_describe(&text, &client, &request, NULL), WP_OK);
    assert_null(strstr(text, "secret"));
    *document = wp_json_parse(text, strlen(text));
    wp_free(text);
    assert_non_null(*document);
    return wp_json_member(*document, "headers");
}

static void test_files_are_shown_as_uploads(void **state)
{
    (void)state;
    struct wp_json *document = NULL;
    const struct wp_json *headers =
        describe(&document, "/nonexistent/Person.JPEG", "https://example.com/v.mp4?a=b");
    const struct wp_json *body = wp_json_member(document, "body");
    const struct wp_json *input = wp_json_member(body, "input");
    assert_string_equal(wp_json_text(document, "method"), "POST");
    assert_string_equal(wp_json_text(document, "url"),
                        "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/video-synthesis");
    assert_string_equal(wp_json_text(headers, "Authorization"), "Bearer ***");
    assert_string_equal(wp_json_text(headers, "X-DashScope-Async"), "enable");
    assert_string_equal(wp_json_text(headers, "X-DashScope-OssResourceResolve"), "enable");
    assert_string_equal(wp_json_text(headers, "X-DashScope-WorkSpace"), "ws-1");
    assert_true(strncmp(wp_json_text(input, "image_url"), "oss://<", 7) == 0);
    assert_non_null(strstr(wp_json_text(input, "image_url"), ".jpeg"));
    assert_string_equal(wp_json_text(input, "video_url"), "https://example.com/v.mp4?a=b");
    wp_json_free(document);
}

static void test_urls_alone_need_no_resolving(void **state)
{
    (void)state;
    struct wp_json *document = NULL;
    const struct wp_json *headers =
        describe(&document, "https://example.com/a.png", "HTTPS://example.com/v.mp4");
    assert_null(wp_json_text(headers, "X-DashScope-OssResourceResolve"));
    wp_json_free(document);
}

static void test_a_bad_base_url_is_refused(void **state)
{
    (void)state;
    char *text = NULL;
    struct wp_client_options client = {.base_url = "http://example.com/api/v1"};
    struct wp_job_request request = {.image = "a", .video = "b"};
    assert_int_equal(wp_job_describe(&text, &client, &request, NULL), WP_USAGE);
    assert_null(text);
    request.video = NULL;
    client.base_url = NULL;
    assert_int_equal(wp_job_describe(&text, &client, &request, NULL), WP_USAGE);
}

static void test_clients_that_cannot_be(void **state)
{
    (void)state;
    struct wp_client *client = NULL;
    struct wp_error error = {0};
    char long_key[300];
    memset(long_key, 'a', sizeof long_key - 1);
    long_key[sizeof long_key - 1] = '\0';
    struct wp_client_options options = {.api_key = NULL};
    assert_int_equal(wp_client_new(&client, &options, &error), WP_NO_KEY);
    options.api_key = "";
    assert_int_equal(wp_client_new(&client, &options, &error), WP_NO_KEY);
    options.api_key = "sk-line\r\nX-Other: break";
    assert_int_equal(wp_client_new(&client, &options, &error), WP_USAGE);
    assert_null(strstr(error.message, "sk-line"));
    options.api_key = long_key;
    assert_int_equal(wp_client_new(&client, &options, &error), WP_USAGE);
    options.api_key = "sk-good";
    options.workspace = "w s";
    assert_int_equal(wp_client_new(&client, &options, &error), WP_USAGE);
    options.workspace = NULL;
    options.base_url = "http://example.com";
    assert_int_equal(wp_client_new(&client, &options, &error), WP_USAGE);
    assert_null(client);
    options.base_url = NULL;
    assert_int_equal(wp_client_new(&client, &options, &error), WP_OK);
    wp_client_free(client);
    wp_client_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_parameter_counts),
        cmocka_unit_test(test_files_are_shown_as_uploads),
        cmocka_unit_test(test_urls_alone_need_no_resolving),
        cmocka_unit_test(test_a_bad_base_url_is_refused),
        cmocka_unit_test(test_clients_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
