#include "media/sniff_iso.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/*
 * Brands are registered at mp4ra.org; a name here stands for all brands that begin with it. HEIF brands:
 * ISO/IEC 23008-12 B.4; AVIF: the AV1 Image File Format 6; 3GPP: TS 26.244 5.3. A brand that is not here is
 * one of the many profiles of MP4.
 */
static const struct {
    const char *prefix;
    enum wp_format format;
} brands[] = {
    {"qt  ", WP_FORMAT_MOV},       {"M4V", WP_FORMAT_M4V},      {"3g", WP_FORMAT_3GP},
    {"heic", WP_FORMAT_HEIF},      {"heix", WP_FORMAT_HEIF},    {"heim", WP_FORMAT_HEIF},
    {"heis", WP_FORMAT_HEIF},      {"hevc", WP_FORMAT_HEIF},    {"hevx", WP_FORMAT_HEIF},
    {"hevm", WP_FORMAT_HEIF},      {"hevs", WP_FORMAT_HEIF},    {"avif", WP_FORMAT_AVIF},
    {"avis", WP_FORMAT_AVIF},      {"jxl ", WP_FORMAT_JPEG_XL}, {"jp2 ", WP_FORMAT_JPEG_2000},
    {"jpx ", WP_FORMAT_JPEG_2000}, {"crx ", WP_FORMAT_UNKNOWN}, /* Canon raw photo: no format of ours */
};

/* The structural brands of HEIF say that pictures are inside, not how they are coded. */
static bool is_picture_brand(const uint8_t *brand)
{
    return memcmp(brand, "mif1", 4) == 0 || memcmp(brand, "mif2", 4) == 0 || memcmp(brand, "msf1", 4) == 0 ||
           memcmp(brand, "miaf", 4) == 0;
}

static enum wp_format format_of_brand(const uint8_t *brand)
{
    for (size_t i = 0; i < COUNT(brands); i++) {
        if (memcmp(brand, brands[i].prefix, strlen(brands[i].prefix)) == 0)
            return brands[i].format;
    }
    return WP_FORMAT_MP4;
}

static void copy_brand(char out[5], const uint8_t *brand)
{
    for (size_t i = 0; i < 4; i++)
        out[i] = (char)(brand[i] >= 0x20 && brand[i] < 0x7f ? brand[i] : '?');
    out[4] = '\0';
}

/* The file type box (ISO/IEC 14496-12 4.3): major brand, minor version, compatible brands. */
static enum wp_format format_of_ftyp(const uint8_t *payload, size_t len, char brand[5])
{
    if (len < 4)
        return WP_FORMAT_MP4; /* cut off within the brand */
    copy_brand(brand, payload);
    if (!is_picture_brand(payload))
        return format_of_brand(payload);
    for (size_t i = 8; i + 4 <= len; i += 4) {
        if (format_of_brand(payload + i) == WP_FORMAT_AVIF)
            return WP_FORMAT_AVIF;
    }
    return WP_FORMAT_HEIF;
}

/* What a box at the top says of a file in which no file type box came before it. */
enum box_kind {
    BOX_UNKNOWN,
    BOX_FILE_TYPE,
    BOX_PADDING,   /* says nothing: look at the next one */
    BOX_QUICKTIME, /* QuickTime files need no ftyp (QuickTime File Format, "File Type Compatibility Atom") */
    BOX_SEGMENT,   /* a segment of a stream, whose ftyp is in another file */
};

static enum box_kind kind_of_box(const uint8_t *type)
{
    static const struct {
        char type[5];
        enum box_kind kind;
    } boxes[] = {
        {"ftyp", BOX_FILE_TYPE}, {"free", BOX_PADDING},   {"skip", BOX_PADDING},   {"wide", BOX_PADDING},
        {"uuid", BOX_PADDING},   {"moov", BOX_QUICKTIME}, {"mdat", BOX_QUICKTIME}, {"pnot", BOX_QUICKTIME},
        {"styp", BOX_SEGMENT},   {"moof", BOX_SEGMENT},   {"sidx", BOX_SEGMENT},
    };
    for (size_t i = 0; i < COUNT(boxes); i++) {
        if (memcmp(type, boxes[i].type, 4) == 0)
            return boxes[i].kind;
    }
    return BOX_UNKNOWN;
}

enum wp_format wp_sniff_iso(const uint8_t *head, size_t len, char brand[5])
{
    enum wp_format padded = WP_FORMAT_UNKNOWN; /* what a file is that has nothing but padding so far */
    size_t pos = 0;
    while (len - pos >= 8) {
        enum box_kind kind = kind_of_box(head + pos + 4);
        uint64_t size = wp_be32(head + pos);
        size_t header = 8;
        if (size == 1 && len - pos >= 16) {
            size = wp_be64(head + pos + 8);
            header = 16;
        } else if (size == 0) {
            size = UINT64_MAX; /* to the end of the file */
        }
        if (size < header || kind == BOX_UNKNOWN)
            return padded;
        if (kind == BOX_QUICKTIME)
            return WP_FORMAT_MOV;
        if (kind == BOX_SEGMENT)
            return WP_FORMAT_MP4;
        size_t there = size < len - pos ? (size_t)size : len - pos;
        if (kind == BOX_FILE_TYPE)
            return format_of_ftyp(head + pos + header, there - header, brand);
        padded = WP_FORMAT_MOV;
        pos += there;
    }
    return padded;
}
