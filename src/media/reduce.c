#include "media/reduce.h"

#include <assert.h>
#include <math.h>

#include "base/alloc.h"

#include "base/banned.h"

enum {
    MOST_TAPS = 4,     /* in each direction; the sum of all fits in 16 bits */
    SAMPLE_BITS = 4,   /* of a mean behind the point */
    FACTOR_BITS = 14,  /* of a matrix's member behind the point */
    OPAQUE = 255 << 4, /* a mean */
};

/* A matrix in whole numbers. */
struct factors {
    int32_t rows[3][4];
};

/* value * side / longer, rounded, at least 1. */
static uint32_t scaled(uint32_t value, uint32_t side, uint32_t longer)
{
    uint32_t result = (uint32_t)(((uint64_t)value * side + longer / 2) / longer);
    return result ? result : 1;
}

enum wp_status wp_reduce_open(struct wp_reduction *reduction, const struct wp_display *display, uint32_t side)
{
    assert(side >= 1 && side <= WP_PICTURE_SIDE && display->width && display->height);
    uint32_t longer = display->width > display->height ? display->width : display->height;
    side = side < longer ? side : longer;
    uint32_t width = scaled(display->width, side, longer), height = scaled(display->height, side, longer);
    bool turned = display->orientation >= 5;
    *reduction = (struct wp_reduction){
        .width = turned ? height : width,
        .height = turned ? width : height,
        .orientation = display->orientation,
        .sums = wp_calloc((size_t)width * height, sizeof *reduction->sums),
    };
    return reduction->sums ? WP_OK : WP_NOMEM;
}

void wp_reduce_close(struct wp_reduction *reduction)
{
    wp_free(reduction->sums);
    reduction->sums = NULL;
}

uint32_t wp_reduce_begin(struct wp_reduction *reduction, uint32_t width, uint32_t height)
{
    bool is_twice = width > 2 * reduction->width || height > 2 * reduction->height;
    bool is_larger = width > reduction->width || height > reduction->height;
    reduction->taps = is_twice ? MOST_TAPS : is_larger ? MOST_TAPS / 2 : 1;
    return reduction->height * reduction->taps;
}

uint32_t wp_reduce_tap(const struct wp_reduction *reduction, uint32_t tap, uint32_t height)
{
    uint32_t taps = reduction->height * reduction->taps;
    return (uint32_t)((uint64_t)tap * height / taps);
}

void wp_reduce_add(struct wp_reduction *reduction, uint32_t tap, enum wp_component component,
                   const uint8_t *samples, size_t step, uint32_t width)
{
    uint16_t(*sums)[WP_COMPONENTS] = reduction->sums + (size_t)reduction->width * (tap / reduction->taps);
    /* Chroma may have no more samples than there are pixels: one counts for all. */
    uint32_t taps = width > reduction->width ? reduction->taps : 1, weight = reduction->taps / taps;
    uint32_t all = reduction->width * taps;
    const size_t stride = width / all * step;
    const uint32_t rest = width % all;
    uint32_t part = 0; /* of a sample, in parts of `all` */
    for (uint32_t x = 0; x < reduction->width; x++) {
        unsigned sum = 0;
        for (uint32_t i = 0; i < taps; i++) {
            sum += *samples;
            samples += stride;
            part += rest;
            if (part >= all) {
                part -= all;
                samples += step;
            }
        }
        sums[x][component] = (uint16_t)(sums[x][component] + sum * weight);
    }
}

static void add_line(struct wp_reduction *reduction, uint32_t tap, const struct wp_line *line)
{
    size_t step = (size_t)line->channels * line->bytes;
    bool has_colours = line->channels >= 3;
    for (unsigned c = 0; c < 3; c++)
        wp_reduce_add(reduction, tap, WP_RED + c, line->samples + (has_colours ? c * line->bytes : 0), step,
                      line->width);
    reduction->has_alpha = line->channels % 2 == 0;
    if (reduction->has_alpha)
        wp_reduce_add(reduction, tap, WP_ALPHA, line->samples + step - line->bytes, step, line->width);
}

