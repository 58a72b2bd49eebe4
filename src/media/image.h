/*
 * Header parsers of still images: bounded and exact, and without a decoder.
 *
 * A parser fills the facts that the structure of a file gives. Where all bytes are loaded it walks the whole
 * file; else it reads only what it must: what stands before the pixels, and the end of the file. Metadata
 * behind the pixels (an eXIf chunk at the end of a PNG) is then not seen.
 */
#ifndef WP_MEDIA_IMAGE_H
#define WP_MEDIA_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "media/image_bytes.h"
#include "wanprep/facts.h"

/** An image that is being measured. */
struct wp_image {
    struct wp_image_bytes *bytes; /**< borrowed */
    struct wp_image_facts *facts; /**< borrowed; format is set, the rest zero */
    uint64_t end;                 /**< one behind the last byte that belongs to the picture; 0: all do */
};

/**
 * Reads the header of facts->format, which must be JPEG, PNG, BMP or WEBP. Sets unreadable where no picture
 * can be told, complete, and decode to FAILED, UNSUPPORTED or REFUSED where the structure alone says that
 * decoding would come to that. What the reader failed with is in bytes->status.
 */
void wp_image_read_header(struct wp_image *image);

/** The parsers behind it. */
void wp_image_read_jpeg(struct wp_image *image);
void wp_image_read_png(struct wp_image *image);
void wp_image_read_bmp(struct wp_image *image);
void wp_image_read_webp(struct wp_image *image);

/**
 * Takes everything out of a loaded PNG that the picture is not made of (text, profiles, animation frames,
 * empty chunks of pixels), in place, and returns what is left of len. So no decoder inflates a small text
 * into gigabytes.
 */
size_t wp_image_png_strip(uint8_t *png, size_t len);

/** Says why no picture can be told; the first reason stays. */
void wp_image_unreadable(struct wp_image *image, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Notes that the file is cut off, and how many bytes are missing at the least. */
void wp_image_cut(struct wp_image *image, uint64_t missing);

/** Notes how decoding ends (FAILED, UNSUPPORTED, REFUSED) and why; the first reason stays. */
void wp_image_settle(struct wp_image *image, enum wp_decode_state state, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Names what is special of the file. */
void wp_image_variant(struct wp_image *image, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** Sets the stored size. */
void wp_image_size(struct wp_image *image, uint32_t width, uint32_t height);

/** Sets channels, bits a sample and colour model. */
void wp_image_samples(struct wp_image *image, unsigned channels, unsigned bits, enum wp_color_model model);

/** Notes the orientation, unless it is 0 or one is known. */
void wp_image_orientation(struct wp_image *image, uint8_t orientation);

#endif
