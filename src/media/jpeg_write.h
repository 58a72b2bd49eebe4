/* Writing a JPEG: stb_image_write. */
#ifndef WP_MEDIA_JPEG_WRITE_H
#define WP_MEDIA_JPEG_WRITE_H

#include <stdint.h>

#include "base/buf.h"

/** Appends a JPEG of width * height pixels in RGB. Failures stick in out. */
void wp_jpeg_write(struct wp_buf *out, const uint8_t *rgb, uint32_t width, uint32_t height);

#endif
