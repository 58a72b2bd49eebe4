/* JPEG (ISO/IEC 10918-1 = ITU-T T.81; the names of the markers are those of its table B.1). */
#include "media/image.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "media/exif.h"

#include "base/banned.h"

enum marker {
    TEM = 0x01,
    SOF0 = 0xc0, /* to SOF15, without DHT, JPG and DAC */
    SOF2 = 0xc2,
    SOF3 = 0xc3,
    DHT = 0xc4,
    JPG = 0xc8,
    SOF9 = 0xc9,
    SOF11 = 0xcb,
    DAC = 0xcc,
    SOF15 = 0xcf,
    RST0 = 0xd0,
    RST7 = 0xd7,
    SOI = 0xd8,
    EOI = 0xd9,
    SOS = 0xda,
    DQT = 0xdb,
    DHP = 0xde,
    APP1 = 0xe1,
    APP14 = 0xee,
    SOF55 = 0xf7, /* JPEG-LS: ITU-T T.87 */
};

enum {
    /* No encoder makes as many. Each one makes a decoder pass over the whole picture. */
    MAX_SCANS = 100,
    TRANSFORM_UNKNOWN = 0xff,
};

/* A search through a file that is not loaded gives up here. */
static const uint64_t MAX_SEARCH = (uint64_t)64 << 20;

struct jpeg {
    struct wp_image *image;
    uint64_t pos;
    uint8_t frame; /* the marker of the frame header; 0: none yet */
    uint8_t component_ids[4];
    uint8_t adobe_transform; /* of the APP14 segment */
    bool has_quantisation;   /* a DQT segment was passed */
    unsigned scans;
};

static bool is_frame_header(uint8_t code)
{
    return (code >= SOF0 && code <= SOF15 && code != DHT && code != JPG && code != DAC) || code == DHP ||
           code == SOF55;
}

static bool is_hierarchical(uint8_t frame)
{
    return frame == DHP || (frame >= SOF0 && frame <= SOF15 && (frame & 7) >= 5);
}

static bool is_lossless(uint8_t frame)
{
    return frame == SOF3 || frame == SOF11 || frame == SOF55;
}

/* Frames that no decoder here reads, and what they are called. */
static void tell_variant(struct jpeg *jpeg, unsigned precision)
{
    struct wp_image *image = jpeg->image;
    if (jpeg->frame == SOF55)
        wp_image_variant(image, "JPEG-LS");
    else if (is_hierarchical(jpeg->frame))
        wp_image_variant(image, "hierarchical JPEG");
    else if (jpeg->frame >= SOF9)
        wp_image_variant(image, "arithmetic-coded JPEG");
    else if (jpeg->frame == SOF3)
        wp_image_variant(image, "lossless JPEG");
    else if (precision != 8)
        wp_image_variant(image, "%u-bit JPEG", precision);
    else if (!image->facts->has_size)
        wp_image_variant(image, "JPEG with its height behind the pixels (DNL)");
    else
        return;
    wp_image_settle(image, WP_DECODE_UNSUPPORTED, "%s is not decoded here, and few programs read it",
                    image->facts->variant);
}

/* A frame header: precision, lines, samples a line, and the components (B.2.2). */
static bool take_frame(struct jpeg *jpeg, uint8_t code, const uint8_t *p, size_t len)
{
    struct wp_image *image = jpeg->image;
    if (jpeg->frame) {
        if (!is_hierarchical(jpeg->frame))
            wp_image_settle(image, WP_DECODE_FAILED, "the JPEG has a second frame header");
        return true;
    }
    unsigned components = len >= 6 ? p[5] : 0;
    if (components == 0 || components > 4 || len != 6 + 3 * components) {
        wp_image_unreadable(image, "the JPEG's frame header is damaged");
        return false;
    }
    unsigned precision = p[0];
    uint16_t height = wp_be16(p + 1);
    uint16_t width = wp_be16(p + 3);
    bool precision_fits = is_lossless(code) ? precision >= 2 && precision <= 16
                                            : precision == 8 || (precision == 12 && code != SOF0);
    if (width == 0 || !precision_fits) {
        wp_image_unreadable(image, "the JPEG's frame header is damaged");
        return false;
    }
    for (unsigned i = 0; i < components; i++)
        jpeg->component_ids[i] = p[6 + 3 * i];
    jpeg->frame = code;
    wp_image_samples(image, components, precision, WP_COLOR_UNKNOWN);
    if (height > 0)
        wp_image_size(image, width, height);
    tell_variant(jpeg, precision);
    return true;
}

static void take_application(struct jpeg *jpeg, uint8_t code, uint64_t at, size_t len)
{
    const uint8_t *p = len >= 12 ? wp_image_bytes_at(jpeg->image->bytes, at, 12) : NULL;
    if (!p)
        return;
    if (code == APP1 && memcmp(p, "Exif\0", 5) == 0)
        wp_image_orientation(jpeg->image, wp_exif_orientation(jpeg->image->bytes, at, len));
    else if (code == APP14 && memcmp(p, "Adobe", 5) == 0)
        jpeg->adobe_transform = p[11]; /* Adobe Technical Note 5116, 18 */
}

