#include "probe/probe.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/sha256.h"
#include "base/text.h"
#include "media/log_bridge.h"
#include "media/sniff.h"
#include "media/video.h"

#include "base/banned.h"

static bool is_movie(enum wp_format format)
{
    return format == WP_FORMAT_MP4 || format == WP_FORMAT_M4V || format == WP_FORMAT_3GP ||
           format == WP_FORMAT_MOV;
}

static enum wp_status measure(struct wp_video_facts *facts, struct wp_input *in, enum wp_depth depth)
{
    uint8_t head[WP_SNIFF_BYTES];
    size_t len = wp_input_read(in, head, sizeof head, 0);
    if (in->status != WP_OK)
        return in->status;
    facts->format = wp_sniff(head, len, facts->brand);
    if (facts->format == WP_FORMAT_EMPTY)
        wp_text_copy(facts->unreadable, sizeof facts->unreadable, "the file is empty");
    if (is_movie(facts->format))
        return wp_video_measure_movie(facts, in, depth);
    if (facts->format == WP_FORMAT_AVI)
        return wp_video_measure_avi(facts, in, depth);
    return WP_OK;
}

/* What was measured up to a stop may be wrong: nothing is known. */
static void forget(struct wp_video_facts *facts, const char *why)
{
    struct wp_video_facts rest = {.format = facts->format, .has_bytes = true, .bytes = facts->bytes};
    wp_text_copy(rest.brand, sizeof rest.brand, facts->brand);
    rest.decode = WP_DECODE_REFUSED;
    wp_text_copy(rest.decode_reason, sizeof rest.decode_reason, why);
    *facts = rest;
}

static enum wp_status probe(struct wp_video_facts *facts, struct wp_input *in,
                            const struct wp_probe_options *options)
{
    wp_media_log_begin(options->log);
    enum wp_status status = measure(facts, in, options->depth);
    wp_media_log_end();
    if (in->status != WP_OK)
        return in->status;
    if (status != WP_OK)
        return wp_fail_nomem(in->error, "probe");
    if ((in->timed_out || in->spent) && facts->decode == WP_DECODE_NOT_TRIED)
        forget(facts, in->timed_out ? "measuring took too long and was stopped"
                                    : "the header is too large to be read safely");
    return WP_OK;
}

/* The hash takes what is decoded as it comes by, and reads what that leaves out. */
static enum wp_status probe_and_hash(struct wp_video_facts *facts, struct wp_input *in,
                                     const struct wp_probe_options *options)
{
    struct wp_hashing hashing;
    wp_sha256_hex hex = "";
    enum wp_status status = wp_hashing_begin(&hashing, in->reader, in->error);
    in->hashing = &hashing;
    if (status == WP_OK)
        status = probe(facts, in, options);
    enum wp_status ended = wp_hashing_end(&hashing, status == WP_OK ? hex : NULL, in->error);
    in->hashing = NULL;
    memcpy(facts->sha256, hex, sizeof hex);
    return status == WP_OK ? ended : status;
}

enum wp_status wp_probe_video(struct wp_video_facts *facts, const struct wp_reader *reader,
                              const struct wp_probe_options *options, struct wp_error *error)
{
    int64_t deadline_ms = options->deadline_ms > 0 ? options->deadline_ms : WP_PROBE_DEADLINE_MS;
    struct wp_input in;
    wp_input_init(&in, reader, wp_clock_now_us() + deadline_ms * 1000, error);
    memset(facts, 0, sizeof *facts);
    facts->has_bytes = true;
    facts->bytes = reader->size;
    return options->hash || options->depth == WP_DEPTH_FULL ? probe_and_hash(facts, &in, options)
                                                            : probe(facts, &in, options);
}
