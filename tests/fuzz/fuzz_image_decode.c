/* The second opinions on all pictures: in the probe they are asked about doubtful ones alone. */
#include "fuzz/fuzz.h"
#include "media/image.h"
#include "media/jpeg_decode.h"
#include "media/stb_decode.h"
#include "probe/probe.h"

#include "base/banned.h"

/* So many pixels are decoded in this target. */
enum { PIXELS = 1 << 18 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes bytes = {data, size};
    struct wp_reader reader = fuzz_reader(&bytes);
    struct wp_probe_options options = {.depth = WP_DEPTH_HEADER};
    struct wp_image_facts facts;
    struct wp_error error;
    MUST(wp_probe_image(&facts, &reader, &options, &error) == WP_OK);
    if ((uint64_t)facts.coded_width * facts.coded_height > PIXELS)
        return 0;
    if (facts.unreadable[0])
        return 0;
    uint32_t width = facts.coded_width, height = facts.coded_height;
    uint8_t *picture = malloc(size ? size : 1);
    MUST(picture != NULL);
    if (size)
        memcpy(picture, data, size);
    size_t len = facts.format == WP_FORMAT_PNG ? wp_image_png_strip(picture, size) : size;
    bool by_stb = wp_stb_decodes(picture, len, width, height);
    bool by_libjpeg = wp_jpeg_decodes(picture, len, width, height);
    MUST(!by_stb || !by_libjpeg);
    MUST((!by_stb && !by_libjpeg) || (width > 0 && height > 0));
    MUST(!wp_stb_decodes(picture, len, width + 1, height) &&
         !wp_jpeg_decodes(picture, len, width, height + 1));
    free(picture);
    return 0;
}
