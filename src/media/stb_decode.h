/*
 * The second opinion on a PNG that the first decoder delivers with a complaint: stb_image. Not on a JPEG: fed
 * with damaged ones, the decoder of its version 2.27 writes behind its tables and shifts by negative counts.
 */
#ifndef WP_MEDIA_STB_DECODE_H
#define WP_MEDIA_STB_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Whether stb_image decodes these bytes of a PNG to a picture of that size. Sides over 4096, what
 * the service takes, are not decoded: false.
 */
bool wp_stb_decodes(const uint8_t *bytes, size_t len, uint32_t width, uint32_t height);

#endif
