/* Lost creates, and death at every instant: whatever happens, a pair is paid once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/wait.h>

#include "job/settle.h"
#include "unit/job/bench.h"

#include "base/banned.h"

static void assert_paid_once(void)
{
    if (bench.result.state != WP_JOB_DONE)
        fail_msg("%s: %s", wp_job_state_name(bench.result.state), bench.error.message);
    assert_true(bench_video_is_whole());
    assert_int_equal(fake->made, 1);
    assert_string_equal(bench.result.task_id, fake_find(bench.result.task_id)->id);
    assert_false(fake_find(bench.result.task_id)->foreign);
}

static void test_decisions(void **state)
{
    (void)state;
    static const struct {
        struct wp_settle_view view;
        enum wp_settle_verdict verdict;
    } rows[] = {
        {{.looks = 1, .unowned = 1, .creates = 1}, WP_SETTLE_ADOPT},
        {{.looks = 1, .unowned = 0, .creates = 1}, WP_SETTLE_LOOK_AGAIN},
        {{.looks = 2, .unowned = 0, .creates = 1}, WP_SETTLE_NONE_MADE},
        {{.looks = 2, .unowned = 0, .creates = 2}, WP_SETTLE_NONE_MADE},
        {{.looks = 2, .unowned = 0, .creates = 3}, WP_SETTLE_GIVE_UP}, /* two re-sends were enough */
        {{.looks = 1, .unowned = 2, .creates = 1}, WP_SETTLE_GIVE_UP},
        {{.looks = 1, .unowned = 1, .matched = true, .creates = 1}, WP_SETTLE_ADOPT},
        {{.looks = 1, .unowned = 0, .too_old = true, .creates = 1}, WP_SETTLE_GIVE_UP},
        {{.looks = 1, .unowned = 1, .too_old = true, .creates = 1}, WP_SETTLE_ADOPT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(wp_settle_decide(&rows[i].view), rows[i].verdict);
}

static void test_a_lost_answer_is_adopted(void **state)
{
    (void)state;
    static const enum fake_act acts[] = {LOST_AFTER, GARBAGE, HTTP_500_AFTER};
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        bench_anew();
        fake->script[FAKE_CREATE][0] = acts[i];
        assert_int_equal(bench_run(), WP_OK);
        assert_paid_once();
        assert_int_equal(fake->calls[FAKE_CREATE], 1);
        assert_string_equal(bench.result.request_id, "request-task-1");
    }
}

static void test_a_create_that_never_arrived_is_sent_again_after_two_looks(void **state)
{
    (void)state;
    static const enum fake_act acts[] = {LOST_BEFORE, HTTP_500};
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        bench_anew();
        fake->script[FAKE_CREATE][0] = acts[i];
        int64_t before = fake->now_ms;
        fake->running_ms = 0;
        assert_int_equal(bench_run(), WP_OK);
        assert_paid_once();
        assert_int_equal(fake->calls[FAKE_CREATE], 2);
        assert_true(fake->calls[FAKE_LIST] >= 2);
        assert_true(fake->now_ms - before >= 10000);
    }
}

static void test_a_task_that_stands_late_in_the_list(void **state)
{
    (void)state;
    fake->script[FAKE_CREATE][0] = LOST_AFTER;
    fake->list_lag_ms = 8000;
    assert_int_equal(bench_run(), WP_OK);
    assert_paid_once();
}

static void test_creates_that_never_arrive_end_uncertain(void **state)
{
    (void)state;
    for (int i = 0; i < FAKE_SCRIPT; i++)
        fake->script[FAKE_CREATE][i] = LOST_BEFORE;
    assert_int_equal(bench_run(), WP_UNCERTAIN);
    assert_int_equal(bench.result.state, WP_JOB_UNCERTAIN);
    assert_int_equal(fake->calls[FAKE_CREATE], 3);
    assert_int_equal(bench_run(), WP_UNCERTAIN);
    assert_int_equal(fake->calls[FAKE_CREATE], 3); /* asks, but does not send */
    memset(fake->script, 0, sizeof fake->script);
    bench.options.resubmit = true;
    assert_int_equal(bench_run(), WP_OK);
    assert_paid_once();
}

