#include "rules/catalogue.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* In the order of evaluation: what explains unknown facts stands before the `undetermined` that they would
 * cause. */
static const struct wp_rule rules[] = {
#define WP_RULE(judge, explains, ...) {__VA_ARGS__},
#include "rules/url_rules.def"

#include "rules/image_rules.def"

#include "rules/video_rules.def"

#include "rules/pair_rules.def"

#include "rules/content_rules.def"
#undef WP_RULE
};

static const struct wp_judge judges[] = {
#define WP_RULE(judge, explains, ...) {(judge), (explains)},
#include "rules/url_rules.def"

#include "rules/image_rules.def"

#include "rules/video_rules.def"

#include "rules/pair_rules.def"

#include "rules/content_rules.def"
#undef WP_RULE
};

static_assert(COUNT(rules) == COUNT(judges), "one row makes both");

/* One for each rule that judges both media: url.* and content.skipped. */
static const char of_both[] = {
    1,
#define WP_RULE(judge, explains, ...) 1,
#include "rules/url_rules.def"
#undef WP_RULE
};
static_assert(COUNT(rules) + sizeof of_both <= WP_MAX_FINDINGS, "there is room for all findings");

const struct wp_rule *wp_rules(size_t *count)
{
    *count = COUNT(rules);
    return rules;
}

const struct wp_rule *wp_rule_find(const char *id)
{
    for (size_t i = 0; i < COUNT(rules); i++) {
        if (strcmp(rules[i].id, id) == 0)
            return &rules[i];
    }
    return NULL;
}

bool wp_rule_is_fixed(const struct wp_rule *rule)
{
    return wp_text_ends(rule->id, ".unreadable") || wp_text_ends(rule->id, ".undetermined");
}

bool wp_rule_is_of_each(const struct wp_rule *rule)
{
    return wp_text_starts(rule->id, "url.") || wp_text_starts(rule->id, "content.");
}

static bool is_about(const struct wp_rule *rule, enum wp_subject subject)
{
    return rule->subject == subject || wp_rule_is_of_each(rule);
}

bool wp_rule_predicts(const struct wp_rule *rule, const char *code)
{
    static const struct {
        const char *prefix;
        enum wp_subject subject;
    } aliases[] = {{"InvalidImage.", WP_SUBJECT_IMAGE}, {"InvalidVideo.", WP_SUBJECT_VIDEO}};
    static const char usual[] = "InvalidFile.";
    if (!rule->predicts[0])
        return false;
    if (strcmp(rule->predicts, code) == 0)
        return true;
    for (size_t i = 0; i < COUNT(aliases); i++) {
        const char *prefix = aliases[i].prefix;
        if (wp_text_starts(code, prefix) && is_about(rule, aliases[i].subject) &&
            wp_text_starts(rule->predicts, usual))
            return strcmp(code + strlen(prefix), rule->predicts + strlen(usual)) == 0;
    }
    return false;
}

const struct wp_judge *wp_rule_judge(size_t index)
{
    assert(index < COUNT(judges));
    return &judges[index];
}

struct wp_value wp_value_number(double number)
{
    return (struct wp_value){.kind = WP_VALUE_NUMBER, .number = {number, 0}};
}

struct wp_value wp_value_range(double least, double most)
{
    return (struct wp_value){.kind = WP_VALUE_RANGE, .number = {least, most}};
}

struct wp_value wp_value_size(uint32_t width, uint32_t height)
{
    return (struct wp_value){.kind = WP_VALUE_SIZE, .number = {width, height}};
}

struct wp_value wp_value_text(const char *text)
{
    struct wp_value value = {.kind = WP_VALUE_TEXT};
    wp_text_copy(value.text, sizeof value.text, text);
    return value;
}
