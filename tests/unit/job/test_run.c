/* Whole jobs against a service in memory: what is sent, what is kept, what is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/job/bench.h"

#include "base/banned.h"

static void assert_done(void)
{
    if (bench.result.state != WP_JOB_DONE)
        fail_msg("%s: %s", wp_job_state_name(bench.result.state), bench.error.message);
    assert_true(bench_video_is_whole());
    assert_int_equal(bench_count("videos", ""), 3); /* the video, "." and ".." */
}

static void test_from_files_to_the_video(void **state)
{
    (void)state;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_string_equal(bench.result.task_id, "task-1");
    assert_string_equal(bench.result.request_id, "request-task-1");
    assert_true(bench.result.has_billed_seconds);
    assert_int_equal(bench.tasks_told, 1);
    assert_int_equal(bench.joins_told, 0);
    assert_int_equal(fake->calls[FAKE_UPLOAD], 2);
    assert_int_equal(fake->calls[FAKE_POLICY], 1);
    assert_int_equal(fake->calls[FAKE_CREATE], 1);
    assert_int_equal(fake->calls[FAKE_LIST], 0);
    assert_non_null(strstr(fake->last_create, ".jpg\"")); /* the extension, in lower case */
    assert_non_null(strstr(fake->last_create, ".mp4\""));
    assert_non_null(strstr(fake->last_create, "\"oss://dir/"));
    assert_int_equal(bench_count("tasks", ".json"), 1);
    assert_int_equal(bench_count("tasks", ".log.jsonl"), 1);
}

static void test_urls_are_passed_on(void **state)
{
    (void)state;
    bench.request.image = "https://example.com/a.png?x=%2B";
    bench.request.video = "oss://bucket/b.mp4";
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_int_equal(fake->calls[FAKE_POLICY] + fake->calls[FAKE_UPLOAD], 0);
    assert_non_null(strstr(fake->last_create, "\"https://example.com/a.png?x=%2B\""));
    assert_non_null(strstr(fake->last_create, "\"oss://bucket/b.mp4\""));
}

static void test_no_secret_is_kept(void **state)
{
    (void)state;
    fake->script[FAKE_CREATE][0] = HTTP_503;
    fake->script[FAKE_DOWNLOAD][0] = CUT;
    assert_int_equal(bench_run(), WP_OK);
    assert_false(bench_contains("", FAKE_KEY));
    assert_false(bench_contains("tasks", "Signature=1"));
    assert_false(bench_contains("tasks", "cG9saWN5"));
    assert_false(bench_contains("tasks", "c2ln"));
    assert_true(bench_contains("tasks", "Expires=1")); /* the URL is there, without what signs it */
}

static void test_a_done_pair_asks_nothing(void **state)
{
    (void)state;
    assert_int_equal(bench_run(), WP_OK);
    memset(fake->calls, 0, sizeof fake->calls);
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_true(bench.result.joined);
    assert_int_equal(bench.joins_told, 1);
    for (int call = 0; call < FAKE_CALLS; call++)
        assert_int_equal(fake->calls[call], 0);
}

static void test_force_and_other_parameters_make_new_tasks(void **state)
{
    (void)state;
    assert_int_equal(bench_run(), WP_OK);
    bench.options.force = true;
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(fake->made, 2);
    bench.options.force = false;
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(fake->made, 2);
    bench.request.watermark = true;
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(fake->made, 3);
}

static void test_a_moved_file_is_the_same_input(void **state)
{
    (void)state;
    char moved[128];
    assert_int_equal(bench_run(), WP_OK);
    (void)wp_text_format(moved, sizeof moved, "%s/other.mp4", bench.folder);
    assert_int_equal(rename(bench.video, moved), 0);
    bench.request.video = moved;
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(fake->made, 1);
}

static void test_a_video_that_is_gone_is_fetched_again(void **state)
{
    (void)state;
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(unlink(bench.result.video_path), 0);
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_int_equal(fake->made, 1);
    assert_int_equal(fake->calls[FAKE_DOWNLOAD], 2);
}

