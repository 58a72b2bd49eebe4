/* PNG and APNG (W3C Portable Network Graphics, third edition; section numbers are of that). */
#include "media/image.h"

#include <stdbool.h>
#include <string.h>

#include <zlib.h>

#include "base/bytes.h"
#include "media/exif.h"

#include "base/banned.h"

enum {
    SIGNATURE_BYTES = 8,
    CHUNK_HEAD = 8, /* length and type; behind the data come 4 bytes of CRC */
    IHDR_BYTES = 13,
    FRAME_CONTROL_CHUNK = 38, /* what each frame of an animation takes at the least (11.3.6.2) */
    TYPE_PALETTE = 3,
    TYPE_GREY_ALPHA = 4,
    TYPE_RGB_ALPHA = 6,
    /* A search through a file that is not loaded gives up here: each chunk costs a read. */
    MAX_CHUNKS = 100000,
};

#define TYPE(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))
static const uint32_t IHDR = TYPE('I', 'H', 'D', 'R'), PLTE = TYPE('P', 'L', 'T', 'E'),
                      TRNS = TYPE('t', 'R', 'N', 'S'), IDAT = TYPE('I', 'D', 'A', 'T'),
                      IEND = TYPE('I', 'E', 'N', 'D'), ACTL = TYPE('a', 'c', 'T', 'L'),
                      EXIF = TYPE('e', 'X', 'I', 'f');

struct png {
    struct wp_image *image;
    uint64_t pos; /* of the next chunk */
    uint8_t color_type;
    bool has_palette;
    bool has_data; /* an IDAT was seen */
};

struct chunk {
    uint32_t type;
    uint32_t len;
    uint64_t data; /* where its data begin */
};

/* Upper case in the first letter: the picture cannot be made without it (5.4). */
static bool is_critical(uint32_t type)
{
    return !(type & 0x20000000U);
}

static bool is_chunk_type(const uint8_t *p)
{
    for (size_t i = 0; i < 4; i++) {
        if (!((p[i] >= 'A' && p[i] <= 'Z') || (p[i] >= 'a' && p[i] <= 'z')))
            return false;
    }
    return true;
}

/* CRC of a chunk's type and data against the four bytes behind them (5.3). The chunk must be loaded. */
static bool crc_is_right(const uint8_t *type, size_t len)
{
    return crc32_z(0, type, 4 + len) == wp_be32(type + 4 + len);
}

/* Bit depths that each colour type may have (11.2.1), as bits of a mask. */
static bool depth_fits(unsigned color_type, unsigned depth)
{
    static const uint32_t allowed[7] = {
        1U << 1 | 1U << 2 | 1U << 4 | 1U << 8 | 1U << 16,
        0,
        1U << 8 | 1U << 16,
        1U << 1 | 1U << 2 | 1U << 4 | 1U << 8,
        1U << 8 | 1U << 16,
        0,
        1U << 8 | 1U << 16,
    };
    return color_type < 7 && depth <= 16 && (allowed[color_type] >> depth & 1);
}

static bool take_header(struct png *png, const struct chunk *chunk)
{
    struct wp_image *image = png->image;
    const uint8_t *p = wp_image_bytes_at(image->bytes, chunk->data - 4, 4 + IHDR_BYTES + 4);
    if (!p) {
        wp_image_unreadable(image, "the PNG ends within its header");
        return false;
    }
    if (!crc_is_right(p, IHDR_BYTES)) {
        wp_image_unreadable(image, "the PNG's header is damaged (its checksum is wrong)");
        return false;
    }
    p += 4;
    uint32_t width = wp_be32(p);
    uint32_t height = wp_be32(p + 4);
    unsigned depth = p[8];
    png->color_type = p[9];
    if (width == 0 || height == 0 || width > INT32_MAX || height > INT32_MAX ||
        !depth_fits(png->color_type, depth) || p[10] != 0 || p[11] != 0 || p[12] > 1) {
        wp_image_unreadable(image, "the PNG's header has impossible values");
        return false;
    }
    static const struct {
        uint8_t channels;
        enum wp_color_model model;
    } types[7] = {{1, WP_COLOR_GREY}, {0, WP_COLOR_UNKNOWN}, {3, WP_COLOR_RGB}, {3, WP_COLOR_PALETTE},
                  {2, WP_COLOR_GREY}, {0, WP_COLOR_UNKNOWN}, {4, WP_COLOR_RGB}};
    wp_image_size(image, width, height);
    wp_image_samples(image, types[png->color_type].channels, depth, types[png->color_type].model);
    if (png->color_type == TYPE_GREY_ALPHA || png->color_type == TYPE_RGB_ALPHA)
        image->facts->has_alpha = WP_YES;
    return true;
}

