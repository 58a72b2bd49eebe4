/*
 * The gate that fails closed: a fact that an error rule reads and that is not known is a finding of its own,
 * unless another error about the same input already says why it is not known.
 */
#include <string.h>

#include "base/text.h"
#include "rules/sound.h"

#include "base/banned.h"

bool wp_rule_is_undetermined(const struct wp_rule *rule)
{
    return wp_text_ends(rule->id, ".undetermined");
}

bool wp_is_explained(const struct wp_findings *so_far, enum wp_subject subject)
{
    size_t count;
    const struct wp_rule *rules = wp_rules(&count);
    for (size_t i = 0; i < so_far->count; i++) {
        const struct wp_finding *finding = &so_far->items[i];
        if (finding->subject == subject && finding->level == WP_LEVEL_ERROR &&
            wp_rule_judge((size_t)(finding->rule - rules))->explains_unknowns)
            return true;
    }
    return false;
}

/* Adds the name of a fact to "not known: …" unless it is known. */
static void require(struct wp_finding *finding, bool known, const char *name)
{
    if (known)
        return;
    size_t len = strlen(finding->detail);
    wp_text_format(finding->detail + len, sizeof finding->detail - len, "%s%s",
                   len ? ", " : "not known: ", name);
}

/* Whether the pixels that the depth asks for were looked at, or are another rule's matter. */
static bool is_decoded(const struct wp_medium *medium, enum wp_depth depth)
{
    bool tried = medium->decode == WP_DECODE_OK || medium->decode == WP_DECODE_FAILED ||
                 medium->decode == WP_DECODE_UNSUPPORTED;
    return depth == WP_DEPTH_HEADER || tried;
}

static void require_of_video(struct wp_finding *finding, const struct wp_video_facts *video,
                             enum wp_depth depth)
{
    require(finding, video->has_stream_counts, "video_streams");
    require(finding, video->encrypted != WP_UNKNOWN, "encrypted");
    require(finding, video->codec[0] != '\0', "codec");
    require(finding, video->has_duration && video->duration.den > 0, "duration");
    require(finding, video->complete != WP_UNKNOWN, "complete");
    require(finding, depth != WP_DEPTH_FULL || video->has_decode_errors || video->decode != WP_DECODE_OK,
            "decode_errors");
}

/* Why the input was not looked at: behind what is not known, or, unless that is all of it, alone. */
static void add_reason(struct wp_finding *finding, const char *reason, bool is_known)
{
    size_t len = strlen(finding->detail);
    if (len)
        wp_text_format(finding->detail + len, sizeof finding->detail - len, " (%s)", reason);
    else if (!is_known)
        wp_text_copy(finding->detail, sizeof finding->detail, reason);
}

bool wp_judge_undetermined(const struct wp_case *facts, const struct wp_medium *medium,
                           struct wp_finding *finding)
{
    if (wp_is_explained(facts->so_far, medium->subject))
        return false;
    if (medium->source->state != WP_SOURCE_READ) {
        wp_text_copy(finding->detail, sizeof finding->detail,
                     medium->source->reason[0] ? medium->source->reason : "its content was not read");
        return true;
    }
    if (!medium->is_sound) { /* the rule that says why was made a warning, or is ignored */
        wp_text_copy(finding->detail, sizeof finding->detail, "the limits of its content were not checked");
        return true;
    }
    enum wp_depth depth = facts->input->depth;
    require(finding, medium->has_bytes, "bytes");
    require(finding, medium->has_size, "width, height");
    if (medium->subject == WP_SUBJECT_VIDEO)
        require_of_video(finding, facts->input->video, depth);
    bool is_refused = medium->decode == WP_DECODE_REFUSED && medium->decode_reason[0];
    if (!is_decoded(medium, depth) && !is_refused)
        require(finding, false, "decode");
    else if (is_refused)
        add_reason(finding, medium->decode_reason, is_decoded(medium, depth));
    return finding->detail[0] != '\0';
}
