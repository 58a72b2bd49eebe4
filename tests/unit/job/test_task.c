/* Tasks by their id: of this folder, of elsewhere, and of nowhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "job/task.h"
#include "unit/job/bench.h"

#include "base/banned.h"

/* One command, as a process of its own would make it. */
static enum wp_status do_deed(enum wp_deed deed, const char *task_id)
{
    struct wp_client *client = NULL;
    struct wp_client_options options = {
        .api_key = FAKE_KEY, .base_url = FAKE_BASE, .interrupted = bench_interrupted};
    memset(&bench.error, 0, sizeof bench.error);
    assert_int_equal(wp_client_new(&client, &options, NULL), WP_OK);
    enum wp_status status =
        wp_task_do(&bench.result, client, task_id, &bench.options, deed, &fake_clock, &bench.error);
    wp_client_free(client);
    return status;
}

/* Submits the pair, and waits for nothing. */
static void submit(void)
{
    bench.options.goal = WP_GOAL_SUBMITTED;
    assert_int_equal(bench_run(), WP_OK);
    bench.options.goal = WP_GOAL_DONE;
}

static bool count_record(void *user, const struct wp_job_result *result)
{
    (void)result;
    ++*(unsigned *)user;
    return true;
}

static unsigned records(bool unfinished)
{
    unsigned count = 0;
    assert_int_equal(wp_tasks_local(bench.out, NULL, unfinished, count_record, &count, NULL), WP_OK);
    return count;
}

static void test_a_task_of_ours_is_waited_for_and_fetched(void **state)
{
    (void)state;
    submit();
    assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_OK);
    assert_int_equal(bench.result.state, WP_JOB_SUCCEEDED);
    assert_string_equal(bench.result.task_status, "SUCCEEDED");
    assert_true(bench.result.has_inputs);
    assert_int_equal(fake->calls[FAKE_DOWNLOAD], 0);
    assert_int_equal(do_deed(WP_DEED_DOWNLOAD, "task-1"), WP_OK);
    assert_int_equal(bench.result.state, WP_JOB_DONE);
    assert_true(bench_video_is_whole());
    unsigned queries = fake->calls[FAKE_QUERY];
    assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_OK); /* it is all here */
    assert_int_equal(do_deed(WP_DEED_DOWNLOAD, "task-1"), WP_OK);
    assert_int_equal(fake->calls[FAKE_QUERY], queries);
    assert_int_equal(fake->calls[FAKE_DOWNLOAD], 1);
    assert_int_equal(records(false), 1);
}

static void test_a_task_made_elsewhere_is_taken_in(void **state)
{
    (void)state;
    (void)fake_make_task(true);
    assert_int_equal(do_deed(WP_DEED_WAIT, "foreign-1"), WP_OK);
    assert_int_equal(bench.result.state, WP_JOB_SUCCEEDED);
    assert_false(bench.result.has_inputs);
    assert_int_equal(do_deed(WP_DEED_DOWNLOAD, "foreign-1"), WP_OK);
    assert_true(bench_video_is_whole());
    assert_true(wp_text_ends(bench.result.video_path, "/foreign-1.mp4"));
    assert_int_equal(records(false), 1);
    assert_int_equal(fake->made, 0);
}

static void test_what_nobody_knows_leaves_no_record(void **state)
{
    (void)state;
    static const enum wp_deed deeds[] = {WP_DEED_WAIT, WP_DEED_STATUS, WP_DEED_DOWNLOAD, WP_DEED_CANCEL};
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        fake->calls[FAKE_QUERY] = 0;
        assert_int_equal(do_deed(deeds[i], "no-such-task"), WP_TASK_EXPIRED);
        assert_string_equal(bench.result.job_id, "");
        assert_string_equal(bench.result.task_id, "no-such-task");
        assert_int_equal(fake->calls[FAKE_QUERY], deeds[i] == WP_DEED_STATUS ? 1 : 3);
    }
    assert_int_equal(fake->calls[FAKE_CANCEL], 0);
    assert_int_equal(records(false), 0);
    assert_int_equal(bench_count("tasks", ".json") + bench_count("tasks", ".jsonl"), 0);
}

static void test_a_task_that_is_not_known_everywhere_yet(void **state)
{
    (void)state;
    (void)fake_make_task(true);
    fake->unknown = 2;
    assert_int_equal(do_deed(WP_DEED_WAIT, "foreign-1"), WP_OK);
}