/* A palette's or a colour key's transparency (11.3.1.1). A palette then has four channels. */
static void take_transparency(struct png *png)
{
    struct wp_image_facts *facts = png->image->facts;
    if (png->has_data || facts->has_alpha == WP_YES)
        return;
    facts->has_alpha = WP_YES;
    if (png->color_type == TYPE_PALETTE)
        facts->channels = 4;
}

/* The animation control chunk (11.3.6.1): number of frames, number of plays. */
static void take_animation(struct png *png, const struct chunk *chunk)
{
    struct wp_image_facts *facts = png->image->facts;
    const uint8_t *p = chunk->len >= 8 ? wp_image_bytes_at(png->image->bytes, chunk->data, 8) : NULL;
    uint32_t frames = p ? wp_be32(p) : 0;
    /* A number that cannot be: decoders then show the still picture. */
    if (png->has_data || frames == 0 || frames > png->image->bytes->size / FRAME_CONTROL_CHUNK)
        return;
    facts->frame_count = frames;
    facts->animated = facts->frame_count > 1 ? WP_YES : WP_NO;
    if (facts->animated == WP_YES)
        wp_image_variant(png->image, "animated PNG");
}

/* Reads the next chunk's head. False at the end of the file, or where no chunk is. */
static bool next_chunk(struct png *png, struct chunk *chunk)
{
    struct wp_image *image = png->image;
    uint64_t size = image->bytes->size;
    const uint8_t *p = wp_image_bytes_at(image->bytes, png->pos, CHUNK_HEAD);
    if (!p) { /* at least the head, a CRC, and an IEND behind it unless it is that */
        wp_image_cut(image, png->pos + CHUNK_HEAD + 4 - size);
        return false;
    }
    chunk->len = wp_be32(p);
    chunk->type = wp_be32(p + 4);
    chunk->data = png->pos + CHUNK_HEAD;
    if (chunk->len > INT32_MAX || !is_chunk_type(p + 4)) {
        wp_image_settle(image, WP_DECODE_FAILED, "the PNG is damaged at byte %llu: no chunk begins there",
                        (unsigned long long)png->pos);
        return false;
    }
    uint64_t need = (uint64_t)chunk->len + 4;
    if (need > size - chunk->data) {
        bool last = chunk->type == IEND;
        wp_image_cut(image, need - (size - chunk->data) + (last ? 0 : CHUNK_HEAD + 4));
        return false;
    }
    png->pos = chunk->data + need;
    return true;
}

/* A wrong checksum in a chunk that the picture needs is damage; what decoders may pass over, is passed over.
 */
static void check_crc(struct png *png, const struct chunk *chunk)
{
    const uint8_t *whole = png->image->bytes->whole;
    if (whole && (is_critical(chunk->type) || chunk->type == TRNS) &&
        !crc_is_right(whole + chunk->data - 4, chunk->len))
        wp_image_settle(png->image, WP_DECODE_FAILED,
                        "the PNG is damaged: wrong checksum of the chunk at byte %llu",
                        (unsigned long long)(chunk->data - CHUNK_HEAD));
}

