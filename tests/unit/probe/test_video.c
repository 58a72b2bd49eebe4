/* Every fixture is measured, and each fact that it was made for is checked. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "probe/probe.h"
#include "unit/bytes.h"

static struct wp_video_facts probe_bytes(struct bytes *bytes, enum wp_depth depth)
{
    struct wp_video_facts facts;
    struct wp_reader reader = bytes_reader(bytes);
    struct wp_probe_options options = {.depth = depth};
    struct wp_error error = {0};
    assert_int_equal(wp_probe_video(&facts, &reader, &options, &error), WP_OK);
    return facts;
}

static struct wp_video_facts probe(const char *name, enum wp_depth depth)
{
    char path[256];
    snprintf(path, sizeof path, "videos/%s", name);
    struct bytes bytes = bytes_of_fixture(path);
    struct wp_video_facts facts = probe_bytes(&bytes, depth);
    free(bytes.data);
    return facts;
}

static void assert_ratio(const char *name, bool has, struct wp_rational value, int64_t num, int64_t den)
{
    if (!has || value.num * den != num * value.den)
        fail_msg("%s: %lld/%lld instead of %lld/%lld (known: %d)", name, (long long)value.num,
                 (long long)value.den, (long long)num, (long long)den, has);
}

/* Good videos: whole, one stream, decodable. */
struct good {
    const char *name;
    enum wp_format format;
    const char *codec;
    uint32_t width, height;
    int64_t seconds_num, seconds_den;
    int64_t rate_num, rate_den;
    uint64_t frames;
};

