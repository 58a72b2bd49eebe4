/* Measuring images at each depth, and the verdict that follows. */
#include "fuzz/fuzz.h"
#include "probe/probe.h"
#include "unit/rules/good.h"

#include "base/banned.h"

/* So many pixels are decoded in this target: enough for every code path, and little enough to be fast. */
enum { PIXELS = 1 << 18 };

static void check_size(const struct wp_image_facts *facts)
{
    if (!facts->has_size)
        return;
    bool turned = facts->has_exif_orientation && facts->exif_orientation >= 5;
    MUST(facts->coded_width > 0 && facts->coded_height > 0);
    MUST(facts->width == (turned ? facts->coded_height : facts->coded_width));
    MUST(facts->height == (turned ? facts->coded_width : facts->coded_height));
}

static void check_completeness(const struct wp_image_facts *facts)
{
    MUST(!facts->has_missing_bytes || (facts->missing_bytes > 0 && facts->complete == WP_NO));
    MUST(facts->complete != WP_NO || facts->decode != WP_DECODE_OK);
}

static void check_words(const struct wp_image_facts *facts, enum wp_depth depth)
{
    MUST_BE_CLEAN(facts->unreadable);
    MUST_BE_CLEAN(facts->variant);
    MUST_BE_CLEAN(facts->decode_reason);
    bool failed = facts->decode != WP_DECODE_NOT_TRIED && facts->decode != WP_DECODE_OK;
    MUST(failed == (facts->decode_reason[0] != '\0'));
    MUST(!facts->unreadable[0] || (facts->decode != WP_DECODE_OK && !facts->has_size));
    MUST(depth != WP_DEPTH_HEADER || facts->decode != WP_DECODE_OK);
    MUST(strlen(facts->sha256) == (depth == WP_DEPTH_FULL ? 64U : 0U));
}

static void check_samples(const struct wp_image_facts *facts)
{
    MUST(!facts->has_exif_orientation || (facts->exif_orientation >= 1 && facts->exif_orientation <= 8));
    MUST(!facts->has_channels || (facts->channels >= 1 && facts->channels <= 4));
    MUST(!facts->has_bits || (facts->bits >= 1 && facts->bits <= 32));
    MUST(!facts->has_frame_count || facts->animated == WP_YES || facts->frame_count == 1);
    MUST(facts->transparent != WP_YES || facts->has_alpha == WP_YES);
}

/* A fact that is not known, or that is bad, is never accepted. */
static void check_verdict(const struct wp_image_facts *facts, enum wp_depth depth)
{
    struct pair pair;
    pair_init(&pair);
    pair.depth = depth;
    pair.image = *facts;
    pair_evaluate(&pair);
    if (wp_findings_count(&pair.findings, WP_LEVEL_ERROR) > 0)
        return;
    MUST(facts->has_size && facts->width >= 200 && facts->width <= 4096 && facts->height >= 200 &&
         facts->height <= 4096);
    MUST(!facts->unreadable[0] && facts->complete != WP_NO);
    MUST(depth == WP_DEPTH_HEADER || facts->decode == WP_DECODE_OK || facts->decode == WP_DECODE_UNSUPPORTED);
    MUST(facts->format >= WP_FORMAT_JPEG && facts->format <= WP_FORMAT_WEBP);
}

static struct wp_image_facts probe(const struct wp_reader *reader, enum wp_depth depth)
{
    struct wp_probe_options options = {.depth = depth, .deadline_ms = 5000};
    struct wp_image_facts facts;
    memset(&facts, 0xa5, sizeof facts);
    struct wp_error error;
    MUST(wp_probe_image(&facts, reader, &options, &error) == WP_OK);
    MUST(facts.has_bytes && facts.bytes == reader->size);
    check_size(&facts);
    check_completeness(&facts);
    check_words(&facts, depth);
    check_samples(&facts);
    check_verdict(&facts, depth);
    return facts;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes bytes = {data, size};
    struct wp_reader reader = fuzz_reader(&bytes);
    struct wp_image_facts header = probe(&reader, WP_DEPTH_HEADER);
    if (header.has_size && (uint64_t)header.coded_width * header.coded_height > PIXELS)
        return 0;
    /* The two deeper ones differ in a hash alone: one of them a file is enough. */
    struct wp_image_facts deep = probe(&reader, size % 2 ? WP_DEPTH_FRAME : WP_DEPTH_FULL);
    MUST(deep.format == header.format);
    if (deep.has_size && header.has_size) {
        MUST(deep.coded_width == header.coded_width && deep.coded_height == header.coded_height);
        MUST(deep.channels == header.channels && deep.bits == header.bits);
    }
    return 0;
}
