/*
 * What the headers of a BMP say: BITMAPFILEHEADER and the BITMAPCOREHEADER, BITMAPINFOHEADER, BITMAPV4HEADER
 * and BITMAPV5HEADER of the Windows GDI reference ("Bitmap Storage"), and OS/2 2.x headers (16 to 64 bytes).
 * Seen inside media/ only.
 */
#ifndef WP_MEDIA_BMP_H
#define WP_MEDIA_BMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wp_bmp_header {
    WP_BMP_FILE_HEADER = 14,
    WP_BMP_CORE_HEADER = 12,
    WP_BMP_OS2_SHORT_HEADER = 16,
    WP_BMP_INFO_HEADER = 40,
    WP_BMP_OS2_HEADER = 64,
};

enum wp_bmp_compression {
    WP_BI_RGB = 0,
    WP_BI_RLE8 = 1,
    WP_BI_RLE4 = 2,
    WP_BI_BITFIELDS = 3,
    WP_BI_JPEG = 4,
    WP_BI_PNG = 5,
    WP_BI_ALPHABITFIELDS = 6,
};

struct wp_bmp {
    uint32_t header; /**< size of the header behind the file header */
    uint64_t pixels; /**< where they begin */
    int64_t width;
    int64_t height; /**< negative: the top line comes first */
    unsigned bits;  /**< a pixel */
    uint32_t compression;
    uint32_t pixel_bytes; /**< as the header says; 0 is allowed where it can be computed */
    uint32_t masks[4];    /**< red, green, blue, alpha; 0 where not given */
};

/** Reads the headers from the first len bytes of a file. False: they are not all there. */
bool wp_bmp_read(struct wp_bmp *bmp, const uint8_t *head, size_t len);

/** Whether the pixels are run-length coded. */
bool wp_bmp_is_rle(const struct wp_bmp *bmp);

/** Whether masks say where the colours of a pixel are. */
bool wp_bmp_is_masked(const struct wp_bmp *bmp);

/** What a line of pixels that are not run-length coded takes, in bytes: a multiple of four. */
uint64_t wp_bmp_stride(const struct wp_bmp *bmp);

#endif
