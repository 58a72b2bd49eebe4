#include "media/reduce.h"

#include <assert.h>
#include <string.h>

#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>

#include "base/alloc.h"
#include "base/text.h"

#include "base/banned.h"

enum {
    MAX_SIDE = 320,
    /* A small pixel is the mean of at most this many squared of the large picture: enough to look smooth, and
     * a bound on time. */
    TAPS = 4,
    MAX_SOURCE_SIDE = 16384,
};

/* From luma and the two chroma samples, in 0 to 255, to red, green and blue. */
struct matrix {
    double black, luma;
    double red_cr, green_cb, green_cr, blue_cb;
};

/* A picture that is read line by line. */
struct source {
    const AVFrame *frame;
    const AVPixFmtDescriptor *format;
    int components; /* that are summed up; of a palette four, those of its entries */
    struct matrix matrix;
    uint16_t *line; /* owned; the samples of one component */
};

/* A pixel of the small picture: sums, and then means, of each component. */
struct pixel {
    double component[4];
};

/* The coefficients of ITU-R BT.601, BT.709 and BT.2020; what is not said is guessed as players do. */
static struct matrix matrix_of(const AVFrame *frame, const AVPixFmtDescriptor *format)
{
    enum AVColorSpace space = frame->colorspace;
    double red = 0.299, blue = 0.114;
    if (space == AVCOL_SPC_BT2020_NCL || space == AVCOL_SPC_BT2020_CL)
        red = 0.2627, blue = 0.0593;
    else if (space == AVCOL_SPC_BT709 || (space == AVCOL_SPC_UNSPECIFIED && frame->height >= 720))
        red = 0.2126, blue = 0.0722;
    double green = 1 - red - blue;
    bool full = frame->color_range == AVCOL_RANGE_JPEG || wp_text_starts(format->name, "yuvj") ||
                (format->nb_components < 3 && frame->color_range != AVCOL_RANGE_MPEG);
    double chroma = full ? 1 : 255.0 / 224;
    return (struct matrix){.black = full ? 0 : 16,
                           .luma = full ? 1 : 255.0 / 219,
                           .red_cr = 2 * (1 - red) * chroma,
                           .green_cb = 2 * (1 - blue) * blue / green * chroma,
                           .green_cr = 2 * (1 - red) * red / green * chroma,
                           .blue_cb = 2 * (1 - blue) * chroma};
}

/* Whether the samples are whole numbers in memory that stand for grey, RGB, YCbCr or palette entries. */
static bool is_read(const AVFrame *frame, const AVPixFmtDescriptor *format)
{
    const uint64_t strange = AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BAYER;
    return format && !(format->flags & strange) && format->comp[0].depth <= 16 && frame->width > 0 &&
           frame->height > 0 && frame->width <= MAX_SOURCE_SIDE && frame->height <= MAX_SOURCE_SIDE &&
           frame->data[0];
}

/* Which of `length` large pixels is tap number `tap` of the small pixel `at` of `count`. */
static int tap_position(uint32_t at, uint32_t count, int tap, int length)
{
    uint64_t steps = (uint64_t)count * TAPS;
    return (int)(((uint64_t)at * TAPS + (uint64_t)tap) * (uint64_t)length / steps);
}

/* Adds the taps of line y of one component to the pixels of a line of the small picture. */
static void add_component(struct pixel *pixels, uint32_t count, const struct source *source, int component,
                          int y)
{
    const AVFrame *frame = source->frame;
    const AVPixFmtDescriptor *format = source->format;
    const uint8_t *data[4] = {frame->data[0], frame->data[1], frame->data[2], frame->data[3]};
    bool is_chroma = (component == 1 || component == 2) && format->nb_components >= 3 &&
                     !(format->flags & AV_PIX_FMT_FLAG_RGB);
    int width = is_chroma ? AV_CEIL_RSHIFT(frame->width, format->log2_chroma_w) : frame->width;
    int line = is_chroma ? y >> format->log2_chroma_h : y;
    av_read_image_line2(source->line, data, frame->linesize, format, 0, line, component, width, 0,
                        sizeof *source->line);
    for (uint32_t x = 0; x < count; x++) {
        unsigned sum = 0;
        for (int tap = 0; tap < TAPS; tap++)
            sum += source->line[tap_position(x, count, tap, width)];
        pixels[x].component[component] += sum;
    }
}

/* The same for a picture whose samples are entries of a palette. */
static void add_palette(struct pixel *pixels, uint32_t count, const struct source *source, int y)
{
    const AVFrame *frame = source->frame;
    const uint8_t *line = frame->data[0] + (ptrdiff_t)frame->linesize[0] * y;
    for (uint32_t x = 0; x < count; x++) {
        for (int tap = 0; tap < TAPS; tap++) {
            uint32_t color; /* 0xAARRGGBB: libavutil/pixfmt.h, AV_PIX_FMT_PAL8 */
            memcpy(&color, frame->data[1] + (size_t)4 * line[tap_position(x, count, tap, frame->width)],
                   sizeof color);
            pixels[x].component[0] += color >> 16 & 0xff;
            pixels[x].component[1] += color >> 8 & 0xff;
            pixels[x].component[2] += color & 0xff;
            pixels[x].component[3] += color >> 24;
        }
    }
}

