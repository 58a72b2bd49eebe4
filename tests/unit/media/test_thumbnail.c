/* Small pictures of every fixture, and bytes of them that no honest process would send. */
#include "unit/test.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/text.h"
#include "media/thumbnail.h"
#include "probe/probe.h"
#include "unit/bytes.h"

#include "base/banned.h"

#define A_MINUTE ((int64_t)60 * 1000 * 1000)

/* The small pictures of one fixture, and what is known of it. */
struct made {
    struct wp_image_facts image;
    struct wp_video_facts video;
    struct wp_buf blob;
    struct wp_thumbnail pictures[WP_MAX_THUMBNAILS];
    size_t count;
};

static const double positions[WP_MAX_THUMBNAILS] = {1 / 12.0, 3 / 12.0, 5 / 12.0,
                                                    7 / 12.0, 9 / 12.0, 11 / 12.0};

static enum wp_status pack(void *user, const struct wp_small_picture *picture)
{
    return wp_thumbnail_pack(user, picture);
}

static enum wp_status pack_video(struct wp_buf *blob, const struct wp_video_facts *facts,
                                 const struct wp_reader *reader, int64_t time_us)
{
    const struct wp_picture_wish wish = {.side = 192,
                                         .detail = 384,
                                         .positions = positions,
                                         .count = WP_MAX_THUMBNAILS,
                                         .deadline_us = wp_clock_now_us() + time_us};
    return wp_pictures_video(facts, reader, &wish, pack, blob);
}

static enum wp_status pack_image(struct wp_buf *blob, const struct wp_image_facts *facts,
                                 const struct wp_reader *reader)
{
    const struct wp_picture_wish wish = {.side = 288, .detail = 576};
    return wp_pictures_image(facts, reader, &wish, pack, blob);
}

static void make(struct made *made, struct bytes *bytes, bool is_video, int64_t time_us)
{
    const struct wp_probe_options options = {.depth = WP_DEPTH_FRAME};
    struct wp_reader reader = bytes_reader(bytes);
    struct wp_error error;
    made->blob = wp_buf_new(WP_THUMBNAIL_BLOB_MAX);
    if (is_video) {
        assert_int_equal(wp_probe_video(&made->video, &reader, &options, &error), WP_OK);
        assert_int_equal(pack_video(&made->blob, &made->video, &reader, time_us), WP_OK);
    } else {
        assert_int_equal(wp_probe_image(&made->image, &reader, &options, &error), WP_OK);
        assert_int_equal(pack_image(&made->blob, &made->image, &reader), WP_OK);
    }
    made->count = wp_thumbnail_unpack(made->pictures, made->blob.data, made->blob.len);
}

static struct made make_fixture(const char *name, bool is_video)
{
    static struct made made;
    struct bytes bytes = bytes_of_fixture(name);
    make(&made, &bytes, is_video, A_MINUTE);
    free(bytes.data);
    return made;
}

/* It is a whole JPEG of the size that it claims, and of the shape of the original. */
static void check_picture(const char *name, const struct wp_thumbnail *picture, uint32_t width,
                          uint32_t height)
{
    const struct wp_probe_options options = {.depth = WP_DEPTH_FRAME};
    struct wp_image_facts facts;
    struct bytes bytes = bytes_of_size(picture->length);
    memcpy(bytes.data, picture->jpeg, picture->length);
    struct wp_reader reader = bytes_reader(&bytes);
    struct wp_error error;
    assert_int_equal(wp_probe_image(&facts, &reader, &options, &error), WP_OK);
    bool is_whole = facts.format == WP_FORMAT_JPEG && facts.decode == WP_DECODE_OK &&
                    facts.complete == WP_YES && facts.width == picture->width &&
                    facts.height == picture->height;
    double stretch = (double)picture->width * height / ((double)picture->height * width);
    if (!is_whole || fabs(stretch - 1) > 0.05 || picture->width > 320 || picture->height > 320)
        fail_msg("%s: %ux%u of %ux%u, decode %d", name, picture->width, picture->height, width, height,
                 facts.decode);
    free(bytes.data);
}

