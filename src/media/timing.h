/*
 * When the samples of a track are shown: from stts and ctts, or from the track runs of fragments, and then
 * through the edit list.
 */
#ifndef WP_MEDIA_TIMING_H
#define WP_MEDIA_TIMING_H

#include <stdbool.h>
#include <stdint.h>

#include "media/movie.h"

/** Presentation times in ticks of the track's time scale, before edits. */
struct wp_timing {
    uint64_t count;    /**< samples */
    int64_t first;     /**< the earliest presentation time; these four mean nothing if count is 0 */
    int64_t last;      /**< the latest */
    int64_t end;       /**< the latest presentation time with its duration */
    bool has_interval; /**< false for fewer than two samples, and where there are too many to sort */
    int64_t min_interval, max_interval;
    bool is_absurd; /**< a fragment is said to begin beyond all bounds: no time is known */
};

/** What the edit list makes of it. */
struct wp_presentation {
    struct wp_rational duration; /**< of what is shown, from the first frame on */
    struct wp_rational start;    /**< when the first frame is shown */
};

/** Reads the times of all samples of a track. WP_OK or WP_NOMEM. */
enum wp_status wp_timing_read(struct wp_timing *out, struct wp_input *in, const struct wp_movie *movie,
                              const struct wp_track *track);

/**
 * Applies the track's edit list (ISO/IEC 14496-12, 8.6.6) as players do. False if nothing of the track is
 * shown. timing->count > 0.
 */
bool wp_timing_present(struct wp_presentation *out, struct wp_input *in, const struct wp_timing *timing,
                       const struct wp_movie *movie, const struct wp_track *track);

/** Whether the intervals differ by more than rounding makes them: a tick, 2 percent or a rounded millisecond.
 */
bool wp_interval_varies(int64_t min, int64_t max, uint64_t ticks_per_second);

#endif
