#include "cli/help.h"

#include <string.h>

#include "wanprep/status.h"

#include "base/banned.h"

enum { WIDTH = 80, OPTION_COLUMN = 28, NAME_COLUMN = 14 };

const struct wp_status_row *wp_status_rows(size_t *count)
{
    static const struct wp_status_row rows[] = {
#define WP_STATUS(name, value, exit_code, sentence) {exit_code, #name, sentence},
#include "wanprep/status.def"
#undef WP_STATUS
    };
    *count = sizeof rows / sizeof rows[0];
    return rows;
}

static void pad(struct wp_buf *out, size_t spaces)
{
    (void)wp_buf_add_format(out, "%*s", (int)spaces, "");
}

/* Adds the words of [text, text + len), starting at column `at`, and ends the line. */
static void wrap_from(struct wp_buf *out, const char *text, size_t len, size_t indent, size_t at)
{
    const char *end = text + len;
    size_t column = at;
    while (text < end) {
        size_t word = strcspn(text, " \n");
        if (column > indent && column + 1 + word > WIDTH) {
            (void)wp_buf_add_text(out, "\n");
            pad(out, indent);
            column = indent;
        } else if (column > indent) {
            (void)wp_buf_add_text(out, " ");
            column++;
        }
        (void)wp_buf_add(out, text, word);
        column += word;
        text += word;
        text += strspn(text, " ");
        if (text < end && *text == '\n')
            text++;
    }
    (void)wp_buf_add_text(out, "\n");
}

void wp_help_wrap(struct wp_buf *out, const char *text, size_t indent)
{
    for (;;) {
        const char *gap = strstr(text, "\n\n");
        pad(out, indent);
        wrap_from(out, text, gap ? (size_t)(gap - text) : strlen(text), indent, indent);
        if (!gap)
            break;
        (void)wp_buf_add_text(out, "\n");
        text = gap + 2;
    }
}

void wp_help_row(struct wp_buf *out, const char *name, const char *text, size_t column)
{
    size_t used = strlen(name);
    (void)wp_buf_add_text(out, name);
    if (used + 2 > column) {
        (void)wp_buf_add_text(out, "\n");
        used = 0;
    }
    pad(out, column - used);
    wrap_from(out, text, strlen(text), column, column);
}

static void add_option(struct wp_buf *out, const struct wp_option *option)
{
    struct wp_buf name = wp_buf_new(256), text = wp_buf_new(2048);
    if (option->letter)
        (void)wp_buf_add_format(&name, "  -%c, --%s", option->letter, option->name);
    else
        (void)wp_buf_add_format(&name, "      --%s", option->name);
    if (option->value)
        (void)wp_buf_add_format(&name, " %s", option->value);
    (void)wp_buf_add_text(&text, option->help);
    if (option->allowed && !option->fallback)
        (void)wp_buf_add_format(&text, " (%s)", option->allowed);
    else if (option->fallback)
        (void)wp_buf_add_format(&text, " (%s; default: %s)", option->allowed, option->fallback);
    wp_help_row(out, wp_buf_text(&name), wp_buf_text(&text), OPTION_COLUMN);
    wp_buf_free(&name);
    wp_buf_free(&text);
}

static void add_named(struct wp_buf *out, const char *name, const char *text)
{
    struct wp_buf cell = wp_buf_new(128);
    (void)wp_buf_add_format(&cell, "  %s", name);
    wp_help_row(out, wp_buf_text(&cell), text, NAME_COLUMN);
    wp_buf_free(&cell);
}

static void add_exit_codes(struct wp_buf *out)
{
    size_t count = 0;
    const struct wp_status_row *rows = wp_status_rows(&count);
    (void)wp_buf_add_text(out, "\nExit codes:\n");
    for (size_t i = 0; i < count; i++) {
        struct wp_buf cell = wp_buf_new(16);
        bool same = i > 0 && rows[i].exit_code == rows[i - 1].exit_code;
        if (same)
            (void)wp_buf_add_text(&cell, "       ");
        else
            (void)wp_buf_add_format(&cell, "  %3d  ", rows[i].exit_code);
        (void)wp_buf_add_text(out, wp_buf_text(&cell));
        wrap_from(out, rows[i].sentence, strlen(rows[i].sentence), 7, 7);
        wp_buf_free(&cell);
    }
}

static void add_variables(struct wp_buf *out)
{
    size_t count = 0;
    const struct wp_variable *variables = wp_variables(&count);
    (void)wp_buf_add_text(out, "\nEnvironment:\n");
    for (size_t i = 0; i < count; i++) {
        (void)wp_buf_add_format(out, "  %s\n", variables[i].name);
        wp_help_wrap(out, variables[i].help, 6);
    }
}

void wp_help_overview(struct wp_buf *out)
{
    size_t count = 0;
    const struct wp_command *const *commands = wp_commands(&count);
    (void)wp_buf_add_text(out, "usage: wanprep COMMAND [options] ...\n\n");
    wp_help_wrap(
        out,
        "Would DashScope's wan2.2-animate-move take this image and this video? Finds out before any money is "
        "spent, and then does the whole job: upload, submit, poll, download, record.",
        0);
    (void)wp_buf_add_text(out, "\nCommands:\n");
    for (size_t i = 0; i < count; i++)
        add_named(out, commands[i]->name, commands[i]->summary);
    (void)wp_buf_add_text(out, "\n'wanprep COMMAND --help' says more about one.\n");
    add_variables(out);
    add_exit_codes(out);
}

void wp_help_command(struct wp_buf *out, const struct wp_command *command)
{
    for (size_t i = 0; command->synopses[i]; i++)
        (void)wp_buf_add_format(out, "%s wanprep %s%s%s\n", i ? "      " : "usage:", command->name,
                                command->synopses[i][0] ? " " : "", command->synopses[i]);
    (void)wp_buf_add_text(out, "\n");
    wp_help_wrap(out, command->description, 0);
    (void)wp_buf_add_text(out, "\nOptions:\n");
    for (size_t i = 0; i < command->option_count; i++)
        add_option(out, &command->options[i]);
    if (!command->examples)
        return;
    (void)wp_buf_add_text(out, "\nExamples:\n");
    for (size_t i = 0; command->examples[i]; i++)
        (void)wp_buf_add_format(out, "  %s\n", command->examples[i]);
}
