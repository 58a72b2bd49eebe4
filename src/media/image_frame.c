#include "media/image_frame.h"

#include <string.h>

#include <libavcodec/avcodec.h>

#include "base/alloc.h"
#include "media/image_decode.h"

#include "base/banned.h"

static const char *decoder_name(enum wp_format format)
{
    if (format == WP_FORMAT_JPEG)
        return "mjpeg";
    if (format == WP_FORMAT_PNG)
        return "png";
    return format == WP_FORMAT_BMP ? "bmp" : "webp";
}

static void release(void *opaque, uint8_t *data)
{
    (void)opaque;
    wp_free(data);
}

/* Sends the one packet, which shares input, and takes the one picture. 0 or an AVERROR. */
static int decode_packet(AVFrame *frame, AVCodecContext *context, AVBufferRef *input, size_t len)
{
    AVPacket *packet = av_packet_alloc();
    int result = AVERROR(ENOMEM);
    if (!packet)
        return result;
    packet->buf = av_buffer_ref(input);
    if (!packet->buf)
        goto out;
    packet->data = input->data;
    packet->size = (int)len;
    result = avcodec_send_packet(context, packet);
    if (result == 0)
        result = avcodec_receive_frame(context, frame);
    if (result == AVERROR(EAGAIN)) { /* a decoder that holds a picture back gives it at the end */
        result = avcodec_send_packet(context, NULL);
        if (result == 0)
            result = avcodec_receive_frame(context, frame);
    }
out:
    av_packet_free(&packet);
    return result;
}

int wp_image_frame(AVFrame *frame, enum wp_format format, AVBufferRef *input, size_t len, int lowres)
{
    const AVCodec *codec = avcodec_find_decoder_by_name(decoder_name(format));
    if (!codec)
        return AVERROR_DECODER_NOT_FOUND;
    AVCodecContext *context = avcodec_alloc_context3(codec);
    if (!context)
        return AVERROR(ENOMEM);
    context->thread_count = 1;
    context->lowres = lowres < codec->max_lowres ? lowres : codec->max_lowres;
    context->err_recognition = AV_EF_EXPLODE | AV_EF_BITSTREAM | AV_EF_BUFFER;
    context->max_pixels = (int64_t)WP_IMAGE_DECODE_SIDE * WP_IMAGE_DECODE_SIDE;
    int result = avcodec_open2(context, codec, NULL);
    if (result == 0)
        result = decode_packet(frame, context, input, len);
    avcodec_free_context(&context);
    return result;
}

AVBufferRef *wp_image_take(struct wp_image *image, size_t *len)
{
    struct wp_image_bytes *bytes = image->bytes;
    *len = (size_t)(image->end ? image->end : bytes->size);
    if (image->facts->format == WP_FORMAT_PNG)
        *len = wp_image_png_strip(bytes->whole, *len);
    memset(bytes->whole + *len, 0, AV_INPUT_BUFFER_PADDING_SIZE);
    AVBufferRef *input = av_buffer_create(bytes->whole, (size_t)bytes->size + AV_INPUT_BUFFER_PADDING_SIZE,
                                          release, NULL, AV_BUFFER_FLAG_READONLY);
    if (input)
        bytes->whole = NULL;
    return input;
}
