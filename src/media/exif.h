/* The one fact of EXIF metadata that changes how large a picture is shown: its orientation. */
#ifndef WP_MEDIA_EXIF_H
#define WP_MEDIA_EXIF_H

#include <stdint.h>

#include "media/image_bytes.h"

/**
 * The orientation (1 to 8; EXIF 2.3 4.6.4 A, tag 0x0112) in the EXIF block of len bytes at offset, which may
 * begin with "Exif\0\0" or with its TIFF header; 0 if there is none or the block is damaged.
 */
uint8_t wp_exif_orientation(struct wp_image_bytes *bytes, uint64_t offset, uint64_t len);

#endif