static void images_that_decode_have_a_picture(void **state)
{
    (void)state;
    DIR *folder = opendir(WP_FIXTURES "/images");
    assert_non_null(folder);
    size_t with = 0, without = 0;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        char path[512];
        if (entry->d_name[0] == '.')
            continue;
        assert_true(wp_text_format(path, sizeof path, "images/%s", entry->d_name));
        struct made made = make_fixture(path, false);
        if (made.count > 1 || (made.count == 1 && made.image.decode != WP_DECODE_OK))
            fail_msg("%s has %zu pictures", path, made.count);
        if (made.count)
            check_picture(path, &made.pictures[0], made.image.width, made.image.height);
        made.count ? with++ : without++;
        wp_buf_free(&made.blob);
    }
    (void)closedir(folder);
    assert_true(with >= 50 && without >= 30);
}

static void videos_have_frames_in_order(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t least, most;
    } rows[] = {
        {"dance.mp4", 6, 6},       {"h264.avi", 6, 6},         {"hevc.mp4", 6, 6},
        {"vp9.mp4", 6, 6},         {"av1.mp4", 6, 6},          {"prores.mov", 6, 6},
        {"mjpeg.mov", 6, 6},       {"anamorphic.mp4", 6, 6},   {"rotated-90.mp4", 6, 6},
        {"rotated-270.mp4", 6, 6}, {"flipped.mp4", 6, 6},      {"edit-list.mp4", 6, 6},
        {"fragmented.mp4", 5, 6},  {"vfr.mp4", 6, 6},          {"hdr10.mp4", 6, 6},
        {"duration-30.mp4", 6, 6}, {"truncated.mp4", 3, 5},    {"damaged-middle.mp4", 1, 6},
        {"encrypted.mp4", 0, 0},   {"moov-missing.mp4", 0, 0}, {"empty.mp4", 0, 0},
        {"audio-only.m4a", 0, 0},  {"matroska.mp4", 0, 0},     {"wmv2.avi", 0, 0},
        {"cover-only.m4a", 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char path[128];
        assert_true(wp_text_format(path, sizeof path, "videos/%s", rows[i].name));
        struct made made = make_fixture(path, true);
        if (made.count < rows[i].least || made.count > rows[i].most)
            fail_msg("%s: %zu pictures", path, made.count);
        double length =
            made.video.has_duration ? (double)made.video.duration.num / (double)made.video.duration.den : 0;
        double start = made.video.has_start_time
                           ? (double)made.video.start_time.num / (double)made.video.start_time.den
                           : 0;
        for (size_t k = 0; k < made.count; k++) {
            double time = made.pictures[k].time_s - start;
            check_picture(path, &made.pictures[k], made.video.width, made.video.height);
            if (time < 0 || time > length + 0.1 ||
                (k > 0 && made.pictures[k].time_s <= made.pictures[k - 1].time_s))
                fail_msg("%s: picture %zu at %f s", path, k, made.pictures[k].time_s);
        }
        if (made.count == 6 && rows[i].least == 6)
            assert_true(made.pictures[5].time_s - made.pictures[0].time_s > length / 2);
        wp_buf_free(&made.blob);
    }
}

static void time_and_reading_may_end(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/h264.mp4");
    static struct made made;
    make(&made, &bytes, true, 0); /* the time is over before it begins */
    assert_int_equal(made.count, 0);
    wp_buf_free(&made.blob);
    make(&made, &bytes, true, A_MINUTE);
    wp_buf_free(&made.blob);
    uint64_t reads = bytes.reads;
    for (uint64_t fail_after = 1; fail_after < reads; fail_after++) {
        struct wp_buf blob = wp_buf_new(WP_THUMBNAIL_BLOB_MAX);
        struct wp_reader reader = bytes_reader(&bytes);
        bytes.reads = 0;
        bytes.fail_after = fail_after;
        assert_int_equal(pack_video(&blob, &made.video, &reader, A_MINUTE), WP_OK);
        wp_buf_free(&blob);
    }
    free(bytes.data);
}

