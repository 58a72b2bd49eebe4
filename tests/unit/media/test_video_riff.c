#include "unit/test.h"

#include <string.h>

#include "base/clock.h"
#include "media/riff.h"
#include "unit/bytes.h"

/* An AVI that is written here, little-endian. */
struct writer {
    uint8_t data[4096];
    size_t len;
};

static void put32(struct writer *w, uint32_t value)
{
    assert_true(w->len + 4 <= sizeof w->data);
    for (int shift = 0; shift < 32; shift += 8)
        w->data[w->len++] = (uint8_t)(value >> shift);
}

static void put_type(struct writer *w, const char *type)
{
    assert_true(w->len + 4 <= sizeof w->data);
    memcpy(w->data + w->len, type, 4);
    w->len += 4;
}

/* Begins a chunk, or a list where list is given; what it returns goes to end(). */
static size_t begin(struct writer *w, const char *id, const char *list)
{
    size_t start = w->len;
    put_type(w, id);
    put32(w, 0);
    if (list)
        put_type(w, list);
    return start;
}

static void set_size(struct writer *w, size_t start, uint32_t size)
{
    size_t end = w->len;
    w->len = start + 4;
    put32(w, size);
    w->len = end;
}

static void end(struct writer *w, size_t start)
{
    set_size(w, start, (uint32_t)(w->len - start - 8));
    w->len += w->len & 1;
}

static void put_chunk(struct writer *w, const char *id, size_t len)
{
    size_t chunk = begin(w, id, NULL);
    w->len += len;
    end(w, chunk);
}

/* avih: microseconds a frame and frames; strh: scale, rate and length. */
static void put_header(struct writer *w, uint32_t frame_us, uint32_t frames, uint32_t scale, uint32_t rate,
                       uint32_t length)
{
    size_t hdrl = begin(w, "LIST", "hdrl");
    size_t chunk = begin(w, "avih", NULL);
    put32(w, frame_us);
    w->len += 12;
    put32(w, frames);
    w->len += 36;
    end(w, chunk);
    size_t strl = begin(w, "LIST", "strl");
    chunk = begin(w, "strh", NULL);
    w->len += 20;
    put32(w, scale);
    put32(w, rate);
    w->len += 4;
    put32(w, length);
    w->len += 20;
    end(w, chunk);
    end(w, strl);
    end(w, hdrl);
}

static struct wp_input open_writer(struct writer *w, struct bytes *bytes, struct wp_reader *reader)
{
    struct wp_input in;
    *bytes = (struct bytes){.data = w->data, .len = w->len};
    *reader = bytes_reader(bytes);
    wp_input_init(&in, reader, wp_clock_now_us() + 60000000, NULL);
    return in;
}

static struct wp_riff read_riff(struct writer *w)
{
    struct bytes bytes;
    struct wp_reader reader;
    struct wp_input in = open_writer(w, &bytes, &reader);
    struct wp_riff riff;
    wp_riff_read(&riff, &in);
    return riff;
}

static struct wp_riff_frames walk_frames(struct writer *w, unsigned stream)
{
    struct bytes bytes;
    struct wp_reader reader;
    struct wp_input in = open_writer(w, &bytes, &reader);
    struct wp_riff_frames frames;
    wp_riff_count_frames(&frames, &in, stream);
    return frames;
}

static uint64_t count_frames(struct writer *w, unsigned stream)
{
    return walk_frames(w, stream).chunks;
}

static struct wp_riff_frames indexed_frames(struct writer *w, unsigned stream)
{
    struct bytes bytes;
    struct wp_reader reader;
    struct wp_input in = open_writer(w, &bytes, &reader);
    struct wp_riff riff;
    struct wp_riff_frames frames;
    wp_riff_read(&riff, &in);
    wp_riff_count_indexed(&frames, &in, &riff, stream);
    return frames;
}

static void headers_and_lists(void **state)
{
    (void)state;
    struct writer w = {.len = 0};
    size_t file = begin(&w, "RIFF", "AVI ");
    put_header(&w, 33367, 60, 1001, 30000, 61);
    size_t movi = begin(&w, "LIST", "movi");
    put_chunk(&w, "00dc", 10);
    put_chunk(&w, "01wb", 7);
    size_t rec = begin(&w, "LIST", "rec ");
    put_chunk(&w, "00db", 5); /* odd: padded */
    put_chunk(&w, "00dc", 0);
    end(&w, rec);
    put_chunk(&w, "01dc", 9);
    end(&w, movi);
    size_t info = begin(&w, "LIST", "INFO");
    put_chunk(&w, "ISFT", 5);
    put_chunk(&w, "INAM", 4);
    end(&w, info);
    put_chunk(&w, "idx1", 64);
    end(&w, file);
    struct wp_riff riff = read_riff(&w);
    assert_true(riff.has_header && riff.has_movi);
    assert_false(riff.unfinished);
    assert_int_equal(riff.claimed_end, w.len);
    assert_int_equal(riff.index_entries, 4);
    assert_int_equal(riff.metadata_items, 2);
    assert_true(riff.has_duration);
    assert_int_equal(riff.duration.num, 61 * 1001);
    assert_int_equal(riff.duration.den, 30000);
    assert_int_equal(count_frames(&w, 0), 3);
    assert_int_equal(count_frames(&w, 1), 1);
    assert_int_equal(count_frames(&w, 2), 0);
}

