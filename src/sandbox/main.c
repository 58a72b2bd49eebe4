/* wanprep-sandbox: a local emulator of the service. One thread, one loop: sockets, signals, the command. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "sandbox/child.h"
#include "sandbox/config.h"
#include "sandbox/server.h"
#include "sandbox/service.h"

#include "base/banned.h"

/* Takes the signals out of asynchronous delivery; they are read from the descriptor instead. -1: failed. */
static int open_signals(void)
{
    sigset_t mask;
    (void)sigemptyset(&mask);
    (void)sigaddset(&mask, SIGINT);
    (void)sigaddset(&mask, SIGTERM);
    (void)sigaddset(&mask, SIGHUP);
    (void)sigaddset(&mask, SIGCHLD);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGPIPE, &ignore, NULL);
    if (sigprocmask(SIG_BLOCK, &mask, NULL) != 0)
        return -1;
    return signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Reads what signals there are. Returns the exit code if the program is to end, else -1. */
static int take_signals(int fd, pid_t child)
{
    struct signalfd_siginfo info;
    while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGCHLD) {
            int code = child ? sb_child_exit_code(child) : -1;
            if (code >= 0)
                return code;
        } else if (!child) {
            return 0;
        } else if (info.ssi_code != SI_KERNEL) {
            (void)kill(child, (int)info.ssi_signo); /* what a terminal sends reaches the child by itself */
        }
    }
    return -1;
}

static enum wp_status loop(struct sb_server *server, int signals, pid_t child, int *exit_code,
                           struct wp_error *error)
{
    for (;;) {
        bool signalled = false;
        enum wp_status status = sb_server_turn(server, signals, &signalled, error);
        if (status != WP_OK)
            return status;
        *exit_code = signalled ? take_signals(signals, child) : -1;
        if (*exit_code >= 0)
            return WP_OK;
    }
}

static int serve(struct sb_config *config, struct sb_service *service, struct wp_error *error)
{
    char digits[33];
    struct sb_server *server = NULL;
    pid_t child = 0;
    int exit_code = 0;
    int signals = open_signals();
    enum wp_status status = WP_OK;
    if (signals < 0) {
        status = wp_fail(error, WP_INTERNAL, "signals", "cannot take signals: %s", strerror(errno));
        goto out;
    }
    if (config->command && !config->api_key) {
        wp_random_hex(digits, sizeof digits);
        (void)wp_text_format(config->made_key, sizeof config->made_key, "sk-sandbox%s", digits);
        config->api_key = config->made_key;
    }
    status = sb_server_start(&server, service, (uint16_t)config->port, error);
    if (status != WP_OK)
        goto out;
    if (config->command) {
        status = sb_child_start(&child, config->command, service->root, config->api_key, error);
    } else if (printf("%s/api/v1\n", service->root) < 0 || fflush(stdout) != 0) {
        status = wp_fail(error, WP_OUTPUT, "stdout", "cannot print the URL: %s", strerror(errno));
    }
    if (status == WP_OK)
        status = loop(server, signals, child, &exit_code, error);
out:
    sb_server_stop(server);
    if (signals >= 0)
        (void)close(signals);
    return status == WP_OK ? exit_code : wp_status_exit_code(status);
}

int main(int argc, char **argv)
{
    struct sb_config config;
    switch (sb_options_read(&config, argc, argv)) {
    case SB_OPTIONS_DONE: /* the help or the version was printed */
        return fflush(stdout) == 0 && !ferror(stdout) ? 0 : wp_status_exit_code(WP_OUTPUT);
    case SB_OPTIONS_WRONG:
        return wp_status_exit_code(WP_USAGE);
    case SB_OPTIONS_RUN:
        break;
    }
    struct sb_service service;
    struct wp_error error = {0};
    enum wp_status status = sb_service_init(&service, &config, wp_clock_system()->now_ms(NULL), &error);
    int exit_code = status == WP_OK ? serve(&config, &service, &error) : wp_status_exit_code(status);
    if (error.status != WP_OK)
        fprintf(stderr, "wanprep-sandbox: %s\n", error.message);
    sb_service_free(&service);
    return exit_code;
}
