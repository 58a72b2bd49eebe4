#include "cli/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "base/banned.h"

/* The one mutable global: a signal handler can reach nothing else. Threads look at it, too. */
static atomic_int seen;
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "a signal handler may use it");

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
enum { COUNT = sizeof numbers / sizeof numbers[0] };

static void on_signal(int number)
{
    (void)number;
    if (atomic_exchange(&seen, 1))
        _exit(130);
}

void wp_signals_ignore(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)signal(SIGCHLD, SIG_DFL); /* how a child ended is asked for */
}

void wp_signals_catch(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigemptyset(&action.sa_mask);
    /* No SA_RESTART: a wait in the kernel ends when a signal comes. */
    for (size_t i = 0; i < COUNT; i++) {
        struct sigaction before;
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            (void)sigaction(numbers[i], &action, NULL);
    }
}

bool wp_signals_seen(void)
{
    return atomic_load(&seen) != 0;
}

bool wp_signals_wait_input(int fd)
{
    sigset_t ours, before;
    struct pollfd input = {.fd = fd, .events = POLLIN};
    (void)sigemptyset(&ours);
    for (size_t i = 0; i < COUNT; i++)
        (void)sigaddset(&ours, numbers[i]);
    /* Held back from the look at the flag until ppoll() itself lets them through. */
    (void)sigprocmask(SIG_BLOCK, &ours, &before);
    int ready = 0;
    while (!wp_signals_seen() && ready == 0) {
        ready = ppoll(&input, 1, NULL, &before);
        if (ready < 0 && errno == EINTR)
            ready = 0;
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return !wp_signals_seen();
}