static void test_what_is_no_id_is_not_asked_for(void **state)
{
    (void)state;
    char longest[129];
    memset(longest, 'a', sizeof longest);
    longest[128] = '\0';
    static const char *const bad[] = {"", ".", ".a", "a/b", "../x", "a b", "a\n", "\xc3\xa4", "a%2fb"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(do_deed(WP_DEED_STATUS, bad[i]), WP_USAGE);
    assert_int_equal(do_deed(WP_DEED_STATUS, NULL), WP_USAGE);
    assert_int_equal(do_deed(WP_DEED_STATUS, longest), WP_USAGE);
    assert_int_equal(fake->calls[FAKE_QUERY], 0);
    longest[127] = '\0';
    assert_int_equal(do_deed(WP_DEED_STATUS, longest), WP_TASK_EXPIRED);
}

static void test_status_asks_once_and_records(void **state)
{
    (void)state;
    submit();
    assert_int_equal(do_deed(WP_DEED_STATUS, "task-1"), WP_OK);
    assert_string_equal(bench.result.task_status, "PENDING");
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTED);
    fake->now_ms += fake->running_ms;
    assert_int_equal(do_deed(WP_DEED_STATUS, "task-1"), WP_OK);
    assert_string_equal(bench.result.task_status, "SUCCEEDED");
    assert_int_equal(bench.result.state, WP_JOB_SUCCEEDED);
    assert_int_equal(fake->calls[FAKE_QUERY], 2);
    assert_int_equal(bench_run(), WP_OK); /* and the run carries on from there */
    assert_int_equal(fake->calls[FAKE_QUERY], 2);
    assert_true(bench_video_is_whole());
}

static void test_status_of_a_failed_task_is_told_and_no_failure(void **state)
{
    (void)state;
    submit();
    fake->outcome = "FAILED";
    fake->now_ms += fake->running_ms;
    assert_int_equal(do_deed(WP_DEED_STATUS, "task-1"), WP_OK);
    assert_string_equal(bench.result.task_status, "FAILED");
    assert_int_equal(bench.result.state, WP_JOB_FAILED);
    assert_string_equal(bench.result.code, "InvalidVideo.NoHuman");
    assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_TASK_FAILED);
    assert_int_equal(do_deed(WP_DEED_DOWNLOAD, "task-1"), WP_TASK_FAILED);
    assert_non_null(strstr(bench.error.message, "InvalidVideo.NoHuman"));
}

static void test_one_unknown_is_told_and_does_not_end_the_job(void **state)
{
    (void)state;
    submit();
    fake->unknown = 1;
    assert_int_equal(do_deed(WP_DEED_STATUS, "task-1"), WP_TASK_EXPIRED);
    assert_string_equal(bench.result.task_status, "UNKNOWN");
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTED);
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(fake->made, 1);
}

static void test_an_expired_result_keeps_the_evidence_of_its_success(void **state)
{
    (void)state;
    submit();
    assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_OK);
    fake->good_signature = 1000;
    fake->unknown = 1000;
    assert_int_equal(do_deed(WP_DEED_DOWNLOAD, "task-1"), WP_TASK_EXPIRED);
    assert_int_equal(bench.result.state, WP_JOB_EXPIRED);
    assert_true(bench.result.has_billed_seconds);
    assert_true(bench_contains("tasks/task-1.json", "SUCCEEDED"));
}

static void test_a_download_waits_for_nothing(void **state)
{
    (void)state;
    submit();
    int64_t before = fake->now_ms;
    assert_int_equal(do_deed(WP_DEED_DOWNLOAD, "task-1"), WP_TIMEOUT);
    assert_int_equal(fake->now_ms, before + 100); /* the query */
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTED);
    assert_non_null(strstr(bench.error.message, "PENDING"));
}

static void test_a_wait_can_time_out(void **state)
{
    (void)state;
    submit();
    bench.options.timeout_ms = 10000;
    int64_t before = fake->now_ms;
    assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_TIMEOUT);
    assert_true(fake->now_ms - before >= 10000 && fake->now_ms - before < 11000);
    assert_string_equal(bench.result.task_status, "PENDING");
}

