/* Decoding: the first frame, or all of them. Seen inside media/ only. */
#ifndef WP_MEDIA_VIDEO_DECODE_H
#define WP_MEDIA_VIDEO_DECODE_H

#include "media/demux.h"
#include "wanprep/facts.h"

/**
 * Decodes the first frame (depth frame) or every frame (depth full) of demux->video, which is not NULL, and
 * fills decode, decode_reason and what a frame tells. WP_OK, or WP_NOMEM.
 */
enum wp_status wp_video_decode(struct wp_video_facts *facts, struct wp_demux *demux, enum wp_depth depth);

#endif