static const struct good good[] = {
    {"dance.mp4", WP_FORMAT_MP4, "h264", 360, 640, 3, 1, 30, 1, 90},
    {"h264.mp4", WP_FORMAT_MP4, "h264", 240, 320, 2, 1, 30, 1, 60},
    {"h264.mov", WP_FORMAT_MOV, "h264", 240, 320, 2, 1, 30, 1, 60},
    {"h264.avi", WP_FORMAT_AVI, "h264", 240, 320, 2, 1, 30, 1, 60},
    {"hevc.mp4", WP_FORMAT_MP4, "hevc", 240, 320, 2, 1, 30, 1, 60},
    {"mpeg4.mp4", WP_FORMAT_MP4, "mpeg4", 240, 320, 2, 1, 30, 1, 60},
    {"mpeg4.avi", WP_FORMAT_AVI, "mpeg4", 240, 320, 2, 1, 30, 1, 60},
    {"mjpeg.mov", WP_FORMAT_MOV, "mjpeg", 240, 320, 2, 1, 15, 1, 30},
    {"mjpeg.avi", WP_FORMAT_AVI, "mjpeg", 240, 320, 2, 1, 15, 1, 30},
    {"prores.mov", WP_FORMAT_MOV, "prores", 208, 208, 2, 1, 15, 1, 30},
    {"vp9.mp4", WP_FORMAT_MP4, "vp9", 208, 208, 2, 1, 30, 1, 60},
    {"av1.mp4", WP_FORMAT_MP4, "av1", 208, 208, 2, 1, 30, 1, 60},
    {"cinepak.avi", WP_FORMAT_AVI, "cinepak", 208, 208, 2, 1, 15, 1, 30},
    {"3gp.3gp", WP_FORMAT_3GP, "h263", 352, 288, 2, 1, 15, 1, 30},
    {"m4v.m4v", WP_FORMAT_M4V, "h264", 240, 320, 2, 1, 30, 1, 60},
    {"no-ftyp.mov", WP_FORMAT_MOV, "h264", 240, 320, 2, 1, 30, 1, 60},
    {"faststart.mp4", WP_FORMAT_MP4, "h264", 208, 208, 2, 1, 30, 1, 60},
    {"moov-at-end.mp4", WP_FORMAT_MP4, "h264", 208, 208, 2, 1, 30, 1, 60},
    {"fragmented.mp4", WP_FORMAT_MP4, "h264", 208, 208, 2, 1, 30, 1, 60},
    {"fragmented-sidx.mp4", WP_FORMAT_MP4, "h264", 208, 208, 2, 1, 30, 1, 60},
    {"edit-list.mp4", WP_FORMAT_MP4, "h264", 240, 320, 3, 2, 30, 1, 60},
    {"long-audio.mp4", WP_FORMAT_MP4, "h264", 208, 208, 2, 1, 30, 1, 60},
    {"delayed.mp4", WP_FORMAT_MP4, "h264", 208, 208, 2, 1, 30, 1, 60},
    {"millis.mp4", WP_FORMAT_MP4, "h264", 208, 208, 3003, 1000, 30000, 1001, 90},
    {"timecode.mov", WP_FORMAT_MOV, "h264", 208, 208, 2, 1, 25, 1, 50},
    {"two-videos.mp4", WP_FORMAT_MP4, "h264", 240, 320, 2, 1, 15, 1, 30},
    {"upright.mp4", WP_FORMAT_MP4, "h264", 640, 480, 2, 1, 30, 1, 60},
    {"rotated-90.mp4", WP_FORMAT_MP4, "h264", 480, 640, 2, 1, 30, 1, 60},
    {"rotated-180.mp4", WP_FORMAT_MP4, "h264", 640, 480, 2, 1, 30, 1, 60},
    {"rotated-270.mp4", WP_FORMAT_MP4, "h264", 480, 640, 2, 1, 30, 1, 60},
    {"flipped.mp4", WP_FORMAT_MP4, "h264", 640, 480, 2, 1, 30, 1, 60},
    {"anamorphic.mp4", WP_FORMAT_MP4, "h264", 768, 576, 2, 1, 25, 1, 50},
    {"interlaced.mp4", WP_FORMAT_MP4, "h264", 352, 288, 2, 1, 25, 1, 50},
    {"hdr10.mp4", WP_FORMAT_MP4, "hevc", 240, 320, 2, 1, 30, 1, 60},
    {"hlg.mp4", WP_FORMAT_MP4, "hevc", 240, 320, 2, 1, 30, 1, 60},
    {"duration-1.9.mp4", WP_FORMAT_MP4, "h264", 208, 208, 19, 10, 30, 1, 57},
    {"duration-2.mp4", WP_FORMAT_MP4, "h264", 208, 208, 2, 1, 30, 1, 60},
    {"duration-29.997.mp4", WP_FORMAT_MP4, "h264", 208, 208, 899899, 30000, 30000, 1001, 899},
    {"duration-30.mp4", WP_FORMAT_MP4, "h264", 208, 208, 30, 1, 15, 1, 450},
    {"duration-30.mov", WP_FORMAT_MOV, "h264", 208, 208, 30, 1, 30, 1, 900},
    {"duration-30.avi", WP_FORMAT_AVI, "h264", 208, 208, 30, 1, 15, 1, 450},
    {"duration-30.03.mp4", WP_FORMAT_MP4, "h264", 208, 208, 3003, 100, 30000, 1001, 900},
    {"duration-30.07.mp4", WP_FORMAT_MP4, "h264", 208, 208, 451, 15, 15, 1, 451},
    {"rate-14.mp4", WP_FORMAT_MP4, "h264", 208, 208, 2, 1, 14, 1, 28},
    {"rate-15.mp4", WP_FORMAT_MP4, "h264", 208, 208, 2, 1, 15, 1, 30},
    {"rate-60.mp4", WP_FORMAT_MP4, "h264", 208, 208, 2, 1, 60, 1, 120},
    {"rate-61.mp4", WP_FORMAT_MP4, "h264", 208, 208, 2, 1, 61, 1, 122},
    {"side-198.mp4", WP_FORMAT_MP4, "h264", 198, 300, 2, 1, 15, 1, 30},
    {"side-199.mp4", WP_FORMAT_MP4, "h264", 199, 300, 2, 1, 15, 1, 30},
    {"side-200.mp4", WP_FORMAT_MP4, "h264", 200, 300, 2, 1, 15, 1, 30},
    {"side-2048.mp4", WP_FORMAT_MP4, "h264", 2048, 1024, 2, 1, 15, 1, 30},
    {"side-2049.mp4", WP_FORMAT_MP4, "h264", 2049, 1024, 2, 1, 15, 1, 30},
    {"side-2050.mp4", WP_FORMAT_MP4, "h264", 2050, 1024, 2, 1, 15, 1, 30},
    {"ratio-3.mp4", WP_FORMAT_MP4, "h264", 600, 200, 2, 1, 15, 1, 30},
    {"ratio-over-3.mp4", WP_FORMAT_MP4, "h264", 602, 200, 2, 1, 15, 1, 30},
    {"ratio-tall.mp4", WP_FORMAT_MP4, "h264", 200, 602, 2, 1, 15, 1, 30},
};