/* Where the next marker begins in entropy-coded data: at a 0xff that is neither stuffed nor a restart. */
static bool find_marker(struct jpeg *jpeg)
{
    struct wp_image_bytes *bytes = jpeg->image->bytes;
    /* JPEG-LS stuffs a bit, not a byte: all codes under 0x80 are data (T.87 A.1). */
    uint8_t least = jpeg->frame == SOF55 ? 0x80 : TEM + 1;
    uint64_t limit =
        bytes->whole || bytes->size - jpeg->pos < MAX_SEARCH ? bytes->size : jpeg->pos + MAX_SEARCH;
    while (jpeg->pos < limit) {
        size_t len;
        const uint8_t *run = wp_image_bytes_run(bytes, jpeg->pos, &len);
        const uint8_t *hit = run ? memchr(run, 0xff, len) : NULL;
        if (!run)
            return false;
        if (!hit) {
            jpeg->pos += len;
            continue;
        }
        jpeg->pos += (uint64_t)(hit - run);
        const uint8_t *p = wp_image_bytes_at(bytes, jpeg->pos, 2);
        if (!p)
            return false;
        if (p[1] >= least && p[1] != 0xff && (p[1] < RST0 || p[1] > RST7))
            return true;
        jpeg->pos += p[1] == 0xff ? 1 : 2;
    }
    return false;
}

/* Whether a file that is not loaded ends as a whole JPEG does. Entropy-coded data cannot hold an EOI by
 * chance; the EOI of a thumbnail stands before the scan, and one of a second picture behind the first one's.
 */
static bool ends_with_eoi(struct jpeg *jpeg)
{
    struct wp_image_bytes *bytes = jpeg->image->bytes;
    if (bytes->whole || bytes->size < jpeg->pos + 2)
        return false;
    const uint8_t *p = wp_image_bytes_at(bytes, bytes->size - 2, 2);
    return p && p[0] == 0xff && p[1] == EOI;
}

/* A scan: its header was passed, its data are next. True if there may be more behind it. */
static bool take_scan(struct jpeg *jpeg)
{
    struct wp_image *image = jpeg->image;
    if (!jpeg->frame) {
        wp_image_unreadable(image, "the JPEG has pixels before its frame header");
        return false;
    }
    if (!jpeg->has_quantisation && !is_lossless(jpeg->frame))
        wp_image_settle(image, WP_DECODE_FAILED, "the JPEG has no quantisation table");
    if (++jpeg->scans > MAX_SCANS)
        wp_image_settle(image, WP_DECODE_REFUSED, "the JPEG has over %d scans", MAX_SCANS);
    if (ends_with_eoi(jpeg)) {
        image->facts->complete = WP_YES;
        return false;
    }
    if (find_marker(jpeg))
        return true;
    if (image->bytes->status == WP_OK && jpeg->pos + 1 >= image->bytes->size)
        wp_image_cut(image, jpeg->pos + 2 - image->bytes->size);
    return false;
}

/* One marker and its segment; jpeg->pos is behind the marker. True if the next one is to be read. */
static bool take_segment(struct jpeg *jpeg, uint8_t code)
{
    struct wp_image *image = jpeg->image;
    if (code == EOI) {
        if (jpeg->scans == 0) {
            wp_image_unreadable(image, "the JPEG ends before its pixels");
            return false;
        }
        image->facts->complete = WP_YES;
        image->end = jpeg->pos;
        return false;
    }
    if (code == TEM || (code >= RST0 && code <= SOI))
        return true;
    const uint8_t *p = wp_image_bytes_at(image->bytes, jpeg->pos, 2);
    size_t len = p ? wp_be16(p) : 2;
    if (!p || len > image->bytes->size - jpeg->pos) {
        wp_image_cut(image, jpeg->pos + len + 2 - image->bytes->size);
        return false;
    }
    if (len < 2) {
        wp_image_settle(image, WP_DECODE_FAILED, "the JPEG has a segment with an impossible length");
        return false;
    }
    uint64_t payload = jpeg->pos + 2;
    jpeg->pos += len;
    len -= 2;
    if (is_frame_header(code)) {
        p = len >= 6 && len <= 18 ? wp_image_bytes_at(image->bytes, payload, len) : NULL;
        return take_frame(jpeg, code, p, p ? len : 0);
    }
    jpeg->has_quantisation |= code == DQT;
    if (code == APP1 || code == APP14)
        take_application(jpeg, code, payload, len);
    return code == SOS ? take_scan(jpeg) : true;
}

/* Passes fill bytes, and rubbish as decoders do, to the next marker. */
static bool next_marker(struct jpeg *jpeg, uint8_t *code)
{
    struct wp_image_bytes *bytes = jpeg->image->bytes;
    if (!find_marker(jpeg)) {
        if (bytes->status == WP_OK && jpeg->pos + 1 >= bytes->size)
            wp_image_cut(jpeg->image, 2);
        return false;
    }
    const uint8_t *p = wp_image_bytes_at(bytes, jpeg->pos, 2);
    jpeg->pos += 2;
    *code = p ? p[1] : 0;
    return p != NULL;
}

/* Three components are YCbCr unless Adobe's marker or the names of the components say RGB, as libjpeg does
 * it. */
static enum wp_color_model color_model(const struct jpeg *jpeg)
{
    unsigned channels = jpeg->image->facts->channels;
    if (channels == 1)
        return WP_COLOR_GREY;
    if (channels == 4)
        return WP_COLOR_CMYK;
    if (channels != 3)
        return WP_COLOR_UNKNOWN;
    bool named_rgb = memcmp(jpeg->component_ids, "RGB", 3) == 0;
    bool adobe_rgb = jpeg->adobe_transform == 0;
    return adobe_rgb || (named_rgb && jpeg->adobe_transform == TRANSFORM_UNKNOWN) ? WP_COLOR_RGB
                                                                                  : WP_COLOR_YCBCR;
}

void wp_image_read_jpeg(struct wp_image *image)
{
    struct jpeg jpeg = {.image = image, .pos = 2, .adobe_transform = TRANSFORM_UNKNOWN};
    uint8_t code;
    while (next_marker(&jpeg, &code) && take_segment(&jpeg, code))
        ;
    if (!jpeg.frame)
        wp_image_unreadable(image, "the JPEG ends before its frame header");
    image->facts->color_model = color_model(&jpeg);
}
