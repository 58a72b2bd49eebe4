/* Durations, start times and intervals from tables that are written here, edit list by edit list. */
#include "unit/test.h"

#include "base/clock.h"
#include "media/movie.h"
#include "media/timing.h"
#include "unit/box_writer.h"

struct row {
    uint32_t count;
    uint32_t value;
};

struct edit {
    uint64_t length;
    int64_t media_time;
};

/* A movie of one video track; lists end with a count, or a length and media_time, of 0. */
struct sketch {
    uint32_t movie_scale;
    uint32_t track_scale;
    uint32_t samples;
    struct row durations[8];
    struct row offsets[8];
    struct edit edits[4];
    uint32_t edit_count;
    bool wide; /* version 1 boxes */
};

static void write_rows(struct writer *w, const char *type, const struct row *rows)
{
    if (rows[0].count == 0)
        return;
    uint32_t count = 0;
    while (rows[count].count > 0)
        count++;
    size_t box = box_begin(w, type);
    put32(w, 0);
    put32(w, count);
    for (uint32_t i = 0; i < count; i++) {
        put32(w, rows[i].count);
        put32(w, rows[i].value);
    }
    box_end(w, box);
}

static void write_edits(struct writer *w, const struct sketch *sketch)
{
    if (sketch->edit_count == 0)
        return;
    size_t edts = box_begin(w, "edts");
    size_t elst = box_begin(w, "elst");
    put32(w, sketch->wide ? 1U << 24 : 0);
    put32(w, sketch->edit_count);
    for (uint32_t i = 0; i < sketch->edit_count; i++) {
        if (sketch->wide) {
            put64(w, sketch->edits[i].length);
            put64(w, (uint64_t)sketch->edits[i].media_time);
        } else {
            put32(w, (uint32_t)sketch->edits[i].length);
            put32(w, (uint32_t)sketch->edits[i].media_time);
        }
        put32(w, 0x10000);
    }
    box_end(w, elst);
    box_end(w, edts);
}

static void write_header(struct writer *w, const char *type, bool wide, uint32_t scale)
{
    size_t box = box_begin(w, type);
    put32(w, wide ? 1U << 24 : 0);
    put64(w, 0);
    if (wide)
        put64(w, 0);
    put32(w, scale);
    if (wide)
        put32(w, 0);
    put32(w, 5 * scale);
    box_end(w, box);
}

static void write_track(struct writer *w, const struct sketch *sketch)
{
    size_t trak = box_begin(w, "trak");
    size_t box = box_begin(w, "tkhd");
    put32(w, 0);
    put64(w, 0);
    put32(w, 1);
    box_end(w, box);
    write_edits(w, sketch);
    size_t mdia = box_begin(w, "mdia");
    write_header(w, "mdhd", sketch->wide, sketch->track_scale);
    box = box_begin(w, "hdlr");
    put64(w, 0);
    put_type(w, "vide");
    box_end(w, box);
    size_t minf = box_begin(w, "minf");
    size_t stbl = box_begin(w, "stbl");
    write_rows(w, "stts", sketch->durations);
    write_rows(w, "ctts", sketch->offsets);
    box = box_begin(w, "stsz");
    put32(w, 0);
    put32(w, 10);
    put32(w, sketch->samples);
    box_end(w, box);
    box_end(w, stbl);
    box_end(w, minf);
    box_end(w, mdia);
    box_end(w, trak);
}

struct result {
    struct wp_movie movie;
    struct wp_timing timing;
    bool shown;
    struct wp_presentation presentation;
};

static void measure_bytes(struct result *result, struct writer *w)
{
    struct bytes bytes = writer_bytes(w);
    struct wp_reader reader = bytes_reader(&bytes);
    struct wp_input in;
    wp_input_init(&in, &reader, wp_clock_now_us() + 60000000, NULL);
    wp_movie_read(&result->movie, &in);
    assert_true(result->movie.has_moov);
    const struct wp_track *track = wp_movie_track(&result->movie, 1);
    assert_non_null(track);
    assert_int_equal(wp_timing_read(&result->timing, &in, &result->movie, track), WP_OK);
    if (result->timing.count > 0)
        result->shown = wp_timing_present(&result->presentation, &in, &result->timing, &result->movie, track);
}

