#include "content/crop.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/banned.h"

struct wp_crop wp_crop_whole(const struct wp_picture *picture)
{
    double width = picture->width, height = picture->height;
    double side = width > height ? width : height;
    return (struct wp_crop){.x = (width - side) / 2, .y = (height - side) / 2, .side = side};
}

/*
 * The taps of pixel number i of a crop that begins at `from`: a triangle around its middle that reaches to
 * the middles of its neighbours, and at least one pixel of the picture far. So all pixels count the same
 * where a picture becomes smaller, and it is bilinear where it becomes larger. Those outside of 0 to size are
 * black: they count, and are left out.
 */
static void find_taps(struct wp_taps *out, double from, double scale, int i, uint32_t size)
{
    double middle = from + (i + 0.5) * scale - 0.5;
    double reach = scale > 1 ? scale : 1;
    int first = (int)ceil(middle - reach), last = (int)floor(middle + reach);
    double sum = 0;
    out->first = out->count = 0;
    for (int at = first; at <= last; at++) {
        double weight = 1 - fabs(at - middle) / reach;
        sum += weight;
        if (at < 0 || at >= (int)size)
            continue;
        assert(out->count < WP_CROP_TAPS);
        out->first = out->count == 0 ? at : out->first;
        out->weights[out->count++] = (float)weight;
    }
    for (int k = 0; k < out->count; k++)
        out->weights[k] = (float)(out->weights[k] / sum);
}

/* A line of a crop before it is resampled along x: the sum of lines of the picture. */
static void add_lines(float *line, const struct wp_picture *picture, const struct wp_taps *rows)
{
    size_t count = (size_t)picture->width * 3;
    memset(line, 0, count * sizeof *line);
    for (int k = 0; k < rows->count; k++) {
        const uint8_t *from = picture->rgb + (size_t)(rows->first + k) * count;
        float weight = rows->weights[k];
        for (size_t i = 0; i < count; i++)
            line[i] += weight * (float)from[i];
    }
}

static void add_columns(float out[3], const float *line, const struct wp_taps *columns)
{
    float sum[3] = {0};
    const float *from = line + (size_t)columns->first * 3;
    for (int k = 0; k < columns->count; k++, from += 3) {
        for (int c = 0; c < 3; c++)
            sum[c] += columns->weights[k] * from[c];
    }
    for (int c = 0; c < 3; c++)
        out[c] = sum[c] / 127.5F - 1;
}

void wp_crop_sample(float *out, int side, const struct wp_picture *picture, const struct wp_crop *crop,
                    struct wp_crop_room *room)
{
    double scale = crop->side / side;
    assert(side >= 1 && side <= WP_CROP_SIDE && scale > 0 && scale <= WP_CROP_SCALE);
    assert(picture->width >= 1 && picture->width <= WP_CONTENT_IMAGE_SIDE);
    assert(picture->height >= 1 && picture->height <= WP_CONTENT_IMAGE_SIDE);
    for (int x = 0; x < side; x++)
        find_taps(&room->taps[crop->mirrored ? side - 1 - x : x], crop->x, scale, x, picture->width);
    for (int y = 0; y < side; y++) {
        struct wp_taps rows;
        find_taps(&rows, crop->y, scale, y, picture->height);
        add_lines(room->line, picture, &rows);
        for (int x = 0; x < side; x++, out += 3)
            add_columns(out, room->line, &room->taps[x]);
    }
}
