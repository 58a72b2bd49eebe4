/* A decoded picture made small, as it is shown. Seen inside media/ only. */
#ifndef WP_MEDIA_REDUCE_H
#define WP_MEDIA_REDUCE_H

#include <libavutil/frame.h>
#include <stdint.h>

#include "wanprep/status.h"

/** How a picture is shown. */
struct wp_display {
    uint32_t width; /**< in pixels, stretched and turned: what facts call width and height */
    uint32_t height;
    uint8_t orientation; /**< how it is turned and mirrored, 1 to 8 as EXIF counts (EXIF 2.3 4.6.4 A) */
};

/** A small picture in the RGB of its file. */
struct wp_small_picture {
    uint32_t width;
    uint32_t height;
    uint8_t *rgb; /**< width * height * 3 bytes; owned: wp_free() */
};

/**
 * Makes the longer side at most `side` (1 to 320) pixels. Pixels that are not opaque are laid on white.
 * out->rgb is NULL where this form of pixels is not read. WP_OK, or WP_NOMEM.
 */
enum wp_status wp_reduce(struct wp_small_picture *out, const AVFrame *frame, const struct wp_display *display,
                         uint32_t side);

#endif
