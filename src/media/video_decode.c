#include "media/video_decode.h"

#include <inttypes.h>

#include <libavcodec/avcodec.h>

#include "base/text.h"
#include "media/codecs.h"
#include "media/video_stream.h"

#include "base/banned.h"

/* Over the service's limits many times; a decoder would need over 100 MB for a picture. */
#define MAX_PIXELS ((int64_t)4096 * 4096)
/* So many packets may go by before the first frame comes out. */
#define MAX_PACKETS_TO_FIRST 60
#define MAX_ERRORS_AT_ONCE   16

struct decoding {
    struct wp_video_facts *facts;
    struct wp_demux *demux;
    AVCodecContext *codec; /* owned */
    AVPacket *packet;      /* owned */
    AVFrame *frame;        /* owned */
    uint64_t frames;
    uint64_t errors;
    bool unsupported; /* the decoder knows that it lacks something */
    bool nomem;       /* our own allocations failed */
    bool too_big;     /* FFmpeg's did: also where the file asks for absurd sizes */
};

static void give_up(struct wp_video_facts *facts, enum wp_decode_state state, const char *reason)
{
    facts->decode = state;
    wp_text_copy(facts->decode_reason, sizeof facts->decode_reason, reason);
}

/* False: the decoder could not be opened, or memory is out. */
static bool open_codec(struct decoding *d, const AVCodec *decoder)
{
    d->codec = avcodec_alloc_context3(decoder);
    d->packet = av_packet_alloc();
    d->frame = av_frame_alloc();
    if (!d->codec || !d->packet || !d->frame) {
        d->nomem = true;
        return false;
    }
    AVStream *stream = d->demux->video;
    int error = avcodec_parameters_to_context(d->codec, stream->codecpar);
    if (error >= 0) {
        d->codec->pkt_timebase = stream->time_base;
        d->codec->max_pixels = MAX_PIXELS;
        /*
         * One thread: with several, H.264 hands a picture out before the thread that decodes it knows of its
         * damage, so that the errors of one file are other ones in each run, and now and then none.
         */
        d->codec->thread_count = 1;
        d->codec->err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER;
        error = avcodec_open2(d->codec, decoder, NULL);
    }
    d->too_big |= error == AVERROR(ENOMEM);
    d->unsupported |= error == AVERROR_PATCHWELCOME;
    return error >= 0;
}

static void count_error(struct decoding *d, int error)
{
    d->too_big |= error == AVERROR(ENOMEM);
    d->unsupported |= error == AVERROR_PATCHWELCOME;
    d->errors++;
}

/* Takes the frames that are ready. */
static void receive(struct decoding *d)
{
    for (int errors = 0; errors < MAX_ERRORS_AT_ONCE;) {
        int error = avcodec_receive_frame(d->codec, d->frame);
        if (error == AVERROR(EAGAIN) || error == AVERROR_EOF)
            return;
        if (error < 0) {
            count_error(d, error);
            errors++;
            continue;
        }
        if (d->frames++ == 0)
            wp_frame_describe(d->facts, d->demux->video, d->frame, d->codec->profile);
        if (d->frame->decode_error_flags || (d->frame->flags & AV_FRAME_FLAG_CORRUPT))
            d->errors++;
        av_frame_unref(d->frame);
    }
}

/* packet NULL: hand out what is still inside. */
static void send(struct decoding *d, const AVPacket *packet)
{
    int error = avcodec_send_packet(d->codec, packet);
    if (error < 0 && error != AVERROR_EOF)
        count_error(d, error);
    receive(d);
}

/* Reads a packet to decode. Packets in front of an edit's begin are decoded like all others. */
static bool next_packet(struct decoding *d)
{
    if (d->too_big || wp_input_stopped(d->demux->in))
        return false;
    int error = wp_demux_read(d->demux, d->packet);
    d->too_big |= error == AVERROR(ENOMEM);
    if (error < 0)
        return false;
    d->packet->flags &= ~AV_PKT_FLAG_DISCARD;
    if (d->packet->flags & AV_PKT_FLAG_CORRUPT)
        d->errors++;
    return true;
}