/* Whether a file that is not loaded ends with an IEND chunk. */
static bool ends_with_iend(struct png *png)
{
    struct wp_image_bytes *bytes = png->image->bytes;
    if (bytes->whole || bytes->size < png->pos + 12)
        return false;
    const uint8_t *p = wp_image_bytes_at(bytes, bytes->size - 12, 12);
    return p && memcmp(p, "\0\0\0\0IEND\xae\x42\x60\x82", 12) == 0;
}

/* True if the next chunk is to be read. */
static bool take_chunk(struct png *png, const struct chunk *chunk)
{
    struct wp_image *image = png->image;
    check_crc(png, chunk);
    if (chunk->type == IEND) {
        image->facts->complete = WP_YES;
        image->end = png->pos;
        return false;
    }
    if (chunk->type == IDAT) {
        bool first = !png->has_data;
        png->has_data = true;
        if (first && png->color_type == TYPE_PALETTE && !png->has_palette)
            wp_image_settle(image, WP_DECODE_FAILED, "the PNG has no palette");
        if (first && ends_with_iend(png)) {
            image->facts->complete = WP_YES;
            return false;
        }
    } else if (chunk->type == PLTE) {
        png->has_palette = true;
    } else if (chunk->type == TRNS) {
        take_transparency(png);
    } else if (chunk->type == ACTL) {
        take_animation(png, chunk);
    } else if (chunk->type == EXIF) {
        wp_image_orientation(image, wp_exif_orientation(image->bytes, chunk->data, chunk->len));
    }
    return true;
}

void wp_image_read_png(struct wp_image *image)
{
    struct png png = {.image = image, .pos = SIGNATURE_BYTES};
    const uint8_t *p = wp_image_bytes_at(image->bytes, 0, SIGNATURE_BYTES + CHUNK_HEAD);
    if (!p) {
        wp_image_unreadable(image, "the PNG ends within its header");
        wp_image_cut(image, SIGNATURE_BYTES + CHUNK_HEAD - image->bytes->size);
        return;
    }
    if (memcmp(p, "\x89PNG\r\n\x1a\n", SIGNATURE_BYTES) != 0) {
        wp_image_unreadable(image, "the PNG's signature is damaged, as by a transfer in text mode");
        return;
    }
    if (wp_be32(p + SIGNATURE_BYTES) != IHDR_BYTES || wp_be32(p + SIGNATURE_BYTES + 4) != IHDR) {
        wp_image_unreadable(image, "the PNG does not begin with its header chunk");
        return;
    }
    struct chunk chunk;
    bool more = next_chunk(&png, &chunk);
    if (!more)
        wp_image_unreadable(image, "the PNG ends within its header");
    else if (!take_header(&png, &chunk))
        return;
    for (unsigned chunks = 0; more && next_chunk(&png, &chunk); chunks++) {
        if (!image->bytes->whole && chunks == MAX_CHUNKS)
            return; /* whether it is complete stays unknown */
        more = take_chunk(&png, &chunk);
    }
    if (!png.has_data && image->facts->complete == WP_YES)
        wp_image_settle(image, WP_DECODE_FAILED, "the PNG has no pixels");
}

size_t wp_image_png_strip(uint8_t *png, size_t len)
{
    size_t from = SIGNATURE_BYTES;
    size_t to = SIGNATURE_BYTES;
    while (len - from >= CHUNK_HEAD + 4) {
        uint32_t data = wp_be32(png + from);
        uint32_t type = wp_be32(png + from + 4);
        if (data > len - from - CHUNK_HEAD - 4)
            break;
        size_t all = CHUNK_HEAD + (size_t)data + 4;
        if (type == IHDR || type == PLTE || type == TRNS || (type == IDAT && data > 0) || type == IEND) {
            memmove(png + to, png + from, all);
            to += all;
        }
        from += all;
    }
    return to;
}
