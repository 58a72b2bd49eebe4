/* Every allocation failing in turn, and processes side by side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/wait.h>

#include "unit/job/bench.h"

#include "base/banned.h"

/* The hooks of base/alloc.h have no user pointer, so these stand alone. */
static unsigned allocations, failing;

static bool is_its_turn(void)
{
    return ++allocations == failing;
}

static void *test_allocate(size_t size)
{
    return is_its_turn() ? NULL : malloc(size);
}

static void *test_reallocate(void *memory, size_t size)
{
    return is_its_turn() ? NULL : realloc(memory, size);
}

static const struct wp_alloc_hooks hooks = {test_allocate, test_reallocate, free};

static enum wp_status run_failing(unsigned number)
{
    allocations = 0;
    failing = number;
    wp_alloc_set_hooks(&hooks);
    enum wp_status status = bench_run();
    wp_alloc_set_hooks(NULL);
    return status;
}

static void fail_every_allocation(void (*script)(void))
{
    for (unsigned number = 1;; number++) {
        bench_anew();
        script();
        enum wp_status status = run_failing(number);
        bool over = allocations < number;
        if (status == WP_OK && !over)
            assert_int_equal(bench.result.state, WP_JOB_DONE); /* a log line went missing, no more */
        if (bench_run() != WP_OK)
            fail_msg("after allocation %u: %s", number, bench.error.message);
        assert_true(bench_video_is_whole());
        assert_int_equal(fake->made, 1);
        assert_int_equal(bench_count("videos", ".part"), 0);
        if (over)
            break;
        assert_true(number < 5000);
    }
    assert_true(allocations > 50);
}

static void script_nothing(void)
{
}

static void script_faults(void)
{
    fake->script[FAKE_UPLOAD][0] = HTTP_403;
    fake->script[FAKE_CREATE][0] = HTTP_429;
    fake->script[FAKE_CREATE][1] = LOST_BEFORE;
    fake->script[FAKE_CREATE][2] = LOST_AFTER;
    fake->script[FAKE_QUERY][0] = HTTP_500;
    fake->script[FAKE_DOWNLOAD][0] = CUT;
    fake->good_signature = 2;
}

static void test_every_allocation_fails_in_turn(void **state)
{
    (void)state;
    fail_every_allocation(script_nothing);
    fail_every_allocation(script_faults);
}

#define PROCESSES 4

/* Runs that many processes at a time; different makes each a pair of its own. */
static void run_side_by_side(bool different)
{
    pid_t children[PROCESSES];
    fake->shared = true;
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            bench.request.watermark = different && (i & 1);
            bench.request.check_image = different && (i & 2);
            enum wp_status status = bench_run();
            if (status != WP_OK)
                (void)fprintf(stderr, "%s\n", bench.error.message);
            _exit(status == WP_OK && bench_video_is_whole() ? 0 : 1);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    assert_int_equal(bench_count("videos", ".part"), 0);
}

static void test_processes_with_the_same_pair(void **state)
{
    (void)state;
    for (int round = 0; round < 5; round++) {
        bench_anew();
        run_side_by_side(false);
        assert_int_equal(fake->made, 1);
        assert_int_equal(fake->calls[FAKE_CREATE], 1);
        assert_int_equal(fake->calls[FAKE_DOWNLOAD], 1);
    }
}

/* Their answers get lost, and still nobody takes the task of another. */
static void test_processes_with_different_pairs(void **state)
{
    (void)state;
    for (int round = 0; round < 5; round++) {
        bench_anew();
        static const enum fake_act acts[] = {LOST_AFTER, LOST_BEFORE, LOST_AFTER, GARBAGE, HTTP_500_AFTER};
        memcpy(fake->script[FAKE_CREATE], acts, sizeof acts);
        run_side_by_side(true);
        assert_int_equal(fake->made, PROCESSES);
        assert_int_equal(fake->calls[FAKE_CREATE], PROCESSES + 1);
        assert_int_equal(bench_count("videos", ".mp4"), PROCESSES);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_every_allocation_fails_in_turn),
        TEST(test_processes_with_the_same_pair),
        TEST(test_processes_with_different_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
