/* What was seen in pictures, as numbers and words of findings. */
#ifndef WP_RULES_SEEN_H
#define WP_RULES_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "model/questions.h"

/** What a question compares, in the unit of its rule. NaN if it is not known. */
double wp_seen_value(const struct wp_look *look, enum wp_question question);

/** What it is compared with. */
double wp_seen_limit(enum wp_question question);

/** The index of the picture that is furthest from a yes; there is one that does not say yes. */
uint32_t wp_seen_worst(const struct wp_content_facts *facts, enum wp_question question);

/**
 * The worst picture in words, as they stand in the message of the rule; for a video with its time, and the
 * times and number of the others that do not say yes either.
 */
void wp_seen_describe(char *out, size_t size, const struct wp_content_facts *facts, enum wp_question question,
                      uint32_t worst, bool is_video);

/** "21 % of the height of the image and 50 % of that of the video". */
void wp_seen_shares(char *out, size_t size, double image, double video);

#endif
