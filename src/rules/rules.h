/* The evaluation of the catalogue: a pure function of facts. No I/O, clock, locale, allocation or log. */
#ifndef WP_RULES_RULES_H
#define WP_RULES_RULES_H

#include "wanprep/content.h"
#include "wanprep/facts.h"
#include "wanprep/findings.h"
#include "wanprep/limits.h"

/** What the rules read. image or video may be NULL: then no rule about it runs, nor any pair rule. */
struct wp_rule_input {
    const struct wp_source_facts *image_source;
    const struct wp_image_facts *image; /**< only looked at if image_source->state is WP_SOURCE_READ */
    const struct wp_delivery_facts *image_delivery; /**< NULL: not a URL that was asked */
    const struct wp_source_facts *video_source;
    const struct wp_video_facts *video;
    const struct wp_delivery_facts *video_delivery;
    enum wp_content_mode content;
    const struct wp_content_facts *image_content; /**< NULL: as WP_CONTENT_NOT_ASKED */
    const struct wp_content_facts *video_content;
    enum wp_depth depth;
    const struct wp_limits *limits;
};

/** How levels are changed. */
struct wp_level_policy {
    bool strict;
    bool pass_remote; /**< image.undetermined and video.undetermined of an UNMEASURED URL are warnings */
    const struct wp_level_change *changes;
    size_t count;
};

/** Evaluates all rules; *out is sorted as struct wp_findings says. */
void wp_rules_evaluate(struct wp_findings *out, const struct wp_rule_input *input,
                       const struct wp_level_policy *policy);

#endif
