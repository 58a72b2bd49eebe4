#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/help.h"
#include "wanprep/client.h"
#include "wanprep/limits.h"
#include "wanprep/reference.h"

#include "base/banned.h"

enum { CEILING = 1 << 18, MAX_NAMES = 256, INDENT = 2, COLUMN = 13 };

struct explain_settings {
    struct wp_common_settings common;
    bool json;
    const char *code;
};

/* "  Limit      2 to 30 s": the text goes on below itself. */
static void add_row(struct wp_buf *out, const char *name, const char *text)
{
    if (text[0])
        wp_help_row(out, name, text, COLUMN);
}

/* A command must stay on one line to be pasted. */
static enum wp_status add_fix(struct wp_buf *out, const struct wp_rule *rule, struct wp_error *error)
{
    char *fix = NULL;
    enum wp_status status = wp_reference_fix(&fix, rule, error);
    if (status == WP_OK && fix[0])
        (void)wp_buf_add_format(
            out, "\n%*sThe way out, here for a sample; check gives it for your files:\n%*s%s\n", INDENT, "",
            INDENT, "", fix);
    wp_free(fix);
    return status;
}

static void add_level(struct wp_buf *out, const struct wp_rule *rule)
{
    struct wp_buf text = wp_buf_new(CEILING);
    if (wp_rule_is_fixed(rule))
        (void)wp_buf_add_format(&text, "%s, always: what cannot be read or judged is never accepted",
                                wp_level_name(rule->level));
    else
        (void)wp_buf_add_format(&text, "%s; --level %s=LEVEL changes it, --ignore %s switches the rule off",
                                wp_level_name(rule->level), rule->id, rule->id);
    if (rule->level == WP_LEVEL_WARNING)
        (void)wp_buf_add_text(&text, ", --strict makes it an error");
    add_row(out, "  Level", wp_buf_text(&text));
    wp_buf_free(&text);
}

static void add_source(struct wp_buf *out, const struct wp_rule *rule)
{
    const struct wp_limits *limits = wp_limits_default();
    add_row(out, "  Source", wp_limit_source_text(rule->source));
    if (rule->source != WP_LIMIT_PUBLISHED)
        return;
    add_row(out, "", limits->source);
    add_row(out, "  Read on", limits->updated);
}

static enum wp_status explain_rule(struct wp_buf *out, const struct wp_rule *rule, struct wp_error *error)
{
    (void)wp_buf_add_format(out, "%s: %s\n\n", rule->id, rule->title);
    wp_help_wrap(out, rule->why, INDENT);
    (void)wp_buf_add_text(out, "\n");
    add_row(out, "  Limit", rule->limit);
    add_source(out, rule);
    add_row(out, "  Foresees", rule->predicts);
    add_level(out, rule);
    return add_fix(out, rule, error);
}

static void add_list_item(struct wp_buf *out, const struct wp_rule *rule)
{
    (void)wp_buf_add_format(out, "%-27s %-7s  %s\n", rule->id, wp_level_name(rule->level), rule->title);
}

static void list_rules(struct wp_buf *out)
{
    size_t count = 0;
    const struct wp_rule *rules = wp_rules(&count);
    for (size_t i = 0; i < count; i++)
        add_list_item(out, &rules[i]);
    (void)wp_buf_add_text(out, "\n'wanprep explain RULE' says more about one.\n");
}

static bool is_foreseen(const char *code)
{
    size_t count = 0;
    const struct wp_rule *rules = wp_rules(&count);
    for (size_t i = 0; i < count; i++) {
        if (wp_rule_predicts(&rules[i], code))
            return true;
    }
    return false;
}

/* The rules that foresee a code, each with its way out. */
static enum wp_status list_foreseeing(struct wp_buf *out, const char *code, struct wp_error *error)
{
    size_t count = 0;
    enum wp_status status = WP_OK;
    const struct wp_rule *rules = wp_rules(&count);
    if (!is_foreseen(code)) {
        (void)wp_buf_add_text(out, "\nNo rule of check foresees it.\n");
        return WP_OK;
    }
    (void)wp_buf_add_text(out, "\nThe rules that foresee it, with the way out for a sample:\n");
    for (size_t i = 0; i < count && status == WP_OK; i++) {
        char *fix = NULL;
        if (!wp_rule_predicts(&rules[i], code))
            continue;
        status = wp_reference_fix(&fix, &rules[i], error);
        (void)wp_buf_add_text(out, "\n  ");
        add_list_item(out, &rules[i]);
        (void)wp_buf_add_format(out, "  %s\n", fix ? fix : "");
        wp_free(fix);
    }
    return status;
}

/* A code of the catalogue that word was probably meant to be, or NULL. */
static const char *suggest_code(const char *word)
{
    struct wp_service_code codes[MAX_NAMES];
    const char *names[MAX_NAMES];
    size_t count = 0;
    for (size_t i = 0; i < MAX_NAMES && wp_service_code_at(&codes[i], i); i++) {
        if (!wp_text_ends(codes[i].code, ".")) /* a beginning is no code */
            names[count++] = codes[i].code;
    }
    return wp_suggest(word, names, count);
}