static void test_two_strangers_are_not_told_apart(void **state)
{
    (void)state;
    fake->script[FAKE_CREATE][0] = LOST_AFTER;
    fake->foreign_meanwhile = true;
    assert_int_equal(bench_run(), WP_UNCERTAIN);
    assert_int_equal(bench.result.state, WP_JOB_UNCERTAIN);
    assert_non_null(strstr(bench.error.message, "--resubmit"));
    assert_int_equal(fake->calls[FAKE_CREATE], 1);
    fake->foreign_meanwhile = false;
    bench.options.resubmit = true;
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(fake->calls[FAKE_CREATE], 2);
    assert_string_equal(bench.result.task_id, "task-3");
}

static void test_the_request_id_tells_strangers_apart(void **state)
{
    (void)state;
    fake->script[FAKE_CREATE][0] = HTTP_500_AFTER;
    fake->foreign_meanwhile = true;
    assert_int_equal(bench_run(), WP_OK);
    assert_paid_once();
}

static void test_tasks_outside_the_window_or_owned_are_no_candidates(void **state)
{
    (void)state;
    (void)fake_make_task(true); /* before */
    fake->now_ms += 6000;
    bench.request.watermark = true;
    assert_int_equal(bench_run(), WP_OK); /* owned by another record, and within the window of the next */
    fake->now_ms = 7200;
    bench.request.watermark = false;
    fake->script[FAKE_CREATE][1] = LOST_AFTER;
    assert_int_equal(bench_run(), WP_OK);
    assert_int_equal(fake->made, 2);
    assert_string_equal(bench.result.task_id, "task-3");
}

static void test_clocks_that_differ(void **state)
{
    (void)state;
    static const int64_t skews[] = {-7200000, -60000, 60000, 7200000};
    for (size_t i = 0; i < 2 * sizeof skews / sizeof skews[0]; i++) {
        bench_anew();
        fake->skew_ms = skews[i / 2];
        (void)fake_make_task(true);
        fake->now_ms += 30000;
        /* With files the service's clock is known from the policy; with URLs the create is the first call. */
        bench.request.image = i & 1 ? "https://example.com/a.jpg" : bench.image;
        bench.request.video = i & 1 ? "https://example.com/a.mp4" : bench.video;
        fake->script[FAKE_CREATE][0] = LOST_AFTER;
        assert_int_equal(bench_run(), WP_OK);
        assert_paid_once();
        assert_int_equal(fake->calls[FAKE_CREATE], 1);
    }
}

static void test_our_clock_jumps_between_create_and_settling(void **state)
{
    (void)state;
    fake->script[FAKE_CREATE][0] = LOST_AFTER;
    for (int i = 0; i < FAKE_SCRIPT; i++)
        fake->script[FAKE_LIST][i] = NO_CONNECTION;
    assert_int_equal(bench_run(), WP_UNCERTAIN);
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTING);
    fake->wall_ms -= 3600000;
    fake->skew_ms += 3600000; /* the service's own clock did not jump */
    memset(fake->script, 0, sizeof fake->script);
    assert_int_equal(bench_run(), WP_OK);
    assert_paid_once();
}

static void test_a_create_of_yesterday_is_not_sent_again(void **state)
{
    (void)state;
    fake->script[FAKE_CREATE][0] = LOST_BEFORE;
    for (int i = 0; i < FAKE_SCRIPT; i++)
        fake->script[FAKE_LIST][i] = NO_CONNECTION;
    assert_int_equal(bench_run(), WP_UNCERTAIN);
    memset(fake->script, 0, sizeof fake->script);
    fake->now_ms += (int64_t)24 * 3600 * 1000;
    assert_int_equal(bench_run(), WP_UNCERTAIN);
    assert_int_equal(bench.result.state, WP_JOB_UNCERTAIN);
    assert_int_equal(fake->calls[FAKE_CREATE], 1);
}

