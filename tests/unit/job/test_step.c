/* Jobs in steps: what a batch does with them, thread by thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "job/step.h"
#include "store/backend.h"
#include "unit/job/bench.h"

#include "base/banned.h"

static struct wp_site site;
static struct wp_client *client;
static struct wp_job *job;
static bool joined, taken;

static int set_up(void **state)
{
    if (bench_set_up(state) != 0)
        return -1;
    const struct wp_client_options options = {
        .api_key = FAKE_KEY, .base_url = FAKE_BASE, .interrupted = bench_interrupted};
    return wp_client_new(&client, &options, NULL) == WP_OK &&
                   wp_site_open(&site, bench.out, NULL, NULL, &fake_clock, NULL) == WP_OK &&
                   wp_job_new(&job, &site, client, &bench.options, NULL) == WP_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    wp_job_free(job);
    wp_client_free(client);
    wp_site_close(&site);
    return bench_tear_down(state);
}

static void open_job(void)
{
    assert_int_equal(wp_job_plan(&job->record, &bench.request, client, NULL), WP_OK);
    assert_int_equal(wp_job_open(job, &joined, &taken, NULL), WP_OK);
}

/* Between two steps nothing is kept but the id and the course. */
static enum wp_status step_with(struct wp_job *hands, const char *job_id, struct wp_course *course)
{
    struct wp_error error = {0};
    assert_int_equal(wp_job_take(hands, job_id, &taken, NULL), WP_OK);
    assert_true(taken);
    hands->course = *course;
    enum wp_status status = wp_job_step(hands, &error);
    *course = hands->course;
    wp_job_leave(hands);
    return status;
}

static void test_the_step_of_each_state(void **state)
{
    (void)state;
    static const struct {
        enum wp_job_state state;
        enum wp_step step;
    } rows[] = {
        {WP_JOB_PLANNED, WP_STEP_UPLOAD},   {WP_JOB_CHECKED, WP_STEP_UPLOAD},
        {WP_JOB_UPLOADING, WP_STEP_UPLOAD}, {WP_JOB_SUBMITTING, WP_STEP_SETTLE},
        {WP_JOB_UNCERTAIN, WP_STEP_SETTLE}, {WP_JOB_SUBMITTED, WP_STEP_LOOK},
        {WP_JOB_SUCCEEDED, WP_STEP_FETCH},  {WP_JOB_DOWNLOADING, WP_STEP_FETCH},
        {WP_JOB_DONE, WP_STEP_NONE},        {WP_JOB_REJECTED, WP_STEP_NONE},
        {WP_JOB_FAILED, WP_STEP_NONE},      {WP_JOB_CANCELED, WP_STEP_NONE},
        {WP_JOB_EXPIRED, WP_STEP_NONE},
    };
    struct wp_job_record record = {.image = "/a.jpg", .video = "https://example.com/b.mp4"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        record.state = rows[i].state;
        assert_int_equal(wp_step_of(&record, 1000), rows[i].step);
    }
}

static void test_an_upload_is_wanted_until_both_urls_are_there_and_young(void **state)
{
    (void)state;
    const int64_t now = 1795000000000, life = (int64_t)47 * 3600 * 1000;
    struct wp_job_record record = {.image = "/a.jpg",
                                   .video = "https://example.com/b.mp4",
                                   .video_url = "https://example.com/b.mp4",
                                   .uploaded_ms = now};
    assert_int_equal(wp_step_of(&record, now), WP_STEP_UPLOAD);
    (void)wp_text_copy(record.image_url, sizeof record.image_url, "oss://a.jpg");
    assert_int_equal(wp_step_of(&record, now), WP_STEP_SUBMIT);
    assert_int_equal(wp_step_of(&record, now + life), WP_STEP_SUBMIT);
    assert_int_equal(wp_step_of(&record, now + life + 1), WP_STEP_UPLOAD);
    assert_int_equal(wp_step_of(&record, now - 1), WP_STEP_UPLOAD); /* the clock was set back */
    (void)wp_text_copy(record.image, sizeof record.image, "oss://a.jpg");
    assert_int_equal(wp_step_of(&record, now + life + 1),
                     WP_STEP_SUBMIT); /* nothing of it is ours to renew */
}

