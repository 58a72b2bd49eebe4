/* Measuring videos at each depth, and the verdict that follows. FFmpeg's own code is not instrumented. */
#include "fuzz/fuzz.h"
#include "probe/probe.h"
#include "unit/rules/good.h"

#include "base/banned.h"

enum {
    PIXELS = 1 << 18,      /* so many are decoded a frame */
    FULL_BYTES = 16 << 10, /* and so large files to the end */
};

static bool is_positive(struct wp_rational value)
{
    return value.num > 0 && value.den > 0;
}

static void check_times(const struct wp_video_facts *facts)
{
    MUST(!facts->has_duration || (facts->duration.den > 0 && facts->duration.num >= 0));
    MUST(!facts->has_container_duration ||
         (facts->container_duration.den > 0 && facts->container_duration.num >= 0));
    MUST(!facts->has_start_time || facts->start_time.den > 0);
    MUST(!facts->has_frame_rate || is_positive(facts->frame_rate));
    if (!facts->has_frame_interval)
        return;
    struct wp_rational least = facts->min_frame_interval, most = facts->max_frame_interval;
    MUST(least.den > 0 && most.den > 0);
    MUST((long double)least.num / (long double)least.den <= (long double)most.num / (long double)most.den);
}

static void check_size(const struct wp_video_facts *facts)
{
    MUST(!facts->has_rotation || (facts->rotation >= 0 && facts->rotation < 360));
    if (!facts->has_size)
        return;
    MUST(facts->coded_width > 0 && facts->coded_height > 0 && facts->width > 0 && facts->height > 0);
    MUST(facts->has_rotation && facts->has_sample_aspect_ratio && is_positive(facts->sample_aspect_ratio));
    bool turned = facts->rotation == 90 || facts->rotation == 270;
    uint32_t upright_width = turned ? facts->height : facts->width;
    MUST((turned ? facts->width : facts->height) == facts->coded_height);
    double exact = (double)facts->coded_width * (double)facts->sample_aspect_ratio.num /
                   (double)facts->sample_aspect_ratio.den;
    double apart = exact - upright_width;
    MUST(exact < 1 || exact > UINT32_MAX || (apart > -0.6 && apart < 0.6));
}

static void check_words(const struct wp_video_facts *facts, enum wp_depth depth)
{
    MUST_BE_CLEAN(facts->brand);
    MUST_BE_CLEAN(facts->unreadable);
    MUST_BE_CLEAN(facts->demuxer);
    MUST_BE_CLEAN(facts->codec);
    MUST_BE_CLEAN(facts->codec_tag);
    MUST_BE_CLEAN(facts->profile);
    MUST_BE_CLEAN(facts->pixel_format);
    MUST_BE_CLEAN(facts->color_transfer);
    MUST_BE_CLEAN(facts->decode_reason);
    bool failed = facts->decode != WP_DECODE_NOT_TRIED && facts->decode != WP_DECODE_OK;
    MUST(failed == (facts->decode_reason[0] != '\0'));
    MUST(!facts->unreadable[0] || facts->decode != WP_DECODE_OK);
    MUST(depth != WP_DEPTH_HEADER || facts->decode != WP_DECODE_OK);
    MUST(strlen(facts->sha256) == (depth == WP_DEPTH_FULL ? 64U : 0U));
}

static void check_frames(const struct wp_video_facts *facts, enum wp_depth depth)
{
    MUST(!facts->has_missing_bytes || (facts->missing_bytes > 0 && facts->complete == WP_NO));
    MUST(facts->decode != WP_DECODE_OK || !facts->has_decoded_frames || facts->decoded_frames > 0);
    MUST(!facts->has_decode_errors || depth == WP_DEPTH_FULL);
    MUST(!facts->has_bits || (facts->bits >= 1 && facts->bits <= 32));
}

/* A fact that is not known, or that is bad, is never accepted. */
static void check_verdict(const struct wp_video_facts *facts, enum wp_depth depth)
{
    struct pair pair;
    pair_init(&pair);
    pair.depth = depth;
    pair.video = *facts;
    pair_evaluate(&pair);
    if (wp_findings_count(&pair.findings, WP_LEVEL_ERROR) > 0)
        return;
    MUST(facts->has_size && facts->width >= 200 && facts->width <= 2048 && facts->height >= 200 &&
         facts->height <= 2048);
    MUST(facts->has_duration && facts->duration.den > 0);
    long double seconds = (long double)facts->duration.num / (long double)facts->duration.den;
    MUST(seconds > 1.99L && seconds < 30.1L);
    MUST(facts->complete == WP_YES && !facts->unreadable[0] && facts->encrypted == WP_NO);
    MUST(facts->has_stream_counts && facts->video_streams > 0);
    MUST(depth == WP_DEPTH_HEADER || facts->decode == WP_DECODE_OK || facts->decode == WP_DECODE_UNSUPPORTED);
    MUST(depth != WP_DEPTH_FULL || facts->decode != WP_DECODE_OK ||
         (facts->has_decode_errors && facts->decode_errors == 0));
    MUST(facts->format >= WP_FORMAT_MP4 && facts->format <= WP_FORMAT_AVI);
}

static struct wp_video_facts probe(const struct wp_reader *reader, enum wp_depth depth)
{
    struct wp_probe_options options = {.depth = depth, .deadline_ms = 5000};
    struct wp_video_facts facts;
    memset(&facts, 0xa5, sizeof facts);
    struct wp_error error;
    MUST(wp_probe_video(&facts, reader, &options, &error) == WP_OK);
    MUST(facts.has_bytes && facts.bytes == reader->size);
    check_times(&facts);
    check_size(&facts);
    check_words(&facts, depth);
    check_frames(&facts, depth);
    check_verdict(&facts, depth);
    return facts;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes bytes = {data, size};
    struct wp_reader reader = fuzz_reader(&bytes);
    struct wp_video_facts header = probe(&reader, WP_DEPTH_HEADER);
    if (!header.has_size || (uint64_t)header.coded_width * header.coded_height > PIXELS)
        return 0;
    struct wp_video_facts frame = probe(&reader, WP_DEPTH_FRAME);
    MUST(frame.format == header.format && strcmp(frame.brand, header.brand) == 0);
    if (size <= FULL_BYTES)
        (void)probe(&reader, WP_DEPTH_FULL);
    return 0;
}
