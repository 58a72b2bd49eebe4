/* Metadata of a movie, which are counted only: a demuxer's time grows with the square of their number. */
#ifndef WP_MEDIA_METADATA_H
#define WP_MEDIA_METADATA_H

#include <stdint.h>

#include "media/boxes.h"

/**
 * The number of boxes in udta (ISO/IEC 14496-12, 8.10.1) or meta (8.11.1), lists of items included; 0 for any
 * other box.
 */
uint32_t wp_metadata_count(struct wp_input *in, const struct wp_box *parent);

#endif
