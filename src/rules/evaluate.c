#include "rules/rules.h"

#include <assert.h>
#include <string.h>

#include "rules/catalogue.h"
#include "rules/formats.h"

#include "base/banned.h"

static bool can_be_judged(const struct wp_source_facts *source, const void *facts)
{
    return source && (facts || source->state != WP_SOURCE_READ);
}

/* The members that both kinds of facts have, by the same name. */
#define TAKE_FACTS(medium, facts)                                                                            \
    do {                                                                                                     \
        (medium)->is_read = true;                                                                            \
        (medium)->format = (facts)->format;                                                                  \
        (medium)->unreadable = (facts)->unreadable;                                                          \
        (medium)->has_bytes = (facts)->has_bytes;                                                            \
        (medium)->bytes = (facts)->bytes;                                                                    \
        (medium)->has_size = (facts)->has_size;                                                              \
        (medium)->width = (facts)->width;                                                                    \
        (medium)->height = (facts)->height;                                                                  \
        (medium)->complete = (facts)->complete;                                                              \
        (medium)->has_missing_bytes = (facts)->has_missing_bytes;                                            \
        (medium)->missing_bytes = (facts)->missing_bytes;                                                    \
        (medium)->decode = (facts)->decode;                                                                  \
        (medium)->decode_reason = (facts)->decode_reason;                                                    \
        (medium)->is_sound =                                                                                 \
            wp_accepted_format((medium)->subject, (facts)->format) && !(facts)->unreadable[0];               \
    } while (0)

/* The delivery of a URL that was asked, or that must not be asked; else NULL. */
static const struct wp_delivery_facts *asked(const struct wp_source_facts *source,
                                             const struct wp_delivery_facts *delivery)
{
    bool is_asked = source && source->kind == WP_SOURCE_HTTP && delivery &&
                    (delivery->requests > 0 || delivery->trouble != WP_DELIVERY_FINE);
    return is_asked ? delivery : NULL;
}

static struct wp_medium image_medium(const struct wp_rule_input *input)
{
    struct wp_medium medium = {.present = can_be_judged(input->image_source, input->image),
                               .subject = WP_SUBJECT_IMAGE,
                               .source = input->image_source,
                               .delivery = asked(input->image_source, input->image_delivery),
                               .limits = &input->limits->image,
                               .unreadable = "",
                               .decode_reason = ""};
    if (medium.present && medium.source->state == WP_SOURCE_READ)
        TAKE_FACTS(&medium, input->image);
    return medium;
}

static struct wp_medium video_medium(const struct wp_rule_input *input)
{
    struct wp_medium medium = {.present = can_be_judged(input->video_source, input->video),
                               .subject = WP_SUBJECT_VIDEO,
                               .source = input->video_source,
                               .delivery = asked(input->video_source, input->video_delivery),
                               .limits = &input->limits->video,
                               .unreadable = "",
                               .decode_reason = ""};
    if (medium.present && medium.source->state == WP_SOURCE_READ)
        TAKE_FACTS(&medium, input->video);
    return medium;
}

/* The rule's own level; who asks for a look at the pictures says how much what it finds matters at the least.
 */
static enum wp_level own_level(const struct wp_rule *rule, enum wp_content_mode mode)
{
    static const enum wp_level least[] = {[WP_CONTENT_OFF] = WP_LEVEL_OFF,
                                          [WP_CONTENT_AUTO] = WP_LEVEL_OFF,
                                          [WP_CONTENT_WARN] = WP_LEVEL_WARNING,
                                          [WP_CONTENT_ERROR] = WP_LEVEL_ERROR};
    return rule->is_content && rule->level < least[mode] ? least[mode] : rule->level;
}

/* The level of a finding: the rule's own, then pass_remote, then strict, then the changes in their order. */
static enum wp_level final_level(const struct wp_finding *finding, const struct wp_medium *medium,
                                 enum wp_content_mode mode, const struct wp_level_policy *policy)
{
    enum wp_level level = own_level(finding->rule, mode);
    if (policy->pass_remote && wp_rule_is_undetermined(finding->rule) &&
        medium->source->state == WP_SOURCE_UNMEASURED)
        level = WP_LEVEL_WARNING;
    if (policy->strict && level == WP_LEVEL_WARNING)
        level = WP_LEVEL_ERROR;
    for (size_t i = 0; i < policy->count; i++) {
        if (strcmp(policy->changes[i].rule, finding->rule->id) == 0)
            level = policy->changes[i].level;
    }
    return level;
}

static void judge(struct wp_findings *out, const struct wp_case *facts, size_t index,
                  const struct wp_medium *medium, enum wp_subject subject,
                  const struct wp_level_policy *policy)
{
    assert(out->count < WP_MAX_FINDINGS);
    size_t count;
    struct wp_finding *finding = &out->items[out->count];
    *finding = (struct wp_finding){.rule = &wp_rules(&count)[index], .subject = subject};
    if (!wp_rule_judge(index)->fn(facts, medium, finding))
        return;
    finding->level = final_level(finding, medium, facts->input->content, policy);
    if (finding->level != WP_LEVEL_OFF)
        out->count++;
}

/* Errors first, then warnings, then notes; findings of one level keep their order. */
static void sort(struct wp_findings *findings)
{
    for (size_t i = 1; i < findings->count; i++) {
        struct wp_finding moved = findings->items[i];
        size_t at = i;
        while (at > 0 && findings->items[at - 1].level < moved.level) {
            findings->items[at] = findings->items[at - 1];
            at--;
        }
        findings->items[at] = moved;
    }
}

void wp_rules_evaluate(struct wp_findings *out, const struct wp_rule_input *input,
                       const struct wp_level_policy *policy)
{
    const struct wp_case facts = {
        .input = input, .image = image_medium(input), .video = video_medium(input), .so_far = out};
    size_t count;
    const struct wp_rule *rules = wp_rules(&count);
    out->count = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_of_each = wp_rule_is_of_each(&rules[i]);
        bool is_pair = rules[i].subject == WP_SUBJECT_PAIR && !is_of_each;
        if (is_pair && facts.image.present && facts.video.present)
            judge(out, &facts, i, &facts.video, WP_SUBJECT_PAIR, policy);
        if (facts.image.present && (is_of_each || rules[i].subject == WP_SUBJECT_IMAGE))
            judge(out, &facts, i, &facts.image, WP_SUBJECT_IMAGE, policy);
        if (facts.video.present && (is_of_each || rules[i].subject == WP_SUBJECT_VIDEO))
            judge(out, &facts, i, &facts.video, WP_SUBJECT_VIDEO, policy);
    }
    sort(out);
}
