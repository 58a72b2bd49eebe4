/* The size and shape that a fix gives a picture. */
#ifndef WP_REPORT_GEOMETRY_H
#define WP_REPORT_GEOMETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/limits.h"

/** A picture scaled to width x height, in the middle of a canvas that is as big or bigger. All are even. */
struct wp_geometry {
    uint32_t width, height;
    uint32_t canvas_width, canvas_height;
};

/**
 * The least change that brings a picture within the limits: padded to the nearest allowed aspect ratio, then
 * scaled until each side is allowed. False if a side is 0.
 */
bool wp_geometry_fit(struct wp_geometry *out, uint32_t width, uint32_t height,
                     const struct wp_medium_limits *limits);

/** The biggest part of a picture that has the aspect ratio of another. False if a side is 0. */
bool wp_geometry_crop(uint32_t out[2], const uint32_t size[2], const uint32_t shape[2]);

/** Where something is in a picture. */
struct wp_box {
    double x, y, width, height;
};

/** A part of a picture. */
struct wp_area {
    uint32_t x, y, width, height;
};

/**
 * The part of a picture, of its shape and with even sides, in which a box has this share of the height; the
 * box lies in its upper half, in the middle of its width, as far as the picture goes. What of it is outside
 * of the picture does not count. False if no part of the picture is so: the box is too high or wide.
 */
bool wp_geometry_closer(struct wp_area *out, const uint32_t size[2], const struct wp_box *box, double share);

/**
 * The widest columns of a picture with the first of some boxes and nothing of the others, as high as is
 * allowed. False if there are none, or if they are too narrow.
 */
bool wp_geometry_alone(struct wp_area *out, const uint32_t size[2], const struct wp_box *boxes, size_t count,
                       const struct wp_medium_limits *limits);

#endif
