#include "media/video.h"

#include <inttypes.h>

#include <libavutil/mathematics.h>

#include "base/text.h"
#include "media/demux.h"
#include "media/movie.h"
#include "media/riff.h"
#include "media/timing.h"
#include "media/video_decode.h"
#include "media/video_stream.h"

#include "base/banned.h"

/*
 * A demuxer holds up to 70 bytes for each sample of the index. This many are 2 hours at 60 frames a second,
 * within the bound on memory that a hostile file may cost.
 */
#define MAX_INDEX_ENTRIES ((uint64_t)1 << 19)
/* What a demuxer may read before the first packet. An AVI index costs 3 times its bytes in memory. */
#define MAX_MOVIE_HEADER ((uint64_t)64 << 20)
#define MAX_AVI_HEADER   ((uint64_t)12 << 20)

static void set_unreadable(struct wp_video_facts *facts, const char *why)
{
    if (facts->unreadable[0] == '\0')
        wp_text_copy(facts->unreadable, sizeof facts->unreadable, why);
}

static void refuse(struct wp_video_facts *facts, const char *why)
{
    facts->decode = WP_DECODE_REFUSED;
    wp_text_copy(facts->decode_reason, sizeof facts->decode_reason, why);
}

static enum wp_tristate tristate(bool value)
{
    return value ? WP_YES : WP_NO;
}

static void set_end(struct wp_video_facts *facts, uint64_t end)
{
    facts->complete = tristate(end <= facts->bytes);
    facts->has_missing_bytes = end > facts->bytes;
    if (facts->has_missing_bytes)
        facts->missing_bytes = end - facts->bytes;
}

static struct wp_rational reduced(int64_t num, int64_t den)
{
    int64_t divisor = av_gcd(num, den);
    if (divisor > 1)
        return (struct wp_rational){num / divisor, den / divisor};
    return (struct wp_rational){num, den};
}

/*
 * The mean frame rate, from the first to the last presentation time: the last frame's own duration is not
 * always well kept. Times that were rounded to a coarse scale mean the whole or NTSC rate that they are the
 * rounding of.
 */
static void set_frame_rate(struct wp_video_facts *facts, const struct wp_timing *timing, uint32_t scale)
{
    int64_t span = timing->last - timing->first;
    if (timing->count < 2 || span <= 0 || timing->count - 1 > (uint64_t)INT64_MAX / scale)
        return;
    int64_t intervals = (int64_t)timing->count - 1;
    facts->has_frame_rate = true;
    facts->frame_rate = reduced(intervals * (int64_t)scale, span);
    if (facts->variable_frame_rate != WP_NO || facts->frame_rate.den == 1)
        return;
    int64_t whole = (intervals * (int64_t)scale + span / 2) / span;
    const struct wp_rational candidates[] = {{whole, 1}, {whole * 1000, 1001}};
    for (int i = 0; i < 2; i++) {
        /* Is intervals / rate within a tick of span? */
        int64_t ideal = av_rescale(intervals, (int64_t)scale * candidates[i].den, candidates[i].num);
        if (candidates[i].num > 0 && ideal - span <= 1 && span - ideal <= 1) {
            facts->frame_rate = candidates[i];
            return;
        }
    }
}

static void set_intervals(struct wp_video_facts *facts, const struct wp_timing *timing, uint32_t scale)
{
    if (timing->has_interval) {
        facts->has_frame_interval = true;
        facts->min_frame_interval = (struct wp_rational){timing->min_interval, scale};
        facts->max_frame_interval = (struct wp_rational){timing->max_interval, scale};
        facts->variable_frame_rate =
            tristate(wp_interval_varies(timing->min_interval, timing->max_interval, scale));
    }
    set_frame_rate(facts, timing, scale);
}

