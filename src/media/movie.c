#include "media/movie.h"

#include <stddef.h>
#include <string.h>

#include "base/bytes.h"
#include "media/metadata.h"
#include "media/references.h"

#include "base/banned.h"

#define MAX_CLAIM ((uint64_t)1 << 40)

/* mvhd, mdhd: version 1 has 64-bit times (ISO/IEC 14496-12, 8.2.2 and 8.4.2). */
static bool read_scale(struct wp_input *in, const struct wp_box *box, uint32_t *timescale, uint64_t *duration)
{
    const uint8_t *p = wp_box_peek(in, box, 0, 20);
    if (!p)
        return false;
    if (p[0] != 1) {
        *timescale = wp_be32(p + 12);
        uint32_t value = wp_be32(p + 16);
        *duration = value == UINT32_MAX ? 0 : value; /* all ones: not known */
        return true;
    }
    p = wp_box_peek(in, box, 0, 32);
    if (!p)
        return false;
    *timescale = wp_be32(p + 20);
    uint64_t value = wp_be64(p + 24);
    *duration = value > INT64_MAX ? 0 : value;
    return true;
}

static bool is_protected(uint32_t sample_entry)
{
    switch (sample_entry) {
    case WP_FOURCC('e', 'n', 'c', 'v'): /* ISO/IEC 14496-12, 8.12 */
    case WP_FOURCC('e', 'n', 'c', 'a'):
    case WP_FOURCC('d', 'r', 'm', 'i'): /* Apple FairPlay */
    case WP_FOURCC('d', 'r', 'm', 's'):
        return true;
    default:
        return false;
    }
}

static void read_sample_entries(struct wp_movie *movie, struct wp_track *track, struct wp_input *in,
                                const struct wp_box *stsd)
{
    struct wp_box_walk walk = wp_boxes_in(in, stsd, 8);
    struct wp_box entry;
    while (wp_box_next(&walk, &entry)) {
        if (track->sample_entry == 0) {
            track->sample_entry = entry.type;
            const uint8_t *p = wp_box_peek(in, &entry, 6, 2); /* SampleEntry, 8.5.2 */
            track->data_reference = p ? wp_be16(p) : 0;
            p = wp_box_peek(in, &entry, 24, 4); /* VisualSampleEntry, 12.1.3 */
            bool is_visual = p && track->handler == WP_FOURCC('v', 'i', 'd', 'e');
            track->width = is_visual ? wp_be16(p) : 0;
            track->height = is_visual ? wp_be16(p + 2) : 0;
        }
        movie->encrypted |= is_protected(entry.type);
    }
}

/* Constant sizes of single PCM samples are kept by chunk in a demuxer's index, all others one by one. */
static bool is_chunked_audio(const struct wp_track *track, struct wp_input *in, const struct wp_box *stsz)
{
    const uint8_t *p = wp_box_peek(in, stsz, 4, 4);
    if (!p || wp_be32(p) == 0 || track->handler != WP_FOURCC('s', 'o', 'u', 'n'))
        return false;
    p = wp_box_peek(in, &track->stts, 4, 12);
    return p && wp_be32(p) == 1 && wp_be32(p + 8) == 1;
}

