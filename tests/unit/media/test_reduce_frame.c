/* Pictures made small: every form of pixels that decoders give, every way to show them. */
#include "unit/test.h"

#include <stdbool.h>
#include <string.h>

#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>

#include "base/alloc.h"
#include "media/reduce_frame.h"

#include "base/banned.h"

static AVFrame *frame_new(enum AVPixelFormat format, int width, int height)
{
    AVFrame *frame = av_frame_alloc();
    assert_non_null(frame);
    frame->format = format;
    frame->width = width;
    frame->height = height;
    assert_int_equal(av_frame_get_buffer(frame, 0), 0);
    for (size_t plane = 0; plane < 4 && frame->buf[plane]; plane++)
        memset(frame->buf[plane]->data, 0, frame->buf[plane]->size);
    return frame;
}

/* Gives all samples of a component one value, in the bits that the format has for it. */
static void set_component(AVFrame *frame, int component, uint16_t value)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(frame->format);
    bool chroma = (component == 1 || component == 2) && !(format->flags & AV_PIX_FMT_FLAG_RGB);
    int width = chroma ? AV_CEIL_RSHIFT(frame->width, format->log2_chroma_w) : frame->width;
    int height = chroma ? AV_CEIL_RSHIFT(frame->height, format->log2_chroma_h) : frame->height;
    uint16_t line[64];
    assert_true(width <= 64);
    for (size_t i = 0; i < COUNT(line); i++)
        line[i] = value;
    for (int y = 0; y < height; y++)
        av_write_image_line(line, frame->data, frame->linesize, format, 0, y, component, width);
}

static struct wp_small_picture reduce(const AVFrame *frame, uint32_t width, uint32_t height,
                                      uint8_t orientation, uint32_t side)
{
    const struct wp_display display = {width, height, orientation};
    struct wp_small_picture out;
    assert_int_equal(wp_reduce_frame(&out, frame, &display, side), WP_OK);
    return out;
}

static void assert_near(const char *what, const uint8_t *got, const uint8_t want[3])
{
    for (int c = 0; c < 3; c++) {
        int apart = got[c] - want[c];
        if (apart < -3 || apart > 3)
            fail_msg("%s: %u,%u,%u instead of %u,%u,%u", what, got[0], got[1], got[2], want[0], want[1],
                     want[2]);
    }
}

