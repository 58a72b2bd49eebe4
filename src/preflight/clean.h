/*
 * Making facts safe that come from a process which a hostile file may have taken over. Afterwards each is
 * what the types and comments of wanprep/facts.h promise: texts end, enums and flags have values that exist,
 * fractions can be divided. Whether they are true nobody can know then.
 */
#ifndef WP_PREFLIGHT_CLEAN_H
#define WP_PREFLIGHT_CLEAN_H

#include <stdint.h>

#include "wanprep/content.h"
#include "wanprep/facts.h"

/** bytes is the size of the file, which the caller knows for itself. */
void wp_clean_image_facts(struct wp_image_facts *facts, uint64_t bytes);

/** As wp_clean_image_facts(). */
void wp_clean_video_facts(struct wp_video_facts *facts, uint64_t bytes);

/** What is no sound look makes it a failure to look. */
void wp_clean_content_facts(struct wp_content_facts *facts);

#endif
