/* Upload policies and task lists; and damaged answers of every kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/text.h"
#include "dashscope/answer.h"
#include "unit/dashscope/samples.h"

#include "base/banned.h"

static void reads_a_policy(void **state)
{
    (void)state;
    struct wp_upload_policy policy;
    assert_true(wp_upload_policy_parse(&policy, POLICY_ANSWER, strlen(POLICY_ANSWER)));
    assert_string_equal(policy.policy, "eyJleHA=");
    assert_string_equal(policy.signature, "g5K/d=");
    assert_string_equal(policy.upload_dir, "dashscope-instant/abc/2025-09-18");
    assert_string_equal(policy.upload_host, "https://dashscope-file.oss-cn-beijing.aliyuncs.com");
    assert_string_equal(policy.oss_access_key_id, "LTAI5");
    assert_string_equal(policy.x_oss_object_acl, "private");
    assert_string_equal(policy.x_oss_forbid_overwrite, "true");
    assert_int_equal(policy.expire_in_seconds, 300);
    assert_int_equal(policy.max_file_size_mb, 1024);
}

#define NEEDED "\"policy\":\"p\",\"signature\":\"s\",\"upload_dir\":\"d\",\"oss_access_key_id\":\"i\""

static void reads_policies_of_other_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        bool taken;
        const char *forbid;
    } rows[] = {
        {"{\"output\":{" NEEDED ",\"upload_host\":\"http://127.0.0.1:80\",\"x_oss_forbid_overwrite\":true}}",
         true, "true"},
        {"{\"data\":{" NEEDED ",\"upload_host\":\"https://h\",\"x_oss_forbid_overwrite\":false}}", true,
         "false"},
        {"{\"data\":{},\"output\":{" NEEDED ",\"upload_host\":\"https://h\"}}", true, ""},
        {"{\"data\":{" NEEDED "}}", false, ""},
        {"{\"data\":{" NEEDED ",\"upload_host\":\"ftp://h\"}}", false, ""},
        {"{\"data\":{" NEEDED ",\"upload_host\":\"h\"}}", false, ""},
        {"{\"data\":{\"policy\":7,\"signature\":\"s\",\"upload_dir\":\"d\",\"oss_access_key_id\":\"i\","
         "\"upload_host\":\"https://h\"}}",
         false, ""},
        {"{\"data\":{\"policy\":\"p\",\"signature\":\"s\",\"upload_dir\":\"d\\r\\n\",\"oss_access_key_id\":"
         "\"i\",\"upload_host\":\"https://h\"}}",
         false, ""},
        {"{\"data\":[]}", false, ""},
        {"{}", false, ""},
        {"", false, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_upload_policy policy;
        if (wp_upload_policy_parse(&policy, rows[i].body, strlen(rows[i].body)) != rows[i].taken)
            fail_msg("%s", rows[i].body);
        assert_string_equal(policy.x_oss_forbid_overwrite, rows[i].forbid);
        if (rows[i].taken)
            assert_true(policy.expire_in_seconds == -1 && policy.max_file_size_mb == -1);
    }
}

static struct wp_task_list list; /* 50 kB: too much for some stacks */

static void reads_a_list(void **state)
{
    (void)state;
    assert_true(wp_task_list_parse(&list, LIST_ANSWER, strlen(LIST_ANSWER)));
    assert_int_equal(list.count, 2);
    assert_int_equal(list.total, 2);
    assert_int_equal(list.total_page, 1);
    assert_int_equal(list.page_no, 1);
    assert_string_equal(list.rows[0].task_id, "t-1");
    assert_int_equal(list.rows[0].status, WP_TASK_STATUS_SUCCEEDED);
    assert_string_equal(list.rows[0].model, "wan2.2-animate-move");
    assert_string_equal(list.rows[0].request_id, "r-1");
    assert_int_equal(list.rows[0].created_ms, 1758195120105);
    assert_int_equal(list.rows[0].start_ms, 1758195135066);
    assert_int_equal(list.rows[0].end_ms, 1758195281898);
    assert_int_equal(list.rows[1].status, WP_TASK_STATUS_OTHER);
    assert_string_equal(list.rows[1].status_word, "SLEEPING");
    assert_int_equal(list.rows[1].created_ms, -1);
}

static void a_list_is_whole_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        bool taken;
    } rows[] = {
        {"{\"data\":[]}", true},
        {"{\"total\":0}", true},
        {"{\"total\":0,\"data\":null}", true},
        {"{}", false},
        {"{\"total\":1}", false},
        {"{\"data\":{}}", false},
        {"{\"data\":[{\"task_id\":\"a\"},{}]}", false},
        {"{\"data\":[{\"task_id\":\"a\"},null]}", false},
        {"{\"data\":[{\"task_id\":\"a\"},{\"task_id\":\"../b\"}]}", false},
        {"{\"data\":[{\"task_id\":\"a\"}", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (wp_task_list_parse(&list, rows[i].body, strlen(rows[i].body)) != rows[i].taken)
            fail_msg("%s", rows[i].body);
        assert_int_equal(list.count, 0);
    }
}