static void an_empty_chunk_is_a_frame_that_is_shown_on(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 0, 9, 0, 8, 7, 0};
    struct writer w = {.len = 0};
    size_t file = begin(&w, "RIFF", "AVI ");
    size_t movi = begin(&w, "LIST", "movi");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        put_chunk(&w, "00dc", sizes[i]);
    end(&w, movi);
    size_t index = begin(&w, "idx1", NULL);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        put_type(&w, "00dc");
        put32(&w, 16);
        put32(&w, 4);
        put32(&w, sizes[i]);
        put_type(&w, "01wb"); /* of another stream */
        put32(&w, 16);
        put32(&w, 4);
        put32(&w, 99);
    }
    end(&w, index);
    end(&w, file);
    const struct wp_riff_frames found[] = {walk_frames(&w, 0), indexed_frames(&w, 0)};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(found[i].chunks, 7);
        assert_int_equal(found[i].frames, 3);
        assert_int_equal(found[i].first, 2);
    }
    assert_int_equal(indexed_frames(&w, 2).chunks, 0);
}

static void the_main_header_tells_where_no_stream_does(void **state)
{
    (void)state;
    struct writer w = {.len = 0};
    size_t file = begin(&w, "RIFF", "AVI ");
    put_header(&w, 40000, 50, 0, 0, 0);
    end(&w, file);
    struct wp_riff riff = read_riff(&w);
    assert_true(riff.has_duration);
    assert_int_equal(riff.duration.num, 2 * riff.duration.den);
    assert_false(riff.has_movi);
    struct writer none = {.len = 0};
    file = begin(&none, "RIFF", "AVI ");
    put_header(&none, UINT32_MAX, UINT32_MAX, UINT32_MAX, 1, UINT32_MAX);
    end(&none, file);
    assert_false(read_riff(&none).has_duration); /* over 2^63 */
}

static void more_lists_may_follow(void **state)
{
    (void)state;
    struct writer w = {.len = 0};
    for (int i = 0; i < 3; i++) { /* OpenDML */
        size_t file = begin(&w, "RIFF", i ? "AVIX" : "AVI ");
        size_t movi = begin(&w, "LIST", "movi");
        put_chunk(&w, "00dc", 10);
        end(&w, movi);
        end(&w, file);
    }
    assert_int_equal(count_frames(&w, 0), 3);
    struct wp_riff riff = read_riff(&w);
    assert_int_equal(riff.claimed_end, w.len);
}

static void cut_files_claim_more_and_count_whole_frames(void **state)
{
    (void)state;
    struct writer w = {.len = 0};
    size_t file = begin(&w, "RIFF", "AVI ");
    size_t movi = begin(&w, "LIST", "movi");
    for (int i = 0; i < 4; i++)
        put_chunk(&w, "00dc", 100);
    end(&w, movi);
    end(&w, file);
    size_t whole = w.len;
    w.len -= 1;
    assert_int_equal(read_riff(&w).claimed_end, whole);
    assert_int_equal(count_frames(&w, 0), 3);
    w.len -= 108;
    assert_int_equal(count_frames(&w, 0), 2);
}

static void a_recorder_that_died_left_no_size(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, UINT32_MAX};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct writer w = {.len = 0};
        size_t file = begin(&w, "RIFF", "AVI ");
        put_header(&w, 40000, 50, 1, 25, 50);
        set_size(&w, file, sizes[i]);
        struct wp_riff riff = read_riff(&w);
        assert_true(riff.unfinished);
        assert_true(riff.has_header);
    }
}

static void rubbish_ends_the_walk(void **state)
{
    (void)state;
    struct writer w = {.len = 0};
    struct wp_riff riff = read_riff(&w);
    assert_false(riff.has_header || riff.has_movi || riff.has_duration);
    put_type(&w, "RIFF");
    assert_int_equal(count_frames(&w, 0), 0);
    put32(&w, UINT32_MAX);
    riff = read_riff(&w);
    assert_false(riff.has_header);
    assert_int_equal(count_frames(&w, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_and_lists),
        cmocka_unit_test(an_empty_chunk_is_a_frame_that_is_shown_on),
        cmocka_unit_test(the_main_header_tells_where_no_stream_does),
        cmocka_unit_test(more_lists_may_follow),
        cmocka_unit_test(cut_files_claim_more_and_count_whole_frames),
        cmocka_unit_test(a_recorder_that_died_left_no_size),
        cmocka_unit_test(rubbish_ends_the_walk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
