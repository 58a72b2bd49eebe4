/* BMP to lines; see bmp.h. */
#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "media/bmp.h"
#include "media/decoders.h"

#include "base/banned.h"

struct job {
    const struct wp_lines *lines;
    const uint8_t *bytes;
    size_t len;
    struct wp_bmp bmp;
    uint8_t palette[256][3]; /* red, green, blue */
    uint32_t masks[4];       /* red, green, blue, alpha */
    unsigned channels;
    uint8_t *samples; /* owned; one line as it is delivered; NULL where nobody looks */
    uint8_t *indices; /* owned; one run-length coded line; the same */
};

static bool fits(const struct wp_lines *lines, const struct wp_bmp *bmp)
{
    int64_t height = bmp->height < 0 ? -bmp->height : bmp->height;
    return bmp->width == lines->width && height == lines->height;
}

/* Entries of blue, green, red and, but for the oldest header, a byte that is not used. Those that the file
 * has no room for are black. */
static void read_palette(struct job *job)
{
    const struct wp_bmp *bmp = &job->bmp;
    size_t entry = bmp->header == WP_BMP_CORE_HEADER ? 3 : 4;
    size_t at = WP_BMP_FILE_HEADER + (size_t)bmp->header;
    size_t end = bmp->pixels < job->len ? (size_t)bmp->pixels : job->len;
    for (size_t i = 0; i < 1U << bmp->bits && at + entry <= end; i++, at += entry) {
        job->palette[i][0] = job->bytes[at + 2];
        job->palette[i][1] = job->bytes[at + 1];
        job->palette[i][2] = job->bytes[at];
    }
}

/* Where a mask's bits begin and how many there are. */
static unsigned mask_shift(uint32_t mask)
{
    return mask ? (unsigned)__builtin_ctz(mask) : 0;
}

static unsigned mask_bits(uint32_t mask)
{
    return (unsigned)__builtin_popcount(mask);
}

/* What programs read: runs of up to eight bits that are not all the same. */
static bool masks_are_usual(const uint32_t masks[4])
{
    for (size_t i = 0; i < 4; i++) {
        uint64_t run = (uint64_t)masks[i] >> mask_shift(masks[i]);
        if (mask_bits(masks[i]) > 8 || (run & (run + 1)) != 0)
            return false;
    }
    return masks[0] != masks[1] || masks[1] != masks[2];
}

static bool choose_masks(struct job *job)
{
    static const uint32_t of_16[4] = {0x7c00, 0x3e0, 0x1f, 0}, of_32[4] = {0xff0000, 0xff00, 0xff, 0};
    bool masked = wp_bmp_is_masked(&job->bmp);
    memcpy(job->masks, masked ? job->bmp.masks : job->bmp.bits == 16 ? of_16 : of_32, sizeof job->masks);
    return masks_are_usual(job->masks);
}

static uint32_t pixel_at(const uint8_t *line, uint32_t x, unsigned bits)
{
    if (bits == 32)
        return wp_le32(line + (size_t)4 * x);
    return bits == 24 ? wp_le24(line + (size_t)3 * x) : wp_le16(line + (size_t)2 * x);
}

/* A mask of no bits is of a colour that is not there. */
static uint8_t sample(uint32_t pixel, uint32_t mask)
{
    if (mask == 0)
        return 0;
    uint32_t most = (1U << mask_bits(mask)) - 1;
    return (uint8_t)(((pixel & mask) >> mask_shift(mask)) * 255 / most);
}

static void deliver(const struct job *job, uint32_t row)
{
    const struct wp_lines *lines = job->lines;
    const struct wp_line line = {
        .y = job->bmp.height < 0 ? row : lines->height - 1 - row,
        .width = lines->width,
        .height = lines->height,
        .channels = job->channels,
        .bytes = 1,
        .samples = job->samples,
    };
    lines->take(lines->user, &line);
}

static void deliver_masked(const struct job *job, uint32_t row, const uint8_t *line)
{
    uint8_t *out = job->samples;
    for (uint32_t x = 0; x < job->lines->width; x++) {
        uint32_t pixel = pixel_at(line, x, job->bmp.bits);
        for (unsigned c = 0; c < job->channels; c++)
            *out++ = sample(pixel, job->masks[c]);
    }
    deliver(job, row);
}

/* The pixels stand from the high bits of each byte down. */
static void deliver_indices(const struct job *job, uint32_t row, const uint8_t *line, unsigned bits)
{
    unsigned per_byte = 8 / bits, most = (1U << bits) - 1;
    for (uint32_t x = 0; x < job->lines->width; x++) {
        unsigned byte = line[x / per_byte];
        unsigned index = byte >> (per_byte - 1 - x % per_byte) * bits & most;
        memcpy(job->samples + (size_t)3 * x, job->palette[index], 3);
    }
    deliver(job, row);
}

/* Programs that know of no alpha leave it 0 everywhere, and readers then take it for opaque. */
static bool alpha_is_used(const struct job *job)
{
    const uint8_t *line = job->bytes + job->bmp.pixels;
    for (uint32_t y = 0; y < job->lines->height; y++, line += wp_bmp_stride(&job->bmp)) {
        for (uint32_t x = 0; x < job->lines->width; x++) {
            if (pixel_at(line, x, job->bmp.bits) & job->masks[3])
                return true;
        }
    }
    return false;
}

