/* From the bytes of a still image to the picture. Seen inside media/ only. */
#ifndef WP_MEDIA_IMAGE_FRAME_H
#define WP_MEDIA_IMAGE_FRAME_H

#include <libavutil/buffer.h>
#include <libavutil/frame.h>

#include "media/image.h"

/**
 * Takes the loaded bytes of a picture whose header was read as what a decoder reads: libavcodec's reference
 * counting frees them from here. The picture is the first *len of them. NULL: out of memory, and nothing was
 * taken.
 */
AVBufferRef *wp_image_take(struct wp_image *image, size_t *len);

/**
 * Decodes the picture: 0 or an AVERROR. Where the decoder can, each side is made 2^lowres times smaller,
 * which is faster.
 */
int wp_image_frame(AVFrame *frame, enum wp_format format, AVBufferRef *input, size_t len, int lowres);

#endif
