#include "media/timing.h"

#include <stddef.h>

#include <libavutil/mathematics.h>

#include "base/bytes.h"

#include "base/banned.h"

/* Bounds under which sums of lengths cannot overflow. */
#define MAX_LENGTH ((uint64_t)1 << 42)
#define MAX_EDITS  ((uint32_t)1 << 17)
/* A movie's time scale under this many ticks a second is too coarse to round an end to. */
#define MIN_SCALE ((uint32_t)100)

/* One row of elst (ISO/IEC 14496-12, 8.6.6). */
struct edit {
    uint64_t length;    /* in the movie's time scale */
    int64_t media_time; /* in the track's; -1: nothing is shown */
};

/* A sum of times in two scales: it stays exact as long as the file itself is. */
struct sum {
    int64_t track_ticks;
    int64_t movie_ticks;
};

static bool read_edit(struct edit *out, struct wp_input *in, const struct wp_box *elst, uint32_t index)
{
    const uint8_t *p = wp_box_peek(in, elst, 0, 1);
    if (!p)
        return false;
    bool wide = p[0] == 1;
    p = wp_box_peek(in, elst, 8 + (uint64_t)index * (wide ? 20 : 12), wide ? 20 : 12);
    if (!p)
        return false;
    out->length = wide ? wp_be64(p) : wp_be32(p);
    out->media_time = wide ? (int64_t)wp_be64(p + 8) : (int32_t)wp_be32(p + 4);
    return out->length < MAX_LENGTH && out->media_time < (int64_t)1 << 60 && out->media_time >= -1;
}

static struct wp_rational total_of(const struct sum *sum, uint32_t track_scale, uint32_t movie_scale)
{
    if (sum->movie_ticks == 0)
        return (struct wp_rational){sum->track_ticks, track_scale};
    if (sum->track_ticks == 0)
        return (struct wp_rational){sum->movie_ticks, movie_scale};
    int64_t a = 0;
    int64_t b = 0;
    int64_t num = 0;
    int64_t den = 0;
    if (!__builtin_mul_overflow(sum->track_ticks, (int64_t)movie_scale, &a) &&
        !__builtin_mul_overflow(sum->movie_ticks, (int64_t)track_scale, &b) &&
        !__builtin_add_overflow(a, b, &num) &&
        !__builtin_mul_overflow((int64_t)track_scale, (int64_t)movie_scale, &den))
        return (struct wp_rational){num, den};
    return (struct wp_rational){sum->track_ticks + av_rescale(sum->movie_ticks, track_scale, movie_scale),
                                track_scale};
}

/*
 * Adds what an edit shows of the media to sum. The edit's length is rounded to the movie's time scale, often
 * milliseconds: an end that is no more than a tick of it before the end of the media means that end.
 */
static bool show(struct sum *sum, const struct edit *edit, const struct wp_timing *timing,
                 uint32_t track_scale, uint32_t movie_scale)
{
    int64_t begin = edit->media_time > timing->first ? edit->media_time : timing->first;
    int64_t end = timing->end;
    /* A length of 0 is the rest of the media, however long it becomes (fragments). */
    int64_t length = av_rescale((int64_t)edit->length, track_scale, movie_scale);
    uint32_t tick = movie_scale < MIN_SCALE ? MIN_SCALE : movie_scale;
    int64_t slack = movie_scale % track_scale == 0 ? 0 : track_scale / tick + 1;
    bool whole = edit->length == 0 || length >= end - slack - edit->media_time;
    if (!whole)
        end = edit->media_time + length;
    if (end <= begin)
        return false;
    if (!whole && begin == edit->media_time)
        sum->movie_ticks += (int64_t)edit->length;
    else
        sum->track_ticks += end - begin;
    return true;
}

bool wp_timing_present(struct wp_presentation *out, struct wp_input *in, const struct wp_timing *timing,
                       const struct wp_movie *movie, const struct wp_track *track)
{
    uint32_t scale = track->timescale;
    const struct wp_box *elst = &track->elst;
    const uint8_t *p = elst->type ? wp_box_peek(in, elst, 0, 1) : NULL;
    uint32_t edits = p ? wp_box_table_count(in, elst, 0, p[0] == 1 ? 20 : 12) : 0;
    if (edits == 0 || movie->timescale == 0) {
        out->duration = (struct wp_rational){timing->end - timing->first, scale};
        out->start = (struct wp_rational){timing->first, scale};
        return timing->end > timing->first;
    }
    struct sum shown = {0};
    struct sum lead = {0};
    int64_t gap = 0; /* empty edits since the last one that showed something */
    bool any = false;
    for (uint32_t i = 0; i < edits && i < MAX_EDITS; i++) {
        struct edit edit;
        if (!read_edit(&edit, in, elst, i))
            break;
        if (edit.media_time < 0) {
            gap += (int64_t)edit.length;
        } else if (show(&shown, &edit, timing, scale, movie->timescale)) {
            if (!any) {
                lead.movie_ticks = gap;
                lead.track_ticks = edit.media_time < timing->first ? timing->first - edit.media_time : 0;
            } else {
                shown.movie_ticks += gap;
            }
            any = true;
            gap = 0;
        }
    }
    out->duration = total_of(&shown, scale, movie->timescale);
    out->start = total_of(&lead, scale, movie->timescale);
    return any;
}
