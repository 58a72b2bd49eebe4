/*
 * The structure of an ISO base media file (MP4, MOV, 3GP): what its boxes say before any demuxer sees it.
 *
 * Read by our own walker for two ends: exact times (rationals in the file's own scales), and a bound on the
 * tables that a demuxer would build from a hostile file.
 */
#ifndef WP_MEDIA_MOVIE_H
#define WP_MEDIA_MOVIE_H

#include <stdbool.h>
#include <stdint.h>

#include "media/boxes.h"
#include "wanprep/facts.h"

#define WP_MAX_TRACKS 64

/** One track (trak). A box whose type is 0 is not there. */
struct wp_track {
    uint32_t id;
    uint32_t handler;        /**< hdlr: 'vide', 'soun', 'tmcd' … */
    uint32_t sample_entry;   /**< the first of stsd, e.g. 'avc1' */
    uint16_t data_reference; /**< of that entry: which one of dref, from 1 */
    bool is_outside;         /**< the samples are in another file, which is only named */
    uint16_t width;          /**< of that entry, if it is a visual one */
    uint16_t height;
    uint32_t timescale;               /**< mdhd; over 0 if the track is usable */
    uint32_t samples;                 /**< stsz or stz2 */
    uint32_t default_sample_duration; /**< trex */
    struct wp_box stts;
    struct wp_box ctts;
    struct wp_box elst;
};

/** A movie. */
struct wp_movie {
    bool has_moov;     /**< and it lies wholly within the file */
    bool moov_cut;     /**< a moov begins, but the file ends in it */
    bool moov_packed;  /**< the moov is compressed (cmov) */
    bool names_movies; /**< it is, or also is, a list of other files to play (rmra) */
    bool fragmented;
    bool encrypted;
    uint32_t timescale; /**< mvhd; over 0 */
    bool has_duration;
    struct wp_rational duration; /**< mehd, or mvhd where that is not 0 */
    uint64_t claimed_end;        /**< the largest end that a moov, moof or mdat claims */
    uint64_t index_entries;      /**< what a demuxer's index would hold, at the most */
    uint32_t metadata_items;     /**< boxes in udta and meta; a demuxer's time grows with their square */
    uint32_t track_count;
    struct wp_track tracks[WP_MAX_TRACKS];
};

/** Reads the structure. Whatever the content is, *out is filled as far as it goes. */
void wp_movie_read(struct wp_movie *out, struct wp_input *in);

/** The track with this id; NULL if there is none. */
const struct wp_track *wp_movie_track(const struct wp_movie *movie, int64_t id);

#endif
