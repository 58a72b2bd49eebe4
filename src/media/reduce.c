#include "media/reduce.h"

#include <assert.h>

#include "base/alloc.h"

#include "base/banned.h"

enum {
    MAX_SIDE = 320,
    TAPS = 4, /* in each direction; their sum fits in 16 bits */
};

/* value * side / longer, rounded, at least 1. */
static uint32_t scaled(uint32_t value, uint32_t side, uint32_t longer)
{
    uint32_t result = (uint32_t)(((uint64_t)value * side + longer / 2) / longer);
    return result ? result : 1;
}

enum wp_status wp_reduce_open(struct wp_reduction *reduction, const struct wp_display *display, uint32_t side)
{
    assert(side >= 1 && side <= MAX_SIDE && display->width && display->height);
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

uint32_t wp_reduce_taps(const struct wp_reduction *reduction)
{
    return reduction->height * TAPS;
}

uint32_t wp_reduce_tap(const struct wp_reduction *reduction, uint32_t tap, uint32_t height)
{
    return (uint32_t)((uint64_t)tap * height / wp_reduce_taps(reduction));
}

void wp_reduce_add(struct wp_reduction *reduction, uint32_t tap, enum wp_component component,
                   const uint8_t *samples, size_t step, uint32_t width)
{
    uint16_t(*sums)[WP_COMPONENTS] = reduction->sums + (size_t)reduction->width * (tap / TAPS);
    uint64_t taps = (uint64_t)reduction->width * TAPS;
    uint64_t at = 0; /* tap * width */
    for (uint32_t x = 0; x < reduction->width; x++) {
        unsigned sum = 0;
        for (int i = 0; i < TAPS; i++, at += width)
            sum += samples[(size_t)(at / taps) * step];
        sums[x][component] = (uint16_t)(sums[x][component] + sum);
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
    uint32_t taps = wp_reduce_taps(reduction);
    uint64_t first = ((uint64_t)line->y * taps + line->height - 1) / line->height;
    for (uint32_t tap = (uint32_t)first; tap < taps && wp_reduce_tap(reduction, tap, line->height) == line->y;
         tap++)
        add_line(reduction, tap, line);
}

/* Where a pixel goes when the picture is turned. */
static size_t target(const struct wp_reduction *reduction, uint32_t x, uint32_t y)
{
    uint8_t orientation = reduction->orientation;
    uint32_t right = reduction->width - 1 - x, below = reduction->height - 1 - y;
    const uint32_t places[][2] = {{x, y}, {right, y}, {right, below}, {x, below},
                                  {y, x}, {below, x}, {below, right}, {y, right}};
    const uint32_t *place = places[orientation >= 1 && orientation <= 8 ? orientation - 1 : 0];
    return ((size_t)place[1] * (orientation >= 5 ? reduction->height : reduction->width) + place[0]) * 3;
}

static uint8_t byte_of(double value, double opaque)
{
    value = value < 0 ? 0 : value > 255 ? 255 : value;
    return (uint8_t)(value * opaque + 255 * (1 - opaque) + 0.5);
}

enum wp_status wp_reduce_end(struct wp_small_picture *out, const struct wp_reduction *reduction,
                             void (*to_rgb)(const void *user, double color[3]), const void *user)
{
    bool turned = reduction->orientation >= 5;
    const uint16_t(*sums)[WP_COMPONENTS] = (const uint16_t(*)[WP_COMPONENTS])reduction->sums;
    out->width = turned ? reduction->height : reduction->width;
    out->height = turned ? reduction->width : reduction->height;
    out->rgb = wp_malloc((size_t)out->width * out->height * 3);
    if (!out->rgb)
        return WP_NOMEM;
    for (uint32_t y = 0; y < reduction->height; y++) {
        for (uint32_t x = 0; x < reduction->width; x++, sums++) {
            double color[3];
            double opaque = reduction->has_alpha ? (*sums)[WP_ALPHA] / (255.0 * TAPS * TAPS) : 1;
            for (size_t c = 0; c < 3; c++)
                color[c] = (double)(*sums)[c] / (TAPS * TAPS);
            if (to_rgb)
                to_rgb(user, color);
            for (size_t c = 0; c < 3; c++)
                out->rgb[target(reduction, x, y) + c] = byte_of(color[c], opaque);
        }
    }
    return WP_OK;
}
