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
#include "wanprep/status.h"

/** How a picture is shown. */
struct wp_display {
    uint32_t width; /**< in pixels, stretched and turned: what facts call width and height */
    uint32_t height;
    uint8_t orientation; /**< how it is turned and mirrored, 1 to 8 as EXIF counts (EXIF 2.3 4.6.4 A) */
};

/** A small picture in the RGB of its file. */
struct wp_small_picture {
    uint32_t width;
    uint32_t height;
    uint8_t *rgb; /**< width * height * 3 bytes; owned: wp_free() */
};

/** Components of a pixel; the first three may be of another colour model until the end. */
enum wp_component { WP_RED, WP_GREEN, WP_BLUE, WP_ALPHA, WP_COMPONENTS };

/** A small picture in the making. */
struct wp_reduction {
    uint32_t width, height;          /**< before it is turned */
    uint8_t orientation;             /**< as above */
    bool has_alpha;                  /**< set by who adds */
    uint16_t (*sums)[WP_COMPONENTS]; /**< owned; of each pixel's taps */
};

/** Makes the longer side at most `side` (1 to 320) pixels. WP_OK, or WP_NOMEM; closed with wp_reduce_close()
 *  either way. display has a size. */
enum wp_status wp_reduce_open(struct wp_reduction *reduction, const struct wp_display *display,
                              uint32_t side);

/** How many lines are to be added. */
uint32_t wp_reduce_taps(const struct wp_reduction *reduction);

/** Which of `height` lines of the large picture is added as number tap. */
uint32_t wp_reduce_tap(const struct wp_reduction *reduction, uint32_t tap, uint32_t height);

/** Adds the samples of one component of such a line: width of them, each `step` bytes behind the one before.
 */
void wp_reduce_add(struct wp_reduction *reduction, uint32_t tap, enum wp_component component,
                   const uint8_t *samples, size_t step, uint32_t width);

/** Adds a line of a still image wherever it is to be added. */
void wp_reduce_line(struct wp_reduction *reduction, const struct wp_line *line);

/**
 * The small picture, once all lines are added. to_rgb turns the means, in 0 to 255, into red, green and blue
 * in place; NULL: they are. Pixels that are not opaque are laid on white. WP_OK, or WP_NOMEM.
 */
enum wp_status wp_reduce_end(struct wp_small_picture *out, const struct wp_reduction *reduction,
                             void (*to_rgb)(const void *user, double color[3]), const void *user);

void wp_reduce_close(struct wp_reduction *reduction);

#endif
