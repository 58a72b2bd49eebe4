#include "media/image_decode.h"

#include <assert.h>
#include <string.h>

#include "media/decoders.h"
#include "media/stb_decode.h"

#include "base/banned.h"

enum wp_decoded wp_image_lines(struct wp_image *image, const struct wp_lines *lines)
{
    struct wp_image_bytes *bytes = image->bytes;
    size_t len = (size_t)(image->end ? image->end : bytes->size);
    enum wp_format format = image->facts->format;
    if (format == WP_FORMAT_JPEG)
        return wp_jpeg_decode(lines, bytes->whole, len);
    if (format == WP_FORMAT_WEBP)
        return wp_webp_decode(lines, bytes->whole, len);
    if (format == WP_FORMAT_BMP)
        return wp_bmp_decode(lines, bytes->whole, len);
    image->end = wp_image_png_strip(bytes->whole, len);
    return wp_png_decode(lines, bytes->whole, (size_t)image->end);
}

/* Sets *user where a pixel of the line is not opaque. */
static void look_at_alpha(void *user, const struct wp_line *line)
{
    enum wp_tristate *transparent = user;
    size_t step = (size_t)line->channels * line->bytes;
    if (line->channels % 2 != 0)
        return;
    const uint8_t *alpha = line->samples + step - line->bytes;
    for (uint32_t x = 0; x < line->width && *transparent == WP_NO; x++, alpha += step) {
        if (alpha[0] != 0xff || alpha[line->bytes - 1] != 0xff)
            *transparent = WP_YES;
    }
}

/* A PNG that libpng delivers with a complaint is fine where another decoder says so, too. */
static enum wp_decode_state judge(const struct wp_image *image, enum wp_decoded decoded)
{
    const struct wp_image_facts *facts = image->facts;
    if (decoded == WP_DECODED_DOUBTFUL &&
        wp_stb_decodes(image->bytes->whole, (size_t)image->end, facts->coded_width, facts->coded_height))
        decoded = WP_DECODED;
    if (decoded == WP_DECODED)
        return WP_DECODE_OK;
    return decoded == WP_DECODED_UNSUPPORTED ? WP_DECODE_UNSUPPORTED : WP_DECODE_FAILED;
}

static void conclude(struct wp_image *image, enum wp_decoded decoded, enum wp_tristate transparent)
{
    struct wp_image_facts *facts = image->facts;
    enum wp_decode_state state = judge(image, decoded);
    if (state == WP_DECODE_UNSUPPORTED && !facts->variant[0])
        wp_image_variant(image, "unusual %s", wp_format_name(facts->format));
    if (state == WP_DECODE_UNSUPPORTED)
        wp_image_settle(image, state, "%s is not decoded here", facts->variant);
    else if (state == WP_DECODE_FAILED)
        wp_image_settle(image, state, "the pixel data are damaged");
    else
        facts->decode = state;
    if (state == WP_DECODE_OK && facts->has_alpha == WP_YES)
        facts->transparent = transparent;
}

enum wp_status wp_image_decode(struct wp_image *image, const struct wp_log *log)
{
    struct wp_image_facts *facts = image->facts;
    assert(image->bytes->whole && !facts->unreadable[0]);
    if (facts->decode != WP_DECODE_NOT_TRIED)
        return WP_OK;
    if (facts->coded_width > WP_IMAGE_DECODE_SIDE || facts->coded_height > WP_IMAGE_DECODE_SIDE) {
        wp_image_settle(image, WP_DECODE_REFUSED, "pictures over %d pixels a side are not decoded",
                        WP_IMAGE_DECODE_SIDE);
        return WP_OK;
    }
    uint64_t pixel = facts->bits > 8 ? 8 : 4; /* what a decoder may take for one, whatever the file has */
    if (pixel * facts->coded_width * facts->coded_height > WP_IMAGE_DECODE_BYTES) {
        wp_image_settle(image, WP_DECODE_REFUSED, "the picture is too large to be decoded safely");
        return WP_OK;
    }
    enum wp_tristate transparent = WP_NO;
    const struct wp_lines lines = {
        .width = facts->coded_width,
        .height = facts->coded_height,
        .take = facts->has_alpha == WP_YES ? look_at_alpha : NULL,
        .user = &transparent,
        .log = log,
    };
    enum wp_decoded decoded = wp_image_lines(image, &lines);
    if (decoded == WP_DECODED_NOMEM)
        return WP_NOMEM;
    conclude(image, decoded, transparent);
    return WP_OK;
}
