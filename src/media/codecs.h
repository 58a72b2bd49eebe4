/* Which parts of FFmpeg may be used: a look-up in codecs.def. */
#ifndef WP_MEDIA_CODECS_H
#define WP_MEDIA_CODECS_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

/** The decoder for a codec; NULL if none is allowed or this FFmpeg lacks it. Static storage. */
const AVCodec *wp_codecs_decoder(enum AVCodecID id);

/** The demuxer of this name, e.g. "mov"; NULL if it is not allowed or this FFmpeg lacks it. Static storage.
 */
const AVInputFormat *wp_codecs_demuxer(const char *name);

/** The names of all allowed demuxers, as AVFormatContext.format_whitelist wants them. Static storage. */
const char *wp_codecs_demuxer_names(void);

#endif
