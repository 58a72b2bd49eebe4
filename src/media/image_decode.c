#include "media/image_decode.h"

#include <assert.h>
#include <string.h>

#include <libavutil/pixdesc.h>

#include "base/log.h"
#include "media/image_frame.h"
#include "media/jpeg_decode.h"
#include "media/log_bridge.h"
#include "media/stb_decode.h"

#include "base/banned.h"

/* Counts what the decoder calls an error, and passes every line on. */
struct complaints {
    const struct wp_log *log;
    unsigned count;
};

static void take_line(void *user, enum wp_log_level level, const char *room, const char *line)
{
    struct complaints *complaints = user;
    if (level <= WP_LOG_WARN)
        complaints->count++;
    wp_log_line(complaints->log, level, room, "%s", line);
}

/* Whether a palette picture shows an entry that is not opaque. */
static bool palette_is_transparent(const AVFrame *frame)
{
    uint32_t palette[256];
    bool transparent[256];
    memcpy(palette, frame->data[1], sizeof palette); /* 0xAARRGGBB: libavutil/pixfmt.h, AV_PIX_FMT_PAL8 */
    for (size_t i = 0; i < 256; i++)
        transparent[i] = palette[i] >> 24 != 0xff;
    for (int y = 0; y < frame->height; y++) {
        const uint8_t *line = frame->data[0] + (ptrdiff_t)frame->linesize[0] * y;
        for (int x = 0; x < frame->width; x++) {
            if (transparent[line[x]])
                return true;
        }
    }
    return false;
}

/* Whether an alpha sample of one or two bytes has a bit that is not set. */
static bool plane_is_transparent(const AVFrame *frame, const AVComponentDescriptor *alpha)
{
    ptrdiff_t bytes = alpha->depth > 8 ? 2 : 1;
    for (int y = 0; y < frame->height; y++) {
        const uint8_t *sample = frame->data[alpha->plane] + (ptrdiff_t)frame->linesize[alpha->plane] * y;
        sample += alpha->offset;
        for (int x = 0; x < frame->width; x++, sample += alpha->step) {
            if (sample[0] != 0xff || sample[bytes - 1] != 0xff)
                return true;
        }
    }
    return false;
}

/* Whether a picture whose header declares transparency has a pixel that is not opaque. */
static enum wp_tristate look_at_alpha(const AVFrame *frame, enum wp_format container)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(frame->format);
    if (!format)
        return WP_UNKNOWN;
    if (format->flags & AV_PIX_FMT_FLAG_PAL)
        return palette_is_transparent(frame) ? WP_YES : WP_NO;
    /* A WebP's header may announce an alpha plane that is not there. Elsewhere the decoder has dropped
     * something, such as the colour key of a PNG of one bit. */
    if (!(format->flags & AV_PIX_FMT_FLAG_ALPHA))
        return container == WP_FORMAT_WEBP ? WP_NO : WP_UNKNOWN;
    const AVComponentDescriptor *alpha = &format->comp[format->nb_components - 1];
    if (alpha->depth != 8 && alpha->depth != 16)
        return WP_UNKNOWN;
    return plane_is_transparent(frame, alpha) ? WP_YES : WP_NO;
}

static bool is_rle(const struct wp_image_facts *facts)
{
    return strncmp(facts->variant, "RLE", 3) == 0;
}

/* Whether a refusal is about the variant, not about damage. The pixels of a BMP that are not run-length coded
 * cannot be damaged once they are all there. */
static bool is_unsupported(const struct wp_image_facts *facts, int result)
{
    return result == AVERROR_PATCHWELCOME || result == AVERROR(ENOSYS) || result == AVERROR(EPERM) ||
           result == AVERROR_DECODER_NOT_FOUND ||
           (result < 0 && facts->format == WP_FORMAT_BMP && !is_rle(facts));
}

/* A picture as the first decoder left it. */
struct attempt {
    AVBufferRef *input; /* the bytes of the picture, the first len of them */
    size_t len;
    AVFrame *frame;
    int result;          /* 0 or an AVERROR */
    unsigned complaints; /* lines that the decoder called errors, though it may have delivered */
};

