#include "media/image.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/banned.h"

/* The cut of an overlong sentence is fine: they are ours, and fit. */
#define FORMAT_INTO(array, format)                                                                           \
    do {                                                                                                     \
        va_list args;                                                                                        \
        va_start(args, format);                                                                              \
        (void)vsnprintf((array), sizeof(array), (format), args);                                             \
        va_end(args);                                                                                        \
    } while (0)

void wp_image_unreadable(struct wp_image *image, const char *format, ...)
{
    if (!image->facts->unreadable[0])
        FORMAT_INTO(image->facts->unreadable, format);
}

void wp_image_cut(struct wp_image *image, uint64_t missing)
{
    image->facts->complete = WP_NO;
    image->facts->has_missing_bytes = missing > 0;
    image->facts->missing_bytes = missing;
}

void wp_image_settle(struct wp_image *image, enum wp_decode_state state, const char *format, ...)
{
    if (image->facts->decode != WP_DECODE_NOT_TRIED)
        return;
    image->facts->decode = state;
    FORMAT_INTO(image->facts->decode_reason, format);
}

void wp_image_variant(struct wp_image *image, const char *format, ...)
{
    FORMAT_INTO(image->facts->variant, format);
}

void wp_image_size(struct wp_image *image, uint32_t width, uint32_t height)
{
    image->facts->has_size = true;
    image->facts->width = image->facts->coded_width = width;
    image->facts->height = image->facts->coded_height = height;
}

void wp_image_samples(struct wp_image *image, unsigned channels, unsigned bits, enum wp_color_model model)
{
    image->facts->has_channels = true;
    image->facts->channels = (uint8_t)channels;
    image->facts->has_bits = true;
    image->facts->bits = (uint8_t)bits;
    image->facts->color_model = model;
}

void wp_image_orientation(struct wp_image *image, uint8_t orientation)
{
    if (orientation == 0 || image->facts->has_exif_orientation)
        return;
    image->facts->has_exif_orientation = true;
    image->facts->exif_orientation = orientation;
}

/* Orientations 5 to 8 turn the picture by a quarter (EXIF 2.3 4.6.4 A). */
static void turn_size(struct wp_image_facts *facts)
{
    if (!facts->has_size || !facts->has_exif_orientation || facts->exif_orientation < 5)
        return;
    facts->width = facts->coded_height;
    facts->height = facts->coded_width;
}

void wp_image_read_header(struct wp_image *image)
{
    struct wp_image_facts *facts = image->facts;
    facts->has_frame_count = true;
    facts->frame_count = 1;
    facts->animated = WP_NO;
    facts->has_alpha = WP_NO;
    if (facts->format == WP_FORMAT_JPEG)
        wp_image_read_jpeg(image);
    else if (facts->format == WP_FORMAT_PNG)
        wp_image_read_png(image);
    else if (facts->format == WP_FORMAT_BMP)
        wp_image_read_bmp(image);
    else
        wp_image_read_webp(image);
    if (facts->unreadable[0]) {
        /* Whatever was read before the damage is not to be trusted. */
        facts->has_size = facts->has_channels = facts->has_bits = facts->has_frame_count = false;
        facts->has_exif_orientation = false;
        facts->animated = facts->has_alpha = WP_UNKNOWN;
        facts->color_model = WP_COLOR_UNKNOWN;
        facts->decode = WP_DECODE_NOT_TRIED;
        facts->decode_reason[0] = '\0';
        return;
    }
    turn_size(facts);
    if (facts->complete == WP_NO)
        wp_image_settle(image, WP_DECODE_FAILED, "the file is cut off");
    if (facts->has_alpha == WP_NO)
        facts->transparent = WP_NO;
}
