#include "media/demux.h"

#include <string.h>

#include <libavutil/dict.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>

#include "media/avio.h"
#include "media/codecs.h"
#include "media/movie.h"

#include "base/banned.h"

/* A file may name other files (QuickTime's data references, playlists): none is ever opened. */
static int refuse_nested(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
                         AVDictionary **options)
{
    (void)format;
    (void)io;
    (void)url;
    (void)flags;
    (void)options;
    return AVERROR(EPERM);
}

static int is_stopped(void *opaque)
{
    return wp_input_stopped(opaque);
}

static bool is_picture(const AVStream *stream)
{
    return (stream->disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) != 0;
}

static bool is_video(const AVStream *stream)
{
    return stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !is_picture(stream);
}

/* Of AVIndexEntry.size (libavformat/avformat.h). */
#define INDEX_SIZE_MASK 0x3fffffffU

/* How much a stream is what a player shows: one that has frames, rather than one that is enabled. */
static int rank(AVStream *stream)
{
    int has_frames = avformat_index_get_entries_count(stream) > 0 ? 2 : 0;
    return has_frames + (stream->disposition & AV_DISPOSITION_DEFAULT ? 1 : 0);
}

/* The first of the best video streams; all others are skipped when packets are read. */
static void choose(struct wp_demux *demux)
{
    for (unsigned i = 0; i < demux->format->nb_streams; i++) {
        AVStream *stream = demux->format->streams[i];
        if (!is_video(stream))
            continue;
        if (!demux->video || rank(stream) > rank(demux->video))
            demux->video = stream;
    }
    for (unsigned i = 0; i < demux->format->nb_streams; i++) {
        AVStream *stream = demux->format->streams[i];
        if (stream != demux->video)
            stream->discard = AVDISCARD_ALL;
    }
}

static int set_up(struct wp_demux *demux, AVDictionary **options)
{
    AVFormatContext *format = demux->format;
    format->pb = demux->io;
    format->flags |= AVFMT_FLAG_CUSTOM_IO; /* or closing it before it was opened would close io as its own */
    format->io_open = refuse_nested;
    format->interrupt_callback = (AVIOInterruptCB){.callback = is_stopped, .opaque = demux->in};
    format->max_streams = WP_MAX_TRACKS;
    format->error_recognition = AV_EF_CRCCHECK;
    format->format_whitelist = av_strdup(wp_codecs_demuxer_names());
    format->protocol_whitelist = av_strdup("");
    if (!format->format_whitelist || !format->protocol_whitelist)
        return AVERROR(ENOMEM);
    int error = av_dict_set(options, "use_absolute_path", "0", 0);
    return error < 0 ? error : av_dict_set(options, "enable_drefs", "0", 0);
}

enum wp_status wp_demux_open(struct wp_demux *out, struct wp_input *in, const char *demuxer,
                             uint64_t header_budget)
{
    memset(out, 0, sizeof *out);
    out->in = in;
    AVDictionary *options = NULL;
    enum wp_status status = WP_NOMEM;
    out->io = wp_avio_new(in);
    out->format = avformat_alloc_context();
    if (!out->io || !out->format)
        goto out;
    if (set_up(out, &options) < 0)
        goto out;
    status = WP_OK;
    in->budget = header_budget;
    /* Frees the context where it fails. */
    out->error = avformat_open_input(&out->format, "", wp_codecs_demuxer(demuxer), &options);
    in->budget = UINT64_MAX;
    if (out->error >= 0)
        choose(out);
out:
    av_dict_free(&options);
    return status;
}

void wp_demux_count(const struct wp_demux *demux, struct wp_video_facts *facts)
{
    facts->has_stream_counts = true;
    for (unsigned i = 0; i < demux->format->nb_streams; i++) {
        const AVStream *stream = demux->format->streams[i];
        if (is_video(stream))
            facts->video_streams++;
        else if (stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
            facts->audio_streams++;
        else
            facts->other_streams++;
    }
}

uint64_t wp_demux_index_end(const struct wp_demux *demux, unsigned extra)
{
    uint64_t end = 0;
    for (unsigned i = 0; i < demux->format->nb_streams; i++) {
        AVStream *stream = demux->format->streams[i];
        int count = avformat_index_get_entries_count(stream);
        for (int k = 0; k < count; k++) {
            const AVIndexEntry *entry = avformat_index_get_entry(stream, k);
            if (!entry || entry->pos < 0)
                continue;
            /* FFmpeg keeps 30 bits of a size: one that is negative now was over half a gigabyte. */
            uint64_t sample_end = (uint64_t)entry->pos + ((uint32_t)entry->size & INDEX_SIZE_MASK) + extra;
            end = sample_end > end ? sample_end : end;
        }
    }
    return end;
}

int wp_demux_read(struct wp_demux *demux, AVPacket *packet)
{
    for (;;) {
        int error = av_read_frame(demux->format, packet);
        if (error < 0 || packet->stream_index == demux->video->index)
            return error;
        av_packet_unref(packet);
        if (wp_input_stopped(demux->in))
            return AVERROR_EXIT;
    }
}

void wp_demux_close(struct wp_demux *demux)
{
    avformat_close_input(&demux->format);
    wp_avio_free(&demux->io);
    demux->video = NULL;
}
