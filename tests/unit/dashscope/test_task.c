/* Answers to create and query, in all the shapes that occur, and in some that should not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "dashscope/answer.h"
#include "unit/dashscope/samples.h"

#include "base/banned.h"

static bool parse_task(struct wp_task_answer *out, const char *body)
{
    return wp_task_answer_parse(out, body, strlen(body));
}

static void reads_a_create(void **state)
{
    (void)state;
    struct wp_task_answer task;
    assert_true(parse_task(&task, CREATE_ANSWER));
    assert_string_equal(task.task_id, "0385dc79-5ff8-4d82-bcb6-1");
    assert_int_equal(task.status, WP_TASK_STATUS_PENDING);
    assert_string_equal(task.status_word, "PENDING");
    assert_string_equal(task.request_id, "4909100c-7b5a");
    assert_string_equal(task.video_url, "");
    assert_false(task.has_billed_seconds);
}

static void reads_a_query(void **state)
{
    (void)state;
    struct wp_task_answer task;
    assert_true(parse_task(&task, QUERY_ANSWER));
    assert_int_equal(task.status, WP_TASK_STATUS_SUCCEEDED);
    assert_string_equal(task.video_url, "http://oss.example.com/a.mp4?Expires=1&Signature=a%2Bb%3D");
    assert_string_equal(task.submit_time, "2025-09-18 19:32:00.105");
    assert_string_equal(task.scheduled_time, "2025-09-18 19:32:15.066");
    assert_string_equal(task.end_time, "2025-09-18 19:34:41.898");
    assert_true(task.has_billed_seconds && task.billed_seconds == 5.2);
    assert_string_equal(task.billed_mode, "standard");
    assert_string_equal(task.error.code, "");
}

static void reads_a_failure(void **state)
{
    (void)state;
    struct wp_task_answer task;
    assert_true(parse_task(&task,
                           "{\"request_id\":\"r\",\"output\":{\"task_id\":\"t\",\"task_status\":\"FAILED\","
                           "\"code\":\"InvalidVideo.NoHuman\",\"message\":\"no\\u001b[31m human\"}}"));
    assert_int_equal(task.status, WP_TASK_STATUS_FAILED);
    assert_string_equal(task.error.code, "InvalidVideo.NoHuman");
    assert_string_equal(task.error.message, "no?[31m human");
    assert_string_equal(task.error.request_id, "r");
}

static void knows_the_statuses(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum wp_task_status status;
    } rows[] = {
        {"PENDING", WP_TASK_STATUS_PENDING},
        {"RUNNING", WP_TASK_STATUS_RUNNING},
        {"SUSPENDED", WP_TASK_STATUS_SUSPENDED},
        {"SUCCEEDED", WP_TASK_STATUS_SUCCEEDED},
        {"FAILED", WP_TASK_STATUS_FAILED},
        {"CANCELED", WP_TASK_STATUS_CANCELED},
        {"UNKNOWN", WP_TASK_STATUS_UNKNOWN},
        {"DREAMING", WP_TASK_STATUS_OTHER},
        {"pending", WP_TASK_STATUS_OTHER},
        {"", WP_TASK_STATUS_OTHER},
        {NULL, WP_TASK_STATUS_OTHER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(wp_task_status_parse(rows[i].word), rows[i].status);
}

/* An answer with these members in output. */
static bool parse_output(struct wp_task_answer *out, const char *members)
{
    char body[16384];
    assert_true(wp_text_format(body, sizeof body,
                               "{\"output\":{\"task_id\":\"t\",\"task_status\":\"SUCCEEDED\",%s}}", members));
    return parse_task(out, body);
}