static void check_good(const struct good *row, enum wp_depth depth)
{
    struct wp_video_facts facts = probe(row->name, depth);
    print_message("%s\n", row->name);
    assert_string_equal(facts.unreadable, "");
    assert_int_equal(facts.format, row->format);
    assert_string_equal(facts.codec, row->codec);
    assert_true(facts.has_size);
    assert_int_equal(facts.width, row->width);
    assert_int_equal(facts.height, row->height);
    assert_ratio(row->name, facts.has_duration, facts.duration, row->seconds_num, row->seconds_den);
    assert_ratio(row->name, facts.has_frame_rate, facts.frame_rate, row->rate_num, row->rate_den);
    assert_true(facts.has_frame_count);
    assert_int_equal(facts.frame_count, row->frames);
    assert_int_equal(facts.variable_frame_rate, WP_NO);
    assert_int_equal(facts.complete, WP_YES);
    assert_false(facts.has_missing_bytes);
    assert_int_equal(facts.encrypted, WP_NO);
    assert_true(facts.has_stream_counts);
    assert_int_equal(facts.decode, depth == WP_DEPTH_HEADER ? WP_DECODE_NOT_TRIED : WP_DECODE_OK);
}

static void good_videos_at_header_depth(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        check_good(&good[i], WP_DEPTH_HEADER);
}

static void good_videos_at_frame_depth(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        check_good(&good[i], WP_DEPTH_FRAME);
}

static void full_depth_decodes_every_frame(void **state)
{
    (void)state;
    static const char *const names[] = {"h264.mp4",      "hevc.mp4", "mpeg4.avi", "mjpeg.mov",
                                        "vp9.mp4",       "av1.mp4",  "3gp.3gp",   "fragmented.mp4",
                                        "edit-list.mp4", "h264.avi", "prores.mov"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct wp_video_facts facts = probe(names[i], WP_DEPTH_FULL);
        print_message("%s\n", names[i]);
        assert_int_equal(facts.decode, WP_DECODE_OK);
        assert_true(facts.has_decoded_frames);
        assert_int_equal(facts.decoded_frames, facts.frame_count);
        assert_true(facts.has_decode_errors);
        assert_int_equal(facts.decode_errors, 0);
        assert_int_equal(strlen(facts.sha256), 64);
    }
}

static void damage_in_the_middle_needs_full_depth(void **state)
{
    (void)state;
    struct wp_video_facts facts = probe("damaged-middle.mp4", WP_DEPTH_FRAME);
    assert_int_equal(facts.decode, WP_DECODE_OK);
    assert_false(facts.has_decode_errors);
    facts = probe("damaged-middle.mp4", WP_DEPTH_FULL);
    assert_int_equal(facts.decode, WP_DECODE_FAILED);
    assert_true(facts.has_decode_errors && facts.decode_errors > 0);
    assert_true(facts.decoded_frames > 30);
    assert_int_not_equal(strlen(facts.decode_reason), 0);
}

/* Decoders with several threads tell other errors of the same file in each run, and now and then none. */
static void damage_is_counted_the_same_every_time(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/dance.mp4");
    uint32_t seed = 1;
    for (int i = 0; i < 6; i++) {
        seed = seed * 1664525 + 1013904223;
        bytes.data[bytes.len / 8 + seed % (bytes.len / 2)] ^= 0x5a;
    }
    struct wp_video_facts first = probe_bytes(&bytes, WP_DEPTH_FULL);
    assert_true(first.has_decode_errors && first.decode_errors > 0);
    for (int i = 0; i < 8; i++) {
        struct wp_video_facts again = probe_bytes(&bytes, WP_DEPTH_FULL);
        assert_int_equal(again.decode_errors, first.decode_errors);
        assert_int_equal(again.decoded_frames, first.decoded_frames);
    }
    free(bytes.data);
}

static void a_damaged_first_frame_is_seen(void **state)
{
    (void)state;
    struct wp_video_facts facts = probe("damaged-first.mp4", WP_DEPTH_FRAME);
    assert_int_equal(facts.decode, WP_DECODE_FAILED);
    assert_true(facts.has_size);
    assert_int_equal(facts.complete, WP_YES);
}

