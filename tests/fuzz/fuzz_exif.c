/* The orientation in an EXIF block, at any place of a file, read from memory and through a window. */
#include "fuzz/fuzz.h"
#include "media/exif.h"

#include "base/banned.h"

static uint8_t orientation(const struct wp_reader *reader, uint64_t offset, uint64_t len, bool loaded)
{
    struct wp_image_bytes bytes;
    struct wp_error error;
    wp_image_bytes_open(&bytes, reader, &error);
    if (loaded)
        MUST(wp_image_bytes_load(&bytes) == WP_OK);
    uint8_t found = wp_exif_orientation(&bytes, offset, len);
    MUST(bytes.status == WP_OK);
    MUST(found <= 8);
    wp_image_bytes_close(&bytes);
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes bytes = {data, size};
    struct wp_reader reader = fuzz_reader(&bytes);
    uint8_t found = orientation(&reader, 0, size, true);
    MUST(orientation(&reader, 0, size, false) == found);
    /* The same block within a longer file, and one that claims more than is there. */
    (void)orientation(&reader, 0, size / 2, false);
    (void)orientation(&reader, size / 2, size - size / 2, false);
    (void)orientation(&reader, size / 2, UINT64_MAX, false);
    (void)orientation(&reader, 0, UINT64_MAX, true);
    (void)orientation(&reader, UINT64_MAX, UINT64_MAX, false);
    return 0;
}