/* Two bits a pixel are in the reference of Windows CE alone. */
static bool depth_is_usual(const struct wp_bmp *bmp)
{
    bool wide = bmp->bits == 16 || bmp->bits == 32;
    return wp_bmp_is_masked(bmp)
               ? wide
               : wide || bmp->bits == 24 || bmp->bits == 1 || bmp->bits == 4 || bmp->bits == 8;
}

static enum wp_decoded decode_plain(struct job *job)
{
    const struct wp_bmp *bmp = &job->bmp;
    bool is_palette = bmp->bits <= 8;
    size_t stride = (size_t)wp_bmp_stride(bmp);
    if (!depth_is_usual(bmp) || (!is_palette && !choose_masks(job)))
        return WP_DECODED_UNSUPPORTED;
    if (bmp->pixels > job->len || stride * job->lines->height > job->len - bmp->pixels)
        return WP_DECODED_DAMAGED;
    if (!job->lines->take)
        return WP_DECODED;
    if (!is_palette && job->masks[3] && alpha_is_used(job))
        job->channels = 4;
    for (uint32_t row = 0; row < job->lines->height; row++) {
        const uint8_t *line = job->bytes + bmp->pixels + stride * row;
        if (is_palette)
            deliver_indices(job, row, line, bmp->bits);
        else
            deliver_masked(job, row, line);
    }
    return WP_DECODED;
}

/* Where run-length coded pixels are being read (GDI reference, "Bitmap Compression"). */
struct runs {
    struct job *job;
    size_t at;
    uint32_t row, x;
};

static void put(struct runs *runs, uint8_t index)
{
    struct job *job = runs->job;
    if (job->indices && runs->x < job->lines->width)
        job->indices[runs->x] = index;
    runs->x += runs->x < job->lines->width; /* what goes beyond is cut off, as everywhere */
}

/* False: there is no line to go on with. */
static bool end_line(struct runs *runs)
{
    struct job *job = runs->job;
    if (runs->row == job->lines->height)
        return false;
    if (job->indices) {
        deliver_indices(job, runs->row, job->indices, 8);
        memset(job->indices, 0, job->lines->width);
    }
    runs->row++;
    return true;
}

/* Pixels as they are, padded to 16 bits. */
static bool put_literal(struct runs *runs, unsigned count, bool nibbles)
{
    const struct job *job = runs->job;
    size_t bytes = nibbles ? (count + 1) / 2 : count;
    if (bytes + (bytes & 1) > job->len - runs->at)
        return false;
    for (unsigned i = 0; i < count; i++) {
        unsigned byte = job->bytes[runs->at + (nibbles ? i / 2 : i)];
        put(runs, (uint8_t)(nibbles ? byte >> (i % 2 ? 0 : 4) & 15 : byte));
    }
    runs->at += bytes + (bytes & 1);
    return true;
}

static bool jump(struct runs *runs)
{
    const struct job *job = runs->job;
    if (job->len - runs->at < 2)
        return false;
    uint32_t right = job->bytes[runs->at], on = job->bytes[runs->at + 1];
    runs->at += 2;
    runs->x += right;
    for (uint32_t i = 0; i < on; i++) {
        if (!end_line(runs))
            return false;
    }
    return runs->x < job->lines->width && runs->row < job->lines->height;
}

static enum wp_decoded decode_runs(struct job *job)
{
    struct runs runs = {.job = job, .at = (size_t)job->bmp.pixels};
    bool nibbles = job->bmp.compression == WP_BI_RLE4;
    while (job->len - runs.at >= 2) {
        unsigned count = job->bytes[runs.at], value = job->bytes[runs.at + 1];
        bool goes_on = true;
        runs.at += 2;
        if (count > 0) {
            for (unsigned i = 0; i < count; i++)
                put(&runs, (uint8_t)(nibbles ? value >> (i % 2 ? 0 : 4) & 15 : value));
        } else if (value == 0) {
            goes_on = end_line(&runs);
            runs.x = 0;
        } else if (value == 1) {
            while (end_line(&runs))
                ;
            return WP_DECODED;
        } else {
            goes_on = value == 2 ? jump(&runs) : put_literal(&runs, value, nibbles);
        }
        if (!goes_on)
            break;
    }
    return WP_DECODED_DAMAGED;
}

static enum wp_decoded decode(struct job *job)
{
    bool runs = wp_bmp_is_rle(&job->bmp);
    bool is_odd = job->bmp.header == WP_BMP_OS2_SHORT_HEADER; /* which no usual program reads */
    if (is_odd || (job->bmp.compression != WP_BI_RGB && !runs && !wp_bmp_is_masked(&job->bmp)))
        return WP_DECODED_UNSUPPORTED;
    if (job->lines->take) {
        job->samples = wp_malloc((size_t)job->lines->width * 4);
        job->indices = runs ? wp_calloc(job->lines->width, 1) : NULL;
        if (!job->samples || (runs && !job->indices))
            return WP_DECODED_NOMEM;
    }
    if (job->bmp.bits <= 8)
        read_palette(job);
    return runs && job->bmp.pixels <= job->len ? decode_runs(job) : decode_plain(job);
}

enum wp_decoded wp_bmp_decode(const struct wp_lines *lines, const uint8_t *bytes, size_t len)
{
    struct job job = {.lines = lines, .bytes = bytes, .len = len, .channels = 3};
    if (!wp_bmp_read(&job.bmp, bytes, len) || !fits(lines, &job.bmp))
        return WP_DECODED_DAMAGED;
    enum wp_decoded result = decode(&job);
    wp_free(job.samples);
    wp_free(job.indices);
    return result;
}