static void unknown_codecs_are_unsupported_not_damaged(void **state)
{
    (void)state;
    struct wp_video_facts facts = probe("wmv2.avi", WP_DEPTH_FRAME);
    assert_int_equal(facts.decode, WP_DECODE_UNSUPPORTED);
    assert_string_equal(facts.codec, "wmv2");
    assert_string_equal(facts.unreadable, "");
    assert_true(facts.has_size && facts.has_duration);
}

static void rotation_and_flip(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int rotation;
        bool flipped;
    } rows[] = {
        {"upright.mp4", 0, false},       {"rotated-90.mp4", 90, false}, {"rotated-180.mp4", 180, false},
        {"rotated-270.mp4", 270, false}, {"flipped.mp4", 0, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_video_facts facts = probe(rows[i].name, WP_DEPTH_HEADER);
        assert_true(facts.has_rotation);
        assert_int_equal(facts.rotation, rows[i].rotation);
        assert_int_equal(facts.flipped, rows[i].flipped);
        assert_int_equal(facts.coded_width, 640);
        assert_int_equal(facts.coded_height, 480);
    }
}

static void sample_aspect_ratio(void **state)
{
    (void)state;
    struct wp_video_facts facts = probe("anamorphic.mp4", WP_DEPTH_HEADER);
    assert_ratio("sar", facts.has_sample_aspect_ratio, facts.sample_aspect_ratio, 16, 15);
    assert_int_equal(facts.coded_width, 720);
    assert_int_equal(facts.width, 768);
    facts = probe("upright.mp4", WP_DEPTH_HEADER);
    assert_ratio("sar", facts.has_sample_aspect_ratio, facts.sample_aspect_ratio, 1, 1);
}

static void container_and_stream_times(void **state)
{
    (void)state;
    struct wp_video_facts facts = probe("long-audio.mp4", WP_DEPTH_HEADER);
    assert_ratio("container", facts.has_container_duration, facts.container_duration, 3, 1);
    assert_ratio("start", facts.has_start_time, facts.start_time, 0, 1);
    assert_int_equal(facts.audio_streams, 1);
    facts = probe("delayed.mp4", WP_DEPTH_HEADER);
    assert_ratio("start", facts.has_start_time, facts.start_time, 1, 2);
    facts = probe("mpeg4.avi", WP_DEPTH_HEADER);
    assert_ratio("container", facts.has_container_duration, facts.container_duration, 2, 1);
}

static void variable_frame_rate(void **state)
{
    (void)state;
    struct wp_video_facts facts = probe("vfr.mp4", WP_DEPTH_HEADER);
    assert_int_equal(facts.variable_frame_rate, WP_YES);
    assert_ratio("min", facts.has_frame_interval, facts.min_frame_interval, 1, 30);
    assert_ratio("max", facts.has_frame_interval, facts.max_frame_interval, 2, 30);
}

static void colour_and_interlacing(void **state)
{
    (void)state;
    struct wp_video_facts facts = probe("hdr10.mp4", WP_DEPTH_FRAME);
    assert_int_equal(facts.hdr, WP_YES);
    assert_string_equal(facts.color_transfer, "smpte2084");
    assert_true(facts.has_bits);
    assert_int_equal(facts.bits, 10);
    assert_string_equal(facts.pixel_format, "yuv420p10le");
    facts = probe("hlg.mp4", WP_DEPTH_FRAME);
    assert_int_equal(facts.hdr, WP_YES);
    assert_string_equal(facts.color_transfer, "arib-std-b67");
    facts = probe("dance.mp4", WP_DEPTH_FRAME);
    assert_int_equal(facts.hdr, WP_NO);
    assert_string_equal(facts.color_transfer, "bt709");
    assert_int_equal(facts.interlaced, WP_NO);
    assert_string_equal(facts.profile, "High");
    assert_string_equal(facts.codec_tag, "avc1");
    assert_int_equal(facts.bits, 8);
    facts = probe("interlaced.mp4", WP_DEPTH_FRAME);
    assert_int_equal(facts.interlaced, WP_YES);
}

static void stream_counts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t video, audio, other;
    } rows[] = {
        {"dance.mp4", 1, 1, 0},    {"h264.mp4", 1, 0, 0},       {"two-videos.mp4", 2, 0, 0},
        {"timecode.mov", 1, 0, 1}, {"audio-only.m4a", 0, 1, 0}, {"cover-only.m4a", 0, 1, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_video_facts facts = probe(rows[i].name, WP_DEPTH_FRAME);
        print_message("%s\n", rows[i].name);
        assert_true(facts.has_stream_counts);
        assert_int_equal(facts.video_streams, rows[i].video);
        assert_int_equal(facts.audio_streams, rows[i].audio);
        assert_int_equal(facts.other_streams, rows[i].other);
        assert_string_equal(facts.unreadable, "");
        assert_int_equal(facts.has_size, rows[i].video > 0);
    }
}

