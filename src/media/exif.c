#include "media/exif.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

#include "base/banned.h"

enum {
    TAG_ORIENTATION = 0x0112,
    TYPE_SHORT = 3,
    TYPE_LONG = 4, /* against the standard, but written by some tools */
    ENTRY_BYTES = 12,
};

/* A TIFF structure (TIFF 6.0, section 2) within a file. */
struct tiff {
    struct wp_image_bytes *bytes;
    uint64_t offset;
    uint64_t len;
    bool big_endian;
};

/* len bytes at pos of the structure, or NULL. */
static const uint8_t *tiff_at(const struct tiff *tiff, uint64_t pos, size_t len)
{
    if (pos > tiff->len || len > tiff->len - pos)
        return NULL;
    return wp_image_bytes_at(tiff->bytes, tiff->offset + pos, len);
}

static uint16_t tiff_u16(const struct tiff *tiff, const uint8_t *p)
{
    return tiff->big_endian ? wp_be16(p) : wp_le16(p);
}

static uint32_t tiff_u32(const struct tiff *tiff, const uint8_t *p)
{
    return tiff->big_endian ? wp_be32(p) : wp_le32(p);
}

uint8_t wp_exif_orientation(struct wp_image_bytes *bytes, uint64_t offset, uint64_t len)
{
    struct tiff tiff = {bytes, offset, len, false};
    const uint8_t *p = tiff_at(&tiff, 0, 6);
    if (p && memcmp(p, "Exif\0", 5) == 0) {
        tiff.offset += 6;
        tiff.len -= 6;
    }
    p = tiff_at(&tiff, 0, 8);
    if (!p || (memcmp(p, "II*\0", 4) != 0 && memcmp(p, "MM\0*", 4) != 0))
        return 0;
    tiff.big_endian = p[0] == 'M';
    uint64_t pos = tiff_u32(&tiff, p + 4); /* the first directory */
    p = tiff_at(&tiff, pos, 2);
    uint16_t entries = p ? tiff_u16(&tiff, p) : 0;
    for (pos += 2; entries > 0 && (p = tiff_at(&tiff, pos, ENTRY_BYTES)); entries--, pos += ENTRY_BYTES) {
        if (tiff_u16(&tiff, p) != TAG_ORIENTATION)
            continue;
        uint16_t type = tiff_u16(&tiff, p + 2);
        uint32_t count = tiff_u32(&tiff, p + 4);
        /* Over four bytes of values stand elsewhere: no orientation has as many. */
        uint32_t value = type == TYPE_SHORT && (count == 1 || count == 2) ? tiff_u16(&tiff, p + 8)
                         : type == TYPE_LONG && count == 1                ? tiff_u32(&tiff, p + 8)
                                                                          : 0;
        return value <= 8 ? (uint8_t)value : 0;
    }
    return 0;
}