static void a_full_blob_takes_what_fits(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of_fixture("videos/h264.mp4");
    struct wp_reader reader = bytes_reader(&bytes);
    static struct made made;
    make(&made, &bytes, true, A_MINUTE);
    struct wp_buf blob = wp_buf_new(made.blob.len - 1);
    assert_int_equal(pack_video(&blob, &made.video, &reader, A_MINUTE), WP_OK);
    assert_int_equal(blob.failed, WP_OK);
    assert_int_equal(wp_thumbnail_unpack(made.pictures, blob.data, blob.len), 5);
    wp_buf_free(&blob);
    wp_buf_free(&made.blob);
    free(bytes.data);
}

static size_t allowed;

static void *limited_realloc(void *memory, size_t size)
{
    if (allowed == 0)
        return NULL;
    allowed--;
    return realloc(memory, size);
}

static void *limited_malloc(size_t size)
{
    return limited_realloc(NULL, size);
}

static void memory_may_run_out(void **state)
{
    (void)state;
    static const struct wp_alloc_hooks hooks = {limited_malloc, limited_realloc, free};
    struct bytes bytes = bytes_of_fixture("images/person.jpg");
    struct wp_reader reader = bytes_reader(&bytes);
    static struct made made;
    make(&made, &bytes, false, A_MINUTE);
    wp_buf_free(&made.blob);
    wp_alloc_set_hooks(&hooks);
    enum wp_status status = WP_NOMEM;
    for (size_t limit = 0; status != WP_OK; limit++) {
        struct wp_buf blob = wp_buf_new(WP_THUMBNAIL_BLOB_MAX);
        allowed = limit;
        status = pack_image(&blob, &made.image, &reader);
        assert_true(limit < 100 && (status == WP_OK ? limit > 4 : status == WP_NOMEM));
        wp_buf_free(&blob);
    }
    wp_alloc_set_hooks(NULL);
    free(bytes.data);
}

/* Every byte of what stands before the pictures is spoilt, and the whole is cut anywhere. */
static void lies_are_not_believed(void **state)
{
    (void)state;
    struct made made = make_fixture("videos/dance.mp4", true);
    assert_int_equal(made.count, 6);
    struct wp_thumbnail out[WP_MAX_THUMBNAILS];
    for (size_t len = 0; len < made.blob.len; len += len < 200 ? 1 : 97) {
        char *part = malloc(len ? len : 1); /* so that reading behind it is seen */
        assert_non_null(part);
        memcpy(part, made.blob.data, len);
        size_t count = wp_thumbnail_unpack(out, part, len);
        assert_true(count < 6);
        for (size_t i = 0; i < count; i++)
            assert_true((const char *)out[i].jpeg + out[i].length <= part + len);
        free(part);
    }
    for (size_t at = 0; at < 24; at++) {
        char was = made.blob.data[at];
        for (int value = 0; value < 256; value++) {
            made.blob.data[at] = (char)value;
            size_t count = wp_thumbnail_unpack(out, made.blob.data, made.blob.len);
            for (size_t i = 0; i < count; i++)
                assert_true(out[i].width <= 320 && out[i].height <= 320 && out[i].length > 0 &&
                            out[i].length <= made.blob.len && isfinite(out[i].time_s));
        }
        made.blob.data[at] = was;
    }
    wp_buf_free(&made.blob);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_that_decode_have_a_picture),
        cmocka_unit_test(videos_have_frames_in_order),
        cmocka_unit_test(time_and_reading_may_end),
        cmocka_unit_test(a_full_blob_takes_what_fits),
        cmocka_unit_test(memory_may_run_out),
        cmocka_unit_test(lies_are_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