static void encrypted_videos_are_told_and_not_decoded(void **state)
{
    (void)state;
    struct wp_video_facts facts = probe("encrypted.mp4", WP_DEPTH_FULL);
    assert_int_equal(facts.encrypted, WP_YES);
    assert_int_equal(facts.decode, WP_DECODE_NOT_TRIED);
    assert_string_equal(facts.unreadable, "");
    assert_int_equal(facts.complete, WP_YES);
}

static void cut_files(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum wp_tristate has_moov;
        bool readable;
        uint64_t missing; /* 0: not known */
    } rows[] = {
        {"moov-missing.mp4", WP_NO, false, 0},  {"moov-cut.mp4", WP_NO, false, 100},
        {"mdat-cut.mp4", WP_NO, false, 1},      {"truncated.mp4", WP_YES, true, 1},
        {"truncated-1.mp4", WP_YES, true, 1},   {"fragmented-truncated.mp4", WP_YES, true, 1},
        {"truncated.avi", WP_UNKNOWN, true, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_video_facts facts = probe(rows[i].name, WP_DEPTH_HEADER);
        print_message("%s\n", rows[i].name);
        assert_int_equal(facts.complete, WP_NO);
        assert_int_equal(facts.has_moov, rows[i].has_moov);
        assert_int_equal(facts.unreadable[0] == '\0', rows[i].readable);
        assert_int_equal(facts.has_missing_bytes, rows[i].missing > 0);
        if (facts.has_missing_bytes)
            assert_true(facts.missing_bytes >= rows[i].missing);
    }
    struct wp_video_facts facts = probe("truncated-1.mp4", WP_DEPTH_HEADER);
    assert_int_equal(facts.missing_bytes, 1);
    facts = probe("truncated.avi", WP_DEPTH_FULL);
    assert_int_equal(facts.decoded_frames, facts.frame_count);
    assert_ratio("duration", facts.has_duration, facts.duration, (int64_t)facts.frame_count, 30);
}

static void foreign_formats_are_named_only(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum wp_format format;
    } rows[] = {
        {"matroska.mp4", WP_FORMAT_MATROSKA}, {"webm.mp4", WP_FORMAT_WEBM}, {"gif.mp4", WP_FORMAT_GIF},
        {"ts.mp4", WP_FORMAT_MPEG_TS},        {"flv.mp4", WP_FORMAT_FLV},   {"text.mp4", WP_FORMAT_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_video_facts facts = probe(rows[i].name, WP_DEPTH_FULL);
        assert_int_equal(facts.format, rows[i].format);
        assert_string_equal(facts.unreadable, "");
        assert_string_equal(facts.demuxer, "");
        assert_int_equal(facts.decode, WP_DECODE_NOT_TRIED);
        assert_false(facts.has_size || facts.has_duration || facts.has_stream_counts);
    }
    struct wp_video_facts facts = probe("empty.mp4", WP_DEPTH_FRAME);
    assert_int_equal(facts.format, WP_FORMAT_EMPTY);
    assert_string_not_equal(facts.unreadable, "");
}

static void failed_reads_fail_the_probe(void **state)
{
    (void)state;
    for (uint64_t fail_after = 1; fail_after < 1000; fail_after++) {
        struct bytes bytes = bytes_of_fixture("videos/moov-at-end.mp4");
        bytes.fail_after = fail_after;
        struct wp_reader reader = bytes_reader(&bytes);
        struct wp_probe_options options = {.depth = WP_DEPTH_FRAME};
        struct wp_video_facts facts;
        enum wp_status status = wp_probe_video(&facts, &reader, &options, NULL);
        uint64_t reads = bytes.reads;
        free(bytes.data);
        if (reads < fail_after) {
            assert_int_equal(status, WP_OK);
            assert_true(fail_after > 3);
            return;
        }
        assert_int_equal(status, WP_INPUT);
    }
    fail_msg("a small file needs 1000 reads");
}

