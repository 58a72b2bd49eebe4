/*
 * How a rule of the catalogue is judged. The rows stand in *_rules.def: the public text of a rule (struct
 * wp_rule) together with the function that judges it.
 */
#ifndef WP_RULES_CATALOGUE_H
#define WP_RULES_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/rules.h"

/** What image and video have in common, so that one function judges a rule that both have. */
struct wp_medium {
    bool present; /**< asked for */
    enum wp_subject subject;
    const struct wp_source_facts *source;
    const struct wp_delivery_facts *delivery; /**< NULL: not a URL that was asked */
    const struct wp_medium_limits *limits;
    bool is_read;  /**< the bytes were read: the rest is meaningful */
    bool is_sound; /**< of an accepted format and readable: what is measured of the content counts */
    enum wp_format format;
    const char *unreadable;
    bool has_bytes;
    uint64_t bytes;
    bool has_size;
    uint32_t width, height;
    enum wp_tristate complete;
    bool has_missing_bytes;
    uint64_t missing_bytes;
    enum wp_decode_state decode;
    const char *decode_reason;
};

/** Everything that a rule may look at. */
struct wp_case {
    const struct wp_rule_input *input;
    struct wp_medium image, video;
    const struct wp_findings *so_far; /**< of the rules before this one, levels already changed by the user */
};

/**
 * Whether a rule has something to say of a medium; if so it has filled actual, limit and detail of *finding,
 * where the other members stand already. For rules about the pair, medium is the video.
 */
typedef bool wp_judge_fn(const struct wp_case *facts, const struct wp_medium *medium,
                         struct wp_finding *finding);

/** What the catalogue keeps of a rule beside its text. */
struct wp_judge {
    wp_judge_fn *fn;
    /** As an error it is reason enough for facts to be unknown (a picture too big to be decoded, say): no
     * `undetermined` beside it. */
    bool explains_unknowns;
};

/** Whether an error that explains unknown facts of this medium was found. */
bool wp_is_explained(const struct wp_findings *so_far, enum wp_subject subject);

/** The judge of the rule at this index of wp_rules(). */
const struct wp_judge *wp_rule_judge(size_t index);

/** Whether a rule is image.undetermined or video.undetermined. */
bool wp_rule_is_undetermined(const struct wp_rule *rule);

/** Whether a rule that stands once judges each medium: url.* and content.*. */
bool wp_rule_is_of_each(const struct wp_rule *rule);

struct wp_value wp_value_number(double number);
struct wp_value wp_value_range(double least, double most);
struct wp_value wp_value_size(uint32_t width, uint32_t height);
struct wp_value wp_value_text(const char *text);

/* Every judge that a row names; image and video share some. */
#define WP_RULE(judge, explains, ...) wp_judge_fn judge;
#include "rules/content_rules.def"
#include "rules/image_rules.def"
#include "rules/pair_rules.def"
#include "rules/url_rules.def"
#include "rules/video_rules.def"
#undef WP_RULE

#endif
