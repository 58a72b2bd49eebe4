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
    uint32_t metadata_items; /**< in INFO lists; a demuxer's time grows with their square */
    bool has_duration;
    struct wp_rational duration; /**< of the longest stream (strh), else of avih */
};

/** Reads the structure. Whatever the content is, *out is filled as far as it goes. */
void wp_riff_read(struct wp_riff *out, struct wp_input *in);

/**
 * Counts the frames of a stream (0 to 99, in the order of the header) that lie wholly in the file, by walking
 * its chunks: for files without an index.
 */
uint64_t wp_riff_count_frames(struct wp_input *in, unsigned stream);

#endif
