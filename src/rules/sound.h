/* The facts of a medium whose content counts. */
#ifndef WP_RULES_SOUND_H
#define WP_RULES_SOUND_H

#include <stddef.h>

#include "rules/catalogue.h"

/** The facts of the image, or NULL if its content is no sound image. */
static inline const struct wp_image_facts *wp_sound_image(const struct wp_case *facts)
{
    return facts->image.is_sound ? facts->input->image : NULL;
}

/** The facts of the video, or NULL if its content is no sound video. */
static inline const struct wp_video_facts *wp_sound_video(const struct wp_case *facts)
{
    return facts->video.is_sound ? facts->input->video : NULL;
}

#endif