/* Reads a list of so many rows that ends with these members. */
static bool read_rows(size_t count, const char *ending)
{
    struct wp_buf body = wp_buf_new(1 << 16);
    (void)wp_buf_add_text(&body, "{\"data\":[");
    for (size_t i = 0; i < count; i++)
        (void)wp_buf_add_format(&body, "%s{\"task_id\":\"t%zu\"}", i ? "," : "", i);
    assert_true(wp_buf_add_format(&body, "]%s}", ending));
    bool taken = wp_task_list_parse(&list, body.data, body.len);
    wp_buf_free(&body);
    assert_int_equal(list.count, taken ? count : 0);
    return taken;
}

static void bounds_lists(void **state)
{
    (void)state;
    assert_true(read_rows(WP_LIST_PAGE, ",\"total_page\":1"));
    assert_false(read_rows(WP_LIST_PAGE + 1, ",\"total_page\":1"));
}

/* Who takes the first page for all would not see the task that is looked for. */
static void a_list_tells_how_long_it_is(void **state)
{
    (void)state;
    assert_true(read_rows(WP_LIST_PAGE, ",\"total\":100"));
    assert_int_equal(list.total_page, 1);
    assert_true(read_rows(WP_LIST_PAGE, ",\"total\":101"));
    assert_int_equal(list.total_page, 2);
    assert_true(read_rows(WP_LIST_PAGE, ",\"total\":101,\"total_page\":7"));
    assert_int_equal(list.total_page, 7);
    assert_true(read_rows(WP_LIST_PAGE - 1, ""));
    assert_false(read_rows(WP_LIST_PAGE, ""));
}

/* Whatever the bytes, what comes out holds to the bounds. */
static void parse_all(const char *body, size_t len)
{
    struct wp_task_answer task;
    struct wp_service_error error;
    struct wp_upload_policy policy;
    if (wp_task_answer_parse(&task, body, len))
        assert_true(task.task_id[0] && task.task_id[0] != '.' && !strchr(task.task_id, '/'));
    if (wp_upload_policy_parse(&policy, body, len))
        assert_true(policy.upload_host[0] && policy.policy[0]);
    if (wp_task_list_parse(&list, body, len))
        assert_true(list.count <= WP_LIST_PAGE);
    wp_service_error_parse(&error, body, len);
    assert_null(strpbrk(error.message, "\r\n\x1b"));
}

static void survives_damage(void **state)
{
    (void)state;
    static const char *const samples[] = {CREATE_ANSWER, QUERY_ANSWER, POLICY_ANSWER, LIST_ANSWER,
                                          "<Error><Code>A</Code><Message>m</Message></Error>"};
    static const char bytes[] = "\0\x01\x1b\x7f\x80\xff\"\\{}[],:/.0ue";
    for (size_t s = 0; s < sizeof samples / sizeof samples[0]; s++) {
        size_t len = strlen(samples[s]);
        char text[2048];
        assert_true(len < sizeof text);
        for (size_t i = 0; i < len; i++) {
            parse_all(samples[s], i);
            for (size_t b = 0; b < sizeof bytes - 1; b++) {
                memcpy(text, samples[s], len);
                text[i] = bytes[b];
                parse_all(text, len);
            }
        }
    }
}

static size_t allocations_left;

static void *failing_malloc(size_t size)
{
    if (allocations_left == 0)
        return NULL;
    allocations_left--;
    return malloc(size);
}

/* Where memory is out there is no answer, never a part of one. */
static void survives_want_of_memory(void **state)
{
    (void)state;
    static const struct wp_alloc_hooks hooks = {failing_malloc, realloc, free};
    wp_alloc_set_hooks(&hooks);
    bool whole = false;
    for (size_t n = 0; !whole; n++) {
        assert_true(n < 1000);
        allocations_left = n;
        whole = wp_task_list_parse(&list, LIST_ANSWER, strlen(LIST_ANSWER));
        assert_int_equal(list.count, whole ? 2 : 0);
    }
    wp_alloc_set_hooks(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_policy),  cmocka_unit_test(reads_policies_of_other_shapes),
        cmocka_unit_test(reads_a_list),    cmocka_unit_test(a_list_is_whole_or_none),
        cmocka_unit_test(bounds_lists),    cmocka_unit_test(a_list_tells_how_long_it_is),
        cmocka_unit_test(survives_damage), cmocka_unit_test(survives_want_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