static void test_a_pending_task_is_cancelled(void **state)
{
    (void)state;
    submit();
    assert_int_equal(do_deed(WP_DEED_CANCEL, "task-1"), WP_OK);
    assert_int_equal(bench.result.state, WP_JOB_CANCELED);
    assert_int_equal(do_deed(WP_DEED_CANCEL, "task-1"), WP_OK); /* it is */
    assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_TASK_CANCELED);
    fake->running_ms = 0;
    assert_int_equal(bench_run(), WP_OK); /* nothing was paid: the same pair is a new one */
    assert_int_equal(fake->made, 2);
}

static void test_a_cancel_of_which_the_answer_was_lost(void **state)
{
    (void)state;
    submit();
    fake->script[FAKE_CANCEL][0] = LOST_AFTER;
    assert_int_equal(do_deed(WP_DEED_CANCEL, "task-1"), WP_OK);
    assert_int_equal(fake->calls[FAKE_CANCEL], 2);
    assert_int_equal(bench.result.state, WP_JOB_CANCELED);
}

static void test_a_running_task_is_not_cancelled(void **state)
{
    (void)state;
    submit();
    fake->now_ms += fake->running_ms / 2;
    assert_int_equal(do_deed(WP_DEED_CANCEL, "task-1"), WP_REFUSED);
    assert_non_null(strstr(bench.error.message, "RUNNING"));
    assert_non_null(strstr(bench.error.message, "PENDING"));
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTED);
    fake->now_ms += fake->running_ms;
    assert_int_equal(do_deed(WP_DEED_CANCEL, "task-1"), WP_REFUSED);
    assert_int_equal(bench.result.state, WP_JOB_SUCCEEDED); /* seen on the way, and kept */
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(fake->made, 1);
}

static void test_a_refused_cancel_tells_why(void **state)
{
    (void)state;
    submit();
    fake->script[FAKE_CANCEL][0] = HTTP_403;
    assert_int_equal(do_deed(WP_DEED_CANCEL, "task-1"), WP_REFUSED);
    assert_non_null(strstr(bench.error.message, "AccessDenied"));
}

/* Whoever has the job is not waited for where nothing needs it. */
static void test_a_task_that_another_process_waits_for(void **state)
{
    (void)state;
    submit();
    struct wp_site site;
    struct wp_client *client = NULL;
    struct wp_job *other = NULL;
    struct wp_client_options options = {.api_key = FAKE_KEY, .base_url = FAKE_BASE};
    bool taken = false;
    assert_int_equal(wp_client_new(&client, &options, NULL), WP_OK);
    assert_int_equal(wp_site_open(&site, bench.out, NULL, NULL, &fake_clock, NULL), WP_OK);
    assert_int_equal(wp_job_new(&other, &site, client, &bench.options, NULL), WP_OK);
    assert_int_equal(wp_job_take(other, bench.result.job_id, &taken, NULL), WP_OK);
    assert_true(taken);

    int64_t before = fake->now_ms;
    assert_int_equal(do_deed(WP_DEED_STATUS, "task-1"), WP_OK);
    assert_string_equal(bench.result.task_status, "PENDING");
    assert_true(fake->now_ms - before < 1000);
    bench.options.timeout_ms = 5000;
    assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_TIMEOUT);
    assert_true(fake->now_ms - before >= 5000 && fake->now_ms - before < 7000);
    assert_string_equal(bench.result.task_id, "task-1");
    assert_int_equal(bench_run(), WP_TIMEOUT);
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTED);
    bench.options.timeout_ms = 0;
    assert_int_equal(do_deed(WP_DEED_CANCEL, "task-1"), WP_OK);
    assert_string_equal(bench.result.task_status, "CANCELED");
    assert_int_equal(wp_job_step(other, NULL), WP_TASK_CANCELED); /* and it sees */
    wp_job_free(other);
    assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_TASK_CANCELED);
    wp_client_free(client);
    wp_site_close(&site);
}

static void test_a_job_of_another_service_is_left_alone(void **state)
{
    (void)state;
    submit();
    struct wp_client *client = NULL;
    struct wp_client_options options = {.api_key = FAKE_KEY};
    fake->unknown = 1000;
    assert_int_equal(wp_client_new(&client, &options, NULL), WP_OK);
    assert_int_equal(
        wp_task_do(&bench.result, client, "task-1", &bench.options, WP_DEED_WAIT, &fake_clock, &bench.error),
        WP_NO_KEY);
    assert_non_null(strstr(bench.error.message, FAKE_BASE));
    assert_int_equal(fake->calls[FAKE_QUERY], 0);
    wp_client_free(client);
    fake->unknown = 0;
    assert_int_equal(bench_run(), WP_OK);
}

