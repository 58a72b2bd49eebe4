#include "media/video.h"

#include "base/text.h"
#include "media/demux.h"
#include "media/riff.h"
#include "media/timing.h"
#include "media/video_common.h"
#include "media/video_stream.h"

#include "base/banned.h"

/* What the demuxer may read before the first packet: an index costs 3 times its bytes in memory. */
#define MAX_HEADER ((uint64_t)12 << 20)

/*
 * The times of the index entries, in frames. An entry that is not there is a frame that is shown on; at the
 * end only the file's own index tells of those.
 */
static struct wp_timing read_avi_index(struct wp_input *in, const struct wp_riff *riff, AVStream *stream)
{
    struct wp_timing timing = {.min_interval = INT64_MAX};
    int count = avformat_index_get_entries_count(stream);
    for (int i = 0; i < count; i++) {
        int64_t at = avformat_index_get_entry(stream, i)->timestamp;
        int64_t interval = at - timing.last;
        if (i == 0)
            timing.first = at;
        if (i > 0 && interval < timing.min_interval)
            timing.min_interval = interval;
        if (i > 0 && interval > timing.max_interval)
            timing.max_interval = interval;
        timing.last = at;
    }
    timing.count = (uint64_t)count;
    timing.end = timing.last + 1;
    timing.has_interval = count > 1;
    if (count == 0)
        return timing;
    struct wp_riff_frames frames;
    wp_riff_count_indexed(&frames, in, riff, (unsigned)stream->index);
    int64_t held = timing.first - (int64_t)frames.first + (int64_t)frames.chunks - timing.end;
    if (held > 0 && frames.frames == timing.count)
        timing.end += held;
    return timing;
}

/* The same without an index, and without the time of each frame. */
static struct wp_timing count_avi_frames(struct wp_input *in, AVStream *stream)
{
    struct wp_riff_frames frames;
    wp_riff_count_frames(&frames, in, (unsigned)stream->index);
    return (struct wp_timing){
        .count = frames.frames, .first = (int64_t)frames.first, .end = (int64_t)frames.chunks};
}

/* Durations are those of the frames that are there: the header's own word is not always kept. */
static void time_avi(struct wp_video_facts *facts, struct wp_input *in, const struct wp_riff *riff,
                     AVStream *stream)
{
    int64_t num = stream->time_base.num;
    int64_t den = stream->time_base.den;
    struct wp_timing timing = read_avi_index(in, riff, stream);
    if (timing.count == 0)
        timing = count_avi_frames(in, stream);
    facts->has_frame_count = true;
    facts->frame_count = timing.count;
    int64_t length = timing.end - timing.first;
    if (num <= 0 || den <= 0 || length <= 0 || timing.first < 0 || timing.end > INT32_MAX)
        return;
    facts->has_duration = facts->has_start_time = facts->has_frame_rate = true;
    facts->duration = wp_rational_reduced(length * num, den);
    facts->start_time = wp_rational_reduced(timing.first * num, den);
    facts->frame_rate = wp_rational_reduced(den, num);
    if (timing.has_interval) {
        facts->has_frame_interval = true;
        facts->min_frame_interval = wp_rational_reduced(timing.min_interval * num, den);
        facts->max_frame_interval = wp_rational_reduced(timing.max_interval * num, den);
    }
    /* A frame that is held once in a while, as muxers do to keep step with the sound, is no variable rate. */
    int64_t held = length - (int64_t)timing.count;
    facts->variable_frame_rate = wp_tristate_of(held > (int64_t)timing.count / 50);
    if (facts->variable_frame_rate == WP_YES)
        facts->frame_rate = wp_rational_reduced((int64_t)timing.count * den, length * num);
}

static enum wp_status measure_open_avi(struct wp_video_facts *facts, struct wp_demux *demux,
                                       const struct wp_riff *riff, enum wp_depth depth)
{
    wp_demux_count(demux, facts);
    /* An index entry is at the chunk's 8-byte header. */
    uint64_t end = wp_demux_index_end(demux, 8);
    wp_video_set_end(facts, riff->claimed_end > end ? riff->claimed_end : end);
    if (riff->unfinished)
        facts->complete = WP_NO;
    if (!demux->video)
        return WP_OK;
    wp_stream_describe(facts, demux->video);
    time_avi(facts, demux->in, riff, demux->video);
    if (facts->frame_count == 0)
        wp_video_unreadable(facts, "the video stream holds no frames");
    return wp_video_finish(facts, demux, depth);
}

enum wp_status wp_video_measure_avi(struct wp_video_facts *facts, struct wp_input *in, enum wp_depth depth)
{
    struct wp_demux demux = {0};
    struct wp_riff riff;
    wp_riff_read(&riff, in);
    if (wp_input_stopped(in))
        return WP_OK;
    facts->encrypted = WP_NO;
    facts->has_container_duration = riff.has_duration;
    if (riff.has_duration)
        facts->container_duration = wp_rational_reduced(riff.duration.num, riff.duration.den);
    if (!riff.has_header || !riff.has_movi) {
        facts->complete = WP_NO;
        wp_video_unreadable(facts, riff.has_header ? "the file is cut off before its first frame"
                                                   : "the AVI header is missing or damaged");
        return WP_OK;
    }
    if (riff.index_entries > WP_MAX_INDEX_ENTRIES || riff.metadata_items > WP_MAX_METADATA_ITEMS) {
        wp_video_refuse(facts, "the index or the list of metadata is too large to be read safely");
        return WP_OK;
    }
    wp_text_copy(facts->demuxer, sizeof facts->demuxer, "avi");
    enum wp_status status = wp_demux_open(&demux, in, "avi", MAX_HEADER);
    if (status == WP_OK && demux.format)
        status = measure_open_avi(facts, &demux, &riff, depth);
    else if (status == WP_OK)
        wp_video_explain_open(facts, &demux, "the AVI header is damaged");
    wp_demux_close(&demux);
    return status;
}
