#include "media/sniff.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "media/sniff_iso.h"
#include "media/sniff_text.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define SIGNATURE(text, format)                                                                              \
    {                                                                                                        \
        (text), sizeof(text) - 1, (format)                                                                   \
    }

/* Formats that a fixed run of first bytes tells. PNG: the first half of its signature only, so that a file
 * that was changed by a transfer as text is still called a (damaged) PNG. */
static const struct {
    const char *bytes;
    size_t len;
    enum wp_format format;
} signatures[] = {
    SIGNATURE("\xff\xd8\xff", WP_FORMAT_JPEG),
    SIGNATURE("\x89PNG", WP_FORMAT_PNG),
    SIGNATURE("GIF87a", WP_FORMAT_GIF),
    SIGNATURE("GIF89a", WP_FORMAT_GIF),
    SIGNATURE("II*\0", WP_FORMAT_TIFF),
    SIGNATURE("MM\0*", WP_FORMAT_TIFF),
    SIGNATURE("II+\0", WP_FORMAT_TIFF), /* BigTIFF */
    SIGNATURE("MM\0+", WP_FORMAT_TIFF),
    SIGNATURE("\xff\x0a", WP_FORMAT_JPEG_XL), /* bare code stream; ISO/IEC 18181-2 has the boxed form */
    SIGNATURE("\0\0\0\x0cJXL \r\n\x87\n", WP_FORMAT_JPEG_XL),
    SIGNATURE("\0\0\0\x0cjP  \r\n\x87\n", WP_FORMAT_JPEG_2000),
    SIGNATURE("\xff\x4f\xff\x51", WP_FORMAT_JPEG_2000),
    SIGNATURE("8BPS", WP_FORMAT_PSD),
    SIGNATURE("FLV\x01", WP_FORMAT_FLV),
    SIGNATURE("\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", WP_FORMAT_ASF),
    SIGNATURE("\0\0\x01\xba", WP_FORMAT_MPEG_PS), /* pack header */
    SIGNATURE("\0\0\x01\xb3", WP_FORMAT_MPEG_PS), /* bare MPEG video: sequence header */
    SIGNATURE("OggS", WP_FORMAT_OGG),
    SIGNATURE("RF64", WP_FORMAT_WAV),
    SIGNATURE("ID3", WP_FORMAT_MP3),
    SIGNATURE("%PDF-", WP_FORMAT_PDF),
    SIGNATURE("PK\x03\x04", WP_FORMAT_ZIP),
    SIGNATURE("PK\x05\x06", WP_FORMAT_ZIP),
    SIGNATURE("PK\x07\x08", WP_FORMAT_ZIP),
};

static enum wp_format sniff_signature(const uint8_t *head, size_t len)
{
    for (size_t i = 0; i < COUNT(signatures); i++) {
        if (len >= signatures[i].len && memcmp(head, signatures[i].bytes, signatures[i].len) == 0)
            return signatures[i].format;
    }
    /* A JPEG that ends behind its very first marker. */
    return len == 2 && head[0] == 0xff && head[1] == 0xd8 ? WP_FORMAT_JPEG : WP_FORMAT_UNKNOWN;
}

static enum wp_format sniff_riff(const uint8_t *head, size_t len)
{
    if (len < 12 || memcmp(head, "RIFF", 4) != 0)
        return WP_FORMAT_UNKNOWN;
    if (memcmp(head + 8, "WEBP", 4) == 0)
        return WP_FORMAT_WEBP;
    if (memcmp(head + 8, "AVI ", 4) == 0)
        return WP_FORMAT_AVI;
    return memcmp(head + 8, "WAVE", 4) == 0 ? WP_FORMAT_WAV : WP_FORMAT_UNKNOWN;
}

/* "BM" begins many a text, so the size of the second header must be one that exists. */
static enum wp_format sniff_bmp(const uint8_t *head, size_t len)
{
    static const uint8_t header_sizes[] = {12, 16, 40, 52, 56, 64, 108, 124};
    if (len < 14 || head[0] != 'B' || head[1] != 'M')
        return WP_FORMAT_UNKNOWN;
    if (len < 18) /* cut within the headers: then the four reserved bytes must do */
        return wp_le32(head + 6) == 0 ? WP_FORMAT_BMP : WP_FORMAT_UNKNOWN;
    for (size_t i = 0; i < COUNT(header_sizes); i++) {
        if (wp_le32(head + 14) == header_sizes[i])
            return WP_FORMAT_BMP;
    }
    return WP_FORMAT_UNKNOWN;
}