static void test_a_job_goes_from_hand_to_hand(void **state)
{
    (void)state;
    struct wp_client *other = NULL;
    struct wp_job *hands[2] = {job, NULL};
    struct wp_course course = {0};
    char id[sizeof job->record.job_id];
    assert_int_equal(wp_client_clone(&other, client, NULL), WP_OK);
    assert_int_equal(wp_job_new(&hands[1], &site, other, &bench.options, NULL), WP_OK);
    open_job();
    assert_true(taken && !joined);
    memcpy(id, job->record.job_id, sizeof id);
    wp_job_leave(job);

    static const enum wp_job_state after[] = {WP_JOB_UPLOADING, WP_JOB_SUBMITTED};
    unsigned turn = 0;
    for (; turn < 2; turn++) {
        assert_int_equal(step_with(hands[turn % 2], id, &course), WP_OK);
        assert_int_equal(hands[turn % 2]->record.state, after[turn]);
    }
    int64_t made = fake->now_ms;
    assert_true(course.watch.due_ms >= made + 1000 && course.watch.due_ms <= made + 2000);
    while (hands[(turn + 1) % 2]->record.state == WP_JOB_SUBMITTED) {
        assert_true(turn < 100);
        fake->now_ms = course.watch.due_ms;
        assert_int_equal(step_with(hands[turn++ % 2], id, &course), WP_OK);
        if (hands[(turn + 1) % 2]->record.state == WP_JOB_SUBMITTED)
            assert_true(course.watch.due_ms > fake->now_ms);
    }
    assert_true(fake->calls[FAKE_QUERY] > 3);
    assert_int_equal(step_with(hands[0], id, &course), WP_OK);
    assert_int_equal(hands[0]->record.state, WP_JOB_DONE);
    assert_int_equal(step_with(hands[1], id, &course), WP_OK);
    wp_job_fill_result(&bench.result, &site.places, &hands[1]->record);
    assert_true(bench_video_is_whole());
    assert_int_equal(fake->made, 1);
    assert_int_equal(bench_count("tasks", ".log.jsonl"), 1);
    wp_job_free(hands[1]);
    wp_client_free(other);
}

static void test_a_look_that_fails_is_due_again_and_sleeps_not(void **state)
{
    (void)state;
    struct wp_course course = {0};
    open_job();
    const char *id = job->record.job_id;
    assert_int_equal(wp_job_step(job, NULL), WP_OK);
    assert_int_equal(wp_job_step(job, NULL), WP_OK);
    fake->script[FAKE_QUERY][0] = HTTP_429; /* with Retry-After: 3 */
    fake->script[FAKE_QUERY][1] = NO_CONNECTION;
    char copy[sizeof job->record.job_id];
    memcpy(copy, id, sizeof copy);
    for (int i = 0; i < 2; i++) {
        if (fake->now_ms < course.watch.due_ms)
            fake->now_ms = course.watch.due_ms;
        int64_t before = fake->now_ms;
        assert_int_equal(step_with(job, copy, &course), WP_OK);
        assert_int_equal(fake->now_ms, before + 100); /* the call itself */
        assert_int_equal(job->record.state, WP_JOB_SUBMITTED);
        assert_true(course.watch.due_ms >= fake->now_ms + (i == 0 ? 3000 : 1000));
        assert_int_equal(course.watch.failures, i + 1);
    }
}

