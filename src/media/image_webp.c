/* WebP (RFC 9649: the container in section 2, VP8L in section 3; VP8: RFC 6386). */
#include "media/image.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "media/exif.h"

#include "base/banned.h"

enum {
    RIFF_HEAD = 12,
    CHUNK_HEAD = 8,
    FLAG_ANIMATION = 0x02, /* of the VP8X chunk */
    FLAG_ALPHA = 0x10,
    /* A search through a file that is not loaded gives up here: each chunk costs a read. */
    MAX_CHUNKS = 100000,
};

struct webp {
    struct wp_image *image;
    uint64_t pos;
    uint64_t end; /* of the file as RIFF says, or of the bytes that are there, whichever comes first */
    bool extended;
    bool has_data; /* a VP8 or VP8L chunk at the top was seen */
    uint32_t animation_frames;
    bool animation;
};

struct chunk {
    char type[4];
    uint32_t len;
    uint64_t data;
};

static bool type_is(const struct chunk *chunk, const char *type)
{
    return memcmp(chunk->type, type, 4) == 0;
}

/* A size that the picture's data give. In an extended file it must be the canvas's. */
static bool take_size(struct webp *webp, uint32_t width, uint32_t height)
{
    struct wp_image *image = webp->image;
    if (width == 0 || height == 0) {
        wp_image_unreadable(image, "the WebP's header has impossible values");
        return false;
    }
    if (!webp->extended)
        wp_image_size(image, width, height);
    else if (width != image->facts->coded_width || height != image->facts->coded_height)
        wp_image_settle(image, WP_DECODE_FAILED, "the WebP's pixels are %ux%u but its canvas is %ux%u", width,
                        height, image->facts->coded_width, image->facts->coded_height);
    return true;
}

/* A key frame's header (RFC 6386 9.1). */
static bool take_lossy(struct webp *webp, const struct chunk *chunk)
{
    const uint8_t *p = chunk->len >= 10 ? wp_image_bytes_at(webp->image->bytes, chunk->data, 10) : NULL;
    if (!p) {
        wp_image_unreadable(webp->image, "the WebP ends within its header");
        return false;
    }
    if ((p[0] & 1) || memcmp(p + 3, "\x9d\x01\x2a", 3) != 0) {
        wp_image_unreadable(webp->image, "the WebP's pixels do not begin with a VP8 key frame");
        return false;
    }
    bool alpha = webp->image->facts->has_alpha == WP_YES;
    wp_image_samples(webp->image, alpha ? 4 : 3, 8, WP_COLOR_YCBCR);
    return take_size(webp, wp_le16(p + 6) & 0x3fff, wp_le16(p + 8) & 0x3fff);
}

