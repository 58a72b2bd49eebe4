/* Which formats the service takes, and what is usual for files of them. */
#ifndef WP_RULES_FORMATS_H
#define WP_RULES_FORMATS_H

#include <stdbool.h>

#include "wanprep/facts.h"
#include "wanprep/findings.h"

/** A format that is taken. Lists are words with ", " between them. */
struct wp_accepted_format {
    enum wp_subject subject;
    enum wp_format format;
    const char *label;      /**< what it counts as in the list of a limits profile */
    const char *extensions; /**< the usual one first */
    const char *codecs;     /**< usual ones, as FFmpeg spells them; "" for images */
};

/** The row of a format, or NULL if it is none that is taken as this medium. */
const struct wp_accepted_format *wp_accepted_format(enum wp_subject subject, enum wp_format format);

/** Whether word is one of a list. */
bool wp_list_has(const char *list, const char *word);

/** All extensions of a medium, as a list. */
const char *wp_media_extensions(enum wp_subject subject);

#endif