/* The create of a pair was lost, and its task is followed by hand: it is not for the pair to pay again. */
static void test_a_lost_create_that_is_followed_by_its_id(void **state)
{
    (void)state;
    static const enum fake_act acts[] = {HTTP_403, HTTP_403, HTTP_403};
    fake->script[FAKE_CREATE][0] = LOST_AFTER;
    memcpy(fake->script[FAKE_LIST], acts, sizeof acts);
    assert_int_equal(bench_run(), WP_UNCERTAIN);
    assert_int_equal(do_deed(WP_DEED_DOWNLOAD, "task-1"), WP_TIMEOUT);
    assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_OK);
    memset(fake->script, 0, sizeof fake->script);
    assert_int_equal(bench_run(), WP_UNCERTAIN);
    assert_int_equal(bench.result.state, WP_JOB_UNCERTAIN);
    (void)fake_make_task(true); /* nor does it take another for its own then */
    assert_int_equal(bench_run(), WP_UNCERTAIN);
    assert_int_equal(fake->calls[FAKE_CREATE], 1);
    assert_int_equal(do_deed(WP_DEED_DOWNLOAD, "task-1"), WP_OK);
    assert_true(bench_video_is_whole());
}

#define DAY_MS ((int64_t)24 * 3600 * 1000)

static void test_the_services_times_are_kept(void **state)
{
    (void)state;
    submit();
    int64_t made = fake->tasks[0].created_ms;
    fake->now_ms += fake->running_ms * 3 / 4;
    assert_int_equal(do_deed(WP_DEED_STATUS, "task-1"), WP_OK);
    assert_string_equal(bench.result.task_status, "RUNNING");
    assert_int_equal(bench.result.scheduled_ms, made);
    assert_int_equal(bench.result.ended_ms, 0);
    assert_int_equal(bench.result.expires_ms, 0);
    assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_OK);
    assert_int_equal(bench.result.ended_ms, made + fake->running_ms);
    assert_int_equal(bench.result.expires_ms, made + fake->running_ms + DAY_MS);
    assert_true(bench.result.submitted_ms > 0);
}

static void test_when_a_foreign_task_was_made_is_kept(void **state)
{
    (void)state;
    int64_t made = fake_make_task(true)->created_ms;
    fake->now_ms += 5000;
    assert_int_equal(do_deed(WP_DEED_STATUS, "foreign-1"), WP_OK);
    assert_int_equal(bench.result.submitted_ms, made);
}

/* A result does not live longer than a day from when it was seen, whatever the service's clock says. */
static void test_times_that_cannot_be(void **state)
{
    (void)state;
    static const struct {
        const char *ended;
        bool known;
    } rows[] = {{"2099-01-01 00:00:00", true}, {"yesterday", false}, {"", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bench_anew();
        submit();
        fake->end_time = rows[i].ended;
        assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_OK);
        if (rows[i].known)
            assert_true(bench.result.expires_ms > fake_wall(NULL) &&
                        bench.result.expires_ms <= fake_wall(NULL) + DAY_MS);
        else
            assert_int_equal(bench.result.expires_ms, 0);
    }
}

struct order {
    unsigned count;
    char tasks[8][128];
};

static bool note_order(void *user, const struct wp_job_result *result)
{
    struct order *order = user;
    assert_true(order->count < 8);
    memcpy(order->tasks[order->count++], result->task_id, sizeof result->task_id);
    return true;
}