/* What may pass is neither waited for nor tried again within the step. Each call is refused twice. */
static void test_a_step_that_must_wait_is_put_off(void **state)
{
    (void)state;
    static const struct {
        enum fake_call call;
        enum wp_step step;
    } rows[] = {{FAKE_POLICY, WP_STEP_UPLOAD},
                {FAKE_UPLOAD, WP_STEP_UPLOAD},
                {FAKE_CREATE, WP_STEP_SUBMIT},
                {FAKE_DOWNLOAD, WP_STEP_FETCH}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fake->script[rows[i].call][0] = HTTP_429; /* with Retry-After: 3 */
        fake->script[rows[i].call][1] = NO_CONNECTION;
    }
    struct wp_course course = {0};
    open_job();
    char id[sizeof job->record.job_id];
    memcpy(id, job->record.job_id, sizeof id);
    wp_job_leave(job);
    unsigned put_off = 0;
    enum wp_step step = WP_STEP_UPLOAD;
    for (int i = 0; i < 50 && step != WP_STEP_NONE; i++) {
        unsigned before[FAKE_CALLS];
        int64_t began = fake->now_ms;
        memcpy(before, fake->calls, sizeof before);
        assert_int_equal(step_with(job, id, &course), WP_OK);
        assert_in_range(fake->now_ms, began, began + 400); /* calls alone: nothing was slept */
        if (step != WP_STEP_LOOK && course.due_ms > 0) {
            put_off++;
            assert_int_equal(wp_step_of(&job->record, fake->wall_ms), step);
            assert_true(wp_step_due_ms(step, &course) >= fake->now_ms + (put_off % 2 ? 3000 : 500));
        }
        step = wp_step_of(&job->record, fake->wall_ms);
        if (fake->now_ms < wp_step_due_ms(step, &course))
            fake->now_ms = wp_step_due_ms(step, &course);
    }
    assert_int_equal(job->record.state, WP_JOB_DONE);
    assert_int_equal(put_off, 8);
    assert_int_equal(fake->made, 1);
}

/* Patience has an end, and is not renewed by each further step. */
static void test_what_never_passes_is_given_up(void **state)
{
    (void)state;
    struct wp_course course = {0};
    enum wp_status status = WP_OK;
    int steps = 0;
    for (int i = 0; i < FAKE_SCRIPT; i++)
        fake->script[FAKE_UPLOAD][i] = HTTP_503;
    open_job();
    char id[sizeof job->record.job_id];
    memcpy(id, job->record.job_id, sizeof id);
    wp_job_leave(job);
    for (; status == WP_OK && steps < 2 * FAKE_SCRIPT; steps++) {
        status = step_with(job, id, &course);
        fake->now_ms = course.due_ms;
    }
    assert_int_equal(status, WP_NETWORK);
    assert_int_equal(steps, 8);
    assert_int_equal(fake->calls[FAKE_UPLOAD], 8);
}

/* The store with locks that are ours for so long only. */
static int64_t sure_for_ms;

static int64_t tell_sure(struct wp_store *store)
{
    (void)store;
    return sure_for_ms;
}

static void test_no_create_without_a_lease_that_outlasts_it(void **state)
{
    (void)state;
    static struct wp_store_ops leased;
    leased = *site.store->ops;
    leased.sure_ms = tell_sure;
    site.store->ops = &leased;
    open_job();
    assert_int_equal(wp_job_step(job, NULL), WP_OK);
    assert_int_equal(job->record.state, WP_JOB_UPLOADING);

    sure_for_ms = 59999; /* a create may take a minute */
    assert_int_equal(wp_job_step(job, NULL), WP_OK);
    assert_true(job->course.due_ms > fake->now_ms); /* it may be heard of again */
    assert_int_equal(fake->calls[FAKE_CREATE], 0);
    assert_int_equal(job->record.state, WP_JOB_UPLOADING);
    assert_int_equal(job->record.creates, 0);

    sure_for_ms = 60001;
    int64_t began = fake->now_ms;
    assert_int_equal(wp_job_step(job, NULL), WP_OK);
    assert_int_equal(job->record.state, WP_JOB_SUBMITTED);
    assert_int_equal(fake->made, 1);
    assert_in_range(fake->not_after_ms, began + 1, fake->now_ms + 1); /* a moment, and not more */
}

static void test_what_another_holds_is_not_taken(void **state)
{
    (void)state;
    struct wp_job *other = NULL;
    open_job();
    assert_int_equal(wp_job_new(&other, &site, client, &bench.options, NULL), WP_OK);
    assert_int_equal(wp_job_take(other, job->record.job_id, &taken, NULL), WP_OK);
    assert_false(taken);
    assert_int_equal(wp_job_plan(&other->record, &bench.request, client, NULL), WP_OK);
    assert_int_equal(wp_job_open(other, &joined, &taken, NULL), WP_OK);
    assert_true(joined && !taken);
    assert_string_equal(other->record.job_id, job->record.job_id);
    assert_int_equal(bench.joins_told, 0);
    wp_job_leave(job);
    assert_int_equal(wp_job_take(other, job->record.job_id, &taken, NULL), WP_OK);
    assert_true(taken);
    assert_int_equal(other->record.state, WP_JOB_PLANNED);
    wp_job_free(other);
}

