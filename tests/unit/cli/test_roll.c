/* What the events of a batch make of its rows. */
#include "unit/test.h"

#include <string.h>

#include "base/text.h"
#include "cli/roll.h"

#include "base/banned.h"

static struct wp_roll roll;

static int begin(void **state)
{
    (void)state;
    roll = wp_roll_new();
    return wp_roll_reserve(&roll, 2) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    wp_roll_free(&roll);
    return 0;
}

static void send(int64_t now, struct wp_job_event event)
{
    if (!event.task_id)
        event.task_id = "";
    wp_roll_event(&roll, 1, &event, now);
}

static void expect(enum wp_stage stage, int64_t since, int percent)
{
    const struct wp_roll_row *row = &roll.rows[1];
    assert_int_equal(row->stage, stage);
    assert_int_equal(row->since_ms, since);
    assert_int_equal(row->percent, percent);
}

static void a_whole_job(void **state)
{
    (void)state;
    send(1, (struct wp_job_event){.kind = WP_EVENT_STATE, .state = WP_JOB_PLANNED});
    expect(WP_STAGE_IDLE, 0, -1);
    send(2, (struct wp_job_event){.kind = WP_EVENT_STATE, .state = WP_JOB_UPLOADING});
    expect(WP_STAGE_UPLOADING, 2, -1);
    send(3,
         (struct wp_job_event){.kind = WP_EVENT_UPLOAD, .state = WP_JOB_UPLOADING, .bytes = 5, .total = 10});
    expect(WP_STAGE_UPLOADING, 2, 50);
    send(4, (struct wp_job_event){.kind = WP_EVENT_STATE, .state = WP_JOB_SUBMITTING});
    expect(WP_STAGE_SUBMITTING, 4, -1);
    send(5, (struct wp_job_event){.kind = WP_EVENT_TASK, .state = WP_JOB_SUBMITTED, .task_id = "t-1"});
    expect(WP_STAGE_PENDING, 5, -1);
    send(6,
         (struct wp_job_event){.kind = WP_EVENT_STATUS, .state = WP_JOB_SUBMITTED, .task_status = "PENDING"});
    expect(WP_STAGE_PENDING, 5, -1);
    send(7,
         (struct wp_job_event){.kind = WP_EVENT_STATUS, .state = WP_JOB_SUBMITTED, .task_status = "RUNNING"});
    send(8,
         (struct wp_job_event){.kind = WP_EVENT_STATUS, .state = WP_JOB_SUBMITTED, .task_status = "RUNNING"});
    expect(WP_STAGE_RUNNING, 7, -1);
    send(9, (struct wp_job_event){.kind = WP_EVENT_RETRY, .state = WP_JOB_SUBMITTED, .message = "again"});
    expect(WP_STAGE_RUNNING, 7, -1);
    assert_true(roll.rows[1].retrying);
    send(9, (struct wp_job_event){
                .kind = WP_EVENT_STATUS, .state = WP_JOB_SUBMITTED, .task_status = "SUCCEEDED"});
    assert_false(roll.rows[1].retrying);
    expect(WP_STAGE_RUNNING, 7, -1);
    send(10, (struct wp_job_event){.kind = WP_EVENT_STATE, .state = WP_JOB_SUCCEEDED});
    send(11, (struct wp_job_event){
                 .kind = WP_EVENT_DOWNLOAD, .state = WP_JOB_DOWNLOADING, .bytes = 5, .total = 0});
    expect(WP_STAGE_DOWNLOADING, 10, -1);
    send(12, (struct wp_job_event){
                 .kind = WP_EVENT_DOWNLOAD, .state = WP_JOB_DOWNLOADING, .bytes = 10, .total = 10});
    expect(WP_STAGE_DOWNLOADING, 10, 100);
    assert_string_equal(roll.rows[1].task_id, "t-1");
    assert_null(roll.rows[0].task_id);
    assert_int_equal(roll.at_rest, 0);
}

static void rows_at_rest_stay_as_they_are(void **state)
{
    (void)state;
    static struct wp_job_result result = {
        .state = WP_JOB_DONE, .has_billed_seconds = true, .billed_seconds = 5};
    (void)wp_text_copy(result.task_id, sizeof result.task_id, "t-1");
    (void)wp_text_copy(result.video_path, sizeof result.video_path, "t-1.mp4");
    wp_roll_rest(&roll, 1, WP_OK, &result, NULL, "it was billed more");
    wp_roll_rest(&roll, 1, WP_TASK_FAILED, NULL, "Later", "later");
    send(9, (struct wp_job_event){.kind = WP_EVENT_STATE, .state = WP_JOB_UPLOADING, .task_id = "t-2"});
    expect(WP_STAGE_IDLE, 0, -1);
    assert_string_equal(roll.rows[1].task_id, "t-1");
    assert_string_equal(roll.rows[1].result, "t-1.mp4");
    assert_string_equal(roll.rows[1].message, "it was billed more");
    assert_null(roll.rows[1].code);
    assert_true(roll.rows[1].has_billed_seconds && roll.rows[1].billed_seconds == 5);
    assert_int_equal(roll.at_rest, 1);
    assert_int_equal(wp_tally_of(&roll.tally, WP_OK), 1);
    wp_roll_rest(&roll, 0, WP_REJECTED, NULL, "video.duration", "too long");
    assert_false(roll.rows[0].has_state);
    assert_string_equal(roll.rows[0].message, "too long");
    assert_string_equal(roll.rows[0].code, "video.duration");
    assert_int_equal(wp_tally_worst(&roll.tally), WP_REJECTED);
}

static void a_result_that_failed_has_no_video(void **state)
{
    (void)state;
    static struct wp_job_result result = {.state = WP_JOB_FAILED};
    (void)wp_text_copy(result.video_path, sizeof result.video_path, "t-1.mp4");
    (void)wp_text_copy(result.code, sizeof result.code, "InvalidVideo.NoHuman");
    wp_roll_rest(&roll, 1, WP_TASK_FAILED, &result, NULL, "nobody in it");
    assert_null(roll.rows[1].result);
    assert_string_equal(roll.rows[1].code, "InvalidVideo.NoHuman");
}

static void it_grows(void **state)
{
    (void)state;
    send(5, (struct wp_job_event){.kind = WP_EVENT_TASK, .state = WP_JOB_SUBMITTED, .task_id = "t-1"});
    assert_true(wp_roll_reserve(&roll, 1000));
    assert_int_equal(roll.count, 1001);
    expect(WP_STAGE_PENDING, 5, -1);
    assert_string_equal(roll.rows[1].task_id, "t-1");
    assert_int_equal(roll.rows[1000].stage, WP_STAGE_IDLE);
    assert_true(wp_roll_reserve(&roll, 3));
    assert_int_equal(roll.count, 1001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_whole_job, begin, end),
        cmocka_unit_test_setup_teardown(rows_at_rest_stay_as_they_are, begin, end),
        cmocka_unit_test_setup_teardown(a_result_that_failed_has_no_video, begin, end),
        cmocka_unit_test_setup_teardown(it_grows, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
