/*
 * Smaller pictures of an image or of a video, as displayed, for who looks at them. No FFmpeg type is in here:
 * other rooms include it.
 *
 * A picture that cannot be had is left out, and no failure: facts and findings say what is wrong.
 */
#ifndef WP_MEDIA_PICTURES_H
#define WP_MEDIA_PICTURES_H

#include <stddef.h>
#include <stdint.h>

#include "base/reader.h"
#include "wanprep/facts.h"

/** The longest side that a picture here may have, in pixels. */
#define WP_PICTURE_SIDE 1280

/** A picture in the RGB of its file. */
struct wp_small_picture {
    double time_s; /**< presentation time of the frame; 0 for an image */
    uint32_t width, height;
    uint8_t *rgb; /**< width * height * 3 bytes, row by row from the top; owned: wp_free() */
};

/** Takes a picture, which is the caller's. Anything but WP_OK ends it all. */
typedef enum wp_status wp_picture_fn(void *user, const struct wp_small_picture *picture);

/** Which pictures are wanted. */
struct wp_picture_wish {
    uint32_t side;           /**< pixels that the longer side has at most: 1 to WP_PICTURE_SIDE */
    uint32_t detail;         /**< a decoder that can may shrink the picture, but not below this */
    const double *positions; /**< of frames in the clip, 0 (the first one) to 1, rising */
    size_t count;
    int64_t deadline_us; /**< for frames: ends with what there is then, a time of wp_clock_now_us() */
};

/** Hands an image to take. facts are of the same bytes, and tell whether and how it can be decoded. WP_OK,
 *  WP_NOMEM, or what take returned. */
enum wp_status wp_pictures_image(const struct wp_image_facts *facts, const struct wp_reader *reader,
                                 const struct wp_picture_wish *wish, wp_picture_fn *take, void *user);

/** Hands frames of a video to take, each once, in the order of their times; as wp_pictures_image(). They are
 *  decoded by another thread, which reads the bytes, while take looks at those before. */
enum wp_status wp_pictures_video(const struct wp_video_facts *facts, const struct wp_reader *reader,
                                 const struct wp_picture_wish *wish, wp_picture_fn *take, void *user);

/** Makes a smaller copy of a picture. out->rgb is for the caller to free. WP_OK, or WP_NOMEM. */
enum wp_status wp_picture_shrink(struct wp_small_picture *out, const struct wp_small_picture *picture,
                                 uint32_t side);

#endif
