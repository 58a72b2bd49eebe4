#include "media/bmp.h"

#include "base/bytes.h"

#include "base/banned.h"

bool wp_bmp_is_masked(const struct wp_bmp *bmp)
{
    return bmp->header != WP_BMP_OS2_HEADER &&
           (bmp->compression == WP_BI_BITFIELDS || bmp->compression == WP_BI_ALPHABITFIELDS);
}

/* They follow a header of 40 bytes, and stand at the same place in all larger ones. */
static bool read_masks(struct wp_bmp *bmp, const uint8_t *head, size_t len)
{
    size_t at = WP_BMP_FILE_HEADER + WP_BMP_INFO_HEADER;
    size_t count = bmp->header >= 56 || bmp->compression == WP_BI_ALPHABITFIELDS ? 4 : 3;
    if (len < at + 4 * count)
        return false;
    for (size_t i = 0; i < count; i++)
        bmp->masks[i] = wp_le32(head + at + 4 * i);
    return true;
}

bool wp_bmp_read(struct wp_bmp *bmp, const uint8_t *head, size_t len)
{
    *bmp = (struct wp_bmp){0};
    if (len < WP_BMP_FILE_HEADER + 4)
        return false;
    bmp->pixels = wp_le32(head + 10);
    bmp->header = wp_le32(head + WP_BMP_FILE_HEADER);
    if (bmp->header > len - WP_BMP_FILE_HEADER)
        return false;
    const uint8_t *p = head + WP_BMP_FILE_HEADER;
    if (bmp->header == WP_BMP_CORE_HEADER) {
        bmp->width = wp_le16(p + 4);
        bmp->height = wp_le16(p + 6);
        bmp->bits = wp_le16(p + 10);
        return true;
    }
    if (bmp->header < WP_BMP_OS2_SHORT_HEADER)
        return false;
    bmp->width = (int32_t)wp_le32(p + 4);
    bmp->height = (int32_t)wp_le32(p + 8);
    bmp->bits = wp_le16(p + 14);
    if (bmp->header < WP_BMP_INFO_HEADER)
        return true;
    bmp->compression = wp_le32(p + 16);
    bmp->pixel_bytes = wp_le32(p + 20);
    return !wp_bmp_is_masked(bmp) || read_masks(bmp, head, len);
}

bool wp_bmp_is_rle(const struct wp_bmp *bmp)
{
    return (bmp->compression == WP_BI_RLE8 && bmp->bits == 8) ||
           (bmp->compression == WP_BI_RLE4 && bmp->bits == 4);
}

uint64_t wp_bmp_stride(const struct wp_bmp *bmp)
{
    return ((uint64_t)bmp->width * bmp->bits + 31) / 32 * 4;
}
