/*
 * BMP: BITMAPFILEHEADER and the BITMAPCOREHEADER, BITMAPINFOHEADER, BITMAPV4HEADER and BITMAPV5HEADER of the
 * Windows GDI reference ("Bitmap Storage"), and OS/2 2.x headers (16 to 64 bytes).
 */
#include "media/image.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

#include "base/banned.h"

enum {
    FILE_HEADER = 14,
    CORE_HEADER = 12,
    OS2_SHORT_HEADER = 16,
    INFO_HEADER = 40,
    OS2_HEADER = 64,
};

enum compression {
    BI_RGB = 0,
    BI_RLE8 = 1,
    BI_RLE4 = 2,
    BI_BITFIELDS = 3,
    BI_JPEG = 4,
    BI_PNG = 5,
    BI_ALPHABITFIELDS = 6,
};

struct bmp {
    struct wp_image *image;
    uint32_t header; /* size of the header behind the file header */
    uint64_t pixels; /* where they begin */
    int64_t width;
    int64_t height; /* negative: the top line comes first */
    unsigned bits;  /* a pixel */
    uint32_t compression;
    uint32_t pixel_bytes; /* as the header says; 0 is allowed where it can be computed */
    uint32_t masks[4];    /* red, green, blue, alpha; 0 where not given */
};

static bool read_masks(struct bmp *bmp)
{
    /* They follow a header of 40 bytes, and stand at the same place in all larger ones. */
    size_t count = bmp->header >= 56 || bmp->compression == BI_ALPHABITFIELDS ? 4 : 3;
    const uint8_t *p = wp_image_bytes_at(bmp->image->bytes, FILE_HEADER + INFO_HEADER, 4 * count);
    for (size_t i = 0; p && i < count; i++)
        bmp->masks[i] = wp_le32(p + 4 * i);
    return p != NULL;
}

static bool read_headers(struct bmp *bmp)
{
    struct wp_image_bytes *bytes = bmp->image->bytes;
    const uint8_t *p = wp_image_bytes_at(bytes, 0, FILE_HEADER + 4);
    if (!p)
        return false;
    bmp->pixels = wp_le32(p + 10);
    bmp->header = wp_le32(p + FILE_HEADER);
    p = wp_image_bytes_at(bytes, FILE_HEADER, bmp->header);
    if (!p)
        return false;
    if (bmp->header == CORE_HEADER) {
        bmp->width = wp_le16(p + 4);
        bmp->height = wp_le16(p + 6);
        bmp->bits = wp_le16(p + 10);
        return true;
    }
    bmp->width = (int32_t)wp_le32(p + 4);
    bmp->height = (int32_t)wp_le32(p + 8);
    bmp->bits = wp_le16(p + 14);
    if (bmp->header == OS2_SHORT_HEADER)
        return true;
    bmp->compression = wp_le32(p + 16);
    bmp->pixel_bytes = wp_le32(p + 20);
    bool masked = bmp->header != OS2_HEADER &&
                  (bmp->compression == BI_BITFIELDS || bmp->compression == BI_ALPHABITFIELDS);
    return !masked || read_masks(bmp);
}

/* Bits of the widest of the three colours. */
static unsigned sample_bits(const struct bmp *bmp)
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

static bool values_are_possible(const struct bmp *bmp)
{
    static const uint8_t depths[] = {1, 2, 4, 8, 16, 24, 32};
    bool embedded = bmp->compression == BI_JPEG || bmp->compression == BI_PNG;
    bool depth_fits = embedded && bmp->bits == 0;
    for (size_t i = 0; i < sizeof depths; i++)
        depth_fits = depth_fits || bmp->bits == depths[i];
    return bmp->width > 0 && bmp->height != 0 && bmp->height > INT32_MIN && depth_fits &&
           bmp->pixels >= FILE_HEADER + (uint64_t)bmp->header;
}

/* Whether run-length coded pixels have their end mark (GDI reference, "Bitmap Compression"). */
static bool has_rle_end(const struct bmp *bmp)
{
    const uint8_t *whole = bmp->image->bytes->whole;
    uint64_t size = bmp->image->bytes->size;
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
            pos += bmp->compression == BI_RLE8 ? (value + 1U) / 2 * 2 : (value + 3U) / 4 * 2;
    }
    return false;
}

static void measure_rle(struct bmp *bmp)
{
    struct wp_image *image = bmp->image;
    if (image->bytes->whole) {
        if (has_rle_end(bmp))
            image->facts->complete = WP_YES;
        else
            wp_image_cut(image, bmp->pixels + bmp->pixel_bytes > image->bytes->size
                                    ? bmp->pixels + bmp->pixel_bytes - image->bytes->size
                                    : 2);
    } else if (bmp->pixels + bmp->pixel_bytes > image->bytes->size) {
        wp_image_cut(image, bmp->pixels + bmp->pixel_bytes - image->bytes->size);
    }
}

static void measure_pixels(struct bmp *bmp)
{
    struct wp_image *image = bmp->image;
    uint64_t lines = (uint64_t)(bmp->height < 0 ? -bmp->height : bmp->height);
    uint64_t stride = ((uint64_t)bmp->width * bmp->bits + 31) / 32 * 4;
    /* 2^31 * 2^31 * 4 bytes cannot overflow, and no offset of 32 bits makes it. */
    uint64_t end = bmp->pixels + stride * lines;
    if (end > image->bytes->size) {
        wp_image_cut(image, end - image->bytes->size);
        return;
    }
    image->facts->complete = WP_YES;
}

static void tell_samples(struct bmp *bmp)
{
    struct wp_image *image = bmp->image;
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
    struct bmp bmp = {.image = image};
    if (!read_headers(&bmp)) {
        wp_image_unreadable(image, "the BMP ends within its headers");
        wp_image_cut(image, 0);
        return;
    }
    if (!values_are_possible(&bmp)) {
        wp_image_unreadable(image, "the BMP's header has impossible values");
        return;
    }
    wp_image_size(image, (uint32_t)bmp.width, (uint32_t)(bmp.height < 0 ? -bmp.height : bmp.height));
    tell_samples(&bmp);
    if (bmp.header == OS2_SHORT_HEADER)
        wp_image_variant(image, "BMP with a short OS/2 header");
    bool masked = bmp.compression == BI_BITFIELDS || bmp.compression == BI_ALPHABITFIELDS;
    if ((bmp.compression == BI_RLE8 && bmp.bits == 8) || (bmp.compression == BI_RLE4 && bmp.bits == 4)) {
        wp_image_variant(image, bmp.bits == 8 ? "RLE8 BMP" : "RLE4 BMP");
        measure_rle(&bmp);
    } else if (bmp.compression == BI_RGB ||
               (masked && bmp.header != OS2_HEADER && (bmp.bits == 16 || bmp.bits == 32))) {
        measure_pixels(&bmp);
    } else {
        bool embedded = bmp.compression == BI_JPEG || bmp.compression == BI_PNG;
        if (!embedded || bmp.header == OS2_HEADER)
            wp_image_variant(image, "BMP with compression %u", bmp.compression);
        else
            wp_image_variant(image, "BMP with an embedded %s", bmp.compression == BI_JPEG ? "JPEG" : "PNG");
        if (bmp.pixels + bmp.pixel_bytes > image->bytes->size)
            wp_image_cut(image, bmp.pixels + bmp.pixel_bytes - image->bytes->size);
        wp_image_settle(image, WP_DECODE_UNSUPPORTED, "%s is not decoded here, and few programs read it",
                        image->facts->variant);
    }
}