static void test_a_refused_create_is_final_and_not_joined(void **state)
{
    (void)state;
    fake->script[FAKE_CREATE][0] = HTTP_400;
    assert_int_equal(bench_run(), WP_REFUSED);
    assert_int_equal(bench.result.state, WP_JOB_REJECTED);
    assert_string_equal(bench.result.code, "InvalidParameter");
    assert_non_null(strstr(bench.error.message, "InvalidParameter"));
    assert_int_equal(fake->calls[FAKE_CREATE], 1);
    assert_int_equal(bench_run(), WP_OK);
    assert_false(bench.result.joined);
}

static void test_throttles_and_dead_lines_are_waited_out(void **state)
{
    (void)state;
    static const enum fake_act acts[] = {HTTP_429, HTTP_503, NO_CONNECTION};
    memcpy(fake->script[FAKE_CREATE], acts, sizeof acts);
    memcpy(fake->script[FAKE_POLICY], acts, sizeof acts);
    memcpy(fake->script[FAKE_UPLOAD], acts, sizeof acts);
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_int_equal(fake->made, 1);
    assert_int_equal(fake->calls[FAKE_LIST], 0);
    assert_int_equal(bench.retries_told, 9);
    static const enum fake_call calls[] = {FAKE_CREATE, FAKE_POLICY, FAKE_UPLOAD};
    for (size_t i = 0; i < 3; i++) {
        const int64_t *called = fake->called_ms[calls[i]];
        assert_true(called[1] - called[0] >= 3000); /* Retry-After */
        assert_true(called[2] > called[1] && called[3] > called[2]);
    }
}

static void test_a_dead_line_gives_up_and_can_go_on(void **state)
{
    (void)state;
    for (int i = 0; i < FAKE_SCRIPT; i++)
        fake->script[FAKE_POLICY][i] = NO_CONNECTION;
    assert_int_equal(bench_run(), WP_NETWORK);
    assert_int_equal(bench.result.state, WP_JOB_UPLOADING);
    memset(fake->script, 0, sizeof fake->script);
    assert_int_equal(bench_run(), WP_OK);
    assert_true(bench.result.joined);
}

static void test_an_expired_policy_is_replaced(void **state)
{
    (void)state;
    fake->script[FAKE_UPLOAD][0] = HTTP_403;
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(fake->calls[FAKE_POLICY], 2);
    assert_int_equal(fake->calls[FAKE_UPLOAD], 3);
}

static void test_a_host_that_always_refuses(void **state)
{
    (void)state;
    for (int i = 0; i < FAKE_SCRIPT; i++)
        fake->script[FAKE_UPLOAD][i] = HTTP_403;
    assert_int_equal(bench_run(), WP_REFUSED);
    assert_int_equal(fake->calls[FAKE_POLICY], 3);
    assert_int_equal(fake->calls[FAKE_CREATE], 0);
}

static void test_old_uploads_are_made_again(void **state)
{
    (void)state;
    for (int i = 0; i < FAKE_SCRIPT; i++)
        fake->script[FAKE_CREATE][i] = HTTP_503;
    bench.interrupt_at = fake->now_ms + 3000;
    assert_int_equal(bench_run(), WP_INTERRUPTED);
    memset(fake->script, 0, sizeof fake->script);
    bench.interrupt_at = 0;
    fake->now_ms += (int64_t)47 * 3600 * 1000 - 10000;
    fake->script[FAKE_CREATE][fake->calls[FAKE_CREATE]] = HTTP_400;
    assert_int_equal(bench_run(), WP_REFUSED);
    assert_int_equal(fake->calls[FAKE_UPLOAD], 2); /* they were still good */
}