static void every_form_of_pixels_keeps_its_colour(void **state)
{
    (void)state;
    static const struct {
        enum AVPixelFormat format;
        enum AVColorSpace space;
        enum AVColorRange range;
        uint16_t components[4];
        uint8_t rgb[3];
    } rows[] = {
        {AV_PIX_FMT_RGB24, AVCOL_SPC_RGB, 0, {10, 200, 90}, {10, 200, 90}},
        {AV_PIX_FMT_BGR24, AVCOL_SPC_RGB, 0, {10, 200, 90}, {10, 200, 90}},
        {AV_PIX_FMT_BGR0, AVCOL_SPC_RGB, 0, {10, 200, 90}, {10, 200, 90}},
        {AV_PIX_FMT_RGB565LE, AVCOL_SPC_RGB, 0, {31, 0, 31}, {255, 0, 255}},
        {AV_PIX_FMT_RGB555LE, AVCOL_SPC_RGB, 0, {0, 31, 0}, {0, 255, 0}},
        {AV_PIX_FMT_RGB48BE, AVCOL_SPC_RGB, 0, {0x0a00, 0xc8ff, 0x5a00}, {10, 200, 90}},
        {AV_PIX_FMT_GBRP, AVCOL_SPC_RGB, 0, {10, 200, 90}, {10, 200, 90}},
        {AV_PIX_FMT_GBRP10LE, AVCOL_SPC_RGB, 0, {40, 800, 360}, {10, 200, 90}},
        {AV_PIX_FMT_RGBA, AVCOL_SPC_RGB, 0, {10, 200, 90, 255}, {10, 200, 90}},
        {AV_PIX_FMT_RGBA, AVCOL_SPC_RGB, 0, {10, 200, 90, 0}, {255, 255, 255}},
        {AV_PIX_FMT_RGBA64BE, AVCOL_SPC_RGB, 0, {0, 0, 0, 0x8000}, {127, 127, 127}},
        {AV_PIX_FMT_GRAY8, 0, 0, {77}, {77, 77, 77}},
        {AV_PIX_FMT_GRAY16BE, 0, 0, {0x4d00}, {77, 77, 77}},
        {AV_PIX_FMT_YA8, 0, 0, {77, 255}, {77, 77, 77}},
        {AV_PIX_FMT_YA8, 0, 0, {77, 0}, {255, 255, 255}},
        {AV_PIX_FMT_MONOBLACK, 0, 0, {1}, {255, 255, 255}},
        {AV_PIX_FMT_MONOWHITE, 0, 0, {1}, {0, 0, 0}},
        /* Pure red, by the equations of each standard. */
        {AV_PIX_FMT_YUV420P, AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG, {81, 90, 240}, {255, 0, 0}},
        {AV_PIX_FMT_YUV422P, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG, {63, 102, 240}, {255, 0, 0}},
        {AV_PIX_FMT_YUV420P10LE, AVCOL_SPC_BT2020_NCL, AVCOL_RANGE_MPEG, {294, 387, 960}, {255, 0, 0}},
        {AV_PIX_FMT_YUVJ420P, AVCOL_SPC_BT470BG, 0, {76, 85, 255}, {255, 0, 0}},
        {AV_PIX_FMT_YUV444P, AVCOL_SPC_BT470BG, AVCOL_RANGE_JPEG, {76, 85, 255}, {255, 0, 0}},
        {AV_PIX_FMT_UYVY422, AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG, {81, 90, 240}, {255, 0, 0}},
        {AV_PIX_FMT_NV12, AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG, {81, 90, 240}, {255, 0, 0}},
        {AV_PIX_FMT_YUVA420P, AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG, {16, 128, 128, 255}, {0, 0, 0}},
        {AV_PIX_FMT_YUVA420P, AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG, {16, 128, 128, 0}, {255, 255, 255}},
        {AV_PIX_FMT_YUV444P12LE, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG, {3760, 2048, 2048}, {255, 255, 255}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        AVFrame *frame = frame_new(rows[i].format, 18, 10);
        const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(rows[i].format);
        frame->colorspace = rows[i].space;
        frame->color_range = rows[i].range;
        for (int c = 0; c < format->nb_components; c++)
            set_component(frame, c, rows[i].components[c]);
        struct wp_small_picture out = reduce(frame, 18, 10, 1, 9);
        assert_non_null(out.rgb);
        assert_int_equal(out.width, 9);
        assert_int_equal(out.height, 5);
        for (size_t p = 0; p < 45; p++)
            assert_near(format->name, out.rgb + 3 * p, rows[i].rgb);
        wp_free(out.rgb);
        av_frame_free(&frame);
    }
}

static void a_palette_is_looked_up(void **state)
{
    (void)state;
    static const uint8_t red[3] = {255, 0, 0}, white[3] = {255, 255, 255};
    AVFrame *frame = frame_new(AV_PIX_FMT_PAL8, 8, 4);
    const uint32_t entries[] = {0xffff0000, 0x00123456};
    memcpy(frame->data[1] + 4 * 254, entries, sizeof entries);
    for (int y = 0; y < 4; y++) {
        memset(frame->data[0] + (ptrdiff_t)frame->linesize[0] * y, 254, 4);
        memset(frame->data[0] + (ptrdiff_t)frame->linesize[0] * y + 4, 255, 4);
    }
    struct wp_small_picture out = reduce(frame, 8, 4, 1, 4);
    assert_near("opaque", out.rgb, red);
    assert_near("clear", out.rgb + 9, white);
    wp_free(out.rgb);
    av_frame_free(&frame);
}

/* The four corners of a picture twice as wide as high: red, green; blue, white. */
static AVFrame *corners(void)
{
    static const uint8_t colors[4][3] = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}};
    AVFrame *frame = frame_new(AV_PIX_FMT_RGB24, 32, 16);
    for (int y = 0; y < 16; y++) {
        for (int x = 0; x < 32; x++)
            memcpy(frame->data[0] + (ptrdiff_t)frame->linesize[0] * y + 3 * (ptrdiff_t)x,
                   colors[y / 8 * 2 + x / 16], 3);
    }
    return frame;
}