static struct result measure(const struct sketch *sketch)
{
    static struct writer w;
    w.len = 0;
    size_t moov = box_begin(&w, "moov");
    write_header(&w, "mvhd", sketch->wide, sketch->movie_scale);
    write_track(&w, sketch);
    box_end(&w, moov);
    struct result result = {0};
    measure_bytes(&result, &w);
    return result;
}

static void assert_times(const struct sketch *sketch, int64_t num, int64_t den, int64_t start_num,
                         int64_t start_den)
{
    struct result result = measure(sketch);
    assert_true(result.shown);
    struct wp_rational duration = result.presentation.duration;
    struct wp_rational start = result.presentation.start;
    if (duration.num * den != num * duration.den)
        fail_msg("duration %ld/%ld, not %ld/%ld", (long)duration.num, (long)duration.den, (long)num,
                 (long)den);
    if (start.num * start_den != start_num * start.den)
        fail_msg("start %ld/%ld, not %ld/%ld", (long)start.num, (long)start.den, (long)start_num,
                 (long)start_den);
}

static void without_edits_all_samples_are_shown(void **state)
{
    (void)state;
    struct sketch sketch = {1000, 15360, 60, {{60, 512}}, {{0, 0}}, {{0, 0}}, 0, false};
    assert_times(&sketch, 2, 1, 0, 1);
    sketch.wide = true;
    assert_times(&sketch, 2, 1, 0, 1);
    struct sketch ntsc = {1000, 30000, 900, {{900, 1001}}, {{0, 0}}, {{0, 0}}, 0, false};
    assert_times(&ntsc, 3003, 100, 0, 1);
}

static void reordered_frames_count_from_the_first_shown(void **state)
{
    (void)state;
    /* I P B B: decoded at 0 1 2 3, shown at 1 4 2 3. */
    struct sketch sketch = {1000, 30, 4, {{4, 1}}, {{1, 1}, {1, 3}, {2, 0}}, {{0, 0}}, 0, false};
    assert_times(&sketch, 4, 30, 1, 30);
    struct result result = measure(&sketch);
    assert_true(result.timing.has_interval);
    assert_int_equal(result.timing.min_interval, 1);
    assert_int_equal(result.timing.max_interval, 1);
    /* The edit that hides the delay. */
    sketch.edit_count = 1;
    sketch.edits[0] = (struct edit){133, 1};
    assert_times(&sketch, 4, 30, 0, 1);
    /* Negative offsets do so as well. */
    struct sketch negative = {1000, 30, 4, {{4, 1}}, {{1, 0}, {1, 2}, {2, (uint32_t)-1}}, {{0, 0}}, 0, false};
    assert_times(&negative, 4, 30, 0, 1);
}

static void rounded_edits_do_not_shorten(void **state)
{
    (void)state;
    /* 61 frames at 60 a second are 1016.67 ms: an edit of 1016 ms means all of them, one of 1015 does not. */
    struct sketch sketch = {1000, 15360, 61, {{61, 256}}, {{0, 0}}, {{1016, 0}}, 1, false};
    assert_times(&sketch, 61, 60, 0, 1);
    sketch.edits[0].length = 1017;
    assert_times(&sketch, 61, 60, 0, 1);
    sketch.edits[0].length = 1015;
    assert_times(&sketch, 1015, 1000, 0, 1);
    /* Where both scales are the same nothing is rounded. */
    struct sketch same = {1000, 1000, 3000, {{3000, 1}}, {{0, 0}}, {{2999, 0}}, 1, false};
    assert_times(&same, 2999, 1000, 0, 1);
}