static void test_uploads_over_47_hours_are_made_again(void **state)
{
    (void)state;
    for (int i = 0; i < FAKE_SCRIPT; i++)
        fake->script[FAKE_CREATE][i] = HTTP_503;
    bench.interrupt_at = fake->now_ms + 3000;
    assert_int_equal(bench_run(), WP_INTERRUPTED);
    memset(fake->script, 0, sizeof fake->script);
    bench.interrupt_at = 0;
    fake->now_ms += (int64_t)47 * 3600 * 1000;
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(fake->calls[FAKE_UPLOAD], 4);
    assert_int_equal(fake->made, 1);
}

static void test_a_file_over_the_limit_is_not_sent(void **state)
{
    (void)state;
    assert_int_equal(truncate(bench.video, 1024 * 1024), 0);
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(truncate(bench.video, 1024 * 1024 + 1), 0);
    assert_int_equal(bench_run(), WP_INPUT);
    assert_int_equal(fake->made, 1);
    assert_int_equal(fake->calls[FAKE_UPLOAD], 3); /* of the second pair the image alone */
}

static const char *new_content;

static void change_image(enum fake_call call, unsigned number)
{
    if (call == FAKE_UPLOAD && number == 0)
        bench_write(bench.image, new_content);
}

static void test_a_file_that_changes_is_not_submitted(void **state)
{
    (void)state;
    static const char *const contents[] = {"the bytes of an IMAGE", "the bytes",
                                           "the bytes of an image and more"};
    for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
        bench_anew();
        bench_write(bench.image, "the bytes of an image");
        new_content = contents[i];
        fake->before = change_image;
        assert_int_equal(bench_run(), WP_INPUT);
        assert_non_null(strstr(bench.error.message, "changed"));
        assert_int_equal(fake->calls[FAKE_CREATE], 0);
    }
}

static void test_inputs_that_cannot_be_read(void **state)
{
    (void)state;
    bench.request.image = "/nonexistent.jpg";
    assert_int_equal(bench_run(), WP_INPUT);
    bench.request.image = bench.folder;
    assert_int_equal(bench_run(), WP_INPUT);
    bench_write(bench.image, "");
    bench.request.image = bench.image;
    assert_int_equal(bench_run(), WP_INPUT);
    for (int call = 0; call < FAKE_CALLS; call++)
        assert_int_equal(fake->calls[call], 0);
}

static void test_an_output_folder_that_cannot_be_made(void **state)
{
    (void)state;
    bench.options.output_dir = bench.image; /* a file */
    assert_int_equal(bench_run(), WP_OUTPUT);
    assert_int_equal(fake->calls[FAKE_POLICY], 0);
}

static void test_files_and_folders_are_private(void **state)
{
    (void)state;
    mode_t before = umask(0);
    assert_int_equal(bench_run(), WP_OK);
    (void)umask(before);
    struct stat info;
    assert_int_equal(stat(bench.result.video_path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat(bench.result.log_path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat(bench.result.answer_path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(stat(bench.out, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_from_files_to_the_video),
        TEST(test_urls_are_passed_on),
        TEST(test_no_secret_is_kept),
        TEST(test_a_done_pair_asks_nothing),
        TEST(test_force_and_other_parameters_make_new_tasks),
        TEST(test_a_moved_file_is_the_same_input),
        TEST(test_a_video_that_is_gone_is_fetched_again),
        TEST(test_a_refused_create_is_final_and_not_joined),
        TEST(test_throttles_and_dead_lines_are_waited_out),
        TEST(test_a_dead_line_gives_up_and_can_go_on),
        TEST(test_an_expired_policy_is_replaced),
        TEST(test_a_host_that_always_refuses),
        TEST(test_old_uploads_are_made_again),
        TEST(test_uploads_over_47_hours_are_made_again),
        TEST(test_a_file_over_the_limit_is_not_sent),
        TEST(test_a_file_that_changes_is_not_submitted),
        TEST(test_inputs_that_cannot_be_read),
        TEST(test_an_output_folder_that_cannot_be_made),
        TEST(test_files_and_folders_are_private),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