static void test_what_expires_first_comes_first(void **state)
{
    (void)state;
    static const char *const ends[] = {"2026-11-17 10:00:02", "2026-11-17 10:00:01", "never"};
    struct order order = {0};
    for (unsigned i = 0; i < 6; i++) {
        char id[32];
        bench.options.force = true;
        submit();
        (void)wp_text_format(id, sizeof id, "task-%u", i + 1);
        fake->end_time = ends[i < 3 ? i : 2];
        if (i < 4)
            assert_int_equal(do_deed(WP_DEED_WAIT, id), WP_OK);
        if (i == 3)
            assert_int_equal(do_deed(WP_DEED_DOWNLOAD, id), WP_OK);
        fake->now_ms += 1000;
    }
    assert_int_equal(wp_tasks_local(bench.out, NULL, false, note_order, &order, NULL), WP_OK);
    assert_int_equal(order.count, 6);
    static const char *const expected[] = {"task-2", "task-1", "task-3", "task-5", "task-6", "task-4"};
    for (unsigned i = 0; i < 6; i++)
        assert_string_equal(order.tasks[i], expected[i]);
    assert_int_equal(records(true), 5);
}

static enum wp_status measure(void *user, const char *path, struct wp_result_facts *facts,
                              struct wp_error *error)
{
    (void)path;
    (void)error;
    *facts = *(const struct wp_result_facts *)user;
    return WP_OK;
}

static void test_what_was_measured_is_kept_and_compared(void **state)
{
    (void)state;
    struct wp_result_facts facts = {704, 1258, 24, 5.2};
    struct wp_job_note notes[WP_MAX_JOB_NOTES];
    bench.options.verify = measure;
    bench.options.verify_user = &facts;
    bench.request.has_predicted_seconds = true;
    bench.request.predicted_seconds = 5;
    assert_int_equal(bench_run(), WP_OK);
    bench.options.verify = NULL;
    assert_int_equal(do_deed(WP_DEED_STATUS, "task-1"), WP_OK); /* from the record */
    assert_int_equal(bench.result.facts.width, 704);
    assert_int_equal(bench.result.facts.height, 1258);
    assert_true(bench.result.facts.frame_rate == 24 && bench.result.facts.duration == 5.2);
    assert_true(bench.result.has_predicted_seconds && bench.result.predicted_seconds == 5);
    assert_int_equal(wp_job_notes(notes, &bench.result), 1);
    assert_string_equal(notes[0].about, "frame_rate");
    assert_true(bench_contains("tasks/task-1.log.jsonl", notes[0].message));
}

/* A prediction that comes with a later run is taken in; one that is there is not forgotten. */
static void test_a_prediction_that_comes_later(void **state)
{
    (void)state;
    submit();
    assert_false(bench.result.has_predicted_seconds);
    bench.request.has_predicted_seconds = true;
    bench.request.predicted_seconds = 7;
    submit();
    assert_true(bench.result.has_predicted_seconds);
    bench.request.has_predicted_seconds = false;
    submit();
    assert_true(bench.result.predicted_seconds == 7);
}

static void test_an_interruption(void **state)
{
    (void)state;
    submit();
    bench.interrupt_at = fake->now_ms + 5000;
    assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_INTERRUPTED);
    bench.interrupt_at = 0;
    assert_int_equal(do_deed(WP_DEED_WAIT, "task-1"), WP_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_task_of_ours_is_waited_for_and_fetched),
        TEST(test_a_task_made_elsewhere_is_taken_in),
        TEST(test_what_nobody_knows_leaves_no_record),
        TEST(test_a_task_that_is_not_known_everywhere_yet),
        TEST(test_what_is_no_id_is_not_asked_for),
        TEST(test_status_asks_once_and_records),
        TEST(test_status_of_a_failed_task_is_told_and_no_failure),
        TEST(test_one_unknown_is_told_and_does_not_end_the_job),
        TEST(test_an_expired_result_keeps_the_evidence_of_its_success),
        TEST(test_a_download_waits_for_nothing),
        TEST(test_a_wait_can_time_out),
        TEST(test_a_pending_task_is_cancelled),
        TEST(test_a_cancel_of_which_the_answer_was_lost),
        TEST(test_a_running_task_is_not_cancelled),
        TEST(test_a_refused_cancel_tells_why),
        TEST(test_a_task_that_another_process_waits_for),
        TEST(test_a_job_of_another_service_is_left_alone),
        TEST(test_a_lost_create_that_is_followed_by_its_id),
        TEST(test_the_services_times_are_kept),
        TEST(test_when_a_foreign_task_was_made_is_kept),
        TEST(test_times_that_cannot_be),
        TEST(test_what_expires_first_comes_first),
        TEST(test_what_was_measured_is_kept_and_compared),
        TEST(test_a_prediction_that_comes_later),
        TEST(test_an_interruption),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
