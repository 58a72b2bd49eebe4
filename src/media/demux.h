/* A video file, opened by one of FFmpeg's demuxers that sees nothing but our input. Seen inside media/ only.
 */
#ifndef WP_MEDIA_DEMUX_H
#define WP_MEDIA_DEMUX_H

#include <libavformat/avformat.h>

#include "media/input.h"
#include "wanprep/facts.h"

struct wp_demux {
    AVFormatContext *format; /**< owned; NULL if it is not open */
    AVIOContext *io;         /**< owned */
    struct wp_input *in;     /**< borrowed */
    AVStream *video;         /**< the video stream that a player shows; NULL if there is none */
    int error; /**< AVERROR of an open that failed; ENOMEM also where the file asks for absurd sizes */
};

/**
 * Opens in with the demuxer of this name; header and index are read, at most header_budget bytes, and no
 * packet. WP_OK: *out is open, or out->format is NULL and out->error says why; fails with WP_NOMEM. In
 * every case wp_demux_close() frees it.
 */
enum wp_status wp_demux_open(struct wp_demux *out, struct wp_input *in, const char *demuxer,
                             uint64_t header_budget);

/** Counts the streams into facts. */
void wp_demux_count(const struct wp_demux *demux, struct wp_video_facts *facts);

/** Where the last sample of any stream ends, by the index, plus extra bytes for each. 0 if there is no index.
 */
uint64_t wp_demux_index_end(const struct wp_demux *demux, unsigned extra);

/** The next packet of the video stream; an AVERROR at the end. */
int wp_demux_read(struct wp_demux *demux, AVPacket *packet);

void wp_demux_close(struct wp_demux *demux);

#endif
