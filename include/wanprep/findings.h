/*
 * The rule catalogue, and findings: what a rule says of measured facts.
 */
#ifndef WANPREP_FINDINGS_H
#define WANPREP_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "wanprep/facts.h"
#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How much a finding matters. */
enum wp_level {
    WP_LEVEL_OFF, /**< never reported (--ignore) */
    WP_LEVEL_NOTE,
    WP_LEVEL_WARNING,
    WP_LEVEL_ERROR, /**< rejects the input */
};

/** What a rule or finding is about. */
enum wp_subject {
    WP_SUBJECT_IMAGE,
    WP_SUBJECT_VIDEO,
    WP_SUBJECT_PAIR,
};

/** Where the limit of a rule comes from. */
enum wp_limit_source {
    WP_LIMIT_PUBLISHED, /**< the service's own pages, as the limits profile names them */
    WP_LIMIT_SIBLINGS,  /**< what the service publishes for its other models */
    WP_LIMIT_REPORTED,  /**< reports from the field */
    WP_LIMIT_WORDS,     /**< the service's own pages ask for it in words; the number is this program's own */
    WP_LIMIT_JUDGED,    /**< this program's own judgement, or the standard of the format */
};

/** A phrase for people. Static storage. */
WP_API const char *wp_limit_source_text(enum wp_limit_source source);

/** One row of the catalogue. Static storage. */
struct wp_rule {
    const char *id;          /**< never changes, e.g. "video.duration" */
    enum wp_subject subject; /**< url.* rules stand once; a finding of theirs says which input it is about */
    enum wp_level level;     /**< the default */
    const char *title;       /**< e.g. "Duration of the video" */
    const char *fact;        /**< the fact that it reads, as the JSON document names it, e.g. "duration" */
    const char *limit;       /**< the limit, for people, e.g. "2 to 30 s, both ends in" */
    enum wp_limit_source source;
    bool is_content;      /**< judges what pictures show, where they are looked at; its level is raised by
                             enum wp_content_mode */
    const char *unit;     /**< of actual and limit: "s", "px", "bytes", "fps"; "" if none */
    const char *predicts; /**< the service's error code that it foresees; "" if none is known */
    const char *why;      /**< one or two sentences */
    const char *message;  /**< template of a finding's sentence; see src/report/prose.h */
    const char *fix;      /**< template of the way out, with a command; see src/report/prose.h */
};

/** All rules, in the order in which they are evaluated and documented. Static storage. */
WP_API const struct wp_rule *wp_rules(size_t *count);

/** The rule with this id, or NULL. */
WP_API const struct wp_rule *wp_rule_find(const char *id);

/** Whether the rule stands for "we do not know": its level is always error, since to lower it would accept
 * what was never judged. */
WP_API bool wp_rule_is_fixed(const struct wp_rule *rule);

/**
 * Whether the rule foresees this error code of the service. InvalidImage.X and InvalidVideo.X are counted as
 * InvalidFile.X of that medium.
 */
WP_API bool wp_rule_predicts(const struct wp_rule *rule, const char *code);

enum wp_value_kind {
    WP_VALUE_NONE,
    WP_VALUE_NUMBER, /**< number[0] */
    WP_VALUE_RANGE,  /**< number[0] to number[1], both ends in */
    WP_VALUE_SIZE,   /**< number[0] wide, number[1] high */
    WP_VALUE_TEXT,
};

/** A measured value or a limit. */
struct wp_value {
    enum wp_value_kind kind;
    double number[2];
    char text[160];
};

/** One finding. Plain data. */
struct wp_finding {
    const struct wp_rule *rule;
    enum wp_level level; /**< after --level, --strict and --ignore */
    enum wp_subject subject;
    struct wp_value actual;
    struct wp_value limit;
    char detail[256]; /**< a reason that belongs to this finding alone, for people; "" if there is none */
};

/** Room for more findings than there are rules, of which some judge both media. */
#define WP_MAX_FINDINGS 128

/** A list of findings: errors first, then warnings, then notes; in each the order of the catalogue. */
struct wp_findings {
    size_t count;
    struct wp_finding items[WP_MAX_FINDINGS];
};

/** How many findings have this level. */
WP_API size_t wp_findings_count(const struct wp_findings *findings, enum wp_level level);

/** A user's change of one rule's level. */
struct wp_level_change {
    const char *rule;
    enum wp_level level;
};

/** "off", "note", "warning" or "error". Static storage. */
WP_API const char *wp_level_name(enum wp_level level);

/** Reads a level's name. False, and *out untouched, if text is none. */
WP_API bool wp_level_parse(enum wp_level *out, const char *text);

/** "image", "video" or "pair". Static storage. */
WP_API const char *wp_subject_name(enum wp_subject subject);

#ifdef __cplusplus
}
#endif
#endif