static void test_a_create_is_not_interrupted_but_settling_is(void **state)
{
    (void)state;
    fake->script[FAKE_CREATE][0] = LOST_BEFORE;
    bench.interrupt_at = fake->now_ms + 5000;
    assert_int_equal(bench_run(), WP_INTERRUPTED);
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTING);
    bench.interrupt_at = 0;
    assert_int_equal(bench_run(), WP_OK);
    assert_paid_once();
}

/* Runs in a child that dies at the given instant. True if it came to an end before. */
static bool run_and_die(unsigned instant)
{
    fake->instants = 0;
    fake->crash_at = instant;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)bench_run();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    fake->crash_at = 0;
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 0)
        return true;
    assert_int_equal(WEXITSTATUS(status), FAKE_CRASH_CODE);
    return false;
}

/* A fork under AddressSanitizer takes 20 times as long, so some of the instants must do there. */
#ifdef __SANITIZE_ADDRESS__
enum { NEXT_INSTANT = 7 };
#else
enum { NEXT_INSTANT = 1 };
#endif

/* For every instant: die there, run again, and look. */
static void die_everywhere(void (*script)(void))
{
    bool over = false;
    for (unsigned instant = 1; !over; instant += NEXT_INSTANT) {
        bench_anew();
        fake->running_ms = 6000; /* every slice of a sleep is an instant too */
        script();
        over = run_and_die(instant);
        enum wp_status status = bench_run();
        if (status != WP_OK)
            fail_msg("after death at instant %u: %s", instant, bench.error.message);
        assert_paid_once();
        assert_int_equal(bench_count("videos", ".part"), 0);
        assert_true(instant < 1000);
    }
}

static void script_nothing(void)
{
}

static void script_lost_after(void)
{
    fake->script[FAKE_CREATE][0] = LOST_AFTER;
}

static void script_lost_before(void)
{
    fake->script[FAKE_CREATE][0] = LOST_BEFORE;
    fake->script[FAKE_CREATE][1] = HTTP_429;
}

static void script_cut_download(void)
{
    fake->script[FAKE_DOWNLOAD][0] = CUT;
    fake->script[FAKE_QUERY][0] = HTTP_500;
}

static void test_death_at_every_instant(void **state)
{
    (void)state;
    die_everywhere(script_nothing);
}

static void test_death_at_every_instant_of_a_lost_answer(void **state)
{
    (void)state;
    die_everywhere(script_lost_after);
    die_everywhere(script_lost_before);
}

static void test_death_at_every_instant_of_a_bad_download(void **state)
{
    (void)state;
    die_everywhere(script_cut_download);
}

/* For every instant: something happens to our clocks there, once before the process dies of it and once while
 * it lives on. */
static void clocks_go_wrong_everywhere(void (*script)(void), int64_t jump_ms, int64_t sleep_ms)
{
    bool over = false;
    for (unsigned instant = 1; !over; instant += NEXT_INSTANT) {
        for (int dies = 0; dies < 2; dies++) {
            bench_anew();
            bench.request.image =
                "https://example.com/a.jpg"; /* nothing has told the time before the create */
            bench.request.video = "https://example.com/a.mp4";
            fake->running_ms = 6000;
            script();
            (void)fake_make_task(true); /* the pair of somebody else, made when a wrong clock would look */
            fake->tasks[0].created_ms += jump_ms ? jump_ms : -120000;
            fake->happens_at = instant;
            fake->jump_ms = jump_ms;
            fake->sleep_ms = sleep_ms;
            over = run_and_die(dies ? instant + 1 : 0);
            for (int runs = 0; bench_run() == WP_UNCERTAIN && bench.result.state == WP_JOB_SUBMITTING; runs++)
                assert_true(runs < 3);
            if (fake->made != 1)
                fail_msg("instant %u: %u made", instant, fake->made);
            assert_paid_once();
        }
        assert_true(instant < 1000);
    }
}

static void test_a_wall_clock_that_jumps_at_every_instant(void **state)
{
    (void)state;
    clocks_go_wrong_everywhere(script_lost_after, -30000, 0);
    clocks_go_wrong_everywhere(script_lost_after, -3600000, 0);
    clocks_go_wrong_everywhere(script_lost_before, 86400000, 0);
}