static void edits_cut_delay_and_repeat(void **state)
{
    (void)state;
    struct sketch sketch = {1000, 30, 90, {{90, 1}}, {{0, 0}}, {{3000, 0}}, 1, false};
    sketch.edits[0] = (struct edit){2000, 15}; /* the middle */
    assert_times(&sketch, 2, 1, 0, 1);
    sketch.edits[0] = (struct edit){0, 15}; /* to the end */
    assert_times(&sketch, 75, 30, 0, 1);
    sketch.edits[0] = (struct edit){9000, 30}; /* longer than there is media */
    assert_times(&sketch, 2, 1, 0, 1);
    sketch.edit_count = 2;
    sketch.edits[0] = (struct edit){500, -1}; /* an empty one in front */
    sketch.edits[1] = (struct edit){3000, 0};
    assert_times(&sketch, 3, 1, 1, 2);
    sketch.wide = true;
    assert_times(&sketch, 3, 1, 1, 2);
    sketch.edits[0] = (struct edit){1000, 0}; /* two parts */
    sketch.edits[1] = (struct edit){500, 60};
    assert_times(&sketch, 3, 2, 0, 1);
    sketch.edit_count = 3; /* a gap between them belongs to what is shown */
    sketch.edits[1] = (struct edit){250, -1};
    sketch.edits[2] = (struct edit){500, 60};
    assert_times(&sketch, 7, 4, 0, 1);
}

static void a_coarse_scale_is_no_reason_to_show_more(void **state)
{
    (void)state;
    struct sketch sketch = {1, 30, 72, {{72, 1}}, {{0, 0}}, {{2, 0}}, 1, false};
    assert_times(&sketch, 2, 1, 0, 1);
    sketch.edits[0].length = 3; /* rounded up: there is no more than 2.4 s */
    assert_times(&sketch, 12, 5, 0, 1);
}

static void an_edit_behind_the_media_shows_nothing(void **state)
{
    (void)state;
    struct sketch sketch = {1000, 30, 90, {{90, 1}}, {{0, 0}}, {{1000, 90}}, 1, false};
    struct result result = measure(&sketch);
    assert_false(result.shown);
    sketch.edits[0].media_time = 89;
    assert_times(&sketch, 1, 30, 0, 1);
}

static void intervals_tell_variable_rates(void **state)
{
    (void)state;
    struct sketch sketch = {1000, 30, 6, {{3, 1}, {3, 2}}, {{0, 0}}, {{0, 0}}, 0, false};
    struct result result = measure(&sketch);
    assert_int_equal(result.timing.min_interval, 1);
    assert_int_equal(result.timing.max_interval, 2);
    assert_int_equal(result.timing.last, 7);
    assert_int_equal(result.timing.end, 9);
    struct sketch one = {1000, 30, 1, {{1, 60}}, {{0, 0}}, {{0, 0}}, 0, false};
    result = measure(&one);
    assert_false(result.timing.has_interval);
    assert_int_equal(result.timing.count, 1);

    assert_false(wp_interval_varies(33, 34, 1000)); /* rounded milliseconds */
    assert_true(wp_interval_varies(33, 36, 1000));
    assert_false(wp_interval_varies(512, 528, 15360)); /* 33.3 and 34.4 ms: went through milliseconds */
    assert_true(wp_interval_varies(512, 530, 15360));
    assert_false(wp_interval_varies(1000, 1020, 1000)); /* 2 percent */
    assert_true(wp_interval_varies(1000, 1021, 1000));
    assert_true(wp_interval_varies(1, 3, 30));
}

static void long_tables_with_reordering(void **state)
{
    (void)state;
    /* 4,000 rows in each table: they do not fit into the input's window together. */
    enum { SAMPLES = 2000 };
    static struct writer w;
    size_t moov = box_begin(&w, "moov");
    write_header(&w, "mvhd", false, 1000);
    size_t trak = box_begin(&w, "trak");
    size_t box = box_begin(&w, "tkhd");
    put32(&w, 0);
    put64(&w, 0);
    put32(&w, 1);
    box_end(&w, box);
    size_t mdia = box_begin(&w, "mdia");
    write_header(&w, "mdhd", false, 600);
    size_t minf = box_begin(&w, "minf");
    size_t stbl = box_begin(&w, "stbl");
    for (int table = 0; table < 2; table++) {
        box = box_begin(&w, table ? "ctts" : "stts");
        put32(&w, 0);
        put32(&w, SAMPLES);
        for (uint32_t i = 0; i < SAMPLES; i++) {
            put32(&w, 1);
            put32(&w, table ? (i % 2 ? 20 : 0) : i % 2 ? 40 : 20);
        }
        box_end(&w, box);
    }
    box = box_begin(&w, "stsz");
    put64(&w, 1);
    put32(&w, SAMPLES);
    box_end(&w, box);
    box_end(&w, stbl);
    box_end(&w, minf);
    box_end(&w, mdia);
    box_end(&w, trak);
    box_end(&w, moov);
    struct result result = {0};
    measure_bytes(&result, &w);
    /* Decoded at 0 20 60 80 …, shown at 0 40 60 100 120 …: intervals of 40 and 20. */
    assert_int_equal(result.timing.count, SAMPLES);
    assert_int_equal(result.timing.min_interval, 20);
    assert_int_equal(result.timing.max_interval, 40);
    assert_int_equal(result.timing.first, 0);
    assert_int_equal(result.timing.last, 60 * (SAMPLES / 2 - 1) + 40);
}