static char corner(const struct wp_small_picture *out, uint32_t x, uint32_t y)
{
    const uint8_t *p = out->rgb + 3 * ((size_t)y * out->width + x);
    return p[0] > 200 ? (p[1] > 200 ? 'w' : 'r') : p[1] > 200 ? 'g' : 'b';
}

static void every_orientation_is_shown(void **state)
{
    (void)state;
    /* Top left, top right, bottom left, bottom right of what EXIF 2.3 4.6.4 A says is seen. */
    static const char *const seen[] = {"rgbw", "rgbw", "grwb", "wbgr", "bwrg",
                                       "rbgw", "brwg", "wgbr", "gwrb"};
    AVFrame *frame = corners();
    for (uint8_t orientation = 0; orientation <= 8; orientation++) {
        bool turned = orientation >= 5;
        struct wp_small_picture out = reduce(frame, turned ? 16 : 32, turned ? 32 : 16, orientation, 8);
        assert_int_equal(out.width, turned ? 4 : 8);
        assert_int_equal(out.height, turned ? 8 : 4);
        const char got[5] = {corner(&out, 0, 0), corner(&out, out.width - 1, 0),
                             corner(&out, 0, out.height - 1), corner(&out, out.width - 1, out.height - 1)};
        assert_string_equal(got, seen[orientation]);
        wp_free(out.rgb);
    }
    av_frame_free(&frame);
}

static void sizes_are_those_of_the_display(void **state)
{
    (void)state;
    static const struct {
        uint32_t width, height, side, small_width, small_height;
    } rows[] = {
        {32, 16, 320, 32, 16}, /* never made larger */
        {64, 16, 32, 32, 8},   /* stretched */
        {320, 160, 320, 320, 160},    {321, 160, 320, 320, 160}, {1, 100000, 320, 1, 320},
        {UINT32_MAX, 1, 320, 320, 1}, {1, 1, 320, 1, 1},
    };
    AVFrame *frame = corners();
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wp_small_picture out = reduce(frame, rows[i].width, rows[i].height, 1, rows[i].side);
        assert_int_equal(out.width, rows[i].small_width);
        assert_int_equal(out.height, rows[i].small_height);
        wp_free(out.rgb);
    }
    av_frame_free(&frame);
}

static void what_is_not_read_gives_nothing(void **state)
{
    (void)state;
    AVFrame *frame = corners();
    struct wp_small_picture out = reduce(frame, 0, 16, 1, 8);
    assert_null(out.rgb);
    frame->format = AV_PIX_FMT_GRAYF32LE;
    out = reduce(frame, 32, 16, 1, 8);
    assert_null(out.rgb);
    frame->format = AV_PIX_FMT_VAAPI;
    out = reduce(frame, 32, 16, 1, 8);
    assert_null(out.rgb);
    frame->format = AV_PIX_FMT_NONE;
    out = reduce(frame, 32, 16, 1, 8);
    assert_null(out.rgb);
    av_frame_free(&frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_pixels_keeps_its_colour),
        cmocka_unit_test(a_palette_is_looked_up),
        cmocka_unit_test(every_orientation_is_shown),
        cmocka_unit_test(sizes_are_those_of_the_display),
        cmocka_unit_test(what_is_not_read_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
