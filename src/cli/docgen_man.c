#include "base/text.h"
#include "cli/docgen.h"
#include "cli/help.h"
#include "wanprep/findings.h"

#include "base/banned.h"

/* Adds text so that groff sets it as it stands: no escapes, no requests at a line's start, '-' as itself. */
static void add_text(struct wp_buf *out, const char *text)
{
    bool line_start = true;
    for (const char *p = text; *p; p++) {
        if (line_start && (*p == '.' || *p == '\''))
            (void)wp_buf_add_text(out, "\\&");
        line_start = *p == '\n';
        if (*p == '\\')
            (void)wp_buf_add_text(out, "\\e");
        else if (*p == '-')
            (void)wp_buf_add_text(out, "\\-");
        else if (*p == '\n' && p[1] == '\n')
            (void)wp_buf_add_text(out, "\n.PP");
        else
            (void)wp_buf_add(out, p, 1);
    }
    (void)wp_buf_add_text(out, "\n");
}

/* A hanging paragraph: the term in bold, the text below it. */
static void add_item(struct wp_buf *out, const char *term, const char *text)
{
    (void)wp_buf_add_text(out, ".TP\n.B ");
    add_text(out, term);
    add_text(out, text);
}

static void add_option(struct wp_buf *out, const struct wp_option *option)
{
    struct wp_buf term = wp_buf_new(256), text = wp_buf_new(2048);
    if (option->letter)
        (void)wp_buf_add_format(&term, "-%c, ", option->letter);
    (void)wp_buf_add_format(&term, "--%s", option->name);
    if (option->value)
        (void)wp_buf_add_format(&term, " %s", option->value);
    (void)wp_buf_add_format(&text, "%s.", option->help);
    if (option->allowed)
        (void)wp_buf_add_format(&text, " Takes %s.", option->allowed);
    if (option->fallback)
        (void)wp_buf_add_format(&text, " Default: %s.", option->fallback);
    add_item(out, wp_buf_text(&term), wp_buf_text(&text));
    wp_buf_free(&term);
    wp_buf_free(&text);
}

static void add_command(struct wp_buf *out, const struct wp_command *command)
{
    (void)wp_buf_add_text(out, ".SS ");
    for (size_t i = 0; command->synopses[i]; i++) {
        struct wp_buf line = wp_buf_new(1024);
        (void)wp_buf_add_format(&line, "wanprep %s %s", command->name, command->synopses[i]);
        if (i > 0)
            (void)wp_buf_add_text(out, ".br\n");
        add_text(out, wp_buf_text(&line));
        wp_buf_free(&line);
    }
    (void)wp_buf_add_text(out, ".PP\n");
    add_text(out, command->description);
    for (size_t i = 0; i < command->option_count; i++)
        add_option(out, &command->options[i]);
    if (!command->examples)
        return;
    (void)wp_buf_add_text(out, ".PP\nExamples:\n.PP\n.nf\n");
    for (size_t i = 0; command->examples[i]; i++)
        add_text(out, command->examples[i]);
    (void)wp_buf_add_text(out, ".fi\n");
}

static void add_exit_status(struct wp_buf *out)
{
    size_t count = 0;
    const struct wp_status_row *rows = wp_status_rows(&count);
    (void)wp_buf_add_text(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < count; i++) {
        char code[16];
        (void)wp_text_format(code, sizeof code, "%d", rows[i].exit_code);
        add_item(out, code, rows[i].sentence);
    }
}

static void add_rules(struct wp_buf *out)
{
    size_t count = 0;
    const struct wp_rule *rules = wp_rules(&count);
    (void)wp_buf_add_text(out, ".SH RULES\n");
    add_text(
        out,
        "The rules of check, with their default levels. docs/rules.md says why they are and what to do.");
    for (size_t i = 0; i < count; i++) {
        struct wp_buf text = wp_buf_new(1024);
        (void)wp_buf_add_format(&text, "%s (%s)", rules[i].title, wp_level_name(rules[i].level));
        if (rules[i].limit[0])
            (void)wp_buf_add_format(&text, ": %s", rules[i].limit);
        add_item(out, rules[i].id, wp_buf_text(&text));
        wp_buf_free(&text);
    }
}

static void add_files(struct wp_buf *out)
{
    static const struct {
        const char *path, *text;
    } files[] = {
        {"OUTPUT/aliyun-wan-animate-move/videos/TASK.mp4", "the result"},
        {"OUTPUT/aliyun-wan-animate-move/tasks/TASK.json", "the service's final answer"},
        {"OUTPUT/aliyun-wan-animate-move/tasks/TASK.log.jsonl",
         "every request and answer with its time, without secrets"},
        {"OUTPUT/aliyun-wan-animate-move/wanprep.db", "what carries a job over a crash or an interruption"},
    };
    (void)wp_buf_add_text(out, ".SH FILES\n");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        add_item(out, files[i].path, files[i].text);
}

void wp_man_write(struct wp_buf *out)
{
    size_t count = 0;
    (void)wp_buf_add_format(out, ".TH WANPREP 1 \"\" \"wanprep %s\" \"User Commands\"\n", wp_version());
    (void)wp_buf_add_text(out,
                          ".SH NAME\nwanprep \\- preflight and job runner for wan2.2\\-animate\\-move\n"
                          ".SH SYNOPSIS\n.B wanprep\n.I COMMAND\n.RI [ options ]\n\\&...\n.SH DESCRIPTION\n");
    add_text(
        out,
        "Answers one question before any money or quota is spent, would the service take this image and this "
        "video?, and then does the whole job: upload, submit, poll, download, record. Results go to standard "
        "output, progress and messages to standard error.");
    (void)wp_buf_add_text(out, ".SH COMMANDS\n");
    const struct wp_command *const *commands = wp_commands(&count);
    for (size_t i = 0; i < count; i++)
        add_command(out, commands[i]);
    add_exit_status(out);
    (void)wp_buf_add_text(out, ".SH ENVIRONMENT\n");
    const struct wp_variable *variables = wp_variables(&count);
    for (size_t i = 0; i < count; i++)
        add_item(out, variables[i].name, variables[i].help);
    add_files(out);
    add_rules(out);
}