static void header_depth_reads_no_samples(void **state)
{
    (void)state;
    /* 8 MB of samples that nobody reads, in front of the header. */
    struct bytes small = bytes_of_fixture("videos/moov-at-end.mp4");
    uint64_t moov = 0;
    for (size_t i = 0; i + 4 < small.len; i++) {
        if (memcmp(small.data + i, "moov", 4) == 0)
            moov = i - 4;
    }
    static const uint8_t free_box[8] = {0x00, 0x80, 0x00, 0x00, 'f', 'r', 'e', 'e'};
    struct bytes large = bytes_of_size(small.len + 0x800000);
    memcpy(large.data, small.data, moov);
    memcpy(large.data + moov, free_box, sizeof free_box);
    memcpy(large.data + moov + 0x800000, small.data + moov, small.len - moov);
    struct wp_video_facts facts = probe_bytes(&large, WP_DEPTH_HEADER);
    assert_true(facts.has_duration);
    assert_true(large.total < 400000);
    facts = probe_bytes(&large, WP_DEPTH_FRAME);
    assert_int_equal(facts.decode, WP_DECODE_OK);
    assert_true(large.total < 1000000);
    free(large.data);
    free(small.data);
}

static void count_lines(void *user, enum wp_log_level level, const char *room, const char *line)
{
    assert_true(level <= WP_LOG_INFO);
    assert_string_equal(room, "media");
    assert_string_not_equal(line, "");
    ++*(int *)user;
}

static void what_ffmpeg_says_goes_to_the_log(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/damaged-first.mp4");
    struct wp_reader reader = bytes_reader(&bytes);
    int lines = 0;
    struct wp_log log = {.fn = count_lines, .user = &lines, .level = WP_LOG_INFO};
    struct wp_probe_options options = {.depth = WP_DEPTH_FRAME, .log = &log};
    struct wp_video_facts facts;
    assert_int_equal(wp_probe_video(&facts, &reader, &options, NULL), WP_OK);
    assert_true(lines > 0);
    int before = lines;
    options.log = NULL;
    assert_int_equal(wp_probe_video(&facts, &reader, &options, NULL), WP_OK);
    assert_int_equal(lines, before);
    free(bytes.data);
}

/* A slow source: each read takes longer than the whole probe may. */
static enum wp_status read_slowly(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                                  struct wp_error *error)
{
    int64_t end = wp_clock_now_us() + 2000;
    while (wp_clock_now_us() < end)
        ;
    return bytes_read_at(user, out, len, offset, got, error);
}

static void a_passed_deadline_stops_the_probe(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/dance.mp4");
    struct wp_reader reader = {.size = bytes.len, .read_at = read_slowly, .user = &bytes};
    struct wp_probe_options options = {.depth = WP_DEPTH_FULL, .deadline_ms = 1};
    struct wp_video_facts facts;
    assert_int_equal(wp_probe_video(&facts, &reader, &options, NULL), WP_OK);
    assert_int_equal(facts.format, WP_FORMAT_MP4);
    assert_int_equal(facts.decode, WP_DECODE_REFUSED);
    assert_string_not_equal(facts.decode_reason, "");
    assert_string_equal(facts.unreadable, "");
    assert_int_equal(facts.complete, WP_UNKNOWN);
    free(bytes.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_videos_at_header_depth),
        cmocka_unit_test(good_videos_at_frame_depth),
        cmocka_unit_test(full_depth_decodes_every_frame),
        cmocka_unit_test(damage_in_the_middle_needs_full_depth),
        cmocka_unit_test(damage_is_counted_the_same_every_time),
        cmocka_unit_test(a_damaged_first_frame_is_seen),
        cmocka_unit_test(unknown_codecs_are_unsupported_not_damaged),
        cmocka_unit_test(rotation_and_flip),
        cmocka_unit_test(sample_aspect_ratio),
        cmocka_unit_test(container_and_stream_times),
        cmocka_unit_test(variable_frame_rate),
        cmocka_unit_test(colour_and_interlacing),
        cmocka_unit_test(stream_counts),
        cmocka_unit_test(encrypted_videos_are_told_and_not_decoded),
        cmocka_unit_test(cut_files),
        cmocka_unit_test(foreign_formats_are_named_only),
        cmocka_unit_test(failed_reads_fail_the_probe),
        cmocka_unit_test(header_depth_reads_no_samples),
        cmocka_unit_test(what_ffmpeg_says_goes_to_the_log),
        cmocka_unit_test(a_passed_deadline_stops_the_probe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
