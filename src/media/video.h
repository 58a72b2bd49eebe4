/* Measuring the content of a video file. No FFmpeg type is in here: other rooms include it. */
#ifndef WP_MEDIA_VIDEO_H
#define WP_MEDIA_VIDEO_H

#include "media/input.h"
#include "wanprep/facts.h"

/**
 * Measures an ISO base media file (MP4, M4V, 3GP, MOV) into facts, which are zero but for format, brand and
 * bytes. WP_OK: filled, whatever the content is; in->status says whether reading failed. WP_NOMEM: out of
 * memory.
 */
enum wp_status wp_video_measure_movie(struct wp_video_facts *facts, struct wp_input *in, enum wp_depth depth);

/** Measures an AVI file; as wp_video_measure_movie(). */
enum wp_status wp_video_measure_avi(struct wp_video_facts *facts, struct wp_input *in, enum wp_depth depth);

#endif