/*
 * A decoder that reorders frames holds the first one back until it has seen several packets. Told that the
 * stream ends after the first packet, it hands it out at once, which costs a third.
 */
static void decode_first(struct decoding *d)
{
    if (!next_packet(d))
        return;
    send(d, d->packet);
    if (d->frames == 0)
        send(d, NULL);
    if (d->frames > 0 || d->errors > 0)
        return;
    avcodec_flush_buffers(d->codec);
    for (int i = 0; i < MAX_PACKETS_TO_FIRST && d->frames == 0; i++) {
        send(d, d->packet);
        av_packet_unref(d->packet);
        if (!next_packet(d))
            break;
    }
    if (d->frames == 0)
        send(d, NULL);
}

static void decode_all(struct decoding *d)
{
    d->demux->in->in_order = true;
    while (next_packet(d)) {
        send(d, d->packet);
        av_packet_unref(d->packet);
    }
    send(d, NULL);
    d->facts->has_decoded_frames = true;
    d->facts->decoded_frames = d->frames;
    d->facts->has_decode_errors = true;
    d->facts->decode_errors = d->errors;
}

/* Says why nothing can be said of the data; false if it can. */
static bool judge_limits(struct decoding *d)
{
    if (wp_input_stopped(d->demux->in))
        give_up(d->facts, WP_DECODE_REFUSED, "decoding took too long and was stopped");
    else if (d->too_big)
        give_up(d->facts, WP_DECODE_REFUSED, "decoding would need too much memory");
    else if (d->unsupported && d->frames == 0)
        give_up(d->facts, WP_DECODE_UNSUPPORTED, "no decoder here reads this variant of the codec");
    else
        return false;
    return true;
}

static void judge(struct decoding *d, enum wp_depth depth)
{
    struct wp_video_facts *facts = d->facts;
    if (d->errors == 0 && d->frames > 0) {
        facts->decode = WP_DECODE_OK;
        return;
    }
    facts->decode = WP_DECODE_FAILED;
    if (d->frames == 0)
        wp_text_copy(facts->decode_reason, sizeof facts->decode_reason, "no frame could be decoded");
    else if (depth == WP_DEPTH_FULL)
        wp_text_format(facts->decode_reason, sizeof facts->decode_reason,
                       "%" PRIu64 " decoding errors in %" PRIu64 " frames", d->errors, d->frames);
    else
        wp_text_copy(facts->decode_reason, sizeof facts->decode_reason, "the first frame is damaged");
}

enum wp_status wp_video_decode(struct wp_video_facts *facts, struct wp_demux *demux, enum wp_depth depth)
{
    const AVCodecParameters *parameters = demux->video->codecpar;
    const AVCodec *decoder = wp_codecs_decoder(parameters->codec_id);
    if (!decoder) {
        give_up(facts, WP_DECODE_UNSUPPORTED, "no decoder here reads this codec");
        return WP_OK;
    }
    if ((int64_t)parameters->width * parameters->height > MAX_PIXELS) {
        give_up(facts, WP_DECODE_REFUSED, "the picture is too large to be decoded safely");
        return WP_OK;
    }
    struct decoding d = {.facts = facts, .demux = demux};
    bool is_open = open_codec(&d, decoder);
    if (is_open && depth == WP_DEPTH_FULL)
        decode_all(&d);
    else if (is_open)
        decode_first(&d);
    if (!judge_limits(&d)) {
        if (is_open)
            judge(&d, depth);
        else
            give_up(facts, WP_DECODE_FAILED, "the codec's own header is damaged");
    }
    avcodec_free_context(&d.codec);
    av_packet_free(&d.packet);
    av_frame_free(&d.frame);
    return d.nomem ? WP_NOMEM : WP_OK;
}
