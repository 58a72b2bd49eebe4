/* Writes the reference pages from the tables that the program itself reads: wanprep-docgen FOLDER. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/docgen.h"
#include "cli/help.h"
#include "wanprep/findings.h"
#include "wanprep/status.h"

#include "base/banned.h"

static const char made_from[] =
    "<!-- Made by wanprep-docgen from %s; to renew it: cmake --build --preset debug "
    "--target docs -->\n\n";

/* Adds text as a cell of a table: '|' would end it, '<' would begin a tag. */
static void add_cell(struct wp_buf *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '|')
            (void)wp_buf_add_text(out, "\\");
        if (*p == '<')
            (void)wp_buf_add_text(out, "&lt;");
        else
            (void)wp_buf_add(out, p, 1);
    }
}

static void write_exit_codes(struct wp_buf *out)
{
    size_t count = 0;
    const struct wp_status_row *rows = wp_status_rows(&count);
    (void)wp_buf_add_format(out, made_from, "include/wanprep/status.def");
    (void)wp_buf_add_text(
        out,
        "# Exit codes\n\n"
        "They are a contract: a code never changes its meaning. The status is what the member "
        "`status` of `wanprep run --json`, and of each line of `wanprep batch --json`, says. Many rows "
        "together have 0 if all are done, else the code of the worst: in this order 70, 7, 4, 3, 5, 6, 1; "
        "130 if they were interrupted.\n\n"
        "| exit code | status | meaning |\n|---:|---|---|\n");
    for (size_t i = 0; i < count; i++)
        (void)wp_buf_add_format(out, "| %d | `%s` | %s |\n", rows[i].exit_code, rows[i].name,
                                rows[i].sentence);
}

/* A rule of url.* stands once and judges both media. */
static const char *about(const struct wp_rule *rule)
{
    return wp_text_starts(rule->id, "url.") ? "image, video" : wp_subject_name(rule->subject);
}

static void write_rule(struct wp_buf *out, const struct wp_rule *rule)
{
    (void)wp_buf_add_format(out, "\n## `%s`\n\n%s (%s by default).", rule->id, rule->title,
                            wp_level_name(rule->level));
    if (rule->limit[0])
        (void)wp_buf_add_format(out, " Limit: %s (%s).", rule->limit, wp_limit_source_text(rule->source));
    (void)wp_buf_add_format(out, " Reads `%s`.", rule->fact);
    if (rule->predicts[0])
        (void)wp_buf_add_format(out, " Foresees the service's `%s`.", rule->predicts);
    (void)wp_buf_add_format(out, "\n\n%s\n", rule->why);
    if (rule->fix[0])
        (void)wp_buf_add_format(out, "\nWay out: %s\n", rule->fix);
}

static void write_rules(struct wp_buf *out)
{
    size_t count = 0;
    const struct wp_rule *rules = wp_rules(&count);
    (void)wp_buf_add_format(out, made_from, "the catalogue in src/rules");
    (void)wp_buf_add_text(
        out, "# Rules\n\n"
             "What `wanprep check` looks at. An error rejects the input; a warning and a note do not. "
             "`--level RULE=LEVEL` changes\nthe level of a rule, `--ignore RULE` switches it off, "
             "`--strict` makes every warning an error. In the ways out, words\nin braces stand for what "
             "was measured.\n\n"
             "| rule | about | level | limit | foresees |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++) {
        (void)wp_buf_add_format(out, "| [`%s`](#", rules[i].id);
        /* An anchor of a heading keeps letters, digits and '-'. */
        for (const char *p = rules[i].id; *p; p++) {
            if (*p != '.')
                (void)wp_buf_add(out, p, 1);
        }
        (void)wp_buf_add_format(out, ") | %s | %s | ", about(&rules[i]), wp_level_name(rules[i].level));
        add_cell(out, rules[i].limit);
        (void)wp_buf_add_format(out, rules[i].predicts[0] ? " | `%s` |\n" : " | %s |\n", rules[i].predicts);
    }
    for (size_t i = 0; i < count; i++)
        write_rule(out, &rules[i]);
}

static void write_commands(struct wp_buf *out)
{
    size_t count = 0;
    const struct wp_command *const *commands = wp_commands(&count);
    (void)wp_buf_add_format(out, made_from, "the option tables in src/cli");
    (void)wp_buf_add_text(out, "# The command line\n\n```text\n");
    wp_help_overview(out);
    (void)wp_buf_add_text(out, "```\n");
    for (size_t i = 0; i < count; i++) {
        (void)wp_buf_add_format(out, "\n## wanprep %s\n\n```text\n", commands[i]->name);
        wp_help_command(out, commands[i]);
        (void)wp_buf_add_text(out, "```\n");
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*write)(struct wp_buf *out);
    } pages[] = {
        {"rules.md", write_rules},
        {"exit-codes.md", write_exit_codes},
        {"cli.md", write_commands},
        {"wanprep.1", wp_man_write},
    };
    if (argc != 2) {
        (void)fputs("usage: wanprep-docgen FOLDER\n", stderr);
        return wp_status_exit_code(WP_USAGE);
    }
    struct wp_error error = {0};
    struct wp_buf out = wp_buf_new(1 << 20);
    enum wp_status status = WP_OK;
    for (size_t i = 0; i < sizeof pages / sizeof pages[0] && status == WP_OK; i++) {
        char path[4096];
        wp_buf_clear(&out);
        pages[i].write(&out);
        status = out.failed;
        if (status == WP_OK && wp_text_format(path, sizeof path, "%s/%s", argv[1], pages[i].name))
            status = wp_file_write_atomic(path, out.data, out.len, &error);
    }
    if (status != WP_OK)
        (void)fprintf(stderr, "wanprep-docgen: %s\n",
                      error.message[0] ? error.message : wp_status_text(status));
    wp_buf_free(&out);
    return wp_status_exit_code(status);
}
