#include "media/timing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"

#include "base/banned.h"

/* Over this many samples (72 minutes at 60 frames a second) intervals are not measured. */
#define MAX_SORTED ((size_t)1 << 18)
/* Over this many samples (19 hours at 60 frames a second) a table is not followed. */
#define MAX_SAMPLES ((uint64_t)1 << 22)
/* Times beyond this are damage; under it, sums of every bounded table fit into int64_t. */
#define MAX_TICKS ((int64_t)1 << 60)

/* A list of presentation times that is being made. */
struct times {
    struct wp_timing *timing;
    int64_t *items; /* owned; the first MAX_SORTED presentation times */
    size_t len;
    size_t cap;
    int64_t next_decode; /* the decode time of the sample to come */
    bool sorted;
};

/* Keeps a time for sorting. False: out of memory. */
static bool times_keep(struct times *times, int64_t at)
{
    if (times->len == times->cap) {
        size_t cap = times->cap ? times->cap * 2 : 1024;
        int64_t *items = wp_realloc(times->items, cap * sizeof *items);
        if (!items)
            return false;
        times->items = items;
        times->cap = cap;
    }
    assert(times->items);
    times->items[times->len++] = at;
    return true;
}

/* False: out of memory. */
static bool times_add(struct times *times, uint32_t duration, int32_t offset)
{
    struct wp_timing *timing = times->timing;
    int64_t at = times->next_decode + offset;
    /* Some writers store a negative duration; a demuxer takes it for none. */
    int64_t length = duration <= INT32_MAX ? duration : 0;
    if (times->len < MAX_SORTED && !times_keep(times, at))
        return false;
    if (timing->count == 0) {
        timing->first = timing->last = at;
        timing->end = at + length;
    }
    times->sorted &= timing->count == 0 || at >= timing->last;
    timing->first = at < timing->first ? at : timing->first;
    timing->last = at > timing->last ? at : timing->last;
    timing->end = at + length > timing->end ? at + length : timing->end;
    times->next_decode += length;
    timing->count++;
    return true;
}

/*
 * A run-length table of 8-byte entries (stts, ctts) that is read on and on. Two are read side by side: each
 * takes many entries at once, so that they do not drive each other out of the input's window.
 */
#define RUNS_AT_ONCE 256

struct runs {
    struct wp_input *in;
    const struct wp_box *box;
    uint32_t entries;
    uint32_t next;
    uint32_t left; /* of the run that value is of */
    uint32_t value;
    uint8_t cache[RUNS_AT_ONCE * 8]; /* from the last multiple of RUNS_AT_ONCE on */
};

static void runs_init(struct runs *runs, struct wp_input *in, const struct wp_box *box)
{
    runs->in = in;
    runs->box = box;
    runs->entries = box->type ? wp_box_table_count(in, box, 0, 8) : 0;
    runs->next = runs->left = runs->value = 0;
}

/* The next entry; NULL behind the last one. */
static const uint8_t *runs_entry(struct runs *runs)
{
    if (runs->next == runs->entries)
        return NULL;
    uint32_t slot = runs->next % RUNS_AT_ONCE;
    if (slot == 0) {
        uint32_t rest = runs->entries - runs->next;
        size_t len = 8 * (size_t)(rest < RUNS_AT_ONCE ? rest : RUNS_AT_ONCE);
        const uint8_t *p = wp_box_peek(runs->in, runs->box, 8 + 8 * (uint64_t)runs->next, len);
        if (!p)
            return NULL;
        memcpy(runs->cache, p, len);
    }
    runs->next++;
    return runs->cache + 8 * (size_t)slot;
}

/* The value of the next sample; the last one goes on behind the end. 0 if the table has none. */
static uint32_t runs_next(struct runs *runs)
{
    while (runs->left == 0) {
        const uint8_t *entry = runs_entry(runs);
        if (!entry)
            return runs->value;
        runs->left = wp_be32(entry);
        runs->value = wp_be32(entry + 4);
    }
    runs->left--;
    return runs->value;
}

/* False: out of memory. */
static bool read_table(struct times *times, struct wp_input *in, const struct wp_track *track)
{
    struct runs durations;
    struct runs offsets;
    runs_init(&durations, in, &track->stts);
    runs_init(&offsets, in, &track->ctts);
    for (uint32_t i = 0; i < track->samples && i < MAX_SAMPLES; i++) {
        uint32_t duration = runs_next(&durations);
        /* Version 0 is unsigned by the standard, but is written with negative numbers, too. */
        if (!times_add(times, duration, (int32_t)runs_next(&offsets)))
            return false;
    }
    return true;
}

/* The defaults of a track fragment. */
struct fragment {
    bool is_ours;
    uint32_t duration;
};

/* tfhd (8.8.7): which track, and its own default duration. */
static void read_fragment_header(struct fragment *fragment, struct wp_input *in, const struct wp_box *tfhd,
                                 const struct wp_track *track)
{
    const uint8_t *p = wp_box_peek(in, tfhd, 0, 8);
    fragment->is_ours = p && wp_be32(p + 4) == track->id;
    fragment->duration = track->default_sample_duration;
    if (!p)
        return;
    uint32_t flags = wp_be32(p) & 0xffffff;
    uint64_t at = 8 + (flags & 0x1 ? 8U : 0U) + (flags & 0x2 ? 4U : 0U);
    if (flags & 0x8 && (p = wp_box_peek(in, tfhd, at, 4)))
        fragment->duration = wp_be32(p);
}

