/* What a child may not do: whatever it tries, the caller goes on and knows what came of it. */
#include "unit/jail/prisoner.h"

struct attempt {
    enum deed deed;
    enum wp_jail_end end;
};

/* Each attempt is the end of its child, tells no facts, and does not touch the next task. */
static void assert_stopped(struct bench *bench, struct attempt attempt)
{
    memset(&bench->found, 0xff, sizeof bench->found);
    enum wp_status status = bench_run(bench, attempt.deed);
    if (status != WP_INPUT || bench->end != attempt.end)
        fail_msg("deed %d: status %d, end %d instead of %d: %s", (int)attempt.deed, (int)status,
                 (int)bench->end, (int)attempt.end, bench->error.message);
    assert_int_equal(bench->found.pid, 0);
    assert_string_not_equal(bench->error.message, "");
    assert_int_equal(bench_run(bench, ADD_UP), WP_OK);
    assert_int_equal(bench->found.count, bench->bytes.len);
}

static void stopped_at_once(void **state)
{
    (void)state;
    static const struct attempt attempts[] = {
        {CRASH, WP_JAIL_CRASHED},         {ABORT, WP_JAIL_CRASHED},
        {EXIT, WP_JAIL_CRASHED},          {NO_MEMORY, WP_JAIL_NO_MEMORY},
        {EAT_SHARED, WP_JAIL_FORBIDDEN},  {CONNECT, WP_JAIL_FORBIDDEN},
        {EXEC, WP_JAIL_FORBIDDEN},        {FORK, WP_JAIL_FORBIDDEN},
        {KILL_CALLER, WP_JAIL_FORBIDDEN}, {TRACE, WP_JAIL_FORBIDDEN},
        {MAP_CODE, WP_JAIL_FORBIDDEN},    {MAKE_CODE, WP_JAIL_FORBIDDEN},
        {WRITE_FILE, WP_JAIL_FORBIDDEN},  {WRITE_STDOUT, WP_JAIL_FORBIDDEN},
        {RAISE_LIMIT, WP_JAIL_FORBIDDEN}, {SEND_GARBAGE, WP_JAIL_LIED},
        {SEND_LITTLE, WP_JAIL_LIED},      {SEND_SHORT_RESULT, WP_JAIL_LIED},
        {SEND_LONG_RESULT, WP_JAIL_LIED}, {SEND_HUGE_RESULT, WP_JAIL_LIED},
        {SEND_BAD_STATUS, WP_JAIL_LIED},  {SEND_HUGE_BLOB, WP_JAIL_LIED},
        {SEND_MUCH_BLOB, WP_JAIL_LIED},   {SEND_NO_BLOB, WP_JAIL_LIED},
        {SEND_BAD_LOG, WP_JAIL_LIED},     {SEND_SHORT_READ, WP_JAIL_LIED},
        {SEND_LONG_READ, WP_JAIL_LIED},
    };
    struct bench bench = bench_open(60000);
    struct wp_buf blob = wp_buf_new(200000);
    for (int wants_blob = 0; wants_blob < 2; wants_blob++) {
        for (size_t i = 0; i < COUNT(attempts); i++)
            assert_stopped(&bench, attempts[i]);
        bench.blob = &blob;
    }
    wp_buf_free(&blob);
    bench.blob = NULL;
    /* It lived when it closed its socket, or seemed to: it was killed for that. */
    assert_stopped(&bench, (struct attempt){SEND_NOTHING, WP_JAIL_CRASHED});
    assert_stopped(&bench, (struct attempt){SEND_EMPTY, WP_JAIL_CRASHED});
    bench_close(&bench);
}

/* The kernel then keeps nothing of how a child ended. */
static void stopped_for_a_caller_that_ignores_its_children(void **state)
{
    (void)state;
    (void)signal(SIGCHLD, SIG_IGN);
    struct bench bench = bench_open(60000);
    assert_stopped(&bench, (struct attempt){CRASH, WP_JAIL_CRASHED});
    bench_close(&bench);
    (void)signal(SIGCHLD, SIG_DFL);
}

static void stopped_in_time(void **state)
{
    (void)state;
    static const enum deed deeds[] = {SPIN, SLEEP, SEND_READS, READ_FOREVER};
    struct bench bench = bench_open(1000);
    for (size_t i = 0; i < COUNT(deeds); i++)
        assert_stopped(&bench, (struct attempt){deeds[i], WP_JAIL_TOO_LONG});
    bench_close(&bench);
}

static void opens_no_file(void **state)
{
    (void)state;
    struct bench bench = bench_open(60000);
    assert_int_equal(bench_run(&bench, TRY_OPEN), WP_OK);
    assert_int_equal(bench.found.error, EACCES);
    bench_close(&bench);
}

static void memory_is_bounded(void **state)
{
    (void)state;
    struct bench bench = bench_open(60000);
    enum wp_status status = bench_run(&bench, EAT);
    if (status == WP_OK) /* a sanitizer's allocator ends the process instead */
        assert_in_range(bench.found.mib, 64, 256);
    else
        assert_int_equal(bench.end, WP_JAIL_CRASHED);
    assert_int_equal(bench_run(&bench, ADD_UP), WP_OK);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stopped_at_once),   cmocka_unit_test(stopped_for_a_caller_that_ignores_its_children),
        cmocka_unit_test(stopped_in_time),   cmocka_unit_test(opens_no_file),
        cmocka_unit_test(memory_is_bounded),
    };
    return RUN_BOTH(tests);
}
