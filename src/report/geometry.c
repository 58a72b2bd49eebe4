#include "report/geometry.h"

#include <math.h>

#include "base/banned.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t most(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Within the limits and even. */
static uint32_t to_even(uint64_t side, bool up, const struct wp_medium_limits *limits)
{
    side += up ? side % 2 : 0;
    side -= side % 2;
    uint64_t min = limits->min_side + limits->min_side % 2, max = limits->max_side - limits->max_side % 2;
    return (uint32_t)most(min, least(side, max));
}

/* A side of the picture on a side of the canvas: the same where nothing is padded. */
static uint32_t inner(uint64_t side, uint64_t canvas, uint32_t scaled_canvas)
{
    if (side == canvas)
        return scaled_canvas;
    uint64_t scaled = side * scaled_canvas / canvas;
    return (uint32_t)most(2, scaled - scaled % 2);
}

bool wp_geometry_fit(struct wp_geometry *out, uint32_t width, uint32_t height,
                     const struct wp_medium_limits *limits)
{
    if (!width || !height)
        return false;
    uint64_t ratio = limits->max_ratio;
    uint64_t canvas_width = most(width, (height + ratio - 1) / ratio);
    uint64_t canvas_height = most(height, (width + ratio - 1) / ratio);
    uint64_t longer = most(canvas_width, canvas_height), shorter = least(canvas_width, canvas_height);
    uint64_t num = 1, den = 1;
    if (longer > limits->max_side)
        num = limits->max_side, den = longer;
    else if (shorter < limits->min_side)
        num = limits->min_side, den = shorter;
    /* The longer side down and the shorter up, so that rounding cannot leave the aspect ratio's limit. */
    bool wide = canvas_width >= canvas_height;
    out->canvas_width = to_even((canvas_width * num + (wide ? 0 : den - 1)) / den, !wide, limits);
    out->canvas_height = to_even((canvas_height * num + (wide ? den - 1 : 0)) / den, wide, limits);
    out->width = inner(width, canvas_width, out->canvas_width);
    out->height = inner(height, canvas_height, out->canvas_height);
    return true;
}

bool wp_geometry_crop(uint32_t out[2], const uint32_t size[2], const uint32_t shape[2])
{
    if (!size[0] || !size[1] || !shape[0] || !shape[1])
        return false;
    bool wider = (uint64_t)size[0] * shape[1] > (uint64_t)size[1] * shape[0];
    uint64_t width = wider ? (uint64_t)size[1] * shape[0] / shape[1] : size[0];
    uint64_t height = wider ? size[1] : (uint64_t)size[0] * shape[1] / shape[0];
    out[0] = (uint32_t)most(1, width);
    out[1] = (uint32_t)most(1, height);
    return true;
}

/* Within 0 and most; NaN is 0. */
static double within(double value, double most)
{
    if (!(value > 0))
        return 0;
    return value < most ? value : most;
}

static uint32_t floor_even(double value)
{
    uint32_t whole = (uint32_t)value;
    return whole - whole % 2;
}

/* Where a part of this height begins that has a box in its upper half: a body is below a face. */
static double upper(const struct wp_box *box, uint32_t height, uint32_t of)
{
    const double middle = 0.3;
    return within(box->y + box->height / 2 - middle * height, of - height);
}

bool wp_geometry_closer(struct wp_area *out, const uint32_t size[2], const struct wp_box *box, double share)
{
    double left = within(box->x, size[0]), right = within(box->x + box->width, size[0]);
    double top = within(box->y, size[1]), bottom = within(box->y + box->height, size[1]);
    if (!(share > 0) || !(bottom > top) || !(right > left))
        return false;
    uint32_t height = floor_even(within((bottom - top) / share, size[1]));
    uint32_t width = floor_even((double)height * size[0] / size[1]);
    if (height < 2 || width < 2 || bottom - top > height || right - left > width)
        return false;
    double x = within((left + right - width) / 2, size[0] - width);
    double y = upper(box, height, size[1]);
    *out = (struct wp_area){(uint32_t)x, (uint32_t)y, width, height};
    return y <= top && y + height >= bottom;
}

bool wp_geometry_alone(struct wp_area *out, const uint32_t size[2], const struct wp_box *boxes, size_t count,
                       const struct wp_medium_limits *limits)
{
    double from = 0, to = size[0];
    const double left = within(boxes[0].x, size[0]), right = within(boxes[0].x + boxes[0].width, size[0]);
    for (size_t i = 1; i < count; i++) {
        double begin = within(boxes[i].x, size[0]), end = within(boxes[i].x + boxes[i].width, size[0]);
        if (end <= left)
            from = fmax(from, end);
        else if (begin >= right)
            to = fmin(to, begin);
        else
            return false;
    }
    uint32_t x = (uint32_t)ceil(from), width = to > x ? (uint32_t)to - x : 0;
    uint32_t height = (uint32_t)within((double)width * limits->max_ratio, size[1]);
    double y = upper(&boxes[0], height, size[1]);
    *out = (struct wp_area){x, (uint32_t)y, width, height};
    return width >= limits->min_side && height >= limits->min_side && right > left && x <= left &&
           x + width >= right;
}
