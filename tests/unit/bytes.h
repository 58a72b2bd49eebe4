/* Readers for tests: over a file that is read into memory, or over any bytes. */
#ifndef TEST_BYTES_H
#define TEST_BYTES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/reader.h"

struct bytes {
    uint8_t *data;
    size_t len;
    uint64_t reads;      /* calls of read_at */
    uint64_t total;      /* bytes that were read */
    uint64_t fail_after; /* 0: never; else reads fail from that one on */
};

static inline enum wp_status bytes_read_at(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                                           struct wp_error *error)
{
    (void)error;
    struct bytes *bytes = user;
    bytes->reads++;
    *got = 0;
    if (bytes->fail_after && bytes->reads >= bytes->fail_after)
        return WP_INPUT;
    if (offset < bytes->len) {
        *got = len < bytes->len - offset ? len : bytes->len - (size_t)offset;
        memcpy(out, bytes->data + offset, *got);
    }
    bytes->total += *got;
    return WP_OK;
}

static inline struct wp_reader bytes_reader(struct bytes *bytes)
{
    return (struct wp_reader){.size = bytes->len, .read_at = bytes_read_at, .user = bytes};
}

/* Zeroed bytes; freed with free(bytes.data). */
static inline struct bytes bytes_of_size(size_t len)
{
    struct bytes bytes = {.data = calloc(1, len > 0 ? len : 1), .len = len};
    if (!bytes.data)
        abort();
    return bytes;
}

/* Reads fixtures/NAME, which must be there; freed with free(bytes.data). */
static inline struct bytes bytes_of_fixture(const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", WP_FIXTURES, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "no fixture %s\n", path);
        abort();
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    struct bytes bytes = bytes_of_size(size > 0 ? (size_t)size : 0);
    bytes.len = fread(bytes.data, 1, bytes.len, file);
    fclose(file);
    return bytes;
}

#endif