/* What the movie's own tables say of a track. WP_OK or WP_NOMEM. */
static enum wp_status time_track(struct wp_video_facts *facts, struct wp_input *in,
                                 const struct wp_movie *movie, const struct wp_track *track)
{
    struct wp_timing timing;
    if (track->timescale == 0 || track->timescale > INT32_MAX)
        return WP_OK;
    enum wp_status status = wp_timing_read(&timing, in, movie, track);
    if (status != WP_OK)
        return status;
    facts->has_frame_count = true;
    facts->frame_count = timing.count;
    struct wp_presentation shown;
    if (timing.count > 0 && wp_timing_present(&shown, in, &timing, movie, track)) {
        facts->has_duration = facts->has_start_time = true;
        facts->duration = reduced(shown.duration.num, shown.duration.den);
        facts->start_time = reduced(shown.start.num, shown.start.den);
        set_intervals(facts, &timing, track->timescale);
    }
    return WP_OK;
}

/* A movie that no demuxer is asked to read. WP_OK or WP_NOMEM. */
static enum wp_status measure_oversized(struct wp_video_facts *facts, struct wp_input *in,
                                        const struct wp_movie *movie)
{
    enum wp_status status = WP_OK;
    for (uint32_t i = 0; i < movie->track_count && !facts->has_frame_count && status == WP_OK; i++) {
        if (movie->tracks[i].handler == WP_FOURCC('v', 'i', 'd', 'e'))
            status = time_track(facts, in, movie, &movie->tracks[i]);
    }
    if (!wp_input_stopped(in))
        refuse(facts, "the sample index is too large to be read safely");
    return status;
}

static void explain_missing_moov(struct wp_video_facts *facts, const struct wp_movie *movie)
{
    facts->complete = WP_NO;
    if (movie->claimed_end > facts->bytes) {
        facts->has_missing_bytes = true;
        facts->missing_bytes = movie->claimed_end - facts->bytes;
    }
    if (movie->moov_cut)
        set_unreadable(facts, "the file is cut off in its movie header (moov)");
    else
        set_unreadable(facts, "the movie header (moov) is missing: the file is cut off, or the recording was "
                              "never finished");
}

static void explain_failed_open(struct wp_video_facts *facts, const struct wp_demux *demux,
                                const char *damage)
{
    if (wp_input_stopped(demux->in))
        return;
    if (demux->error == AVERROR(ENOMEM))
        refuse(facts, "reading the header would need too much memory");
    else
        set_unreadable(facts, damage);
}

/* The part that movies and AVI share, once a demuxer is open. WP_OK or WP_NOMEM. */
static enum wp_status measure_stream(struct wp_video_facts *facts, struct wp_demux *demux,
                                     enum wp_depth depth)
{
    if (facts->encrypted == WP_YES || facts->unreadable[0] || depth == WP_DEPTH_HEADER ||
        wp_input_stopped(demux->in))
        return WP_OK;
    return wp_video_decode(facts, demux, depth);
}

static enum wp_status measure_open_movie(struct wp_video_facts *facts, struct wp_demux *demux,
                                         const struct wp_movie *movie, enum wp_depth depth)
{
    wp_demux_count(demux, facts);
    uint64_t index_end = wp_demux_index_end(demux, 0);
    bool by_boxes = movie->fragmented && movie->claimed_end > index_end;
    set_end(facts, by_boxes ? movie->claimed_end : index_end);
    if (!demux->video)
        return WP_OK;
    const struct wp_track *track = wp_movie_track(movie, demux->video->id);
    AVCodecParameters *parameters = demux->video->codecpar;
    if (track && parameters->width == 0 && parameters->height == 0) {
        /* The demuxer leaves the size of MPEG-4 and H.263 to the decoder. */
        parameters->width = track->width;
        parameters->height = track->height;
    }
    wp_stream_describe(facts, demux->video);
    enum wp_status status = track ? time_track(facts, demux->in, movie, track) : WP_OK;
    if (status != WP_OK)
        return status;
    if (facts->has_frame_count && facts->frame_count == 0)
        set_unreadable(facts, "the video stream holds no frames");
    return measure_stream(facts, demux, depth);
}