/* The catalogue knows only how this code begins. */
static void add_prefix_note(struct wp_buf *out, const char *code, const char *prefix)
{
    const char *meant = suggest_code(code);
    (void)wp_buf_add_format(out, "%s is not listed by itself; this holds for all codes %s*.%s%s%s\n\n", code,
                            prefix, meant ? " Did you mean " : "", meant ? meant : "", meant ? "?" : "");
}

static enum wp_status explain_code(struct wp_buf *out, const char *code, struct wp_error *error)
{
    struct wp_service_code known;
    if (wp_service_code_find(&known, code)) {
        if (strcmp(known.code, code) != 0)
            add_prefix_note(out, code, known.code);
        (void)wp_buf_add_format(out, "%s: %s.\n\n", code, known.meaning);
        wp_help_wrap(out, known.advice, INDENT);
        if (known.retry)
            wp_help_wrap(out, "The same request may succeed later.", INDENT);
    } else {
        (void)wp_buf_add_format(out, "%s\n", code);
    }
    return list_foreseeing(out, code, error);
}

/* A rule is also known by what stands behind its dot. */
static const char *suggest_rule(const char *word)
{
    const char *names[MAX_NAMES];
    size_t count = 0;
    const struct wp_rule *rules = wp_rules(&count);
    for (size_t i = 0; i < count && i < MAX_NAMES; i++) {
        const char *dot = strchr(rules[i].id, '.');
        if (dot && strcmp(dot + 1, word) == 0)
            return rules[i].id;
        names[i] = rules[i].id;
    }
    return wp_suggest(word, names, count < MAX_NAMES ? count : MAX_NAMES);
}

static enum wp_status find_rule(const struct wp_rule **out, const char *id, struct wp_error *error)
{
    *out = wp_rule_find(id);
    if (*out)
        return WP_OK;
    const char *meant = suggest_rule(id);
    return wp_fail(error, WP_USAGE, "explain",
                   "there is no rule '%s'%s%s%s; 'wanprep explain' lists them all", id,
                   meant ? " (did you mean " : "", meant ? meant : "", meant ? "?)" : "");
}

static enum wp_status check_code(const char *code, struct wp_error *error)
{
    struct wp_service_code known;
    if (wp_service_code_find(&known, code) || is_foreseen(code))
        return WP_OK;
    const char *meant = suggest_code(code);
    return wp_fail(error, WP_USAGE, "explain", "the error code '%s' is not known%s%s%s", code,
                   meant ? "; did you mean " : "", meant ? meant : "", meant ? "?" : "");
}

static enum wp_status explain_text(const struct wp_rule *rule, const char *code, struct wp_error *error)
{
    struct wp_buf out = wp_buf_new(CEILING);
    enum wp_status status = WP_OK;
    if (rule)
        status = explain_rule(&out, rule, error);
    else if (code)
        status = explain_code(&out, code, error);
    else
        list_rules(&out);
    if (status == WP_OK && out.failed)
        status = wp_fail_nomem(error, "explain");
    if (status == WP_OK)
        wp_console_print(wp_buf_text(&out), out.len);
    wp_buf_free(&out);
    return status;
}

static enum wp_status explain_json(const struct wp_rule *rule, const char *code, struct wp_error *error)
{
    char *document = NULL;
    size_t length = 0;
    enum wp_status status = wp_reference_explain(&document, &length, rule, code, error);
    if (status == WP_OK)
        wp_console_print(document, length);
    wp_free(document);
    return status;
}

static enum wp_status run_explain(const struct wp_call_line *line, struct wp_error *error)
{
    const struct explain_settings *settings = line->settings;
    const struct wp_rule *rule = NULL;
    enum wp_status status = WP_OK;
    if (line->operand_count > 0 && settings->code)
        return wp_fail(error, WP_USAGE, "explain", "either a rule or --code CODE, not both");
    if (line->operand_count > 0)
        status = find_rule(&rule, line->operands[0], error);
    else if (settings->code)
        status = check_code(settings->code, error);
    if (status != WP_OK)
        return status;
    return settings->json ? explain_json(rule, settings->code, error)
                          : explain_text(rule, settings->code, error);
}

static const struct explain_settings defaults;

static const struct wp_option options[] = {
    {.name = "code",
     .value = "CODE",
     .set = wp_set_text,
     .offset = offsetof(struct explain_settings, code),
     .allowed = "an error code of the service, such as InvalidFile.Duration",
     .help = "what this error means, what to do, and which rules foresee it"},
    {.name = "json",
     .set = wp_set_true,
     .offset = offsetof(struct explain_settings, json),
     .help = "as a JSON document"},
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_explain = {
    .name = "explain",
    .synopses = (const char *const[]){"[--json] [RULE]", "[--json] --code CODE", NULL},
    .summary = "why a rule is there and what to do, or what an error of the service means",
    .description =
        "Says of a rule why it is there, its limit and where that comes from, the error that the service "
        "would answer with, the way out with a command, and how to change its level. Without a rule it "
        "lists them all.\n\n"
        "With --code it goes the other way: from an error code of the service to what it means, what to "
        "do, and the rules that foresee it.",
    .examples = (const char *const[]){"wanprep explain", "wanprep explain video.duration",
                                      "wanprep explain --code InvalidFile.Duration", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .max_operands = 1,
    .run = run_explain,
};
