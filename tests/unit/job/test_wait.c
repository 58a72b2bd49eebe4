/* Waiting for a task, and fetching its result. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/resource.h>

#include "net/range.h"
#include "unit/job/bench.h"

#include "base/banned.h"

static void assert_done(void)
{
    if (bench.result.state != WP_JOB_DONE)
        fail_msg("%s: %s", wp_job_state_name(bench.result.state), bench.error.message);
    assert_true(bench_video_is_whole());
    assert_int_equal(bench_count("videos", ".part"), 0);
    assert_int_equal(fake->made, 1);
}

static void test_hours_of_waiting(void **state)
{
    (void)state;
    fake->running_ms = (int64_t)5 * 3600 * 1000;
    int64_t before = fake->now_ms;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    int64_t waited = fake->now_ms - before;
    assert_true(waited >= fake->running_ms && waited < fake->running_ms + 20000);
    assert_true(fake->calls[FAKE_QUERY] < 5 * 3600 / 10);
}

/* A question takes its time, and the next one comes no later for that. */
static void test_an_interval_is_from_question_to_question(void **state)
{
    (void)state;
    fake->running_ms = 23000;
    bench.options.poll_interval_ms = 5000;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_int_equal(fake->calls[FAKE_QUERY], 5);
    for (int i = 1; i < 5; i++)
        assert_int_equal(fake->called_ms[FAKE_QUERY][i] - fake->called_ms[FAKE_QUERY][i - 1], 5000);
}

static void test_a_timeout_leaves_the_task(void **state)
{
    (void)state;
    fake->running_ms = 100000;
    bench.options.timeout_ms = 50000;
    int64_t before = fake->now_ms;
    assert_int_equal(bench_run(), WP_TIMEOUT);
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTED);
    assert_string_equal(bench.result.task_id, "task-1");
    assert_true(fake->now_ms - before >= 50000 && fake->now_ms - before < 52000);
    bench.options.timeout_ms = 60000;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_true(bench.result.joined);
}

static void test_an_interruption_leaves_the_task(void **state)
{
    (void)state;
    bench.interrupt_at = fake->now_ms + 10000;
    assert_int_equal(bench_run(), WP_INTERRUPTED);
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTED);
    assert_true(fake->now_ms < bench.interrupt_at + 500); /* it is seen within a slice of the sleep */
    bench.interrupt_at = 0;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
}

static void test_queries_that_fail_are_asked_again(void **state)
{
    (void)state;
    static const enum fake_act acts[] = {HTTP_500,    HTTP_503, NO_CONNECTION, LOST_AFTER,
                                         LOST_BEFORE, GARBAGE,  HTTP_429,      HTTP_500};
    memcpy(fake->script[FAKE_QUERY], acts, sizeof acts);
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_int_equal(fake->calls[FAKE_CREATE], 1);
}

static void test_a_query_that_is_refused(void **state)
{
    (void)state;
    fake->script[FAKE_QUERY][0] = HTTP_400;
    assert_int_equal(bench_run(), WP_REFUSED);
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTED); /* the task goes on */
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
}

static void test_a_failed_task(void **state)
{
    (void)state;
    fake->outcome = "FAILED";
    assert_int_equal(bench_run(), WP_TASK_FAILED);
    assert_int_equal(bench.result.state, WP_JOB_FAILED);
    assert_string_equal(bench.result.code, "InvalidVideo.NoHuman");
    assert_string_equal(bench.result.message, "nobody there");
    assert_true(bench.result.answer_path[0] != '\0');
    fake->outcome = "SUCCEEDED";
    assert_int_equal(bench_run(), WP_OK); /* a failed task is not billed: the same pair is a new one */
    assert_false(bench.result.joined);
    assert_int_equal(fake->made, 2);
}

static void test_a_cancelled_task(void **state)
{
    (void)state;
    fake->outcome = "CANCELED";
    assert_int_equal(bench_run(), WP_TASK_CANCELED);
    assert_int_equal(bench.result.state, WP_JOB_CANCELED);
}

