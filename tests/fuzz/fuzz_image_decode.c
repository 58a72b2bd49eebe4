/* Every decoder on every picture, and stb_image's second opinion: in the probe each sees its own format
 * alone. */
#include "fuzz/fuzz.h"
#include "media/decoders.h"
#include "media/image.h"
#include "media/stb_decode.h"
#include "probe/probe.h"

#include "base/banned.h"

/* So many pixels are decoded in this target. */
enum { PIXELS = 1 << 18 };

/* Reads all of a line, and counts. */
static void take(void *user, const struct wp_line *line)
{
    uint32_t *seen = user;
    uint8_t sum = 0;
    MUST(line->y < line->height && line->channels >= 1 && line->channels <= 4);
    MUST(line->bytes == 1 || line->bytes == 2);
    for (size_t i = 0; i < (size_t)line->width * line->channels * line->bytes; i++)
        sum ^= line->samples[i];
    *(volatile uint8_t *)&sum = sum;
    ++*seen;
}

typedef enum wp_decoded decode_fn(const struct wp_lines *lines, const uint8_t *bytes, size_t len);

/* Whether anybody looks makes no difference to what is damaged, and what is whole has all its lines. */
static void decode(decode_fn *fn, struct wp_lines lines, const uint8_t *bytes, size_t len)
{
    uint32_t seen = 0;
    enum wp_decoded blind = fn(&lines, bytes, len);
    lines.take = take;
    lines.user = &seen;
    enum wp_decoded looked = fn(&lines, bytes, len);
    MUST(blind == looked);
    MUST(looked != WP_DECODED || seen == lines.height);
    seen = 0;
    lines.shrink = 2;
    MUST(fn(&lines, bytes, len) == looked && seen <= lines.height);
    lines.width++;
    MUST(fn(&lines, bytes, len) != WP_DECODED);
}

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
    if (facts.unreadable[0] || !facts.has_size)
        return 0;
    struct wp_lines lines = {.width = facts.coded_width, .height = facts.coded_height};
    uint8_t *picture = malloc(size ? size : 1);
    MUST(picture != NULL);
    if (size)
        memcpy(picture, data, size);
    size_t len = facts.format == WP_FORMAT_PNG ? wp_image_png_strip(picture, size) : size;
    decode(wp_jpeg_decode, lines, picture, len);
    decode(wp_png_decode, lines, picture, len);
    decode(wp_webp_decode, lines, picture, len);
    decode(wp_bmp_decode, lines, picture, len);
    MUST(!wp_stb_decodes(picture, len, lines.width + 1, lines.height));
    (void)wp_stb_decodes(picture, len, lines.width, lines.height);
    free(picture);
    return 0;
}
