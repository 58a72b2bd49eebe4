/* Frames that are spread over a video: from key frame to key frame, and on from there while time lasts. */
#include <libavcodec/avcodec.h>
#include <libavutil/mathematics.h>

#include "base/clock.h"
#include "media/codecs.h"
#include "media/demux.h"
#include "media/log_bridge.h"
#include "media/reduce_frame.h"
#include "media/thumbnail.h"
#include "media/thumbnail_pack.h"

#include "base/banned.h"

enum {
    FRAME_SIDE = 192,
    MAX_SIDE = 4096,
    MAX_PACKETS = 2400, /* for one frame: over a minute */
};

/* The header was read once without harm; this is the bound of that reading. */
#define MAX_HEADER ((uint64_t)64 << 20)

struct strip {
    struct wp_buf *blob;
    struct wp_display display;
    struct wp_demux demux;
    AVCodecContext *codec; /* owned */
    AVPacket *packet;      /* owned */
    AVFrame *next;         /* owned; the frame that was decoded last */
    AVFrame *kept;         /* owned; the frame before that */
    int64_t at;            /* time of the last packet that was sent, in ticks */
    int64_t packed;        /* time of the last frame that was packed, in ticks */
    bool drained;          /* the decoder was told that the stream ends */
};

/* The picture is turned clockwise and mirrored after that. */
static uint8_t orientation_of(const struct wp_video_facts *facts)
{
    static const uint8_t turned[] = {1, 6, 3, 8}, mirrored[] = {2, 5, 4, 7};
    int rotation = facts->has_rotation ? facts->rotation : 0;
    if (rotation % 90 != 0)
        return 1;
    return (facts->flipped ? mirrored : turned)[(rotation / 90 % 4 + 4) % 4];
}

/* False: there is no decoder, or memory is out. */
static bool open_codec(struct strip *strip)
{
    const AVStream *stream = strip->demux.video;
    const AVCodec *decoder = wp_codecs_decoder(stream->codecpar->codec_id);
    if (!decoder)
        return false;
    strip->codec = avcodec_alloc_context3(decoder);
    strip->packet = av_packet_alloc();
    strip->next = av_frame_alloc();
    strip->kept = av_frame_alloc();
    if (!strip->codec || !strip->packet || !strip->next || !strip->kept)
        return false;
    if (avcodec_parameters_to_context(strip->codec, stream->codecpar) < 0)
        return false;
    strip->codec->pkt_timebase = stream->time_base;
    strip->codec->max_pixels = (int64_t)MAX_SIDE * MAX_SIDE;
    strip->codec->thread_count = 1;
    strip->codec->skip_frame = AVDISCARD_NONREF; /* a neighbour is as good, and half the work */
    return avcodec_open2(strip->codec, decoder, NULL) >= 0;
}

/* Reads and sends a packet, or the end of the stream. False: there is nothing more to send. */
static bool feed(struct strip *strip)
{
    if (strip->drained || wp_input_stopped(strip->demux.in))
        return false;
    if (wp_demux_read(&strip->demux, strip->packet) < 0) {
        strip->drained = true;
        return avcodec_send_packet(strip->codec, NULL) >= 0;
    }
    int64_t time = strip->packet->pts != AV_NOPTS_VALUE ? strip->packet->pts : strip->packet->dts;
    strip->at = time != AV_NOPTS_VALUE ? time : strip->at;
    (void)avcodec_send_packet(strip->codec, strip->packet); /* damage: the next packet may be fine */
    av_packet_unref(strip->packet);
    return true;
}

/* Decodes on until a frame at or behind ticks comes out; strip->kept is the nearest that came. */
static bool decode_to(struct strip *strip, int64_t ticks)
{
    bool has_frame = false;
    for (int packets = 0; packets < MAX_PACKETS;) {
        int error = avcodec_receive_frame(strip->codec, strip->next);
        if (error == AVERROR(EAGAIN)) {
            packets++;
            if (!feed(strip))
                return has_frame;
            continue;
        }
        if (error < 0)
            return has_frame;
        av_frame_unref(strip->kept);
        av_frame_move_ref(strip->kept, strip->next);
        has_frame = true;
        if (strip->kept->best_effort_timestamp == AV_NOPTS_VALUE ||
            strip->kept->best_effort_timestamp >= ticks)
            return true;
    }
    return has_frame;
}