void wp_reduce_line(struct wp_reduction *reduction, const struct wp_line *line)
{
    if (!reduction->taps)
        (void)wp_reduce_begin(reduction, line->width, line->height);
    uint32_t taps = reduction->height * reduction->taps;
    uint64_t first = ((uint64_t)line->y * taps + line->height - 1) / line->height;
    for (uint32_t tap = (uint32_t)first; tap < taps && wp_reduce_tap(reduction, tap, line->height) == line->y;
         tap++)
        add_line(reduction, tap, line);
}

/* How far apart in memory are two pixels of the turned picture that were neighbours in a line, and in a
 * column; and where the first one goes. */
struct walk {
    ptrdiff_t across, down;
    size_t first;
};

static struct walk walk_of(const struct wp_reduction *reduction)
{
    size_t width = reduction->width, height = reduction->height;
    uint8_t orientation = reduction->orientation;
    bool turned = orientation >= 5;
    ptrdiff_t line = (ptrdiff_t)(3 * (turned ? height : width)), pixel = 3;
    bool right_to_left = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    bool bottom_up = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    struct walk walk = {turned ? line : pixel, turned ? pixel : line, 0};
    if (right_to_left) {
        walk.first += (size_t)walk.across * (width - 1);
        walk.across = -walk.across;
    }
    if (bottom_up) {
        walk.first += (size_t)walk.down * (height - 1);
        walk.down = -walk.down;
    }
    return walk;
}

static struct factors factors_of(const struct wp_matrix *matrix)
{
    struct factors factors;
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 4; k++)
            factors.rows[i][k] =
                (int32_t)lround(matrix->rows[i][k] * (1 << (FACTOR_BITS + (k == 3 ? SAMPLE_BITS : 0))));
    }
    return factors;
}

static int32_t apply(const int32_t row[4], const int32_t mean[WP_COMPONENTS])
{
    int32_t value = (row[0] * mean[0] + row[1] * mean[1] + row[2] * mean[2] + row[3]) >> FACTOR_BITS;
    return value < 0 ? 0 : value > OPAQUE ? OPAQUE : value;
}

static void put_pixel(uint8_t *out, const struct factors *factors, const int32_t mean[WP_COMPONENTS],
                      bool has_alpha)
{
    for (int c = 0; c < 3; c++) {
        int32_t value = factors ? apply(factors->rows[c], mean) : mean[c];
        if (has_alpha)
            value = OPAQUE - (OPAQUE - value) * mean[WP_ALPHA] / OPAQUE;
        out[c] = (uint8_t)((value + (1 << (SAMPLE_BITS - 1))) >> SAMPLE_BITS);
    }
}

enum wp_status wp_reduce_end(struct wp_small_picture *out, const struct wp_reduction *reduction,
                             const struct wp_matrix *matrix)
{
    bool turned = reduction->orientation >= 5;
    const uint16_t(*sums)[WP_COMPONENTS] = (const uint16_t(*)[WP_COMPONENTS])reduction->sums;
    out->width = turned ? reduction->height : reduction->width;
    out->height = turned ? reduction->width : reduction->height;
    out->rgb = wp_malloc((size_t)out->width * out->height * 3);
    if (!out->rgb)
        return WP_NOMEM;
    const struct factors factors = matrix ? factors_of(matrix) : (struct factors){0};
    const struct walk walk = walk_of(reduction);
    const int32_t to_mean = (1 << SAMPLE_BITS) / (int32_t)(reduction->taps * reduction->taps);
    for (uint32_t y = 0; y < reduction->height; y++) {
        uint8_t *pixel = out->rgb + walk.first + walk.down * (ptrdiff_t)y;
        for (uint32_t x = 0; x < reduction->width; x++, sums++, pixel += walk.across) {
            int32_t mean[WP_COMPONENTS];
            for (int c = 0; c < WP_COMPONENTS; c++)
                mean[c] = (*sums)[c] * to_mean;
            put_pixel(pixel, matrix ? &factors : NULL, mean, reduction->has_alpha);
        }
    }
    return WP_OK;
}