static void finds_the_video_in_every_shape(void **state)
{
    (void)state;
    static const struct {
        const char *members, *url;
    } rows[] = {
        {"\"results\":{\"video_url\":\"https://h/1\"}", "https://h/1"},
        {"\"results\":{\"url\":\"https://h/1\"}", "https://h/1"},
        {"\"video_url\":\"https://h/2\"", "https://h/2"},
        {"\"results\":[{\"url\":\"https://h/3\"}]", "https://h/3"},
        {"\"results\":[{\"video_url\":\"https://h/4\"}]", "https://h/4"},
        {"\"results\":[{\"code\":\"X\"},{\"url\":\"https://h/5\"}]", "https://h/5"},
        {"\"results\":[],\"video_url\":\"https://h/6\"", "https://h/6"},
        {"\"results\":null,\"video_url\":\"https://h/6\"", "https://h/6"},
        {"\"results\":{\"video_url\":\"https://h/1\"},\"video_url\":\"https://h/2\"", "https://h/1"},
        {"\"results\":{\"video_url\":\"HTTP://h/1\"}", "HTTP://h/1"},
        {"\"x\":1", ""},
        {"\"results\":\"https://h/1\"", ""},
        {"\"results\":{\"video_url\":7}", ""},
        {"\"results\":{\"video_url\":\"\"}", ""},
        {"\"results\":{\"video_url\":\"file:///etc/passwd\"}", ""},
        {"\"results\":{\"video_url\":\"oss://b/k\"}", ""},
        {"\"results\":{\"video_url\":\"https://u:p@h/1\"}", ""},
        {"\"results\":{\"video_url\":\"https://h/a b\"}", ""},
        {"\"results\":{\"video_url\":\"https://h/\\r\\nX: y\"}", ""},
        {"\"results\":{\"video_url\":\"https://h/\\u00e4\"}", ""},
        {"\"results\":{\"video_url\":\"//h/1\"}", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_task_answer task;
        assert_true(parse_output(&task, rows[i].members));
        if (strcmp(task.video_url, rows[i].url) != 0)
            fail_msg("%s: '%s'", rows[i].members, task.video_url);
    }
}

/* Half a signed URL is none. */
static void takes_long_urls_whole_or_not(void **state)
{
    (void)state;
    static const struct {
        size_t len;
        bool taken;
    } rows[] = {{4095, true}, {4096, false}, {8000, false}};
    for (size_t i = 0; i < 3; i++) {
        char url[8192] = "https://h/", members[8300];
        memset(url + 10, 'a', rows[i].len - 10);
        url[rows[i].len] = '\0';
        assert_true(wp_text_format(members, sizeof members, "\"video_url\":\"%s\"", url));
        struct wp_task_answer task;
        assert_true(parse_output(&task, members));
        assert_string_equal(task.video_url, rows[i].taken ? url : "");
    }
}

static void reads_times_of_the_services_zone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"2025-09-18 19:32:00.105", 1758195120105}, /* date -d '2025-09-18T19:32:00.105+08:00' +%s%3N */
        {"2025-09-18 19:32:00", 1758195120000},
        {"2025-09-18T19:32:00.105", 1758195120105},
        {"2025-09-18 19:32:00.1", 1758195120100},
        {"2025-09-18 19:32:00.1059999", 1758195120105},
        {"2024-02-29 08:00:00", 1709164800000},
        {"2025-01-01 00:00:00.000", 1735660800000}, /* the year before, in Greenwich */
        {"2025-02-29 08:00:00", 0},
        {"2025-04-31 08:00:00", 0},
        {"2025-13-01 08:00:00", 0},
        {"2025-00-01 08:00:00", 0},
        {"2025-01-00 08:00:00", 0},
        {"2025-09-18 24:00:00", 0},
        {"2025-09-18 19:60:00", 0},
        {"2025-09-18 19:32:60", 0},
        {"1970-01-01 00:00:00", 0},
        {"2025-09-18 19:32:00.", 1758195120000},
        {"2025-09-18 19:32:00Z", 0}, /* a zone would be another one than ours */
        {"2025-09-18 19:32:00+08:00", 0},
        {"2025-09-18 19:32:00.1a", 0},
        {"2025-9-18 19:32:00", 0},
        {"2025-09-18", 0},
        {"2025-09-18 19:32", 0},
        {" 2025-09-18 19:32:00", 0},
        {"20250918193200", 0},
        {"-025-09-18 19:32:00", 0},
        {"1758195120105", 0},
        {"", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (wp_service_time_ms(rows[i].text) != rows[i].ms)
            fail_msg("'%s': %lld", rows[i].text, (long long)wp_service_time_ms(rows[i].text));
    }
}

