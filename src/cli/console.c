#include "cli/console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/signals.h"

#include "base/banned.h"

void wp_console_open(void)
{
    /* Opened the wrong way round, so that using one still fails with EBADF. */
    static const int flags[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", flags[fd]) != fd)
            _exit(wp_status_exit_code(WP_INTERNAL));
    }
}

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && value[0];
}

struct wp_console wp_console_new(void)
{
    const char *term = getenv("TERM");
    bool capable = term && term[0] && strcmp(term, "dumb") != 0;
    return (struct wp_console){
        .live = capable && isatty(STDERR_FILENO),
        .color = capable && isatty(STDOUT_FILENO) && !is_set("NO_COLOR"),
    };
}

void wp_console_clear(struct wp_console *console)
{
    if (!console->status_shown)
        return;
    (void)fputs("\r\033[K", stderr);
    console->status_shown = false;
}

void wp_console_line(struct wp_console *console, const char *format, ...)
{
    char line[1024];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (len < 0)
        return;
    wp_redact(line);
    wp_text_sanitize(line);
    wp_console_clear(console);
    (void)fprintf(stderr, "%s\n", line);
}

/* Columns of the terminal, or 80. */
static size_t terminal_width(void)
{
    struct winsize size = {0};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void wp_console_status(struct wp_console *console, const char *text)
{
    if (!console->live || console->quiet)
        return;
    char line[512];
    size_t room = terminal_width();
    /* One column stays free: a terminal would wrap when it is filled. */
    (void)wp_text_copy(line, room < sizeof line ? room : sizeof line, text);
    wp_text_sanitize(line);
    (void)fprintf(stderr, "\r\033[K%s", line);
    (void)fflush(stderr);
    console->status_shown = true;
}

static void log_line(void *user, enum wp_log_level level, const char *room, const char *line)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    wp_console_line(user, "[%s] %s: %s", names[level], room, line);
}

struct wp_log wp_console_log(struct wp_console *console)
{
    if (!console->verbose)
        return (struct wp_log){0};
    return (struct wp_log){log_line, console, console->verbose == 1 ? WP_LOG_INFO : WP_LOG_DEBUG};
}

bool wp_console_can_ask(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

enum wp_status wp_console_ask(struct wp_console *console, const char *question)
{
    char answer[16] = "";
    wp_console_clear(console);
    (void)fprintf(stderr, "%s [y/N] ", question);
    (void)fflush(stderr);
    if (!wp_signals_wait_input(STDIN_FILENO))
        return WP_INTERRUPTED;
    ssize_t len = read(STDIN_FILENO, answer, sizeof answer - 1);
    if (len <= 0)
        return WP_DECLINED;
    answer[strcspn(answer, "\r\n")] = '\0';
    return wp_text_equal_nocase(answer, "y") || wp_text_equal_nocase(answer, "yes") ? WP_OK : WP_DECLINED;
}

bool wp_console_print(const char *text, size_t len)
{
    return fwrite(text, 1, len, stdout) == len;
}

enum wp_status wp_console_close(struct wp_error *error)
{
    bool failed = ferror(stdout);
    errno = 0;
    if (fclose(stdout) != 0)
        failed = true;
    if (!failed)
        return WP_OK;
    return wp_fail(error, WP_OUTPUT, "output", "standard output could not be written%s%s", errno ? ": " : "",
                   errno ? strerror(errno) : "");
}
