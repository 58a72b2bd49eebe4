/* Frames that are spread over a video: key frames, and what is decoded on from them, while time lasts. */
#include <libavcodec/avcodec.h>
#include <libavutil/mathematics.h>

#include <math.h>

#include "media/belt.h"
#include "media/codecs.h"
#include "media/demux.h"
#include "media/log_bridge.h"
#include "media/pictures.h"
#include "media/reduce_frame.h"

#include "base/banned.h"

enum {
    MAX_SIDE = 4096,
    MAX_PACKETS = 2400,   /* for one frame: over a minute */
    DECODING_THREADS = 2, /* nobody judges damage by these frames, so they may come in any state */
};

/* The header was read once without harm; this is the bound of that reading. */
#define MAX_HEADER ((uint64_t)64 << 20)

struct strip {
    const struct wp_video_facts *facts;
    const struct wp_reader *reader;
    const struct wp_picture_wish *wish;
    struct wp_belt *belt;
    struct wp_display display;
    struct wp_demux demux;
    AVCodecContext *codec; /* owned */
    AVPacket *packet;      /* owned */
    AVFrame *next;         /* owned; the frame that was decoded last */
    AVFrame *kept;         /* owned; the frame before that */
    int64_t at;            /* time of the last packet that was sent, in ticks */
    int64_t taken;         /* time of the last frame that was handed on, in ticks */
    bool drained;          /* the decoder was told that the stream ends */
    bool cut;              /* it was told that the stream ends, though it does not */
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
    strip->codec->thread_count = DECODING_THREADS;
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

/* The last key frame up to ticks (way: AVSEEK_FLAG_BACKWARD), or the first one from there on (0). */
static const AVIndexEntry *key_by(const struct strip *strip, int64_t ticks, int way)
{
    int entry = av_index_search_timestamp(strip->demux.video, ticks, way);
    return entry >= 0 ? avformat_index_get_entry(strip->demux.video, entry) : NULL;
}

/* Whether all that was sent to the decoder lies before a key frame. */
static bool is_ahead(const struct strip *strip, const AVIndexEntry *key)
{
    return key && (strip->at == AV_NOPTS_VALUE || key->timestamp > strip->at);
}

/* Continues at the last key frame up to ticks. */
static bool go_to(struct strip *strip, int64_t ticks)
{
    AVStream *stream = strip->demux.video;
    if (av_seek_frame(strip->demux.format, stream->index, ticks, AVSEEK_FLAG_BACKWARD) < 0)
        return false;
    avcodec_flush_buffers(strip->codec);
    strip->drained = strip->cut = false;
    return true;
}

/* Continues at a key frame. The index has times of decoding and seeking wants those of presentation, which
 * are somewhat later: the middle between two key frames is behind the first by both. */
static bool go_to_key(struct strip *strip, const AVIndexEntry *key)
{
    const AVIndexEntry *next = key_by(strip, key->timestamp + 1, 0);
    if (!next)
        next = key_by(strip, INT64_MAX, AVSEEK_FLAG_ANY | AVSEEK_FLAG_BACKWARD);
    int64_t length = next && next->timestamp > key->timestamp ? next->timestamp - key->timestamp : 0;
    return go_to(strip, key->timestamp + length / 2);
}

/* Decodes a key frame alone: a decoder that is told that nothing follows gives it at once, and must then
 * begin anew. */
static bool decode_key(struct strip *strip, const AVIndexEntry *key)
{
    if (!go_to_key(strip, key) || !feed(strip))
        return false;
    strip->cut = true;
    (void)avcodec_send_packet(strip->codec, NULL);
    av_frame_unref(strip->kept);
    return avcodec_receive_frame(strip->codec, strip->kept) >= 0;
}

/* Decodes a frame near ticks, into strip->kept: a key frame that is no further away than slack is as good as
 * its neighbours, and costs nothing of what lies before it; but none is as good as the first frame. */
static bool decode_near(struct strip *strip, int64_t ticks, int64_t slack)
{
    bool is_first = strip->at == AV_NOPTS_VALUE;
    const AVIndexEntry *before = key_by(strip, ticks, AVSEEK_FLAG_BACKWARD),
                       *behind = is_first ? NULL : key_by(strip, ticks, 0);
    const AVIndexEntry *near = is_ahead(strip, before) ? before : NULL;
    if (is_ahead(strip, behind) && (!near || behind->timestamp - ticks < ticks - near->timestamp))
        near = behind;
    if (near && FFABS(near->timestamp - ticks) <= slack && decode_key(strip, near))
        return true;
    if (before && (strip->cut || is_ahead(strip, before)))
        (void)go_to_key(strip, before);
    else if (strip->cut || strip->at == AV_NOPTS_VALUE)
        (void)go_to(strip, ticks);
    return decode_to(strip, ticks);
}

/* Makes a picture of the frame that was decoded, unless it is the one before, or one before that, as the
 * index of a hostile file may lead to; out->rgb is NULL where there is none. */
static enum wp_status make(struct wp_small_picture *out, struct strip *strip, int64_t ticks)
{
    *out = (struct wp_small_picture){0};
    int64_t time = strip->kept->best_effort_timestamp;
    if (time == AV_NOPTS_VALUE)
        time = ticks;
    if (time <= strip->taken)
        return WP_OK;
    strip->taken = time;
    enum wp_status status = wp_reduce_frame(out, strip->kept, &strip->display, strip->wish->side);
    double seconds = (double)time * av_q2d(strip->demux.video->time_base);
    out->time_s = seconds > 0 ? seconds : 0;
    return status;
}

/* Where the wishes are, in ticks. */
struct places {
    double start, length, slack;
};

static struct places places_of(const struct strip *strip, const struct wp_video_facts *facts)
{
    double ticks_per_s = 1 / av_q2d(strip->demux.video->time_base);
    double start_s =
        facts->has_start_time ? (double)facts->start_time.num / (double)facts->start_time.den : 0;
    double length_s = facts->has_duration ? (double)facts->duration.num / (double)facts->duration.den : 0;
    double length = length_s > 0 ? length_s * ticks_per_s : 0;
    return (struct places){start_s * ticks_per_s, length, length / (double)strip->wish->count};
}

static enum wp_status put_all(struct strip *strip)
{
    const struct places places = places_of(strip, strip->facts);
    const size_t count = places.length > 0 ? strip->wish->count : 1;
    bool is_wanted = fabs(places.start) + places.length < 1e15; /* a header may say anything */
    for (size_t i = 0; i < count && is_wanted && !wp_input_stopped(strip->demux.in); i++) {
        int64_t ticks = (int64_t)(places.start + places.length * strip->wish->positions[i]);
        if (strip->taken != AV_NOPTS_VALUE && strip->taken >= ticks)
            continue;
        if (i > 0) /* but for the first frame a neighbour is as good, and half the work */
            strip->codec->skip_frame = AVDISCARD_NONREF;
        struct wp_small_picture small = {0};
        if (decode_near(strip, ticks, (int64_t)places.slack) && make(&small, strip, ticks) != WP_OK)
            return WP_NOMEM;
        if (small.rgb)
            is_wanted = wp_belt_put(strip->belt, &small);
    }
    return WP_OK;
}

static bool is_decodable(const struct wp_video_facts *facts)
{
    return facts->demuxer[0] && facts->has_size && !facts->unreadable[0] && facts->encrypted != WP_YES &&
           facts->coded_width <= MAX_SIDE && facts->coded_height <= MAX_SIDE &&
           (facts->decode == WP_DECODE_OK || facts->decode == WP_DECODE_NOT_TRIED ||
            facts->decode == WP_DECODE_FAILED);
}

/* All of FFmpeg's work, in a thread of its own. */
static enum wp_status make_all(struct wp_belt *belt, void *user)
{
    struct strip *strip = user;
    struct wp_input in;
    strip->belt = belt;
    wp_input_init(&in, strip->reader, strip->wish->deadline_us, NULL);
    wp_media_log_begin(NULL);
    enum wp_status status = wp_demux_open(&strip->demux, &in, strip->facts->demuxer, MAX_HEADER);
    if (status == WP_OK && strip->demux.format && strip->demux.video && open_codec(strip))
        status = put_all(strip);
    wp_media_log_end();
    avcodec_free_context(&strip->codec);
    av_packet_free(&strip->packet);
    av_frame_free(&strip->next);
    av_frame_free(&strip->kept);
    wp_demux_close(&strip->demux);
    return status;
}

enum wp_status wp_pictures_video(const struct wp_video_facts *facts, const struct wp_reader *reader,
                                 const struct wp_picture_wish *wish, wp_picture_fn *take, void *user)
{
    if (!is_decodable(facts))
        return WP_OK;
    struct strip strip = {
        .facts = facts, .reader = reader, .wish = wish, .at = AV_NOPTS_VALUE, .taken = AV_NOPTS_VALUE};
    strip.display = (struct wp_display){facts->width, facts->height, orientation_of(facts)};
    return wp_belt_run(make_all, &strip, take, user);
}
