/* The structure of an AVI file: RIFF chunks, as the "AVI RIFF File Reference" and OpenDML 1.02 describe them.
 */
#ifndef WP_MEDIA_RIFF_H
#define WP_MEDIA_RIFF_H

#include <stdbool.h>
#include <stdint.h>

#include "media/input.h"
#include "wanprep/facts.h"

struct wp_riff {
    bool has_header; /**< avih was found */
    bool has_movi;
    bool unfinished;         /**< the outermost size was never filled in */
    uint64_t claimed_end;    /**< the largest end that a RIFF or movi list claims */
    uint64_t index_entries;  /**< of idx1 */
    uint64_t index_at;       /**< where they begin */
    uint32_t metadata_items; /**< in INFO lists; a demuxer's time grows with their square */
    bool has_duration;
    struct wp_rational duration; /**< of the longest stream (strh), else of avih */
};

/** Reads the structure. Whatever the content is, *out is filled as far as it goes. */
void wp_riff_read(struct wp_riff *out, struct wp_input *in);

/** The chunks of a stream's frames. An empty one means that the frame before it is shown on. */
struct wp_riff_frames {
    uint64_t chunks;
    uint64_t frames; /**< that are not empty */
    uint64_t first;  /**< so many empty ones stand before the first frame */
};

/** Counts them (stream 0 to 99, in the order of the header) by idx1, which does not reach beyond the first
 * RIFF. */
void wp_riff_count_indexed(struct wp_riff_frames *out, struct wp_input *in, const struct wp_riff *riff,
                           unsigned stream);

/** Counts those that lie wholly in the file, by walking all chunks: for files without an index. */
void wp_riff_count_frames(struct wp_riff_frames *out, struct wp_input *in, unsigned stream);

#endif
