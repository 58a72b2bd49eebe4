#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "wanprep/report.h"

#include "base/banned.h"

static void assert_document(const struct wp_run_report *run, const char *expected)
{
    char *text = NULL;
    size_t length = 0;
    struct wp_error error = {0};
    assert_int_equal(wp_report_run(&text, &length, run, &error), WP_OK);
    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
    wp_free(text);
}

static void a_run_that_never_began(void **state)
{
    (void)state;
    assert_document(&(struct wp_run_report){.status = WP_NO_KEY, .message = "no \"key\""},
                    "{\n"
                    "  \"schema\": \"wanprep.run/1\",\n"
                    "  \"status\": \"NO_KEY\",\n"
                    "  \"exit_code\": 4,\n"
                    "  \"message\": \"no \\\"key\\\"\",\n"
                    "  \"dry_run\": false\n"
                    "}\n");
}

static void a_dry_run_holds_the_request(void **state)
{
    (void)state;
    const struct wp_cost cost = {"CNY", WP_MODE_PRO, 30, 18000};
    assert_document(
        &(struct wp_run_report){
            .dry_run = true, .request = "{\"method\":\"POST\"}", .cost = &cost, .cost_is_ceiling = true},
        "{\n"
        "  \"schema\": \"wanprep.run/1\",\n"
        "  \"status\": \"OK\",\n"
        "  \"exit_code\": 0,\n"
        "  \"dry_run\": true,\n"
        "  \"request\": {\n"
        "    \"method\": \"POST\"\n"
        "  },\n"
        "  \"cost\": {\n"
        "    \"currency\": \"CNY\",\n"
        "    \"mode\": \"wan-pro\",\n"
        "    \"seconds\": 30,\n"
        "    \"amount\": 18,\n"
        "    \"at_most\": true\n"
        "  }\n"
        "}\n");
}

static void a_job_tells_what_is_known_and_nothing_else(void **state)
{
    (void)state;
    struct wp_job_result result = {.state = WP_JOB_DONE, .joined = true};
    const struct wp_cost billed = {"USD", WP_MODE_STD, 5.2, 624};
    (void)wp_text_copy(result.task_id, sizeof result.task_id, "t-1");
    (void)wp_text_copy(result.video_path, sizeof result.video_path, "out/t-1.mp4");
    (void)wp_text_copy(result.log_path, sizeof result.log_path, "out/t-1.log.jsonl");
    assert_document(
        &(struct wp_run_report){.result = &result, .billed = &billed, .message = "not told when all is well"},
        "{\n"
        "  \"schema\": \"wanprep.run/1\",\n"
        "  \"status\": \"OK\",\n"
        "  \"exit_code\": 0,\n"
        "  \"dry_run\": false,\n"
        "  \"billed\": {\n"
        "    \"currency\": \"USD\",\n"
        "    \"mode\": \"wan-std\",\n"
        "    \"seconds\": 5.2,\n"
        "    \"amount\": 0.624\n"
        "  },\n"
        "  \"state\": \"done\",\n"
        "  \"joined\": true,\n"
        "  \"task_id\": \"t-1\",\n"
        "  \"video\": \"out/t-1.mp4\",\n"
        "  \"evidence\": {\n"
        "    \"log\": \"out/t-1.log.jsonl\"\n"
        "  }\n"
        "}\n");
}

static void a_request_that_is_no_document_is_an_internal_error(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    struct wp_error error = {0};
    const struct wp_run_report run = {.request = "POST /"};
    assert_int_equal(wp_report_run(&text, &length, &run, &error), WP_INTERNAL);
    assert_null(text);
    assert_int_equal(error.status, WP_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_that_never_began),
        cmocka_unit_test(a_dry_run_holds_the_request),
        cmocka_unit_test(a_job_tells_what_is_known_and_nothing_else),
        cmocka_unit_test(a_request_that_is_no_document_is_an_internal_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