static void tables_shorter_than_the_samples_go_on(void **state)
{
    (void)state;
    struct sketch sketch = {1000, 30, 90, {{1, 1}}, {{0, 0}}, {{0, 0}}, 0, false};
    assert_times(&sketch, 3, 1, 0, 1);
    struct sketch none = {1000, 30, 90, {{0, 0}}, {{0, 0}}, {{0, 0}}, 0, false};
    struct result result = measure(&none);
    assert_int_equal(result.timing.count, 90);
    assert_false(result.shown); /* no duration at all */
}

static void fragments_carry_their_own_times(void **state)
{
    (void)state;
    static struct writer w;
    size_t moov = box_begin(&w, "moov");
    write_header(&w, "mvhd", false, 1000);
    struct sketch empty = {1000, 30, 0, {{0, 0}}, {{0, 0}}, {{0, 0}}, 0, false};
    write_track(&w, &empty);
    size_t mvex = box_begin(&w, "mvex");
    size_t box = box_begin(&w, "mehd");
    put32(&w, 0);
    put32(&w, 4000);
    box_end(&w, box);
    box = box_begin(&w, "trex");
    put32(&w, 0);
    put32(&w, 1);
    put32(&w, 1);
    put32(&w, 2); /* default duration */
    put64(&w, 0);
    box_end(&w, box);
    box_end(&w, mvex);
    box_end(&w, moov);
    for (uint32_t fragment = 0; fragment < 3; fragment++) {
        size_t moof = box_begin(&w, "moof");
        for (uint32_t id = 1; id <= 2; id++) { /* the second track is another's */
            size_t traf = box_begin(&w, "traf");
            box = box_begin(&w, "tfhd");
            put32(&w, fragment == 2 ? 0x8 : 0);
            put32(&w, id);
            if (fragment == 2)
                put32(&w, 3); /* default duration of this fragment */
            box_end(&w, box);
            box = box_begin(&w, "tfdt");
            put32(&w, 1U << 24);
            put64(&w, (uint64_t)fragment * 20);
            box_end(&w, box);
            box = box_begin(&w, "trun");
            put32(&w, fragment == 1 ? 0x100 : 0);
            put32(&w, 10);
            for (uint32_t i = 0; i < 10 && fragment == 1; i++)
                put32(&w, 2);
            box_end(&w, box);
            box_end(&w, traf);
        }
        box_end(&w, moof);
    }
    struct result result = {0};
    measure_bytes(&result, &w);
    assert_true(result.movie.fragmented);
    assert_true(result.movie.has_duration);
    assert_int_equal(result.movie.duration.num, 4000);
    assert_int_equal(result.timing.count, 30);
    assert_int_equal(result.timing.first, 0);
    assert_int_equal(result.timing.end, 70);
    assert_int_equal(result.timing.min_interval, 2);
    assert_int_equal(result.timing.max_interval, 3);
    assert_int_equal(result.movie.index_entries,
                     60 + 3 * 2); /* samples; and 3 moofs, each for itself and a track */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_edits_all_samples_are_shown),
        cmocka_unit_test(reordered_frames_count_from_the_first_shown),
        cmocka_unit_test(rounded_edits_do_not_shorten),
        cmocka_unit_test(edits_cut_delay_and_repeat),
        cmocka_unit_test(a_coarse_scale_is_no_reason_to_show_more),
        cmocka_unit_test(an_edit_behind_the_media_shows_nothing),
        cmocka_unit_test(intervals_tell_variable_rates),
        cmocka_unit_test(long_tables_with_reordering),
        cmocka_unit_test(tables_shorter_than_the_samples_go_on),
        cmocka_unit_test(fragments_carry_their_own_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
