#include "media/image_bytes.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

#include "base/banned.h"

void wp_image_bytes_open(struct wp_image_bytes *bytes, const struct wp_reader *reader, struct wp_error *error)
{
    bytes->reader = reader;
    bytes->size = reader->size;
    bytes->whole = NULL;
    bytes->status = WP_OK;
    bytes->error = error;
    bytes->window_at = 0;
    bytes->window_len = 0;
}

/* Reads exactly len bytes that lie within the file; a file that has shrunk is an input that cannot be had. */
static enum wp_status read_exactly(struct wp_image_bytes *bytes, uint8_t *out, size_t len, uint64_t offset)
{
    size_t got = 0;
    enum wp_status status = bytes->reader->read_at(bytes->reader->user, out, len, offset, &got, bytes->error);
    if (status == WP_OK && got != len)
        status = wp_fail(bytes->error, WP_INPUT, "image", "the image changed while it was read");
    return status;
}

enum wp_status wp_image_bytes_load(struct wp_image_bytes *bytes)
{
    assert(bytes->size <= WP_IMAGE_LOAD_MAX && !bytes->whole);
    size_t size = (size_t)bytes->size;
    size_t have = bytes->window_at == 0 ? bytes->window_len : 0;
    if (bytes->status != WP_OK)
        return bytes->status;
    bytes->whole = wp_malloc(size);
    if (!bytes->whole)
        return bytes->status = wp_fail_nomem(bytes->error, "image");
    memcpy(bytes->whole, bytes->window, have);
    if (have < size)
        bytes->status = read_exactly(bytes, bytes->whole + have, size - have, have);
    return bytes->status;
}

void wp_image_bytes_close(struct wp_image_bytes *bytes)
{
    wp_free(bytes->whole);
    bytes->whole = NULL;
}

static bool in_window(const struct wp_image_bytes *bytes, uint64_t offset, size_t len)
{
    return offset >= bytes->window_at && offset - bytes->window_at <= bytes->window_len &&
           len <= bytes->window_len - (offset - bytes->window_at);
}

const uint8_t *wp_image_bytes_at(struct wp_image_bytes *bytes, uint64_t offset, size_t len)
{
    assert(len > 0 && len <= WP_IMAGE_WINDOW);
    if (bytes->status != WP_OK || offset > bytes->size || len > bytes->size - offset)
        return NULL;
    if (bytes->whole)
        return bytes->whole + offset;
    if (!in_window(bytes, offset, len)) {
        uint64_t rest = bytes->size - offset;
        size_t want = rest < WP_IMAGE_WINDOW ? (size_t)rest : WP_IMAGE_WINDOW;
        bytes->window_len = 0;
        bytes->status = read_exactly(bytes, bytes->window, want, offset);
        if (bytes->status != WP_OK)
            return NULL;
        bytes->window_at = offset;
        bytes->window_len = want;
    }
    return bytes->window + (offset - bytes->window_at);
}

const uint8_t *wp_image_bytes_run(struct wp_image_bytes *bytes, uint64_t offset, size_t *len)
{
    const uint8_t *run = wp_image_bytes_at(bytes, offset, 1);
    if (!run)
        *len = 0;
    else if (bytes->whole)
        *len = (size_t)(bytes->size - offset);
    else
        *len = bytes->window_len - (size_t)(offset - bytes->window_at);
    return run;
}
