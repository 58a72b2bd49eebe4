#include "cli/console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
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
    bool shown = isatty(STDOUT_FILENO), live = capable && isatty(STDERR_FILENO);
    return (struct wp_console){
        .live = live,
        .shown = live && shown,
        .color = capable && shown && !is_set("NO_COLOR"),
    };
}

struct wp_size wp_console_size(void)
{
    struct winsize size = {0};
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0;
    size_t columns = known && size.ws_col > 0 ? size.ws_col : 80;
    size_t lines = known && size.ws_row > 0 ? size.ws_row : 24;
    return (struct wp_size){columns, lines < WP_MAX_BLOCK ? lines : WP_MAX_BLOCK};
}

/* How many lines of the terminal the block takes now: one that has become narrower since it was drawn wraps
 * what no longer fits. */
static size_t lines_of_block(const struct wp_console *console, struct wp_size size)
{
    size_t lines = 0;
    for (size_t i = 0; i < console->block_lines; i++) {
        size_t width = console->block_widths[i];
        lines += width > size.columns ? (width + size.columns - 1) / size.columns : 1;
    }
    return lines < size.lines ? lines : size.lines - 1;
}

/* What goes back to where the status or the block begins and removes it (ECMA-48 8.3.22 CUU, 8.3.39 ED,
 * 8.3.41 EL). */
static void add_clearing(struct wp_buf *out, const struct wp_console *console)
{
    if (console->block_lines > 0) {
        size_t lines = lines_of_block(console, wp_console_size());
        (void)wp_buf_add_text(out, "\r");
        if (lines > 0)
            (void)wp_buf_add_format(out, "\033[%zuA", lines);
        (void)wp_buf_add_text(out, "\033[J");
    } else if (console->status_shown) {
        (void)wp_buf_add_text(out, "\r\033[K");
    }
}

/* Written at once, so that a terminal never shows half of it. */
static void put(struct wp_console *console, struct wp_buf *bytes)
{
    console->status_shown = false;
    console->block_lines = 0;
    (void)fwrite(wp_buf_text(bytes), 1, bytes->len, stderr);
    (void)fflush(stderr);
    wp_buf_free(bytes);
}

void wp_console_clear(struct wp_console *console)
{
    struct wp_buf bytes = wp_buf_new(256);
    if (!console->status_shown && console->block_lines == 0)
        return;
    add_clearing(&bytes, console);
    put(console, &bytes);
}

void wp_console_block(struct wp_console *console, const char *text, const unsigned short *widths,
                      size_t lines)
{
    struct wp_buf bytes = wp_buf_new(1 << 18);
    if (!console->live || console->quiet || lines > WP_MAX_BLOCK)
        return;
    add_clearing(&bytes, console);
    (void)wp_buf_add_text(&bytes, text);
    put(console, &bytes);
    memcpy(console->block_widths, widths, lines * sizeof *widths);
    console->block_lines = lines;
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

void wp_console_status(struct wp_console *console, const char *text)
{
    if (!console->live || console->quiet)
        return;
    char line[512];
    size_t room = wp_console_size().columns;
    if (console->block_lines > 0)
        wp_console_clear(console);
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

bool wp_console_flush(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
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
