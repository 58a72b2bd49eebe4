#include "media/video.h"

#include <libavutil/mathematics.h>

#include "base/text.h"
#include "media/demux.h"
#include "media/movie.h"
#include "media/timing.h"
#include "media/video_common.h"
#include "media/video_stream.h"

#include "base/banned.h"

/* What the demuxer may read before the first packet. */
#define MAX_HEADER ((uint64_t)64 << 20)

/*
 * The mean frame rate, from the first to the last presentation time if that will do: the last frame's own
 * duration is not always well kept. Times that were rounded to a coarse scale mean the whole or NTSC rate
 * that they are the rounding of.
 */
static void set_frame_rate(struct wp_video_facts *facts, const struct wp_timing *timing, uint32_t scale)
{
    int64_t span = timing->last - timing->first;
    int64_t rest = timing->end - timing->last;
    /* Where intervals differ, the mean needs them all; and a single frame has no other. */
    bool whole_span = timing->count == 1 || (facts->variable_frame_rate == WP_YES &&
                                             rest >= timing->min_interval && rest <= timing->max_interval);
    uint64_t frames = whole_span ? timing->count : timing->count - 1;
    span += whole_span ? rest : 0;
    if (frames == 0 || span <= 0 || frames > (uint64_t)INT64_MAX / scale)
        return;
    int64_t intervals = (int64_t)frames;
    facts->has_frame_rate = true;
    facts->frame_rate = wp_rational_reduced(intervals * (int64_t)scale, span);
    if (facts->variable_frame_rate != WP_NO || facts->frame_rate.den == 1)
        return;
    int64_t whole = (intervals * (int64_t)scale + span / 2) / span;
    const struct wp_rational candidates[] = {{whole, 1}, {whole * 1000, 1001}};
    for (int i = 0; i < 2 && whole > 0; i++) {
        /* Is intervals / rate within a tick of span? */
        int64_t ideal = av_rescale(intervals, (int64_t)scale * candidates[i].den, candidates[i].num);
        if (ideal >= span - 1 && ideal <= span + 1) {
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
            wp_tristate_of(wp_interval_varies(timing->min_interval, timing->max_interval, scale));
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
    if (timing.is_absurd)
        return WP_OK;
    struct wp_presentation shown;
    bool is_shown = timing.count > 0 && wp_timing_present(&shown, in, &timing, movie, track);
    if (is_shown) {
        facts->has_duration = facts->has_start_time = true;
        facts->duration = wp_rational_reduced(shown.duration.num, shown.duration.den);
        facts->start_time = wp_rational_reduced(shown.start.num, shown.start.den);
        set_intervals(facts, &timing, track->timescale);
    } else if (timing.end > timing.first) {
        wp_video_unreadable(facts, "its edit list shows no part of the video stream");
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
        wp_video_refuse(facts, "the sample index or the list of metadata is too large to be read safely");
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
        wp_video_unreadable(facts, "the file is cut off in its movie header (moov)");
    else
        wp_video_unreadable(facts,
                            "the movie header (moov) is missing: the file is cut off, or the recording was "
                            "never finished");
}

/* Where the index does not tell where the file's pictures end. */
static void forget_end(struct wp_video_facts *facts)
{
    facts->complete = WP_UNKNOWN;
    facts->has_missing_bytes = false;
}

static enum wp_status measure_open_movie(struct wp_video_facts *facts, struct wp_demux *demux,
                                         const struct wp_movie *movie, enum wp_depth depth)
{
    wp_demux_count(demux, facts);
    uint64_t index_end = wp_demux_index_end(demux, 0);
    bool by_boxes = movie->fragmented && movie->claimed_end > index_end;
    wp_video_set_end(facts, by_boxes ? movie->claimed_end : index_end);
    if (movie->names_movies && movie->track_count == 0) {
        forget_end(facts);
        facts->has_stream_counts = false;
        wp_video_unreadable(facts,
                            "it is a QuickTime reference movie, which holds the names of other files only");
    }
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
    if (track && track->samples > 0 && avformat_index_get_entries_count(demux->video) == 0)
        forget_end(facts); /* the demuxer found its samples impossible */
    if (track && track->is_outside) {
        forget_end(facts);
        wp_video_unreadable(facts, "its pictures are in another file, which it only names");
    }
    enum wp_status status = track ? time_track(facts, demux->in, movie, track) : WP_OK;
    if (status != WP_OK)
        return status;
    if (facts->has_frame_count && facts->frame_count == 0)
        wp_video_unreadable(facts, "the video stream holds no frames");
    return wp_video_finish(facts, demux, depth);
}

enum wp_status wp_video_measure_movie(struct wp_video_facts *facts, struct wp_input *in, enum wp_depth depth)
{
    struct wp_demux demux = {0};
    struct wp_movie movie;
    wp_movie_read(&movie, in);
    if (wp_input_stopped(in))
        return WP_OK;
    facts->has_moov = wp_tristate_of(movie.has_moov);
    if (!movie.has_moov) {
        explain_missing_moov(facts, &movie);
        return WP_OK;
    }
    facts->fragmented = wp_tristate_of(movie.fragmented);
    facts->encrypted = wp_tristate_of(movie.encrypted);
    facts->has_container_duration = movie.has_duration;
    if (movie.has_duration)
        facts->container_duration = wp_rational_reduced(movie.duration.num, movie.duration.den);
    if (movie.moov_packed) {
        facts->decode = WP_DECODE_UNSUPPORTED;
        wp_text_copy(facts->decode_reason, sizeof facts->decode_reason, "the movie header is compressed");
        return WP_OK;
    }
    if (movie.index_entries > WP_MAX_INDEX_ENTRIES || movie.metadata_items > WP_MAX_METADATA_ITEMS)
        return measure_oversized(facts, in, &movie);
    wp_text_copy(facts->demuxer, sizeof facts->demuxer, "mov");
    enum wp_status status = wp_demux_open(&demux, in, "mov", MAX_HEADER);
    if (status == WP_OK && demux.format)
        status = measure_open_movie(facts, &demux, &movie, depth);
    else if (status == WP_OK)
        wp_video_explain_open(facts, &demux,
                              movie.fragmented
                                  ? "the movie header (moov) or that of a fragment (moof) is damaged"
                                  : "the movie header (moov) is damaged");
    wp_demux_close(&demux);
    return status;
}
