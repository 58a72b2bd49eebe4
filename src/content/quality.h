/* Light and sharpness of a picture. */
#ifndef WP_CONTENT_QUALITY_H
#define WP_CONTENT_QUALITY_H

#include "content/content.h"

/** The side of what is measured. */
enum { WP_QUALITY_SIDE = 256 };

/** What measuring needs; 0.3 MB. */
struct wp_quality_room {
    float luma[WP_QUALITY_SIDE * WP_QUALITY_SIDE];
};

/** Sets brightness and sharpness of out. whole is what wp_crop_sample() makes of wp_crop_whole(). */
void wp_quality_measure(struct wp_look *out, const struct wp_picture *picture, const float *whole,
                        struct wp_quality_room *room);

#endif