/* Reads an EBML number of up to 8 bytes at *pos (RFC 8794 4): an id keeps its length marker, a size loses it.
 */
static bool ebml_number(uint64_t *out, const uint8_t *head, size_t len, size_t *pos, bool keep_marker)
{
    if (*pos >= len || head[*pos] == 0)
        return false;
    size_t bytes = 1;
    while (!(head[*pos] & (0x80 >> (bytes - 1))))
        bytes++;
    if (len - *pos < bytes)
        return false;
    uint64_t value = keep_marker ? head[*pos] : head[*pos] & (0x7fU >> (bytes - 1));
    for (size_t i = 1; i < bytes; i++)
        value = value << 8 | head[*pos + i];
    *pos += bytes;
    *out = value;
    return true;
}

/* Matroska and WebM differ in the DocType of their EBML header (RFC 9559). */
static enum wp_format sniff_ebml(const uint8_t *head, size_t len)
{
    static const uint64_t doc_type = 0x4282;
    uint64_t id, size;
    size_t pos = 4;
    if (len < 4 || memcmp(head, "\x1a\x45\xdf\xa3", 4) != 0)
        return WP_FORMAT_UNKNOWN;
    if (!ebml_number(&size, head, len, &pos, false))
        return WP_FORMAT_MATROSKA;
    while (ebml_number(&id, head, len, &pos, true) && ebml_number(&size, head, len, &pos, false) &&
           size <= len - pos) {
        if (id == doc_type)
            return size >= 4 && memcmp(head + pos, "webm", 4) == 0 ? WP_FORMAT_WEBM : WP_FORMAT_MATROSKA;
        pos += (size_t)size;
    }
    return WP_FORMAT_MATROSKA;
}

/* Sync bytes at every packet (ISO/IEC 13818-1 2.4.3.2), five of them or to the end of a shorter file. */
static bool has_ts_sync(const uint8_t *head, size_t len, size_t first, size_t stride)
{
    size_t seen = 0;
    for (size_t pos = first; pos < len && seen < 5; pos += stride, seen++) {
        if (head[pos] != 0x47)
            return false;
    }
    return seen >= 2;
}

/* Layer III frame headers: ISO/IEC 11172-3 2.4.1.3. */
static bool is_mp3_frame(const uint8_t *head, size_t len)
{
    return len >= 4 && head[0] == 0xff && (head[1] & 0xe6) == 0xe2 && (head[1] & 0x18) != 0x08 &&
           (head[2] & 0xf0) != 0xf0 && (head[2] & 0x0c) != 0x0c;
}

enum wp_format wp_sniff(const uint8_t *head, size_t len, char brand[5])
{
    memset(brand, 0, 5);
    if (len == 0)
        return WP_FORMAT_EMPTY;
    enum wp_format format = sniff_signature(head, len);
    if (format == WP_FORMAT_UNKNOWN)
        format = sniff_riff(head, len);
    if (format == WP_FORMAT_UNKNOWN)
        format = sniff_bmp(head, len);
    if (format == WP_FORMAT_UNKNOWN)
        format = sniff_ebml(head, len);
    if (format == WP_FORMAT_UNKNOWN)
        format = wp_sniff_iso(head, len, brand);
    if (brand[0])
        return format; /* an ISO base media file, maybe of no format of ours */
    if (format == WP_FORMAT_UNKNOWN && (has_ts_sync(head, len, 0, 188) || has_ts_sync(head, len, 4, 192)))
        format = WP_FORMAT_MPEG_TS;
    if (format == WP_FORMAT_UNKNOWN && is_mp3_frame(head, len))
        format = WP_FORMAT_MP3;
    return format == WP_FORMAT_UNKNOWN ? wp_sniff_text(head, len) : format;
}