static void reads_usage(void **state)
{
    (void)state;
    static const struct {
        const char *usage;
        bool known;
        double seconds;
    } rows[] = {
        {"{\"video_duration\":5}", true, 5},
        {"{\"video_duration\":5.2}", true, 5.2},
        {"{\"video_duration\":0}", true, 0},
        {"{\"video_duration\":-1}", false, 0},
        {"{\"video_duration\":\"5\"}", false, 0},
        {"{\"video_duration\":1e999}", false, 0},
        {"{\"video_duration\":null}", false, 0},
        {"{}", false, 0},
        {"null", false, 0},
        {"[]", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char body[256];
        struct wp_task_answer task;
        assert_true(wp_text_format(body, sizeof body,
                                   "{\"output\":{\"task_id\":\"t\",\"task_status\":\"X\"},\"usage\":%s}",
                                   rows[i].usage));
        assert_true(parse_task(&task, body));
        assert_int_equal(task.has_billed_seconds, rows[i].known);
        if (rows[i].known)
            assert_true(task.billed_seconds == rows[i].seconds);
    }
}

static void refuses_what_is_no_task(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{}",
        "[]",
        "null",
        "<html>",
        "{\"output\":{}}",
        "{\"output\":null}",
        "{\"output\":[]}",
        "{\"task_id\":\"t\",\"task_status\":\"PENDING\"}",
        "{\"output\":{\"task_id\":\"t\"}}",
        "{\"output\":{\"task_status\":\"PENDING\"}}",
        "{\"output\":{\"task_id\":7,\"task_status\":\"PENDING\"}}",
        "{\"output\":{\"task_id\":\"t\",\"task_status\":7}}",
        "{\"output\":{\"task_id\":\"\",\"task_status\":\"PENDING\"}}",
        "{\"output\":{\"task_id\":\"../x\",\"task_status\":\"PENDING\"}}",
        "{\"output\":{\"task_id\":\"a/b\",\"task_status\":\"PENDING\"}}",
        "{\"output\":{\"task_id\":\"..\",\"task_status\":\"PENDING\"}}",
        "{\"output\":{\"task_id\":\".x\",\"task_status\":\"PENDING\"}}",
        "{\"output\":{\"task_id\":\"a b\",\"task_status\":\"PENDING\"}}",
        "{\"output\":{\"task_id\":\"\\u00e4\",\"task_status\":\"PENDING\"}}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct wp_task_answer task;
        static const struct wp_task_answer none;
        memset(&task, 'x', sizeof task);
        if (parse_task(&task, bad[i]))
            fail_msg("taken: %s", bad[i]);
        assert_memory_equal(&task, &none, sizeof none);
    }
}

static void bounds_task_ids(void **state)
{
    (void)state;
    char id[129], body[512];
    struct wp_task_answer task;
    for (size_t len = 127; len <= 128; len++) {
        memset(id, 'a', len);
        id[len] = '\0';
        assert_true(wp_text_format(body, sizeof body,
                                   "{\"output\":{\"task_id\":\"%s\",\"task_status\":\"PENDING\"}}", id));
        assert_int_equal(parse_task(&task, body), len == 127);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_create),
        cmocka_unit_test(reads_a_query),
        cmocka_unit_test(reads_a_failure),
        cmocka_unit_test(knows_the_statuses),
        cmocka_unit_test(finds_the_video_in_every_shape),
        cmocka_unit_test(takes_long_urls_whole_or_not),
        cmocka_unit_test(reads_times_of_the_services_zone),
        cmocka_unit_test(reads_usage),
        cmocka_unit_test(refuses_what_is_no_task),
        cmocka_unit_test(bounds_task_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
