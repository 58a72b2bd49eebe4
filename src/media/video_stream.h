/* What a stream's header says of its pictures. Seen inside media/ only. */
#ifndef WP_MEDIA_VIDEO_STREAM_H
#define WP_MEDIA_VIDEO_STREAM_H

#include <libavformat/avformat.h>
#include <libavutil/frame.h>

#include "wanprep/facts.h"

/** Fills codec, size, rotation, sample aspect ratio, colour and interlacing, as far as the header tells. */
void wp_stream_describe(struct wp_video_facts *facts, const AVStream *stream);

/** Corrects and completes them by a decoded frame and the decoder that made it. */
void wp_frame_describe(struct wp_video_facts *facts, const AVStream *stream, const AVFrame *frame,
                       int profile);

#endif