static void test_words_that_are_no_end(void **state)
{
    (void)state;
    fake->outcome = "DREAMING";
    bench.options.timeout_ms = 600000;
    assert_int_equal(bench_run(), WP_TIMEOUT);
    fake->outcome = "SUCCEEDED";
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
}

static void test_unknown_is_the_end_at_the_third_time(void **state)
{
    (void)state;
    fake->unknown = 2;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    bench_anew();
    fake->unknown = 3;
    assert_int_equal(bench_run(), WP_TASK_EXPIRED);
    assert_int_equal(bench.result.state, WP_JOB_EXPIRED);
    assert_int_equal(fake->calls[FAKE_QUERY], 3);
}

static void test_success_without_a_url(void **state)
{
    (void)state;
    fake->without_url = 5;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    bench_anew();
    fake->without_url = 6;
    assert_int_equal(bench_run(), WP_BAD_RESULT);
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTED);
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
}

static void test_a_cut_download_is_continued(void **state)
{
    (void)state;
    fake->script[FAKE_DOWNLOAD][0] = CUT;
    fake->script[FAKE_DOWNLOAD][1] = CUT;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_int_equal(fake->served, FAKE_RESULT_BYTES);
}

static void test_a_line_that_breaks_again_and_again_but_gets_on(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        fake->script[FAKE_DOWNLOAD][i] = CUT;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    bench_anew();
    for (int i = 0; i < FAKE_SCRIPT; i++)
        fake->script[FAKE_DOWNLOAD][i] = LOST_BEFORE;
    assert_int_equal(bench_run(), WP_NETWORK); /* and one that does not, is given up */
    assert_int_equal(fake->calls[FAKE_DOWNLOAD], 6);
}

static void test_a_result_that_changed_is_begun_anew(void **state)
{
    (void)state;
    fake->script[FAKE_DOWNLOAD][0] = CUT;
    fake->script[FAKE_DOWNLOAD][1] = HTTP_400; /* the first run ends here */
    assert_int_equal(bench_run(), WP_REFUSED);
    assert_int_equal(bench.result.state, WP_JOB_DOWNLOADING);
    (void)wp_text_copy(fake->etag, sizeof fake->etag, "\"v2\"");
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_int_equal(fake->served, 100000 + FAKE_RESULT_BYTES);
}

static void test_hosts_without_ranges_or_etags(void **state)
{
    (void)state;
    fake->script[FAKE_DOWNLOAD][0] = CUT;
    fake->no_ranges = true;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    static const char *const weak[] = {"", "W/\"v1\"", "v1"};
    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++) {
        bench_anew();
        fake->script[FAKE_DOWNLOAD][0] = CUT;
        (void)wp_text_copy(fake->etag, sizeof fake->etag, weak[i]);
        assert_int_equal(bench_run(), WP_OK);
        assert_done();
        assert_int_equal(fake->served, 100000 + FAKE_RESULT_BYTES);
    }
}

static void test_a_part_without_its_etag_counts_nothing(void **state)
{
    (void)state;
    char part[256];
    fake->script[FAKE_DOWNLOAD][0] = HTTP_400;
    assert_int_equal(bench_run(), WP_REFUSED);
    (void)wp_text_format(part, sizeof part, "%s/aliyun-wan-animate-move/videos/task-1.mp4.part", bench.out);
    bench_write(part, "bytes of somebody else");
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
}

static void test_an_expired_url_is_asked_anew(void **state)
{
    (void)state;
    fake->good_signature = 2;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_non_null(strstr(fake->last_url, "?Expires=1&Signature=2")); /* byte for byte */
    bench_anew();
    fake->good_signature = 1000;
    assert_int_equal(bench_run(), WP_NETWORK);
    assert_int_equal(fake->calls[FAKE_DOWNLOAD], 3);
    fake->good_signature = 0;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
}