static bool second_opinion(const struct wp_image_facts *facts, const struct attempt *attempt)
{
    return facts->format == WP_FORMAT_JPEG
               ? wp_jpeg_decodes(attempt->input->data, attempt->len, facts->coded_width, facts->coded_height)
               : wp_stb_decodes(attempt->input->data, attempt->len, facts->coded_width, facts->coded_height);
}

/*
 * libavcodec's word is final where it delivers without complaint, and where it calls the pixels invalid.
 * Where it does not know the variant, or has delivered but called something in a JPEG or PNG an error,
 * another decoder is asked.
 */
static enum wp_decode_state judge(const struct wp_image_facts *facts, const struct attempt *attempt)
{
    bool unsupported = is_unsupported(facts, attempt->result);
    if (!unsupported && (attempt->result < 0 || (uint32_t)attempt->frame->width != facts->coded_width ||
                         (uint32_t)attempt->frame->height != facts->coded_height))
        return WP_DECODE_FAILED;
    bool doubtful =
        attempt->complaints > 0 && (facts->format == WP_FORMAT_JPEG || facts->format == WP_FORMAT_PNG);
    if ((!unsupported && !doubtful) || second_opinion(facts, attempt))
        return WP_DECODE_OK;
    return unsupported ? WP_DECODE_UNSUPPORTED : WP_DECODE_FAILED;
}

static void conclude(struct wp_image *image, const struct attempt *attempt)
{
    struct wp_image_facts *facts = image->facts;
    enum wp_decode_state state = judge(facts, attempt);
    if (state == WP_DECODE_UNSUPPORTED && !facts->variant[0])
        wp_image_variant(image, "unusual %s", wp_format_name(facts->format));
    if (state == WP_DECODE_UNSUPPORTED)
        wp_image_settle(image, state, "%s is not decoded here", facts->variant);
    else if (state == WP_DECODE_FAILED)
        wp_image_settle(image, state, "the pixel data are damaged");
    else
        facts->decode = state;
    if (state == WP_DECODE_OK && attempt->result == 0 && facts->has_alpha == WP_YES)
        facts->transparent = look_at_alpha(attempt->frame, facts->format);
}

/* Decodes what attempt->input holds. */
static enum wp_status decode(struct wp_image *image, struct attempt *attempt, const struct wp_log *log)
{
    attempt->frame = av_frame_alloc();
    if (!attempt->frame)
        return WP_NOMEM;
    struct complaints complaints = {log, 0};
    struct wp_log counting = {take_line, &complaints,
                              log && log->level > WP_LOG_WARN ? log->level : WP_LOG_WARN};
    wp_media_log_begin(&counting);
    attempt->result = wp_image_frame(attempt->frame, image->facts->format, attempt->input, attempt->len, 0);
    wp_media_log_end();
    attempt->complaints = complaints.count;
    if (attempt->result != AVERROR(ENOMEM))
        conclude(image, attempt);
    av_frame_free(&attempt->frame);
    return attempt->result == AVERROR(ENOMEM) ? WP_NOMEM : WP_OK;
}

enum wp_status wp_image_decode(struct wp_image *image, const struct wp_log *log)
{
    struct wp_image_facts *facts = image->facts;
    assert(image->bytes->whole && !facts->unreadable[0]);
    if (facts->decode != WP_DECODE_NOT_TRIED)
        return WP_OK;
    if (facts->coded_width > WP_IMAGE_DECODE_SIDE || facts->coded_height > WP_IMAGE_DECODE_SIDE) {
        wp_image_settle(image, WP_DECODE_REFUSED, "pictures over %d pixels a side are not decoded",
                        WP_IMAGE_DECODE_SIDE);
        return WP_OK;
    }
    uint64_t pixel = facts->bits > 8 ? 8 : 4; /* what a decoder may take for one, whatever the file has */
    if (pixel * facts->coded_width * facts->coded_height > WP_IMAGE_DECODE_BYTES) {
        wp_image_settle(image, WP_DECODE_REFUSED, "the picture is too large to be decoded safely");
        return WP_OK;
    }
    struct attempt attempt = {0};
    attempt.input = wp_image_take(image, &attempt.len);
    if (!attempt.input)
        return WP_NOMEM;
    enum wp_status status = decode(image, &attempt, log);
    av_buffer_unref(&attempt.input);
    return status;
}
