/* Files that ask for too much, and files that lie: each gets a clear answer at a bounded price. */
#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "probe/probe.h"
#include "unit/bytes.h"

static size_t find(const struct bytes *bytes, const char *type)
{
    for (size_t i = 0; i + 4 <= bytes->len; i++) {
        if (memcmp(bytes->data + i, type, 4) == 0)
            return i;
    }
    fail_msg("no %s in the fixture", type);
    return 0;
}

/* The sample entry: the same four letters stand among the brands, too. */
static size_t find_entry(const struct bytes *bytes, const char *type)
{
    size_t stsd = find(bytes, "stsd");
    struct bytes rest = {.data = bytes->data + stsd, .len = bytes->len - stsd};
    return stsd + find(&rest, type);
}

static void set32(struct bytes *bytes, size_t at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        bytes->data[at + i] = (uint8_t)(value >> (24 - 8 * i));
}

static struct wp_video_facts probe(struct bytes *bytes, enum wp_depth depth)
{
    struct wp_reader reader = bytes_reader(bytes);
    struct wp_probe_options options = {.depth = depth};
    struct wp_video_facts facts;
    assert_int_equal(wp_probe_video(&facts, &reader, &options, NULL), WP_OK);
    return facts;
}

static void a_sample_table_that_claims_billions_is_refused(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/duration-2.mp4");
    size_t stsz = find(&bytes, "stsz");
    set32(&bytes, stsz + 8, 1);           /* one size for all: the samples need no byte in the table */
    set32(&bytes, stsz + 12, 0x7fffffff); /* so many of them */
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_int_equal(facts.decode, WP_DECODE_REFUSED);
    assert_string_not_equal(facts.decode_reason, "");
    assert_string_equal(facts.demuxer, "");
    assert_false(facts.has_size);
    assert_true(facts.has_duration); /* the edit list says 2 s */
    assert_int_equal(facts.duration.num, 2 * facts.duration.den);
    free(bytes.data);
}

static void a_track_run_that_claims_billions_is_refused(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/fragmented.mp4");
    size_t trun = find(&bytes, "trun");
    set32(&bytes, trun + 4, 0); /* no field of a sample is written down */
    set32(&bytes, trun + 8, 0x7fffffff);
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_int_equal(facts.decode, WP_DECODE_REFUSED);
    free(bytes.data);
}

static void edits_that_repeat_everything_are_refused(void **state)
{
    (void)state;
    /* 30,000 edits of 450 samples each: 13 million index entries from a file of 400 KB. */
    struct bytes small = bytes_of_fixture("videos/duration-30.mp4");
    size_t moov = find(&small, "moov") - 4;
    size_t trak = find(&small, "trak") - 4;
    size_t edts = find(&small, "edts") - 4;
    size_t elst_size = 16 + 12 * 30000;
    size_t old_size = 36; /* edts with an elst of one row */
    struct bytes bytes = bytes_of_size(small.len - old_size + 8 + elst_size);
    memcpy(bytes.data, small.data, edts);
    set32(&bytes, edts, (uint32_t)(8 + elst_size));
    memcpy(bytes.data + edts + 4, "edts", 4);
    set32(&bytes, edts + 8, (uint32_t)elst_size);
    memcpy(bytes.data + edts + 12, "elst", 4);
    set32(&bytes, edts + 20, 30000);
    for (size_t i = 0; i < 30000; i++) {
        set32(&bytes, edts + 24 + 12 * i, 30000);
        set32(&bytes, edts + 24 + 12 * i + 8, 0x10000);
    }
    size_t rest = edts + old_size;
    memcpy(bytes.data + edts + 8 + elst_size, small.data + rest, small.len - rest);
    uint32_t grown = (uint32_t)(8 + elst_size - old_size);
    for (int i = 0; i < 2; i++) {
        size_t at = i ? trak : moov;
        uint32_t size = (uint32_t)bytes.data[at + 2] << 8 | bytes.data[at + 3];
        set32(&bytes, at, size + grown);
    }
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_int_equal(facts.has_moov, WP_YES);
    assert_int_equal(facts.decode, WP_DECODE_REFUSED);
    free(bytes.data);
    free(small.data);
}

/* duration-2.mp4, whose moov is its last box, with a udta of so many more items. */
static struct bytes with_metadata(uint32_t items)
{
    struct bytes small = bytes_of_fixture("videos/duration-2.mp4");
    size_t moov = find(&small, "moov") - 4;
    uint32_t udta = 8 + 8 * items;
    struct bytes bytes = bytes_of_size(small.len + udta);
    memcpy(bytes.data, small.data, small.len);
    set32(&bytes, moov, (uint32_t)(bytes.len - moov));
    set32(&bytes, small.len, udta);
    memcpy(bytes.data + small.len + 4, "udta", 4);
    for (size_t at = small.len + 8; at < bytes.len; at += 8) {
        set32(&bytes, at, 8);
        memcpy(bytes.data + at + 4, "\xa9nam", 4);
    }
    free(small.data);
    return bytes;
}

static void endless_metadata_are_refused(void **state)
{
    (void)state;
    struct bytes bytes = with_metadata(9000);
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_int_equal(facts.decode, WP_DECODE_OK);
    free(bytes.data);
    bytes = with_metadata(10001);
    facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_int_equal(facts.decode, WP_DECODE_REFUSED);
    assert_string_equal(facts.demuxer, "");
    free(bytes.data);
}