static bool is_palette(const struct source *source)
{
    return source->format->flags & AV_PIX_FMT_FLAG_PAL;
}

/* From sums to means in 0 to 255. */
static void divide(struct pixel *pixel, const struct source *source)
{
    for (int c = 0; c < source->components; c++) {
        int depth = is_palette(source) ? 8 : source->format->comp[c].depth;
        double unit = depth >= 8 ? 1 << (depth - 8) : ((1 << depth) - 1) / 255.0;
        pixel->component[c] /= unit * TAPS * TAPS;
    }
}

static uint8_t byte_of(double value, double opaque)
{
    value = value < 0 ? 0 : value > 255 ? 255 : value;
    return (uint8_t)(value * opaque + 255 * (1 - opaque) + 0.5);
}

/* Writes a pixel in RGB, laid on white. */
static void write(uint8_t *rgb, struct pixel *pixel, const struct source *source)
{
    const struct matrix *m = &source->matrix;
    divide(pixel, source);
    const double *c = pixel->component;
    bool has_alpha = is_palette(source) || (source->format->flags & AV_PIX_FMT_FLAG_ALPHA);
    double opaque = has_alpha ? c[source->components - 1] / 255 : 1;
    double red = c[0], green = c[1], blue = c[2];
    if (source->frame->format == AV_PIX_FMT_MONOWHITE) {
        red = green = blue = 255 - c[0];
    } else if (source->components < 3) {
        red = green = blue = (c[0] - m->black) * m->luma;
    } else if (!is_palette(source) && !(source->format->flags & AV_PIX_FMT_FLAG_RGB)) {
        double luma = (c[0] - m->black) * m->luma, cb = c[1] - 128, cr = c[2] - 128;
        red = luma + m->red_cr * cr;
        green = luma - m->green_cb * cb - m->green_cr * cr;
        blue = luma + m->blue_cb * cb;
    }
    rgb[0] = byte_of(red, opaque);
    rgb[1] = byte_of(green, opaque);
    rgb[2] = byte_of(blue, opaque);
}

/* Where the pixel at x, y of a small picture that is not turned yet goes; width and height are those of it.
 */
static size_t target(const struct wp_small_picture *out, uint8_t orientation, uint32_t x, uint32_t y,
                     uint32_t width, uint32_t height)
{
    uint32_t right = width - 1 - x, below = height - 1 - y;
    const uint32_t places[][2] = {{x, y}, {right, y}, {right, below}, {x, below},
                                  {y, x}, {below, x}, {below, right}, {y, right}};
    const uint32_t *place = places[orientation >= 1 && orientation <= 8 ? orientation - 1 : 0];
    assert(place[0] < out->width && place[1] < out->height);
    return ((size_t)place[1] * out->width + place[0]) * 3;
}

static void fill(const struct wp_small_picture *out, const struct source *source, uint8_t orientation)
{
    uint32_t width = orientation >= 5 ? out->height : out->width;
    uint32_t height = orientation >= 5 ? out->width : out->height;
    for (uint32_t y = 0; y < height; y++) {
        struct pixel pixels[MAX_SIDE] = {0};
        for (int tap = 0; tap < TAPS; tap++) {
            int line = tap_position(y, height, tap, source->frame->height);
            if (is_palette(source))
                add_palette(pixels, width, source, line);
            for (int c = 0; c < source->components && !is_palette(source); c++)
                add_component(pixels, width, source, c, line);
        }
        for (uint32_t x = 0; x < width; x++)
            write(out->rgb + target(out, orientation, x, y, width, height), &pixels[x], source);
    }
}

/* value * side / longer, rounded, at least 1. */
static uint32_t scaled(uint32_t value, uint32_t side, uint32_t longer)
{
    uint32_t result = (uint32_t)(((uint64_t)value * side + longer / 2) / longer);
    return result ? result : 1;
}

enum wp_status wp_reduce(struct wp_small_picture *out, const AVFrame *frame, const struct wp_display *display,
                         uint32_t side)
{
    assert(side >= 1 && side <= MAX_SIDE);
    struct source source = {.frame = frame, .format = av_pix_fmt_desc_get(frame->format)};
    memset(out, 0, sizeof *out);
    if (!is_read(frame, source.format) || !display->width || !display->height)
        return WP_OK;
    if (is_palette(&source) && !frame->data[1])
        return WP_OK;
    uint32_t longer = display->width > display->height ? display->width : display->height;
    side = side < longer ? side : longer;
    out->width = scaled(display->width, side, longer);
    out->height = scaled(display->height, side, longer);
    out->rgb = wp_malloc((size_t)out->width * out->height * 3);
    source.line = wp_calloc((size_t)frame->width * (size_t)source.format->nb_components, sizeof *source.line);
    if (!out->rgb || !source.line) {
        wp_free(source.line);
        wp_free(out->rgb);
        out->rgb = NULL;
        return WP_NOMEM;
    }
    source.components = is_palette(&source) ? 4 : source.format->nb_components;
    source.matrix = matrix_of(frame, source.format);
    fill(out, &source, display->orientation);
    wp_free(source.line);
    return WP_OK;
}
