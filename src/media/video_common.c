#include "media/video_common.h"

#include <libavutil/error.h>
#include <libavutil/mathematics.h>

#include "base/text.h"
#include "media/video_decode.h"

#include "base/banned.h"

enum wp_tristate wp_tristate_of(bool value)
{
    return value ? WP_YES : WP_NO;
}

struct wp_rational wp_rational_reduced(int64_t num, int64_t den)
{
    int64_t divisor = av_gcd(num, den);
    if (divisor > 1)
        return (struct wp_rational){num / divisor, den / divisor};
    return (struct wp_rational){num, den};
}

void wp_video_unreadable(struct wp_video_facts *facts, const char *why)
{
    if (facts->unreadable[0] == '\0')
        wp_text_copy(facts->unreadable, sizeof facts->unreadable, why);
}

void wp_video_refuse(struct wp_video_facts *facts, const char *why)
{
    facts->decode = WP_DECODE_REFUSED;
    wp_text_copy(facts->decode_reason, sizeof facts->decode_reason, why);
}

void wp_video_set_end(struct wp_video_facts *facts, uint64_t end)
{
    facts->complete = wp_tristate_of(end <= facts->bytes);
    facts->has_missing_bytes = end > facts->bytes;
    if (facts->has_missing_bytes)
        facts->missing_bytes = end - facts->bytes;
}

void wp_video_explain_open(struct wp_video_facts *facts, const struct wp_demux *demux, const char *damage)
{
    if (wp_input_stopped(demux->in))
        return;
    if (demux->error == AVERROR(ENOMEM))
        wp_video_refuse(facts, "reading the header would need too much memory");
    else
        wp_video_unreadable(facts, damage);
}

enum wp_status wp_video_finish(struct wp_video_facts *facts, struct wp_demux *demux, enum wp_depth depth)
{
    if (facts->encrypted == WP_YES || facts->unreadable[0] || depth == WP_DEPTH_HEADER ||
        wp_input_stopped(demux->in))
        return WP_OK;
    return wp_video_decode(facts, demux, depth);
}
