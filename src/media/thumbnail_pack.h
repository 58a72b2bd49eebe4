/* Packing small pictures. Seen inside media/ only. */
#ifndef WP_MEDIA_THUMBNAIL_PACK_H
#define WP_MEDIA_THUMBNAIL_PACK_H

#include "base/buf.h"
#include "media/reduce.h"

/**
 * Packs a small picture with its time onto blob, as a JPEG, and frees it. Nothing is added where there is no
 * picture, or where it does not fit. WP_OK, or WP_NOMEM.
 */
enum wp_status wp_thumbnail_pack(struct wp_buf *blob, struct wp_small_picture *small, double time_s);

#endif
