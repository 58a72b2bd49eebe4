/*
 * The lines of a still image, as a decoder makes them one after the other: no decoder here holds a picture
 * that it need not hold, and what nobody looks at is not computed. Seen inside media/ only.
 */
#ifndef WP_MEDIA_LINES_H
#define WP_MEDIA_LINES_H

#include <stdint.h>

#include "wanprep/log.h"

/** One line of a picture. */
struct wp_line {
    uint32_t y;             /**< from the top */
    uint32_t width, height; /**< of the picture that is delivered, in pixels */
    unsigned channels;      /**< 1 grey, 2 grey and alpha, 3 red, green and blue, 4 the same and alpha */
    unsigned bytes;         /**< a sample: 1, or 2 with the more significant one first */
    const uint8_t *samples; /**< width * channels of them */
};

/** What is to be decoded, and who looks at it. */
struct wp_lines {
    uint32_t width, height; /**< as the header has it, in pixels; any other size is damage */
    unsigned shrink;        /**< each side may be made 2^shrink (0 to 3) smaller, where that is faster */
    /** Takes each line once, in any order. NULL: nobody looks at the pixels, and whether all of them can be
     *  had is all that is asked. */
    void (*take)(void *user, const struct wp_line *line);
    void *user;
    const struct wp_log *log; /**< gets what the decoder calls wrong; may be NULL */
};

/** What came of it. */
enum wp_decoded {
    WP_DECODED,
    WP_DECODED_DOUBTFUL,    /**< all lines came, but the decoder calls something wrong */
    WP_DECODED_DAMAGED,     /**< pixels are missing or made up */
    WP_DECODED_UNSUPPORTED, /**< a variant that this decoder does not know */
    WP_DECODED_NOMEM,
};

#endif