static void a_picture_that_is_too_large_is_not_decoded(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/duration-2.mp4");
    size_t avc1 = find_entry(&bytes, "avc1");
    set32(&bytes, avc1 + 28, 0x7fff7fff);
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_int_equal(facts.decode, WP_DECODE_REFUSED);
    assert_true(facts.has_size);
    assert_int_equal(facts.coded_width, 0x7fff);
    free(bytes.data);
}

static void the_codec_knows_the_size_better_than_the_container(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/duration-2.mp4");
    size_t avc1 = find_entry(&bytes, "avc1");
    set32(&bytes, avc1 + 28, 300U << 16 | 400U);
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_HEADER);
    assert_int_equal(facts.coded_width, 300);
    facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_int_equal(facts.coded_width, 208);
    assert_int_equal(facts.coded_height, 208);
    free(bytes.data);
}

static void a_compressed_header_is_unsupported(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/h264.mov");
    memcpy(bytes.data + find(&bytes, "mvhd"), "cmov", 4);
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_int_equal(facts.decode, WP_DECODE_UNSUPPORTED);
    assert_string_equal(facts.demuxer, "");
    free(bytes.data);
}

static void an_unknown_codec_is_unsupported(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/duration-2.mp4");
    memcpy(bytes.data + find_entry(&bytes, "avc1"), "zzzz", 4);
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_int_equal(facts.decode, WP_DECODE_UNSUPPORTED);
    assert_string_equal(facts.codec_tag, "zzzz");
    assert_string_equal(facts.unreadable, "");
    assert_true(facts.has_duration);
    free(bytes.data);
}

static void a_movie_without_samples_holds_no_frames(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/duration-2.mp4");
    size_t stsz = find(&bytes, "stsz");
    set32(&bytes, stsz + 12, 0);
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_string_not_equal(facts.unreadable, "");
    assert_false(facts.has_duration);
    free(bytes.data);
}

static void avi_headers_lie_and_the_index_does_not(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/mpeg4.avi");
    size_t strh = find(&bytes, "strh");
    bytes.data[strh + 8 + 32] = 7; /* dwLength: 7 frames */
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_HEADER);
    assert_int_equal(facts.frame_count, 60);
    assert_int_equal(facts.duration.num, 2 * facts.duration.den);
    free(bytes.data);
}

static void an_avi_index_that_claims_too_much_is_refused(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/mpeg4.avi");
    size_t idx1 = find(&bytes, "idx1");
    memset(bytes.data + idx1 + 4, 0xff, 3);
    bytes.data[idx1 + 7] = 0x7f;
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_int_equal(facts.decode, WP_DECODE_REFUSED);
    free(bytes.data);
}

static void an_avi_that_was_never_finished_is_incomplete(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/mpeg4.avi");
    memset(bytes.data + 4, 0, 4);
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_int_equal(facts.complete, WP_NO);
    assert_int_equal(facts.frame_count, 60);
    assert_int_equal(facts.decode, WP_DECODE_OK);
    free(bytes.data);
}

static void an_avi_that_ends_before_its_frames_is_unreadable(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/mpeg4.avi");
    bytes.len = find(&bytes, "movi") - 8;
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_string_not_equal(facts.unreadable, "");
    assert_int_equal(facts.complete, WP_NO);
    bytes.len = 40;
    facts = probe(&bytes, WP_DEPTH_FRAME);
    assert_string_not_equal(facts.unreadable, "");
    free(bytes.data);
}

static void a_slide_show_has_less_than_a_frame_a_second(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/duration-2.mp4");
    size_t stts = find(&bytes, "stts");
    set32(&bytes, stts + 16, 4 * 15360);
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_HEADER);
    assert_true(facts.has_frame_rate);
    assert_true(facts.frame_rate.num < facts.frame_rate.den && facts.frame_rate.num > 0);
    free(bytes.data);
}

static void samples_behind_the_end_are_missing(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/duration-2.mp4");
    size_t stco = find(&bytes, "stco");
    set32(&bytes, stco + 12, (uint32_t)bytes.len + 1000);
    struct wp_video_facts facts = probe(&bytes, WP_DEPTH_HEADER);
    assert_int_equal(facts.complete, WP_NO);
    assert_true(facts.has_missing_bytes && facts.missing_bytes > 1000);
    free(bytes.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sample_table_that_claims_billions_is_refused),
        cmocka_unit_test(a_track_run_that_claims_billions_is_refused),
        cmocka_unit_test(edits_that_repeat_everything_are_refused),
        cmocka_unit_test(endless_metadata_are_refused),
        cmocka_unit_test(a_picture_that_is_too_large_is_not_decoded),
        cmocka_unit_test(the_codec_knows_the_size_better_than_the_container),
        cmocka_unit_test(a_compressed_header_is_unsupported),
        cmocka_unit_test(an_unknown_codec_is_unsupported),
        cmocka_unit_test(a_movie_without_samples_holds_no_frames),
        cmocka_unit_test(avi_headers_lie_and_the_index_does_not),
        cmocka_unit_test(an_avi_index_that_claims_too_much_is_refused),
        cmocka_unit_test(an_avi_that_was_never_finished_is_incomplete),
        cmocka_unit_test(an_avi_that_ends_before_its_frames_is_unreadable),
        cmocka_unit_test(a_slide_show_has_less_than_a_frame_a_second),
        cmocka_unit_test(samples_behind_the_end_are_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
