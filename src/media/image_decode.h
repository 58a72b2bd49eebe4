/* Decoding a still image whole, to know whether its pixels can be had. */
#ifndef WP_MEDIA_IMAGE_DECODE_H
#define WP_MEDIA_IMAGE_DECODE_H

#include "media/image.h"
#include "media/lines.h"
#include "wanprep/log.h"

/** The longest side that is decoded: twice what the service takes. */
#define WP_IMAGE_DECODE_SIDE 8192

/** The largest decoded picture in bytes: the largest that the service takes, with four channels of 16 bits.
 */
#define WP_IMAGE_DECODE_BYTES ((uint64_t)4096 * 4096 * 8)

/**
 * Decodes the loaded image, whose header was read and which is not unreadable, and sets decode, decode_reason
 * and transparent. Does nothing where decode is settled already. Of a PNG only what the picture is made of is
 * loaded afterwards.
 *
 * WP_OK, or WP_NOMEM.
 */
enum wp_status wp_image_decode(struct wp_image *image, const struct wp_log *log);

/** The same without a judgement: the lines of the picture, whose sides are within the limits above. */
enum wp_decoded wp_image_lines(struct wp_image *image, const struct wp_lines *lines);

#endif
