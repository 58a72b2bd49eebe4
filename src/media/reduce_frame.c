#include "media/reduce_frame.h"

#include <string.h>

#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>

#include "base/alloc.h"
#include "base/text.h"

#include "base/banned.h"

enum { MAX_SOURCE_SIDE = 16384 };

/* A frame that is read line by line. */
struct source {
    const AVFrame *frame;
    const AVPixFmtDescriptor *format;
    uint16_t *line; /* owned; the samples of one component, and the same in 8 bits */
    uint8_t *bytes; /* in the same memory */
};

/* A row of a matrix: what luma and the two chroma samples count. */
static void set_row(double row[4], double black, double luma, double cb, double cr)
{
    row[0] = luma;
    row[1] = cb;
    row[2] = cr;
    row[3] = -luma * black - 128 * (cb + cr);
}

/* The coefficients of ITU-R BT.601, BT.709 and BT.2020; what is not said is guessed as players do. */
static struct wp_matrix matrix_of(const AVFrame *frame, const AVPixFmtDescriptor *format)
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
    double chroma = format->nb_components < 3 ? 0 : full ? 1 : 255.0 / 224;
    double black = full ? 0 : 16, luma = full ? 1 : 255.0 / 219;
    struct wp_matrix matrix;
    set_row(matrix.rows[0], black, luma, 0, 2 * (1 - red) * chroma);
    set_row(matrix.rows[1], black, luma, -2 * (1 - blue) * blue / green * chroma,
            -2 * (1 - red) * red / green * chroma);
    set_row(matrix.rows[2], black, luma, 2 * (1 - blue) * chroma, 0);
    return matrix;
}

/* Whether the samples are whole numbers in memory that stand for grey, RGB, YCbCr or palette entries. */
static bool is_read(const AVFrame *frame, const AVPixFmtDescriptor *format)
{
    const uint64_t strange = AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BAYER;
    return format && !(format->flags & strange) && format->comp[0].depth <= 16 && frame->width > 0 &&
           frame->height > 0 && frame->width <= MAX_SOURCE_SIDE && frame->height <= MAX_SOURCE_SIDE &&
           frame->data[0];
}

static bool is_palette(const struct source *source)
{
    return source->format->flags & AV_PIX_FMT_FLAG_PAL;
}

static bool is_rgb(const struct source *source)
{
    return source->format->flags & AV_PIX_FMT_FLAG_RGB;
}

static bool has_alpha(const struct source *source)
{
    return source->format->flags & AV_PIX_FMT_FLAG_ALPHA;
}

/* From as many bits as the format has to 8, in place: byte i lies before sample i. */
static void to_bytes(const struct source *source, int component, uint32_t width)
{
    int depth = source->format->comp[component].depth;
    unsigned most = (1U << depth) - 1;
    for (uint32_t x = 0; x < width; x++) {
        unsigned sample = source->line[x];
        if (source->frame->format == AV_PIX_FMT_MONOWHITE)
            sample = most - sample;
        source->bytes[x] = (uint8_t)(depth >= 8 ? sample >> (depth - 8) : sample * 255 / most);
    }
}

/* Adds one component of line y, which is tap number tap. */
static void add_component(struct wp_reduction *reduction, uint32_t tap, const struct source *source,
                          int component, int y)
{
    const AVFrame *frame = source->frame;
    const AVPixFmtDescriptor *format = source->format;
    const uint8_t *data[4] = {frame->data[0], frame->data[1], frame->data[2], frame->data[3]};
    bool is_chroma = (component == 1 || component == 2) && format->nb_components >= 3 && !is_rgb(source);
    int width = is_chroma ? AV_CEIL_RSHIFT(frame->width, format->log2_chroma_w) : frame->width;
    int line = is_chroma ? y >> format->log2_chroma_h : y;
    bool is_alpha = has_alpha(source) && component == format->nb_components - 1;
    enum wp_component to = is_alpha ? WP_ALPHA : WP_RED + (unsigned)component;
    const AVComponentDescriptor *place = &format->comp[component];
    if (place->depth == 8 && place->shift == 0 && !(format->flags & AV_PIX_FMT_FLAG_BITSTREAM)) {
        const uint8_t *samples = data[place->plane] + (ptrdiff_t)frame->linesize[place->plane] * line;
        wp_reduce_add(reduction, tap, to, samples + place->offset, (size_t)place->step, (uint32_t)width);
        return;
    }
    av_read_image_line2(source->line, data, frame->linesize, format, 0, line, component, width, 0,
                        sizeof *source->line);
    to_bytes(source, component, (uint32_t)width);
    wp_reduce_add(reduction, tap, to, source->bytes, 1, (uint32_t)width);
}

/* The same for a picture whose samples are entries of a palette. */
static void add_palette(struct wp_reduction *reduction, uint32_t tap, const struct source *source, int y)
{
    static const unsigned shifts[WP_COMPONENTS] = {16, 8, 0, 24}; /* libavutil/pixfmt.h, AV_PIX_FMT_PAL8 */
    const AVFrame *frame = source->frame;
    const uint8_t *line = frame->data[0] + (ptrdiff_t)frame->linesize[0] * y;
    for (unsigned c = 0; c < WP_COMPONENTS; c++) {
        for (int x = 0; x < frame->width; x++) {
            uint32_t color;
            memcpy(&color, frame->data[1] + (size_t)4 * line[x], sizeof color);
            source->bytes[x] = (uint8_t)(color >> shifts[c]);
        }
        wp_reduce_add(reduction, tap, WP_RED + c, source->bytes, 1, (uint32_t)frame->width);
    }
}

static void add_all(struct wp_reduction *reduction, const struct source *source)
{
    reduction->has_alpha = is_palette(source) || has_alpha(source);
    uint32_t lines =
        wp_reduce_begin(reduction, (uint32_t)source->frame->width, (uint32_t)source->frame->height);
    for (uint32_t tap = 0; tap < lines; tap++) {
        int y = (int)wp_reduce_tap(reduction, tap, (uint32_t)source->frame->height);
        if (is_palette(source))
            add_palette(reduction, tap, source, y);
        for (int c = 0; c < source->format->nb_components && !is_palette(source); c++)
            add_component(reduction, tap, source, c, y);
    }
}

enum wp_status wp_reduce_frame(struct wp_small_picture *out, const AVFrame *frame,
                               const struct wp_display *display, uint32_t side)
{
    struct source source = {.frame = frame, .format = av_pix_fmt_desc_get(frame->format)};
    struct wp_reduction reduction;
    *out = (struct wp_small_picture){0};
    if (!is_read(frame, source.format) || !display->width || !display->height)
        return WP_OK;
    if (is_palette(&source) && !frame->data[1])
        return WP_OK;
    enum wp_status status = wp_reduce_open(&reduction, display, side);
    source.line = wp_calloc((size_t)frame->width * (size_t)source.format->nb_components, sizeof *source.line);
    source.bytes = (uint8_t *)source.line;
    if (!source.line)
        status = WP_NOMEM;
    if (status == WP_OK) {
        add_all(&reduction, &source);
        const struct wp_matrix matrix = matrix_of(frame, source.format);
        bool has_colours = is_palette(&source) || is_rgb(&source);
        status = wp_reduce_end(out, &reduction, has_colours ? NULL : &matrix);
    }
    wp_free(source.line);
    wp_reduce_close(&reduction);
    return status;
}
