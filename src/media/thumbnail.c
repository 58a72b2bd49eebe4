#include "media/thumbnail.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "media/image_decode.h"
#include "media/jpeg_write.h"
#include "media/thumbnail_pack.h"

#include "base/banned.h"

enum {
    IMAGE_SIDE = 288,
    MAX_SIDE = 320, /* what the public header promises */
};

/* What stands before the bytes of each JPEG. Written and read by the same program. */
struct head {
    double time_s;
    uint32_t width, height;
    uint64_t length;
};

enum wp_status wp_thumbnail_pack(struct wp_buf *blob, struct wp_small_picture *small, double time_s)
{
    if (!small->rgb)
        return WP_OK;
    struct wp_buf jpeg = wp_buf_new(WP_THUMBNAIL_BLOB_MAX);
    wp_jpeg_write(&jpeg, small->rgb, small->width, small->height);
    const struct head head = {time_s, small->width, small->height, jpeg.len};
    if (!jpeg.failed && blob->ceiling - blob->len >= sizeof head + jpeg.len) {
        (void)wp_buf_add(blob, &head, sizeof head);
        (void)wp_buf_add(blob, wp_buf_text(&jpeg), jpeg.len);
    }
    enum wp_status status = jpeg.failed == WP_NOMEM || blob->failed == WP_NOMEM ? WP_NOMEM : WP_OK;
    wp_buf_free(&jpeg);
    wp_free(small->rgb);
    small->rgb = NULL;
    return status;
}

size_t wp_thumbnail_unpack(struct wp_thumbnail out[WP_MAX_THUMBNAILS], const void *blob, size_t len)
{
    const unsigned char *p = blob;
    size_t count = 0;
    struct head head;
    while (count < WP_MAX_THUMBNAILS && len >= sizeof head) {
        memcpy(&head, p, sizeof head);
        p += sizeof head;
        len -= sizeof head;
        bool is_sound = head.length > 0 && head.length <= len && head.width > 0 && head.width <= MAX_SIDE &&
                        head.height > 0 && head.height <= MAX_SIDE && isfinite(head.time_s);
        if (!is_sound)
            break;
        out[count++] = (struct wp_thumbnail){head.time_s, head.width, head.height, p, (size_t)head.length};
        p += head.length;
        len -= (size_t)head.length;
    }
    return count;
}

static bool is_decodable(const struct wp_image_facts *facts)
{
    bool is_ours = facts->format == WP_FORMAT_JPEG || facts->format == WP_FORMAT_PNG ||
                   facts->format == WP_FORMAT_BMP || facts->format == WP_FORMAT_WEBP;
    return is_ours && facts->has_size && !facts->unreadable[0] && facts->bytes <= WP_IMAGE_LOAD_MAX &&
           facts->coded_width <= WP_IMAGE_DECODE_SIDE && facts->coded_height <= WP_IMAGE_DECODE_SIDE &&
           (facts->decode == WP_DECODE_OK || facts->decode == WP_DECODE_NOT_TRIED);
}

/* How often each side may be halved and still be twice what is shown. */
static unsigned halvings(const struct wp_image_facts *facts)
{
    uint32_t shorter = facts->coded_width < facts->coded_height ? facts->coded_width : facts->coded_height;
    unsigned count = 0;
    while (count < 3 && shorter >> (count + 1) >= 2 * IMAGE_SIDE)
        count++;
    return count;
}

static void take_line(void *user, const struct wp_line *line)
{
    wp_reduce_line(user, line);
}

/* The loaded bytes to a picture to a small one. */
static enum wp_status pack_loaded(struct wp_buf *blob, struct wp_image *image)
{
    const struct wp_image_facts *facts = image->facts;
    const struct wp_display display = {facts->width, facts->height,
                                       facts->has_exif_orientation ? facts->exif_orientation : 1};
    struct wp_reduction reduction;
    struct wp_small_picture small = {0};
    enum wp_status status = wp_reduce_open(&reduction, &display, IMAGE_SIDE);
    const struct wp_lines lines = {
        .width = facts->coded_width,
        .height = facts->coded_height,
        .shrink = halvings(facts),
        .take = take_line,
        .user = &reduction,
    };
    enum wp_decoded decoded = status == WP_OK ? wp_image_lines(image, &lines) : WP_DECODED_NOMEM;
    if (decoded == WP_DECODED_NOMEM)
        status = WP_NOMEM;
    else if (decoded == WP_DECODED || decoded == WP_DECODED_DOUBTFUL)
        status = wp_reduce_end(&small, &reduction, NULL, NULL);
    if (status == WP_OK)
        status = wp_thumbnail_pack(blob, &small, 0);
    wp_reduce_close(&reduction);
    return status;
}

enum wp_status wp_thumbnail_image(struct wp_buf *blob, const struct wp_image_facts *facts,
                                  const struct wp_reader *reader)
{
    if (!is_decodable(facts) || reader->size > WP_IMAGE_LOAD_MAX)
        return WP_OK;
    struct wp_image_bytes *bytes = wp_malloc(sizeof *bytes);
    if (!bytes)
        return WP_NOMEM;
    struct wp_image_facts again = {.format = facts->format};
    struct wp_image image = {bytes, &again, 0};
    enum wp_status status = WP_OK;
    wp_image_bytes_open(bytes, reader, NULL);
    if (wp_image_bytes_load(bytes) == WP_OK)
        wp_image_read_header(&image);
    if (bytes->status == WP_OK && is_decodable(&again))
        status = pack_loaded(blob, &image);
    else if (bytes->status == WP_NOMEM)
        status = WP_NOMEM;
    wp_image_bytes_close(bytes);
    wp_free(bytes);
    return status;
}