enum wp_status wp_video_measure_movie(struct wp_video_facts *facts, struct wp_input *in, enum wp_depth depth)
{
    struct wp_demux demux = {0};
    struct wp_movie movie;
    wp_movie_read(&movie, in);
    if (wp_input_stopped(in))
        return WP_OK;
    facts->has_moov = tristate(movie.has_moov);
    if (!movie.has_moov) {
        explain_missing_moov(facts, &movie);
        return WP_OK;
    }
    facts->fragmented = tristate(movie.fragmented);
    facts->encrypted = tristate(movie.encrypted);
    facts->has_container_duration = movie.has_duration;
    if (movie.has_duration)
        facts->container_duration = reduced(movie.duration.num, movie.duration.den);
    if (movie.moov_packed) {
        facts->decode = WP_DECODE_UNSUPPORTED;
        wp_text_copy(facts->decode_reason, sizeof facts->decode_reason, "the movie header is compressed");
        return WP_OK;
    }
    if (movie.index_entries > MAX_INDEX_ENTRIES)
        return measure_oversized(facts, in, &movie);
    wp_text_copy(facts->demuxer, sizeof facts->demuxer, "mov");
    enum wp_status status = wp_demux_open(&demux, in, "mov", MAX_MOVIE_HEADER);
    if (status == WP_OK && demux.format)
        status = measure_open_movie(facts, &demux, &movie, depth);
    else if (status == WP_OK)
        explain_failed_open(facts, &demux, "the movie header (moov) is damaged");
    wp_demux_close(&demux);
    return status;
}

/* The times of the index entries, in frames. An entry that is not there is a frame that is shown on. */
static struct wp_timing read_avi_index(AVStream *stream)
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
    return timing;
}

/* Durations are those of the frames that are there: the header's own word is not always kept. */
static void time_avi(struct wp_video_facts *facts, struct wp_input *in, AVStream *stream)
{
    int64_t num = stream->time_base.num;
    int64_t den = stream->time_base.den;
    struct wp_timing timing = read_avi_index(stream);
    if (timing.count == 0) {
        timing.count = wp_riff_count_frames(in, (unsigned)stream->index);
        timing.end = (int64_t)timing.count;
    }
    facts->has_frame_count = true;
    facts->frame_count = timing.count;
    int64_t length = timing.end - timing.first;
    if (num <= 0 || den <= 0 || length <= 0 || timing.first < 0 || timing.end > INT32_MAX)
        return;
    facts->has_duration = facts->has_start_time = facts->has_frame_rate = true;
    facts->duration = reduced(length * num, den);
    facts->start_time = reduced(timing.first * num, den);
    facts->frame_rate = reduced(den, num);
    if (!timing.has_interval)
        return;
    facts->has_frame_interval = true;
    facts->min_frame_interval = reduced(timing.min_interval * num, den);
    facts->max_frame_interval = reduced(timing.max_interval * num, den);
    facts->variable_frame_rate = tristate(timing.max_interval > timing.min_interval);
}

static enum wp_status measure_open_avi(struct wp_video_facts *facts, struct wp_demux *demux,
                                       const struct wp_riff *riff, enum wp_depth depth)
{
    wp_demux_count(demux, facts);
    /* An index entry is at the chunk's 8-byte header. */
    uint64_t end = wp_demux_index_end(demux, 8);
    set_end(facts, riff->claimed_end > end ? riff->claimed_end : end);
    if (riff->unfinished)
        facts->complete = WP_NO;
    if (!demux->video)
        return WP_OK;
    wp_stream_describe(facts, demux->video);
    time_avi(facts, demux->in, demux->video);
    if (facts->frame_count == 0)
        set_unreadable(facts, "the video stream holds no frames");
    return measure_stream(facts, demux, depth);
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
        facts->container_duration = reduced(riff.duration.num, riff.duration.den);
    if (riff.index_entries > MAX_INDEX_ENTRIES) {
        refuse(facts, "the index is too large to be read safely");
        return WP_OK;
    }
    wp_text_copy(facts->demuxer, sizeof facts->demuxer, "avi");
    enum wp_status status = wp_demux_open(&demux, in, "avi", MAX_AVI_HEADER);
    if (status == WP_OK && demux.format)
        status = measure_open_avi(facts, &demux, &riff, depth);
    else if (status == WP_OK)
        explain_failed_open(facts, &demux, "the AVI header is damaged");
    wp_demux_close(&demux);
    return status;
}