/* tfdt (8.8.12): the decode time of the fragment's first sample. */
static void read_fragment_time(struct times *times, struct wp_input *in, const struct wp_box *tfdt)
{
    const uint8_t *p = wp_box_peek(in, tfdt, 0, 8);
    if (!p)
        return;
    uint64_t at = wp_be32(p + 4);
    if (p[0] == 1) {
        p = wp_box_peek(in, tfdt, 4, 8);
        at = p ? wp_be64(p) : UINT64_MAX;
    }
    if (at < (uint64_t)MAX_TICKS)
        times->next_decode = (int64_t)at;
    else
        times->timing->is_absurd = true;
}

/* trun (8.8.8). False: out of memory. */
static bool read_run(struct times *times, struct wp_input *in, const struct wp_box *trun,
                     const struct fragment *fragment)
{
    const uint8_t *p = wp_box_peek(in, trun, 0, 8);
    if (!p)
        return true;
    uint32_t flags = wp_be32(p) & 0xffffff;
    uint32_t count = wp_be32(p + 4);
    uint64_t at = 8 + (flags & 0x1 ? 4U : 0U) + (flags & 0x4 ? 4U : 0U);
    size_t offset_of_offset =
        (flags & 0x100 ? 4U : 0U) + (flags & 0x200 ? 4U : 0U) + (flags & 0x400 ? 4U : 0U);
    size_t size = offset_of_offset + (flags & 0x800 ? 4U : 0U);
    for (uint32_t i = 0; i < count && times->timing->count < MAX_SAMPLES; i++, at += size) {
        p = wp_box_peek(in, trun, at, size);
        if (!p)
            break;
        uint32_t duration = flags & 0x100 ? wp_be32(p) : fragment->duration;
        int32_t offset = flags & 0x800 ? (int32_t)wp_be32(p + offset_of_offset) : 0;
        if (!times_add(times, duration, offset))
            return false;
    }
    return true;
}

/* False: out of memory. */
static bool read_traf(struct times *times, struct wp_input *in, const struct wp_box *traf,
                      const struct wp_track *track)
{
    struct fragment fragment = {0};
    struct wp_box_walk walk = wp_boxes_in(in, traf, 0);
    struct wp_box box;
    while (wp_box_next(&walk, &box)) {
        if (box.type == WP_FOURCC('t', 'f', 'h', 'd')) {
            read_fragment_header(&fragment, in, &box, track);
        } else if (fragment.is_ours && box.type == WP_FOURCC('t', 'f', 'd', 't')) {
            read_fragment_time(times, in, &box);
        } else if (fragment.is_ours && box.type == WP_FOURCC('t', 'r', 'u', 'n')) {
            if (!read_run(times, in, &box, &fragment))
                return false;
        }
    }
    return true;
}

/* False: out of memory. */
static bool read_fragments(struct times *times, struct wp_input *in, const struct wp_track *track)
{
    struct wp_box_walk walk = wp_boxes_of_file(in);
    struct wp_box moof;
    while (wp_box_next(&walk, &moof)) {
        if (moof.type != WP_FOURCC('m', 'o', 'o', 'f'))
            continue;
        struct wp_box_walk trafs = wp_boxes_in(in, &moof, 0);
        struct wp_box traf;
        while (wp_box_next(&trafs, &traf)) {
            if (traf.type == WP_FOURCC('t', 'r', 'a', 'f') && !read_traf(times, in, &traf, track))
                return false;
        }
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void measure_intervals(struct times *times)
{
    struct wp_timing *timing = times->timing;
    int64_t *items = times->items;
    if (!items || times->len < 2 || times->len < timing->count)
        return;
    if (!times->sorted)
        qsort(items, times->len, sizeof *items, compare);
    timing->min_interval = INT64_MAX;
    for (size_t i = 1; i < times->len; i++) {
        int64_t interval = items[i] - items[i - 1];
        timing->min_interval = interval < timing->min_interval ? interval : timing->min_interval;
        timing->max_interval = interval > timing->max_interval ? interval : timing->max_interval;
    }
    timing->has_interval = true;
}

enum wp_status wp_timing_read(struct wp_timing *out, struct wp_input *in, const struct wp_movie *movie,
                              const struct wp_track *track)
{
    memset(out, 0, sizeof *out);
    struct times times = {.timing = out, .sorted = true};
    enum wp_status status = WP_NOMEM;
    if (!read_table(&times, in, track))
        goto out;
    if (movie->fragmented && !read_fragments(&times, in, track))
        goto out;
    measure_intervals(&times);
    status = WP_OK;
out:
    wp_free(times.items);
    return status;
}

bool wp_interval_varies(int64_t min, int64_t max, uint64_t ticks_per_second)
{
    /* Times that went through a format with milliseconds, as Matroska's, are off by up to one between two. */
    int64_t slack = 1 + (int64_t)(ticks_per_second / 1000);
    int64_t percent = max / 50;
    return max - min > (slack > percent ? slack : percent);
}