static void read_sample_table(struct wp_movie *movie, struct wp_track *track, struct wp_input *in,
                              const struct wp_box *stbl)
{
    struct wp_box_walk walk = wp_boxes_in(in, stbl, 0);
    struct wp_box box;
    struct wp_box stsz = {0};
    while (wp_box_next(&walk, &box)) {
        const uint8_t *p = NULL;
        switch (box.type) {
        case WP_FOURCC('s', 't', 's', 'd'):
            read_sample_entries(movie, track, in, &box);
            break;
        case WP_FOURCC('s', 't', 't', 's'):
            track->stts = box;
            break;
        case WP_FOURCC('c', 't', 't', 's'):
            track->ctts = box;
            break;
        case WP_FOURCC('s', 't', 's', 'z'):
        case WP_FOURCC('s', 't', 'z', '2'):
            p = wp_box_peek(in, &box, 8, 4);
            if (p && wp_be32(p) > track->samples)
                track->samples = wp_be32(p);
            stsz = box;
            break;
        case WP_FOURCC('s', 't', 'c', 'o'):
            movie->index_entries += wp_box_table_count(in, &box, 0, 4);
            break;
        case WP_FOURCC('c', 'o', '6', '4'):
            movie->index_entries += wp_box_table_count(in, &box, 0, 8);
            break;
        default:
            break;
        }
    }
    if (!is_chunked_audio(track, in, &stsz)) {
        /* Every edit may repeat every sample. */
        uint32_t edits = track->elst.type ? wp_box_table_count(in, &track->elst, 0, 12) : 0;
        movie->index_entries += (uint64_t)track->samples * (edits > 1 ? edits : 1);
    }
}

static void read_media(struct wp_movie *movie, struct wp_track *track, struct wp_input *in,
                       const struct wp_box *mdia)
{
    struct wp_box box;
    uint64_t duration = 0;
    if (wp_box_find(in, mdia, 0, WP_FOURCC('m', 'd', 'h', 'd'), &box))
        read_scale(in, &box, &track->timescale, &duration);
    const uint8_t *p = NULL;
    if (wp_box_find(in, mdia, 0, WP_FOURCC('h', 'd', 'l', 'r'), &box) && (p = wp_box_peek(in, &box, 8, 4)))
        track->handler = wp_be32(p);
    struct wp_box stbl;
    if (wp_box_find(in, mdia, 0, WP_FOURCC('m', 'i', 'n', 'f'), &box) &&
        wp_box_find(in, &box, 0, WP_FOURCC('s', 't', 'b', 'l'), &stbl)) {
        read_sample_table(movie, track, in, &stbl);
        track->is_outside = wp_reference_is_outside(in, &box, track->data_reference);
    }
}

static void read_track(struct wp_movie *movie, struct wp_input *in, const struct wp_box *trak)
{
    if (movie->track_count == WP_MAX_TRACKS)
        return;
    struct wp_track *track = &movie->tracks[movie->track_count++];
    struct wp_box box;
    if (wp_box_find(in, trak, 0, WP_FOURCC('t', 'k', 'h', 'd'), &box)) {
        const uint8_t *p = wp_box_peek(in, &box, 0, 1);
        p = p ? wp_box_peek(in, &box, p[0] == 1 ? 20 : 12, 4) : NULL;
        track->id = p ? wp_be32(p) : 0;
    }
    if (wp_box_find(in, trak, 0, WP_FOURCC('e', 'd', 't', 's'), &box) &&
        !wp_box_find(in, &box, 0, WP_FOURCC('e', 'l', 's', 't'), &track->elst))
        track->elst.type = 0;
    if (wp_box_find(in, trak, 0, WP_FOURCC('m', 'd', 'i', 'a'), &box))
        read_media(movie, track, in, &box);
    struct wp_box_walk walk = wp_boxes_in(in, trak, 0);
    while (wp_box_next(&walk, &box))
        movie->metadata_items += wp_metadata_count(in, &box);
}

/* mvex: the movie goes on in fragments (ISO/IEC 14496-12, 8.8). */
static void read_extends(struct wp_movie *movie, struct wp_input *in, const struct wp_box *mvex)
{
    movie->fragmented = true;
    struct wp_box_walk walk = wp_boxes_in(in, mvex, 0);
    struct wp_box box;
    while (wp_box_next(&walk, &box)) {
        const uint8_t *p = wp_box_peek(in, &box, 0, 8);
        if (p && box.type == WP_FOURCC('m', 'e', 'h', 'd')) {
            bool wide = p[0] == 1;
            p = wide ? wp_box_peek(in, &box, 4, 8) : p + 4;
            uint64_t duration = !p ? 0 : wide ? wp_be64(p) : wp_be32(p);
            if (duration > 0 && duration <= INT64_MAX)
                movie->duration.num = (int64_t)duration;
        } else if (box.type == WP_FOURCC('t', 'r', 'e', 'x') && (p = wp_box_peek(in, &box, 0, 16))) {
            uint32_t id = wp_be32(p + 4);
            uint32_t sample_duration = wp_be32(p + 12);
            for (uint32_t i = 0; i < movie->track_count; i++) {
                if (movie->tracks[i].id == id)
                    movie->tracks[i].default_sample_duration = sample_duration;
            }
        }
    }
}

