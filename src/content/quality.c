#include "content/quality.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/banned.h"

enum {
    SIDE = WP_QUALITY_SIDE,
    BINS = 256,
    WINDOW = 8,        /* side of a window, in pixels */
    LEAST_WINDOWS = 16 /* with an edge in them, for a sharpness to be told by */
};

/* The part of all pixels that may be brighter than what is called the brightness. */
#define BRIGHTER 0.05
/* The part of all windows with edges that may be sharper than what is called the sharpness. */
#define SHARPER 0.2
/* The most difference within a line of one colour, which may have been compressed. */
#define FLAT 0.04F
/* The least difference within a window that is an edge and no noise. */
#define EDGE 0.15F

/* Pixels of the letterbox, along one side: from first to before end. */
struct span {
    int first, end;
};

/* Those that are of the picture alone: the outermost have a part of what is beside it. */
static struct span find_span(uint32_t length, uint32_t longer)
{
    double beside = SIDE * (1 - (double)length / longer) / 2;
    int first = (int)ceil(beside + 0.5 - 1e-9);
    return first < SIDE / 2 ? (struct span){first, SIDE - first} : (struct span){SIDE / 2 - 1, SIDE / 2 + 1};
}

/* The part of the letterbox that is measured. */
struct area {
    struct span columns, rows;
};

static float luma_range(const float *luma, int count, ptrdiff_t step)
{
    float low = luma[0], high = luma[0];
    for (int i = 1; i < count; i++) {
        float at = luma[i * step];
        low = at < low ? at : low;
        high = at > high ? at : high;
    }
    return high - low;
}

/* Leaves out lines of one colour at both ends of a span, as bars beside a picture are, and the lines next to
 * them, which have a part of them. `across` is where lines begin and end, `step` from line to line. */
static struct span trim(const float *luma, struct span span, ptrdiff_t step, struct span across,
                        ptrdiff_t across_step)
{
    struct span out = span;
    const float *from = luma + across.first * across_step;
    int length = across.end - across.first;
    while (out.first < out.end && luma_range(from + out.first * step, length, across_step) <= FLAT)
        out.first++;
    while (out.first < out.end && luma_range(from + (out.end - 1) * step, length, across_step) <= FLAT)
        out.end--;
    out.first += out.first > span.first;
    out.end -= out.end < span.end;
    return out;
}

/* The picture without bars; with them, if nothing else is there. */
static struct area find_area(const float *luma, const struct wp_picture *picture)
{
    uint32_t longer = picture->width > picture->height ? picture->width : picture->height;
    struct area all = {find_span(picture->width, longer), find_span(picture->height, longer)}, area = all;
    area.rows = trim(luma, all.rows, SIDE, all.columns, 1);
    if (area.rows.first < area.rows.end)
        area.columns = trim(luma, all.columns, 1, area.rows, SIDE);
    bool is_empty = area.rows.first >= area.rows.end || area.columns.first >= area.columns.end;
    return is_empty ? all : area;
}

/* Values from 0 to 1, counted. */
struct counts {
    uint32_t bins[BINS], sum;
};

static void count_value(struct counts *counts, float value)
{
    float bin = value * (BINS - 1) + 0.5F;
    counts->bins[bin < 0 ? 0 : bin > BINS - 1 ? BINS - 1 : (int)bin]++;
    counts->sum++;
}

/* The least value of which at most such a part is over it. */
static double value_below(const struct counts *counts, double part)
{
    double over = 0;
    int bin = BINS - 1;
    for (; bin > 0 && over + counts->bins[bin] <= part * counts->sum; bin--)
        over += counts->bins[bin];
    return bin / (double)(BINS - 1);
}

/* Luma by ITU-R BT.601, 0 to 1. */
static void find_luma(float *luma, const float *whole)
{
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++, whole += 3)
        luma[i] = (0.299F * whole[0] + 0.587F * whole[1] + 0.114F * whole[2] + 1) / 2;
}

/* What two neighbours differ by, if it is more than `most`. */
static float more(float most, float a, float b)
{
    float apart = fabsf(a - b);
    return apart > most ? apart : most;
}

/* Counts by how much of the difference that a window has lies between two neighbours. */
static void count_window(struct counts *counts, const float *luma)
{
    float low = luma[0], high = luma[0], most = 0;
    for (int y = 0; y < WINDOW; y++) {
        for (int x = 0; x < WINDOW; x++) {
            const float *at = &luma[y * SIDE + x];
            low = *at < low ? *at : low;
            high = *at > high ? *at : high;
            most = x > 0 ? more(most, at[0], at[-1]) : most;
            most = y > 0 ? more(most, at[0], at[-SIDE]) : most;
        }
    }
    if (high - low >= EDGE)
        count_value(counts, most / (high - low));
}

void wp_quality_measure(struct wp_look *out, const struct wp_picture *picture, const float *whole,
                        struct wp_quality_room *room)
{
    find_luma(room->luma, whole);
    struct area area = find_area(room->luma, picture);
    struct span rows = area.rows, columns = area.columns;
    struct counts light = {0}, edges = {0};
    for (int y = rows.first; y < rows.end; y++) {
        for (int x = columns.first; x < columns.end; x++)
            count_value(&light, room->luma[y * SIDE + x]);
    }
    for (int y = rows.first; y + WINDOW <= rows.end; y += WINDOW) {
        for (int x = columns.first; x + WINDOW <= columns.end; x += WINDOW)
            count_window(&edges, &room->luma[y * SIDE + x]);
    }
    out->brightness = value_below(&light, BRIGHTER);
    out->has_sharpness = edges.sum >= LEAST_WINDOWS;
    out->sharpness = out->has_sharpness ? value_below(&edges, SHARPER) : 0;
}
