/*
 * A picture made small, as it is shown: each pixel is the mean of a few squared of the large picture's,
 * enough to look smooth and a bound on time. Seen inside media/ only.
 */
#ifndef WP_MEDIA_REDUCE_H
#define WP_MEDIA_REDUCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/lines.h"
#include "media/pictures.h"
#include "wanprep/status.h"

/** How a picture is shown. */
struct wp_display {
    uint32_t width; /**< in pixels, stretched and turned: what facts call width and height */
    uint32_t height;
    uint8_t orientation; /**< how it is turned and mirrored, 1 to 8 as EXIF counts (EXIF 2.3 4.6.4 A) */
};

/** Components of a pixel; the first three may be of another colour model until the end. */
enum wp_component { WP_RED, WP_GREEN, WP_BLUE, WP_ALPHA, WP_COMPONENTS };

/**
 * Three components, in 0 to 255, to red, green and blue: each is the sum of its row's first three members
 * times the components, and of the fourth.
 */
struct wp_matrix {
    double rows[3][4];
};

/** A small picture in the making. */
struct wp_reduction {
    uint32_t width, height;          /**< before it is turned */
    uint8_t orientation;             /**< as above */
    bool has_alpha;                  /**< set by who adds */
    uint32_t taps;                   /**< of a pixel in each direction; 0: not known yet */
    uint16_t (*sums)[WP_COMPONENTS]; /**< owned; of each pixel's taps */
};

/** Makes the longer side at most `side` (1 to WP_PICTURE_SIDE) pixels. WP_OK, or WP_NOMEM; closed with
 *  wp_reduce_close() either way. display has a size. */
enum wp_status wp_reduce_open(struct wp_reduction *reduction, const struct wp_display *display,
                              uint32_t side);

/** Says how large the picture is that lines will be added of, and returns how many these are. */
uint32_t wp_reduce_begin(struct wp_reduction *reduction, uint32_t width, uint32_t height);

/** Which of `height` lines of the large picture is added as number tap. */
uint32_t wp_reduce_tap(const struct wp_reduction *reduction, uint32_t tap, uint32_t height);

/** Adds the samples of one component of such a line: width of them, each `step` bytes behind the one before.
 */
void wp_reduce_add(struct wp_reduction *reduction, uint32_t tap, enum wp_component component,
                   const uint8_t *samples, size_t step, uint32_t width);

/** Adds a line of a still image wherever it is to be added; needs no wp_reduce_begin(). */
void wp_reduce_line(struct wp_reduction *reduction, const struct wp_line *line);

/** The small picture, once all lines are added. matrix NULL: the components are red, green and blue. Pixels
 *  that are not opaque are laid on white. WP_OK, or WP_NOMEM. */
enum wp_status wp_reduce_end(struct wp_small_picture *out, const struct wp_reduction *reduction,
                             const struct wp_matrix *matrix);

void wp_reduce_close(struct wp_reduction *reduction);

#endif