static void test_where_a_moved_file_is_now_is_kept(void **state)
{
    (void)state;
    char moved[128];
    open_job();
    (void)wp_text_format(moved, sizeof moved, "%s/other.mp4", bench.folder);
    assert_int_equal(rename(bench.video, moved), 0);
    bench.request.video = moved;
    open_job();
    assert_true(joined && taken);
    assert_int_equal(wp_job_take(job, job->record.job_id, &taken, NULL), WP_OK);
    assert_true(wp_text_ends(job->record.video, "/other.mp4"));
}

static void test_what_is_no_job(void **state)
{
    (void)state;
    assert_int_equal(wp_job_take(job, "0123456789abcdef0123456789abcdef", &taken, &bench.error), WP_OUTPUT);
    wp_job_leave(job);
    wp_job_leave(job);
}

static void test_the_goal_is_a_task(void **state)
{
    (void)state;
    bench.options.goal = WP_GOAL_SUBMITTED;
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTED);
    assert_string_equal(bench.result.task_id, "task-1");
    assert_int_equal(fake->calls[FAKE_QUERY], 0);
    assert_int_equal(bench_run(), WP_OK); /* it is there: nothing is asked */
    assert_true(bench.result.joined);
    assert_int_equal(fake->calls[FAKE_QUERY], 0);
    assert_int_equal(fake->calls[FAKE_CREATE], 1);
    bench.options.goal = WP_GOAL_DONE;
    assert_int_equal(bench_run(), WP_OK);
    assert_true(bench_video_is_whole());
    bench.options.goal = WP_GOAL_SUBMITTED;
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(bench.result.state, WP_JOB_DONE);
    assert_int_equal(fake->made, 1);
}

static void test_the_goal_is_not_reached_by_a_refusal(void **state)
{
    (void)state;
    bench.options.goal = WP_GOAL_SUBMITTED;
    fake->script[FAKE_CREATE][0] = HTTP_400;
    assert_int_equal(bench_run(), WP_REFUSED);
    assert_int_equal(bench.result.state, WP_JOB_REJECTED);
}

static void test_a_clone_is_a_client_of_its_own(void **state)
{
    (void)state;
    struct wp_client *clone = NULL;
    struct wp_http_session *ours = NULL, *its = NULL;
    assert_int_equal(wp_client_session(client, &ours, NULL), WP_OK);
    assert_int_equal(wp_client_clone(&clone, client, NULL), WP_OK);
    assert_int_equal(wp_client_session(clone, &its, NULL), WP_OK);
    assert_ptr_not_equal(ours, its);
    assert_string_equal(clone->api_key, FAKE_KEY);
    assert_string_equal(clone->endpoint.base_url, FAKE_BASE);
    bench.interrupt = true;
    assert_true(wp_client_interrupted(clone));
    wp_client_free(clone);
    assert_string_equal(client->api_key, FAKE_KEY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_step_of_each_state),
        cmocka_unit_test(test_an_upload_is_wanted_until_both_urls_are_there_and_young),
        TEST(test_a_job_goes_from_hand_to_hand),
        TEST(test_a_look_that_fails_is_due_again_and_sleeps_not),
        TEST(test_a_step_that_must_wait_is_put_off),
        TEST(test_what_never_passes_is_given_up),
        TEST(test_no_create_without_a_lease_that_outlasts_it),
        TEST(test_what_another_holds_is_not_taken),
        TEST(test_where_a_moved_file_is_now_is_kept),
        TEST(test_what_is_no_job),
        TEST(test_the_goal_is_a_task),
        TEST(test_the_goal_is_not_reached_by_a_refusal),
        TEST(test_a_clone_is_a_client_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