/* Goes to the last key frame before ticks, unless what was read is between the two. */
static void seek(struct strip *strip, int64_t ticks)
{
    AVStream *stream = strip->demux.video;
    int entry = av_index_search_timestamp(stream, ticks, AVSEEK_FLAG_BACKWARD);
    const AVIndexEntry *key = entry >= 0 ? avformat_index_get_entry(stream, entry) : NULL;
    if (strip->at != AV_NOPTS_VALUE && (!key || key->timestamp <= strip->at))
        return;
    if (av_seek_frame(strip->demux.format, stream->index, ticks, AVSEEK_FLAG_BACKWARD) < 0)
        return;
    avcodec_flush_buffers(strip->codec);
    strip->drained = false;
}

/* Packs the frame at a time, unless it is the one before. */
static enum wp_status pack_at(struct strip *strip, int64_t ticks)
{
    seek(strip, ticks);
    if (!decode_to(strip, ticks))
        return WP_OK;
    int64_t time = strip->kept->best_effort_timestamp;
    if (time == AV_NOPTS_VALUE)
        time = ticks;
    if (time == strip->packed)
        return WP_OK;
    strip->packed = time;
    double seconds = (double)time * av_q2d(strip->demux.video->time_base);
    struct wp_small_picture small;
    enum wp_status status = wp_reduce_frame(&small, strip->kept, &strip->display, FRAME_SIDE);
    return status == WP_OK ? wp_thumbnail_pack(strip->blob, &small, seconds > 0 ? seconds : 0) : status;
}

static enum wp_status pack_all(struct strip *strip, const struct wp_video_facts *facts)
{
    double ticks_per_s = 1 / av_q2d(strip->demux.video->time_base);
    double start_s =
        facts->has_start_time ? (double)facts->start_time.num / (double)facts->start_time.den : 0;
    double length_s = facts->has_duration ? (double)facts->duration.num / (double)facts->duration.den : 0;
    enum wp_status status = WP_OK;
    for (int i = 0; i < WP_MAX_THUMBNAILS && status == WP_OK && !wp_input_stopped(strip->demux.in); i++) {
        double time_s = start_s + length_s * (i + 0.5) / WP_MAX_THUMBNAILS;
        double ticks = time_s * ticks_per_s;
        if (!(ticks > -1e15 && ticks < 1e15))
            return WP_OK;
        status = pack_at(strip, (int64_t)ticks);
        if (length_s <= 0)
            break;
    }
    return status;
}

static bool is_decodable(const struct wp_video_facts *facts)
{
    return facts->demuxer[0] && facts->has_size && !facts->unreadable[0] && facts->encrypted != WP_YES &&
           facts->coded_width <= MAX_SIDE && facts->coded_height <= MAX_SIDE &&
           (facts->decode == WP_DECODE_OK || facts->decode == WP_DECODE_NOT_TRIED ||
            facts->decode == WP_DECODE_FAILED);
}

enum wp_status wp_thumbnail_video(struct wp_buf *blob, const struct wp_video_facts *facts,
                                  const struct wp_reader *reader, int64_t deadline_us)
{
    if (!is_decodable(facts))
        return WP_OK;
    struct wp_input in;
    struct strip strip = {.blob = blob, .at = AV_NOPTS_VALUE, .packed = AV_NOPTS_VALUE};
    strip.display = (struct wp_display){facts->width, facts->height, orientation_of(facts)};
    wp_input_init(&in, reader, deadline_us, NULL);
    wp_media_log_begin(NULL);
    enum wp_status status = wp_demux_open(&strip.demux, &in, facts->demuxer, MAX_HEADER);
    if (status == WP_OK && strip.demux.format && strip.demux.video && open_codec(&strip))
        status = pack_all(&strip, facts);
    wp_media_log_end();
    avcodec_free_context(&strip.codec);
    av_packet_free(&strip.packet);
    av_frame_free(&strip.next);
    av_frame_free(&strip.kept);
    wp_demux_close(&strip.demux);
    return status;
}
