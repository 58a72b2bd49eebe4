#include "media/thumbnail.h"

#include <math.h>
#include <string.h>

#include "media/jpeg_write.h"

#include "base/banned.h"

enum { MAX_SIDE = 320 /* what the public header promises */ };

/* What stands before the bytes of each JPEG. Written and read by the same program. */
struct head {
    double time_s;
    uint32_t width, height;
    uint64_t length;
};

enum wp_status wp_thumbnail_pack(struct wp_buf *blob, const struct wp_small_picture *picture)
{
    struct wp_buf jpeg = wp_buf_new(WP_THUMBNAIL_BLOB_MAX);
    wp_jpeg_write(&jpeg, picture->rgb, picture->width, picture->height);
    const struct head head = {picture->time_s, picture->width, picture->height, jpeg.len};
    if (!jpeg.failed && blob->ceiling - blob->len >= sizeof head + jpeg.len) {
        (void)wp_buf_add(blob, &head, sizeof head);
        (void)wp_buf_add(blob, wp_buf_text(&jpeg), jpeg.len);
    }
    enum wp_status status = jpeg.failed == WP_NOMEM || blob->failed == WP_NOMEM ? WP_NOMEM : WP_OK;
    wp_buf_free(&jpeg);
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
