/*
 * The face detector: what is seen in a picture.
 *
 * It is found in a process that may open files and opened in one that cannot any more do so after it: see
 * jail/jail.h. It needs OpenCV, which is behind a module that is loaded when a detector is opened.
 */
#ifndef WP_CONTENT_CONTENT_H
#define WP_CONTENT_CONTENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wanprep/content.h"

/** The longer side of pictures that are looked at, in pixels: what was tried. */
#define WP_CONTENT_IMAGE_SIDE 1280
#define WP_CONTENT_FRAME_SIDE 640

enum { WP_CONTENT_MODELS = 2 };

/** Where the parts of a detector are, and the bytes of its models. */
struct wp_content_parts {
    const char *module; /**< borrowed; path of wanprep-content.so */
    struct wp_buf
        models[WP_CONTENT_MODELS]; /**< owned; as wp_content_models() lists them; their hashes are right */
};

/**
 * Reads the models from a folder and checks that their hashes are right, and that module is a file. Fails
 * with WP_INPUT (one sentence says what is missing or changed, and where it was looked for) or WP_NOMEM.
 * Freed with wp_content_parts_free() either way. module or folder NULL: none is known.
 */
enum wp_status wp_content_find(struct wp_content_parts *out, const char *module, const char *folder,
                               struct wp_error *error);

/** NULL is fine. */
void wp_content_parts_free(struct wp_content_parts *parts);

/** A detector that is ready. */
struct wp_content;

/**
 * Loads the module and parses the models. Fails with WP_INPUT (one sentence; what OpenCV says of a model that
 * it cannot parse) or WP_NOMEM. Closed with wp_content_close(). Used by one thread at a time.
 */
enum wp_status wp_content_open(struct wp_content **out, const struct wp_content_parts *parts,
                               struct wp_error *error);

/** A picture as displayed: width * height * 3 bytes of red, green and blue, row by row from the top. Its
 * sides are 1 to WP_CONTENT_IMAGE_SIDE pixels long. */
struct wp_picture {
    uint32_t width, height;
    const uint8_t *rgb; /**< borrowed */
};

/**
 * Looks at a picture. Boxes come in pixels of a display_width x display_height picture, of which this may be
 * a smaller copy. Fails with WP_INPUT (OpenCV failed) or WP_NOMEM; *out is then zeroed. time_s of *out is for
 * the caller to set. Makes no system call but for memory.
 */
enum wp_status wp_content_look(struct wp_content *content, struct wp_look *out,
                               const struct wp_picture *picture, uint32_t display_width,
                               uint32_t display_height, struct wp_error *error);

/** NULL is fine. */
void wp_content_close(struct wp_content *content);

#endif
