/*
 * The decoders of still images. Each takes the bytes of one picture, whose header was read and is of that
 * format, and delivers into lines; none reads beyond len. Seen inside media/ only.
 *
 * They are libraries of their own and not FFmpeg, which costs a process 40 ms before it has decoded anything.
 */
#ifndef WP_MEDIA_DECODERS_H
#define WP_MEDIA_DECODERS_H

#include <stddef.h>
#include <stdint.h>

#include "media/lines.h"

/** libjpeg. Its word is final: it delivers what it can of damaged pixels, which is then called DAMAGED. */
enum wp_decoded wp_jpeg_decode(const struct wp_lines *lines, const uint8_t *bytes, size_t len);

/** libpng, of a file that wp_image_png_strip() has been through and whose checksums were compared. */
enum wp_decoded wp_png_decode(const struct wp_lines *lines, const uint8_t *bytes, size_t len);

/** libwebp. */
enum wp_decoded wp_webp_decode(const struct wp_lines *lines, const uint8_t *bytes, size_t len);

/** Our own: no library reads run-length coded BMPs and all masks. */
enum wp_decoded wp_bmp_decode(const struct wp_lines *lines, const uint8_t *bytes, size_t len);

#endif
