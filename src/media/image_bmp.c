/* BMP; see bmp.h. */
#include "media/image.h"

#include <stdbool.h>

#include "media/bmp.h"

#include "base/banned.h"

/* Bits of the widest of the three colours. */
static unsigned sample_bits(const struct wp_bmp *bmp)
{
    unsigned widest = 0;
    for (size_t i = 0; i < 3; i++) {
        unsigned bits = (unsigned)__builtin_popcount(bmp->masks[i]);
        if (bits > widest)
            widest = bits;
    }
    if (widest > 0)
        return widest;
    return bmp->bits <= 8 ? bmp->bits : bmp->bits == 16 ? 5 : 8;
}

static bool values_are_possible(const struct wp_bmp *bmp)
{
    static const uint8_t depths[] = {1, 2, 4, 8, 16, 24, 32};
    bool embedded = bmp->compression == WP_BI_JPEG || bmp->compression == WP_BI_PNG;
    bool depth_fits = embedded && bmp->bits == 0;
    for (size_t i = 0; i < sizeof depths; i++)
        depth_fits = depth_fits || bmp->bits == depths[i];
    return bmp->width > 0 && bmp->height != 0 && bmp->height > INT32_MIN && depth_fits &&
           bmp->pixels >= WP_BMP_FILE_HEADER + (uint64_t)bmp->header;
}

/* Whether run-length coded pixels have their end mark (GDI reference, "Bitmap Compression"). */
static bool has_rle_end(const struct wp_image *image, const struct wp_bmp *bmp)
{
    const uint8_t *whole = image->bytes->whole;
    uint64_t size = image->bytes->size;
    uint64_t pos = bmp->pixels;
    while (pos + 2 <= size) {
        uint8_t count = whole[pos];
        uint8_t value = whole[pos + 1];
        pos += 2;
        if (count > 0 || value == 0)
            continue; /* a run, or the end of a line */
        if (value == 1)
            return true;
        if (value == 2) /* a jump: two bytes follow */
            pos += 2;
        else /* that many pixels as they are, padded to 16 bits */
            pos += bmp->compression == WP_BI_RLE8 ? (value + 1U) / 2 * 2 : (value + 3U) / 4 * 2;
    }
    return false;
}

static void measure_rle(struct wp_image *image, const struct wp_bmp *bmp)
{
    if (image->bytes->whole) {
        if (has_rle_end(image, bmp))
            image->facts->complete = WP_YES;
        else
            wp_image_cut(image, bmp->pixels + bmp->pixel_bytes > image->bytes->size
                                    ? bmp->pixels + bmp->pixel_bytes - image->bytes->size
                                    : 2);
    } else if (bmp->pixels + bmp->pixel_bytes > image->bytes->size) {
        wp_image_cut(image, bmp->pixels + bmp->pixel_bytes - image->bytes->size);
    }
}

static void measure_pixels(struct wp_image *image, const struct wp_bmp *bmp)
{
    uint64_t lines = (uint64_t)(bmp->height < 0 ? -bmp->height : bmp->height);
    /* 2^31 * 2^31 * 4 bytes cannot overflow, and no offset of 32 bits makes it. */
    uint64_t end = bmp->pixels + wp_bmp_stride(bmp) * lines;
    if (end > image->bytes->size) {
        wp_image_cut(image, end - image->bytes->size);
        return;
    }
    image->facts->complete = WP_YES;
}

static void tell_samples(struct wp_image *image, const struct wp_bmp *bmp)
{
    bool alpha = bmp->masks[3] != 0;
    if (bmp->bits == 0)
        return; /* of the embedded picture */
    if (bmp->bits <= 8)
        wp_image_samples(image, 3, bmp->bits, WP_COLOR_PALETTE);
    else
        wp_image_samples(image, alpha ? 4 : 3, sample_bits(bmp), WP_COLOR_RGB);
    if (alpha && bmp->bits > 8)
        image->facts->has_alpha = WP_YES;
}

void wp_image_read_bmp(struct wp_image *image)
{
    struct wp_bmp bmp;
    size_t len;
    const uint8_t *head = wp_image_bytes_run(image->bytes, 0, &len);
    if (!head)
        return;
    if (!wp_bmp_read(&bmp, head, len)) {
        wp_image_unreadable(image, "the BMP ends within its headers");
        wp_image_cut(image, 0);
        return;
    }
    if (!values_are_possible(&bmp)) {
        wp_image_unreadable(image, "the BMP's header has impossible values");
        return;
    }
    wp_image_size(image, (uint32_t)bmp.width, (uint32_t)(bmp.height < 0 ? -bmp.height : bmp.height));
    tell_samples(image, &bmp);
    if (bmp.header == WP_BMP_OS2_SHORT_HEADER)
        wp_image_variant(image, "BMP with a short OS/2 header");
    if (wp_bmp_is_rle(&bmp)) {
        wp_image_variant(image, bmp.bits == 8 ? "RLE8 BMP" : "RLE4 BMP");
        measure_rle(image, &bmp);
    } else if (bmp.compression == WP_BI_RGB ||
               (wp_bmp_is_masked(&bmp) && (bmp.bits == 16 || bmp.bits == 32))) {
        measure_pixels(image, &bmp);
    } else {
        bool embedded = bmp.compression == WP_BI_JPEG || bmp.compression == WP_BI_PNG;
        if (!embedded || bmp.header == WP_BMP_OS2_HEADER)
            wp_image_variant(image, "BMP with compression %u", bmp.compression);
        else
            wp_image_variant(image, "BMP with an embedded %s",
                             bmp.compression == WP_BI_JPEG ? "JPEG" : "PNG");
        if (bmp.pixels + bmp.pixel_bytes > image->bytes->size)
            wp_image_cut(image, bmp.pixels + bmp.pixel_bytes - image->bytes->size);
        wp_image_settle(image, WP_DECODE_UNSUPPORTED, "%s is not decoded here, and few programs read it",
                        image->facts->variant);
    }
}
