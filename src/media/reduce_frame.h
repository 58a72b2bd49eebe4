/* A frame that FFmpeg decoded made small. Seen inside media/ only. */
#ifndef WP_MEDIA_REDUCE_FRAME_H
#define WP_MEDIA_REDUCE_FRAME_H

#include <libavutil/frame.h>

#include "media/reduce.h"

/**
 * Makes the longer side at most `side` (1 to WP_PICTURE_SIDE) pixels; as wp_reduce_end(). out->rgb is NULL
 * where this form of pixels is not read. WP_OK, or WP_NOMEM.
 */
enum wp_status wp_reduce_frame(struct wp_small_picture *out, const AVFrame *frame,
                               const struct wp_display *display, uint32_t side);

#endif
