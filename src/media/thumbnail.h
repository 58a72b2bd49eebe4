/*
 * Small pictures of an image or of a video, for reports.
 *
 * They are packed into one run of bytes, since they may be made in another process than the one that shows
 * them.
 */
#ifndef WP_MEDIA_THUMBNAIL_H
#define WP_MEDIA_THUMBNAIL_H

#include "base/buf.h"
#include "media/pictures.h"
#include "wanprep/preflight.h"

/** The most bytes that the small pictures of one medium come to. */
#define WP_THUMBNAIL_BLOB_MAX ((size_t)256 << 10)

/**
 * Packs a picture, whose sides are at most 320 pixels, as a JPEG onto blob. Nothing is added where it does
 * not fit. WP_OK, or WP_NOMEM.
 */
enum wp_status wp_thumbnail_pack(struct wp_buf *blob, const struct wp_small_picture *picture);

/**
 * Takes packed pictures apart and returns how many there are; the first that makes no sense ends the list,
 * since the bytes may come from a process that hostile media have taken over. out borrows from blob.
 */
size_t wp_thumbnail_unpack(struct wp_thumbnail out[WP_MAX_THUMBNAILS], const void *blob, size_t len);

#endif
