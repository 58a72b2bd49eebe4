#include "media/video_stream.h"

#include <math.h>
#include <stdio.h>

#include <libavcodec/avcodec.h>
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>

#include "base/text.h"

#include "base/banned.h"

static void describe_tag(char *out, size_t size, uint32_t tag)
{
    char text[5] = {0};
    for (int i = 0; i < 4; i++) {
        char c = (char)(tag >> (8 * i) & 0x7f);
        if (c == 0)
            break;
        text[i] = c;
    }
    wp_text_sanitize(text);
    wp_text_copy(out, size, text);
}

static void describe_pixels(struct wp_video_facts *facts, int format)
{
    const AVPixFmtDescriptor *descriptor = av_pix_fmt_desc_get(format);
    if (!descriptor)
        return;
    wp_text_copy(facts->pixel_format, sizeof facts->pixel_format, descriptor->name);
    facts->has_bits = true;
    facts->bits = (uint8_t)descriptor->comp[0].depth;
}

static void describe_transfer(struct wp_video_facts *facts, enum AVColorTransferCharacteristic transfer)
{
    const char *name = transfer == AVCOL_TRC_UNSPECIFIED ? NULL : av_color_transfer_name(transfer);
    if (!name || facts->color_transfer[0])
        return;
    wp_text_copy(facts->color_transfer, sizeof facts->color_transfer, name);
    bool is_hdr = transfer == AVCOL_TRC_SMPTE2084 || transfer == AVCOL_TRC_ARIB_STD_B67;
    facts->hdr = is_hdr ? WP_YES : WP_NO;
}

static void describe_profile(struct wp_video_facts *facts, enum AVCodecID codec, int profile)
{
    const char *name = profile == FF_PROFILE_UNKNOWN ? NULL : avcodec_profile_name(codec, profile);
    if (name)
        wp_text_copy(facts->profile, sizeof facts->profile, name);
}

/* The display matrix is a rotation, after a mirroring where its determinant is negative. */
static void describe_rotation(struct wp_video_facts *facts, const AVStream *stream)
{
    facts->has_rotation = true;
    size_t size = 0;
    const uint8_t *side_data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    int32_t matrix[9];
    if (!side_data || size < sizeof matrix)
        return;
    memcpy(matrix, side_data, sizeof matrix);
    double determinant = (double)matrix[0] * matrix[4] - (double)matrix[1] * matrix[3];
    facts->flipped = determinant < 0;
    if (facts->flipped) { /* what comes before the rotation is in the rows, what comes after it in the columns
                           */
        matrix[0] = matrix[0] == INT32_MIN ? INT32_MAX : -matrix[0];
        matrix[1] = matrix[1] == INT32_MIN ? INT32_MAX : -matrix[1];
    }
    double degrees = av_display_rotation_get(matrix); /* counterclockwise, -180 to 180 */
    if (!isnan(degrees))
        facts->rotation = (int16_t)((360 - (int)lround(degrees)) % 360);
}

static uint32_t scale_width(uint32_t width, AVRational ratio)
{
    uint64_t scaled = ((uint64_t)width * (uint64_t)ratio.num + (uint64_t)ratio.den / 2) / (uint64_t)ratio.den;
    return scaled == 0 ? 1 : scaled > UINT32_MAX ? UINT32_MAX : (uint32_t)scaled;
}

/* Players stretch the width by the sample aspect ratio and turn the picture after that. */
static void describe_size(struct wp_video_facts *facts, int width, int height, AVRational ratio)
{
    if (width <= 0 || height <= 0)
        return;
    facts->has_size = true;
    facts->coded_width = facts->width = (uint32_t)width;
    facts->coded_height = facts->height = (uint32_t)height;
    if (ratio.num <= 0 || ratio.den <= 0)
        ratio = (AVRational){1, 1};
    facts->has_sample_aspect_ratio = true;
    facts->sample_aspect_ratio = (struct wp_rational){ratio.num, ratio.den};
    if (ratio.num != ratio.den)
        facts->width = scale_width(facts->coded_width, ratio);
    if (facts->rotation % 180 == 90) {
        uint32_t turned = facts->width;
        facts->width = facts->height;
        facts->height = turned;
    }
}

/* The container's sample aspect ratio goes before the codec's, as in players. */
static AVRational ratio_of(const AVStream *stream, AVRational inner)
{
    AVRational outer = stream->sample_aspect_ratio;
    if (outer.num > 0 && outer.den > 0)
        return outer;
    return inner.num > 0 && inner.den > 0 ? inner : stream->codecpar->sample_aspect_ratio;
}

void wp_stream_describe(struct wp_video_facts *facts, const AVStream *stream)
{
    const AVCodecParameters *parameters = stream->codecpar;
    if (parameters->codec_id != AV_CODEC_ID_NONE)
        wp_text_copy(facts->codec, sizeof facts->codec, avcodec_get_name(parameters->codec_id));
    describe_tag(facts->codec_tag, sizeof facts->codec_tag, parameters->codec_tag);
    describe_profile(facts, parameters->codec_id, parameters->profile);
    describe_pixels(facts, parameters->format);
    describe_transfer(facts, parameters->color_trc);
    describe_rotation(facts, stream);
    describe_size(facts, parameters->width, parameters->height, ratio_of(stream, (AVRational){0, 1}));
    if (parameters->field_order != AV_FIELD_UNKNOWN)
        facts->interlaced = parameters->field_order == AV_FIELD_PROGRESSIVE ? WP_NO : WP_YES;
}

void wp_frame_describe(struct wp_video_facts *facts, const AVStream *stream, const AVFrame *frame,
                       int profile)
{
    describe_profile(facts, stream->codecpar->codec_id, profile);
    describe_pixels(facts, frame->format);
    describe_transfer(facts, frame->color_trc);
    if (facts->hdr == WP_UNKNOWN)
        facts->hdr = WP_NO; /* neither the container nor the codec declares it, so players show it as SDR */
    describe_size(facts, frame->width, frame->height, ratio_of(stream, frame->sample_aspect_ratio));
    if (frame->interlaced_frame)
        facts->interlaced = WP_YES;
    else if (facts->interlaced == WP_UNKNOWN)
        facts->interlaced = WP_NO;
}