/* No file may grow over 250,000 bytes: to a writer that is as a disk that is full. */
static void test_a_disk_that_is_full(void **state)
{
    (void)state;
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){250000, before.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum wp_status status = bench_run();
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, handler);
    assert_int_equal(status, WP_OUTPUT);
    assert_int_equal(bench.result.state, WP_JOB_DOWNLOADING);
    assert_non_null(strstr(bench.error.message, ".part"));
    uint64_t served = fake->served;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_true(fake->served - served <= FAKE_RESULT_BYTES - 200000); /* it went on from there */
}

static enum wp_status refuse(void *user, const char *path, struct wp_result_facts *facts,
                             struct wp_error *error)
{
    (void)facts;
    assert_true(wp_text_ends(path, ".part"));
    ++*(int *)user;
    return wp_fail(error, WP_BAD_RESULT, "test", "no video at all");
}

static void test_a_bad_result_never_gets_the_name(void **state)
{
    (void)state;
    int asked = 0;
    bench.options.verify = refuse;
    bench.options.verify_user = &asked;
    assert_int_equal(bench_run(), WP_BAD_RESULT);
    assert_int_equal(asked, 2); /* damage on the way would not come twice */
    assert_non_null(strstr(bench.error.message, "no video at all"));
    assert_string_equal(bench.result.video_path, "");
    assert_int_equal(bench_count("videos", ".mp4"), 0);
    assert_int_equal(bench_count("videos", ".part"), 0);
    assert_int_equal(bench_count("videos", ".bad"), 1);
    bench.options.verify = NULL;
    assert_int_equal(bench_run(), WP_OK);
    assert_done();
    assert_int_equal(bench_count("videos", ".bad"), 0);
}

static void test_content_ranges(void **state)
{
    (void)state;
    struct wp_range range;
    assert_true(wp_range_parse(&range, "bytes 0-99/1234"));
    assert_true(range.satisfied && range.first == 0 && range.last == 99 && range.has_total &&
                range.total == 1234);
    assert_true(wp_range_parse(&range, "bytes 99-99/100"));
    assert_true(wp_range_parse(&range, "bytes 5-9/*"));
    assert_true(range.satisfied && !range.has_total);
    assert_true(wp_range_parse(&range, "bytes */100"));
    assert_true(!range.satisfied && range.total == 100);
    static const char *const bad[] = {"",
                                      "bytes",
                                      "bytes ",
                                      "bytes 0-99",
                                      "bytes 0-100/100",
                                      "bytes 9-5/100",
                                      "bytes -5/100",
                                      "bytes 5-/100",
                                      "bytes */*",
                                      "bytes 0-1/99999999999999999999",
                                      "items 0-1/2",
                                      "bytes 0-1/2/3",
                                      "bytes +0-1/2"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(wp_range_parse(&range, bad[i]));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content_ranges),
        TEST(test_hours_of_waiting),
        TEST(test_an_interval_is_from_question_to_question),
        TEST(test_a_timeout_leaves_the_task),
        TEST(test_an_interruption_leaves_the_task),
        TEST(test_queries_that_fail_are_asked_again),
        TEST(test_a_query_that_is_refused),
        TEST(test_a_failed_task),
        TEST(test_a_cancelled_task),
        TEST(test_words_that_are_no_end),
        TEST(test_unknown_is_the_end_at_the_third_time),
        TEST(test_success_without_a_url),
        TEST(test_a_cut_download_is_continued),
        TEST(test_a_line_that_breaks_again_and_again_but_gets_on),
        TEST(test_a_result_that_changed_is_begun_anew),
        TEST(test_hosts_without_ranges_or_etags),
        TEST(test_a_part_without_its_etag_counts_nothing),
        TEST(test_an_expired_url_is_asked_anew),
        TEST(test_a_disk_that_is_full),
        TEST(test_a_bad_result_never_gets_the_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
