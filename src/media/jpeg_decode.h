/* The second opinion on a JPEG that the first decoder refuses or complains about: libjpeg. */
#ifndef WP_MEDIA_JPEG_DECODE_H
#define WP_MEDIA_JPEG_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Whether libjpeg decodes these bytes without finding damage, to a picture of that size. Sides over 4096,
 * what the service takes, are not decoded: false.
 */
bool wp_jpeg_decodes(const uint8_t *bytes, size_t len, uint32_t width, uint32_t height);

#endif
