#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/signals.h"

#include "base/banned.h"

/* Runs part in a child, since signals are a matter of the whole process, and returns how the child ended. */
static int end_of(void (*part)(void))
{
    pid_t child = fork();
    if (child == 0) {
        (void)signal(SIGHUP, SIG_DFL); /* whatever the test's own parent ignores */
        (void)signal(SIGINT, SIG_DFL);
        part();
        _exit(0);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    return how;
}

/* Ends the child with a code of its own where something is wrong. */
static void want(bool condition)
{
    if (!condition)
        _exit(99);
}

static void one_of_each(int number)
{
    wp_signals_catch();
    want(!wp_signals_seen());
    (void)raise(number);
    want(wp_signals_seen());
}

static void interrupt(void)
{
    one_of_each(SIGINT);
}

static void terminate(void)
{
    one_of_each(SIGTERM);
}

static void hang_up(void)
{
    one_of_each(SIGHUP);
}

static void interrupt_twice(void)
{
    one_of_each(SIGINT);
    (void)raise(SIGTERM);
}

static void hang_up_ignored(void)
{
    (void)signal(SIGHUP, SIG_IGN);
    wp_signals_catch();
    (void)raise(SIGHUP);
    want(!wp_signals_seen());
}

static void write_to_nobody(void)
{
    int ends[2];
    want(pipe(ends) == 0 && close(ends[0]) == 0);
    wp_signals_ignore();
    want(write(ends[1], "x", 1) == -1);
}

static void the_first_signal_is_noted(void **state)
{
    (void)state;
    assert_int_equal(end_of(interrupt), 0);
    assert_int_equal(end_of(terminate), 0);
    assert_int_equal(end_of(hang_up), 0);
}

static void the_second_one_exits_at_once(void **state)
{
    (void)state;
    int how = end_of(interrupt_twice);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), 130);
}

static void what_the_parent_ignored_stays_ignored(void **state)
{
    (void)state;
    assert_int_equal(end_of(hang_up_ignored), 0);
}

static void a_closed_pipe_does_not_kill(void **state)
{
    (void)state;
    assert_int_equal(end_of(write_to_nobody), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_signal_is_noted),
        cmocka_unit_test(the_second_one_exits_at_once),
        cmocka_unit_test(what_the_parent_ignored_stays_ignored),
        cmocka_unit_test(a_closed_pipe_does_not_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
