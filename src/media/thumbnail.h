/*
 * Small pictures of an image or of a video, for reports. No FFmpeg type is in here: other rooms include it.
 *
 * They are packed into one run of bytes, since they may be made in another process than the one that shows
 * them. A picture that cannot be had is left out, and no failure: facts and findings say what is wrong.
 */
#ifndef WP_MEDIA_THUMBNAIL_H
#define WP_MEDIA_THUMBNAIL_H

#include "base/buf.h"
#include "base/reader.h"
#include "wanprep/preflight.h"

/** The most bytes that the small pictures of one medium come to. */
#define WP_THUMBNAIL_BLOB_MAX ((size_t)256 << 10)

/**
 * Packs the small picture of an image, as displayed, onto blob. facts are of the same bytes, and tell whether
 * and how it can be decoded. WP_OK, or WP_NOMEM.
 */
enum wp_status wp_thumbnail_image(struct wp_buf *blob, const struct wp_image_facts *facts,
                                  const struct wp_reader *reader);

/**
 * Packs up to WP_MAX_THUMBNAILS frames that are spread over a video, as displayed; as wp_thumbnail_image().
 * It ends with what it has at deadline_us, a time of wp_clock_now_us().
 */
enum wp_status wp_thumbnail_video(struct wp_buf *blob, const struct wp_video_facts *facts,
                                  const struct wp_reader *reader, int64_t deadline_us);

/**
 * Takes packed pictures apart and returns how many there are; the first that makes no sense ends the list,
 * since the bytes may come from a process that hostile media have taken over. out borrows from blob.
 */
size_t wp_thumbnail_unpack(struct wp_thumbnail out[WP_MAX_THUMBNAILS], const void *blob, size_t len);

#endif
