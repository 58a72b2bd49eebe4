/* Packing small pictures. Seen inside media/ only. */
#ifndef WP_MEDIA_THUMBNAIL_PACK_H
#define WP_MEDIA_THUMBNAIL_PACK_H

#include "base/buf.h"
#include "media/reduce.h"

/**
 * Packs a frame with its time onto blob, with a longer side of at most `side` pixels. Nothing is added where
 * its form of pixels is not read, or where it does not fit. WP_OK, or WP_NOMEM.
 */
enum wp_status wp_thumbnail_pack(struct wp_buf *blob, const AVFrame *frame, const struct wp_display *display,
                                 uint32_t side, double time_s);

#endif
