/* The size and shape that a fix gives a picture. */
#ifndef WP_REPORT_GEOMETRY_H
#define WP_REPORT_GEOMETRY_H

#include <stdbool.h>
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

#endif