static void test_a_machine_that_sleeps_at_every_instant(void **state)
{
    (void)state;
    clocks_go_wrong_everywhere(script_lost_after, 0, 3600000);
    clocks_go_wrong_everywhere(script_lost_before, 0, 3600000);
}

/* What is announced is sent at once: the time of the announcement is where its task is looked for. */
static void test_a_wait_for_a_turn_comes_before_the_announcement(void **state)
{
    (void)state;
    bench.slow_create_ms = WP_SLOW_MAX_MS;
    int64_t began_ms = fake->now_ms;
    assert_int_equal(bench_run(), WP_OK);
    assert_paid_once();
    int64_t sent_ms = fake->called_ms[FAKE_CREATE][0];
    assert_true(sent_ms - began_ms >= WP_SLOW_MAX_MS);
    assert_in_range(bench.announced_ms, sent_ms - 1000, sent_ms);
}

/* A second job of the folder settles what the first left behind, and does not take its task. */
static void test_an_orphan_is_settled_before_the_next_create(void **state)
{
    (void)state;
    fake->script[FAKE_CREATE][0] = LOST_AFTER;
    fake->script[FAKE_CREATE][1] = LOST_AFTER;
    bench.interrupt_in = WP_JOB_SUBMITTING;
    assert_int_equal(bench_run(), WP_INTERRUPTED);
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTING);
    bench.interrupt_in = 0;
    bench.interrupt = false;
    bench.request.watermark = true;
    assert_int_equal(bench_run(), WP_OK);
    assert_string_equal(bench.result.task_id, "task-2");
    bench.request.watermark = false;
    assert_int_equal(bench_run(), WP_OK);
    assert_string_equal(bench.result.task_id, "task-1");
    assert_int_equal(fake->made, 2);
}

/* Ctrl-C at the very moment of the create: it is carried through, and the task is known. */
static void test_a_create_under_way_is_not_broken_off(void **state)
{
    (void)state;
    bench.interrupt_in = WP_JOB_SUBMITTING;
    assert_int_equal(bench_run(), WP_INTERRUPTED);
    assert_int_equal(bench.result.state, WP_JOB_SUBMITTED);
    assert_int_equal(fake->made, 1);
    assert_int_equal(fake->calls[FAKE_LIST], 0);
}

/* The first create shows up only after the second was sent: it is found, since the window still opens with
 * it. */
static void test_a_task_that_shows_up_after_the_second_create(void **state)
{
    (void)state;
    fake->script[FAKE_CREATE][0] = LOST_AFTER;
    fake->script[FAKE_CREATE][1] = LOST_BEFORE;
    fake->list_lag_ms = 15000;
    assert_int_equal(bench_run(), WP_OK);
    assert_paid_once();
    assert_int_equal(fake->calls[FAKE_CREATE], 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decisions),
        TEST(test_a_lost_answer_is_adopted),
        TEST(test_a_create_that_never_arrived_is_sent_again_after_two_looks),
        TEST(test_a_task_that_stands_late_in_the_list),
        TEST(test_creates_that_never_arrive_end_uncertain),
        TEST(test_two_strangers_are_not_told_apart),
        TEST(test_the_request_id_tells_strangers_apart),
        TEST(test_tasks_outside_the_window_or_owned_are_no_candidates),
        TEST(test_clocks_that_differ),
        TEST(test_our_clock_jumps_between_create_and_settling),
        TEST(test_a_create_of_yesterday_is_not_sent_again),
        TEST(test_a_create_is_not_interrupted_but_settling_is),
        TEST(test_death_at_every_instant),
        TEST(test_death_at_every_instant_of_a_lost_answer),
        TEST(test_death_at_every_instant_of_a_bad_download),
        TEST(test_a_wall_clock_that_jumps_at_every_instant),
        TEST(test_a_machine_that_sleeps_at_every_instant),
        TEST(test_a_wait_for_a_turn_comes_before_the_announcement),
        TEST(test_a_create_under_way_is_not_broken_off),
        TEST(test_a_task_that_shows_up_after_the_second_create),
        TEST(test_an_orphan_is_settled_before_the_next_create),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
