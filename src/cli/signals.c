#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/banned.h"

/* The one mutable global: a signal handler can reach nothing else. */
static volatile sig_atomic_t seen;

static void on_signal(int number)
{
    (void)number;
    if (seen)
        _exit(130);
    seen = 1;
}

void wp_signals_ignore_pipe(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
}

void wp_signals_catch(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigemptyset(&action.sa_mask);
    /* No SA_RESTART: a wait in the kernel ends when a signal comes. */
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction before;
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            (void)sigaction(numbers[i], &action, NULL);
    }
}

bool wp_signals_seen(void)
{
    return seen != 0;
}
