/* The bytes of an image: the whole file in memory, or windows of it where only the header is asked for. */
#ifndef WP_MEDIA_IMAGE_BYTES_H
#define WP_MEDIA_IMAGE_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "base/reader.h"
#include "media/sniff.h"

/** The most that wp_image_bytes_at() gives at once. */
#define WP_IMAGE_WINDOW WP_SNIFF_BYTES

/** Files over this are not read whole: over six times what the service takes, and a bound on memory. */
#define WP_IMAGE_LOAD_MAX ((uint64_t)32 << 20)

struct wp_image_bytes {
    const struct wp_reader *reader; /**< borrowed */
    uint64_t size;
    uint8_t *whole;        /**< all bytes; owned; NULL: not loaded */
    enum wp_status status; /**< the first failure of the reader; sticks */
    struct wp_error *error;
    uint64_t window_at;
    size_t window_len;
    uint8_t window[WP_IMAGE_WINDOW];
};

/** Reads nothing yet. reader and error (may be NULL) are borrowed until wp_image_bytes_close(). */
void wp_image_bytes_open(struct wp_image_bytes *bytes, const struct wp_reader *reader,
                         struct wp_error *error);

/** Reads the whole file; size must be at most WP_IMAGE_LOAD_MAX. Fails as read_at does, or with WP_NOMEM. */
enum wp_status wp_image_bytes_load(struct wp_image_bytes *bytes);

/** Frees the memory. */
void wp_image_bytes_close(struct wp_image_bytes *bytes);

/**
 * len (1 to WP_IMAGE_WINDOW) bytes at offset; NULL if they are not all within the file, or could not be read
 * (status then says so). Borrowed until the next call.
 */
const uint8_t *wp_image_bytes_at(struct wp_image_bytes *bytes, uint64_t offset, size_t len);

/** All bytes from offset that are there without a further read, at least one; *len 0 and NULL as above. */
const uint8_t *wp_image_bytes_run(struct wp_image_bytes *bytes, uint64_t offset, size_t *len);

#endif
