/* A square cut out of a picture and resampled, as a model wants to see it. */
#ifndef WP_CONTENT_CROP_H
#define WP_CONTENT_CROP_H

#include <stdbool.h>
#include <stddef.h>

#include "content/content.h"

enum {
    WP_CROP_SIDE = 256, /* the longest side of what a model sees */
    WP_CROP_SCALE = 32, /* the most pixels of a picture that lie along one of those */
    WP_CROP_TAPS = 2 * WP_CROP_SCALE + 1,
};

/** A square in pixels of a picture; what of it lies outside of the picture is black. */
struct wp_crop {
    double x, y;   /**< upper left corner */
    double side;   /**< over 0 */
    bool mirrored; /**< left and right are to change places */
};

/** Which pixels of a picture make one of a crop, and how much each counts. */
struct wp_taps {
    int first, count;
    float weights[WP_CROP_TAPS];
};

/** What resampling needs; 0.2 MB. */
struct wp_crop_room {
    struct wp_taps taps[WP_CROP_SIDE];
    float line[(size_t)WP_CONTENT_IMAGE_SIDE * 3];
};

/** The least square that holds a whole picture, which is in the middle of it. */
struct wp_crop wp_crop_whole(const struct wp_picture *picture);

/**
 * Fills out: side * side * 3 floats, row by row, red, green and blue side by side, -1 for black and 1 for
 * white. side is at most WP_CROP_SIDE, crop->side at most WP_CROP_SCALE times as much.
 */
void wp_crop_sample(float *out, int side, const struct wp_picture *picture, const struct wp_crop *crop,
                    struct wp_crop_room *room);

#endif