/* The header of a lossless picture (RFC 9649 3.4): signature, two sizes of 14 bits, alpha hint, version. */
static bool take_lossless(struct webp *webp, const struct chunk *chunk)
{
    const uint8_t *p = chunk->len >= 5 ? wp_image_bytes_at(webp->image->bytes, chunk->data, 5) : NULL;
    if (!p) {
        wp_image_unreadable(webp->image, "the WebP ends within its header");
        return false;
    }
    uint32_t bits = wp_le32(p + 1);
    if (p[0] != 0x2f || bits >> 29 != 0) {
        wp_image_unreadable(webp->image, "the WebP's pixels do not begin with a VP8L header");
        return false;
    }
    if (bits >> 28 & 1)
        webp->image->facts->has_alpha = WP_YES;
    bool alpha = webp->image->facts->has_alpha == WP_YES;
    wp_image_samples(webp->image, alpha ? 4 : 3, 8, WP_COLOR_RGB);
    return take_size(webp, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
}

/* The extended header (RFC 9649 2.7): flags, and the size of the canvas. */
static bool take_extended(struct webp *webp, const struct chunk *chunk)
{
    struct wp_image *image = webp->image;
    const uint8_t *p = chunk->len >= 10 ? wp_image_bytes_at(image->bytes, chunk->data, 10) : NULL;
    if (!p) {
        wp_image_unreadable(image, "the WebP's extended header is damaged");
        return false;
    }
    webp->extended = true;
    webp->animation = p[0] & FLAG_ANIMATION;
    wp_image_size(image, wp_le24(p + 4) + 1, wp_le24(p + 7) + 1);
    image->facts->has_alpha = p[0] & FLAG_ALPHA ? WP_YES : WP_NO;
    if (webp->animation)
        wp_image_samples(image, p[0] & FLAG_ALPHA ? 4 : 3, 8, WP_COLOR_UNKNOWN);
    return true;
}

/* Reads the next chunk's head; webp->pos is then behind the chunk and its padding. */
static bool next_chunk(struct webp *webp, struct chunk *chunk)
{
    if (webp->end - webp->pos < CHUNK_HEAD)
        return false;
    const uint8_t *p = wp_image_bytes_at(webp->image->bytes, webp->pos, CHUNK_HEAD);
    if (!p)
        return false;
    memcpy(chunk->type, p, 4);
    chunk->len = wp_le32(p + 4);
    chunk->data = webp->pos + CHUNK_HEAD;
    uint64_t padded = (uint64_t)chunk->len + (chunk->len & 1);
    if (chunk->len > webp->end - chunk->data) {
        if (webp->image->facts->complete == WP_YES)
            wp_image_settle(webp->image, WP_DECODE_FAILED,
                            "the WebP is damaged: the chunk at byte %llu is larger than the file",
                            (unsigned long long)webp->pos);
        webp->pos = webp->end;
        return true; /* its first bytes may still give the size */
    }
    webp->pos = padded > webp->end - chunk->data ? webp->end : chunk->data + padded;
    return true;
}

static bool take_chunk(struct webp *webp, const struct chunk *chunk, bool first)
{
    struct wp_image *image = webp->image;
    bool pixels = type_is(chunk, "VP8 ") || type_is(chunk, "VP8L");
    if (first && type_is(chunk, "VP8X"))
        return take_extended(webp, chunk);
    if (first && !pixels) {
        wp_image_unreadable(image, "the WebP does not begin with one of its header chunks");
        return false;
    }
    if (pixels && !webp->has_data) {
        webp->has_data = true;
        return type_is(chunk, "VP8L") ? take_lossless(webp, chunk) : take_lossy(webp, chunk);
    }
    if (webp->extended && type_is(chunk, "ANMF"))
        webp->animation_frames++;
    else if (webp->extended && type_is(chunk, "ALPH"))
        image->facts->has_alpha = WP_YES;
    else if (webp->extended && type_is(chunk, "EXIF"))
        wp_image_orientation(image, wp_exif_orientation(image->bytes, chunk->data, chunk->len));
    return true;
}

/* What the whole walk told. */
static void conclude(struct webp *webp)
{
    struct wp_image *image = webp->image;
    struct wp_image_facts *facts = image->facts;
    if (webp->animation || webp->animation_frames > 0) {
        facts->frame_count = webp->animation_frames;
        facts->has_frame_count = facts->complete == WP_YES && webp->animation_frames > 0;
        facts->animated = webp->animation_frames == 1 && facts->complete == WP_YES ? WP_NO : WP_YES;
        wp_image_variant(image, "animated WebP");
        if (facts->complete == WP_YES && webp->animation_frames == 0)
            wp_image_settle(image, WP_DECODE_FAILED, "the WebP has no pixels");
        if (facts->complete == WP_YES)
            wp_image_settle(image, WP_DECODE_UNSUPPORTED, "animated WebP is not decoded here");
    } else if (!webp->has_data && facts->complete == WP_YES) {
        wp_image_settle(image, WP_DECODE_FAILED, "the WebP has no pixels");
    }
}

void wp_image_read_webp(struct wp_image *image)
{
    const uint8_t *p = wp_image_bytes_at(image->bytes, 0, RIFF_HEAD);
    if (!p) {
        wp_image_unreadable(image, "the WebP ends within its header");
        return;
    }
    struct webp webp = {.image = image, .pos = RIFF_HEAD, .end = (uint64_t)wp_le32(p + 4) + 8};
    if (webp.end > image->bytes->size) {
        wp_image_cut(image, webp.end - image->bytes->size);
        webp.end = image->bytes->size;
    } else if (webp.end < RIFF_HEAD) {
        wp_image_unreadable(image, "the WebP's header has impossible values");
        return;
    } else {
        image->facts->complete = WP_YES;
        image->end = webp.end;
    }
    struct chunk chunk;
    bool more = true;
    for (unsigned chunks = 0; more && next_chunk(&webp, &chunk); chunks++) {
        if (!image->bytes->whole && chunks == MAX_CHUNKS)
            return;
        more = take_chunk(&webp, &chunk, chunks == 0);
    }
    if (!image->facts->has_size)
        wp_image_unreadable(image, "the WebP ends within its header");
    conclude(&webp);
}