static void read_moov(struct wp_movie *movie, struct wp_input *in, const struct wp_box *moov)
{
    struct wp_box_walk walk = wp_boxes_in(in, moov, 0);
    struct wp_box box;
    uint64_t duration = 0;
    while (wp_box_next(&walk, &box)) {
        switch (box.type) {
        case WP_FOURCC('m', 'v', 'h', 'd'):
            if (read_scale(in, &box, &movie->timescale, &duration))
                movie->duration.num = (int64_t)duration;
            break;
        case WP_FOURCC('t', 'r', 'a', 'k'):
            read_track(movie, in, &box);
            break;
        case WP_FOURCC('m', 'v', 'e', 'x'):
            read_extends(movie, in, &box);
            break;
        case WP_FOURCC('c', 'm', 'o', 'v'):
            movie->moov_packed = true;
            break;
        case WP_FOURCC('r', 'm', 'r', 'a'): /* QuickTime File Format, "Reference Movies" */
            movie->names_movies = true;
            break;
        default:
            movie->metadata_items += wp_metadata_count(in, &box);
            break;
        }
    }
    movie->duration.den = movie->timescale;
    movie->has_duration = movie->timescale > 0 && movie->duration.num > 0;
}

/*
 * moof: counts what a demuxer keeps of it. That is something for each track, and the samples that the track
 * runs claim, which need no byte each (8.8.8).
 */
static void read_moof(struct wp_movie *movie, struct wp_input *in, const struct wp_box *moof)
{
    movie->index_entries += 1 + movie->track_count;
    struct wp_box_walk trafs = wp_boxes_in(in, moof, 0);
    struct wp_box traf;
    while (wp_box_next(&trafs, &traf)) {
        if (traf.type != WP_FOURCC('t', 'r', 'a', 'f'))
            continue;
        struct wp_box_walk runs = wp_boxes_in(in, &traf, 0);
        struct wp_box run;
        while (wp_box_next(&runs, &run)) {
            const uint8_t *p = NULL;
            if (run.type == WP_FOURCC('t', 'r', 'u', 'n') && (p = wp_box_peek(in, &run, 4, 4)))
                movie->index_entries += wp_be32(p);
        }
    }
}

void wp_movie_read(struct wp_movie *out, struct wp_input *in)
{
    memset(out, 0, sizeof *out);
    struct wp_box_walk walk = wp_boxes_of_file(in);
    struct wp_box box;
    while (wp_box_next(&walk, &box)) {
        bool cut = box.claimed > box.end;
        switch (box.type) {
        case WP_FOURCC('m', 'o', 'o', 'v'):
            out->moov_cut |= cut && !out->has_moov;
            if (!cut && !out->has_moov) {
                out->has_moov = true;
                read_moov(out, in, &box);
            }
            break;
        case WP_FOURCC('m', 'o', 'o', 'f'):
            out->fragmented = true;
            read_moof(out, in, &box);
            break;
        case WP_FOURCC('m', 'd', 'a', 't'):
            break;
        default:
            continue;
        }
        if (box.claimed > out->claimed_end && box.claimed < MAX_CLAIM)
            out->claimed_end = box.claimed;
    }
}

const struct wp_track *wp_movie_track(const struct wp_movie *movie, int64_t id)
{
    for (uint32_t i = 0; i < movie->track_count; i++) {
        if (movie->tracks[i].id == id)
            return &movie->tracks[i];
    }
    return NULL;
}
