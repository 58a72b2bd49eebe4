/* Small pictures on their way from the child to the report. */
#include "unit/test.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/text.h"
#include "wanprep/report.h"

#include "base/banned.h"

#define IMAGE       WP_FIXTURES "/images/person.jpg"
#define OTHER_IMAGE WP_FIXTURES "/images/jpeg-orientation-6.jpg"
#define VIDEO       WP_FIXTURES "/videos/dance.mp4"
#define OTHER_VIDEO WP_FIXTURES "/videos/rotated-90.mp4"

static const struct wp_pair pairs[] = {
    {IMAGE, VIDEO},
    {IMAGE, OTHER_VIDEO},
    {OTHER_IMAGE, VIDEO},
    {WP_FIXTURES "/images/text.jpg", WP_FIXTURES "/videos/moov-missing.mp4"},
    {WP_FIXTURES "/images/none.jpg", NULL},
    {NULL, VIDEO},
};

/* What came with each pair: all bytes of its pictures, and its document. */
struct seen {
    bool wanted;
    struct wp_buf pictures[COUNT(pairs)];
    char *documents[COUNT(pairs)];
    size_t images, frames;
};

static bool take(void *user, size_t index, const struct wp_preflight *preflight)
{
    struct seen *seen = user;
    struct wp_buf *out = &seen->pictures[index];
    const struct wp_thumbnails *pictures = preflight->thumbnails;
    static struct wp_preflight copy;
    size_t length = 0;
    copy = *preflight;
    copy.elapsed_us = 0;
    assert_int_equal(wp_report_write(&seen->documents[index], &length, &copy, WP_REPORT_JSON,
                                     &(struct wp_report_options){.verbose = true}, NULL),
                     WP_OK);
    *out = wp_buf_new(1 << 20);
    assert_int_equal(pictures != NULL, seen->wanted);
    if (!pictures)
        return true;
    seen->images += pictures->has_image;
    seen->frames += pictures->video_count;
    if (pictures->has_image)
        (void)wp_buf_add(out, pictures->image.jpeg, pictures->image.length);
    for (size_t i = 0; i < pictures->video_count; i++)
        (void)wp_buf_add(out, pictures->video[i].jpeg, pictures->video[i].length);
    assert_int_equal(out->failed, WP_OK);
    return true;
}

static struct seen run(bool wanted, bool no_jail)
{
    struct seen seen = {.wanted = wanted};
    struct wp_preflight_options options = WP_PREFLIGHT_DEFAULTS;
    struct wp_error error = {.message = ""};
    options.thumbnails = wanted;
    options.no_jail = no_jail;
    if (wp_preflight_many(pairs, COUNT(pairs), &options, take, &seen, &error) != WP_OK)
        fail_msg("%s", error.message);
    return seen;
}

static void forget(struct seen *seen)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        wp_buf_free(&seen->pictures[i]);
        wp_free(seen->documents[i]);
    }
}

static void they_come_with_every_pair_that_has_them(void **state)
{
    (void)state;
    struct seen seen = run(true, false);
    assert_int_equal(seen.images, 3);
    assert_int_equal(seen.frames, 4 * 6);
    assert_int_equal(seen.pictures[3].len + seen.pictures[4].len, 0);
    /* The same video has the same frames in every pair. */
    const struct wp_buf *first = &seen.pictures[0], *last = &seen.pictures[5];
    assert_true(first->len > last->len && last->len > 0);
    assert_memory_equal(first->data + first->len - last->len, last->data, last->len);
    forget(&seen);
}

static void they_change_no_fact(void **state)
{
    (void)state;
    struct seen with = run(true, false), without = run(false, false), here = run(true, true);
    for (size_t i = 0; i < COUNT(pairs); i++) {
        assert_string_equal(with.documents[i], without.documents[i]);
        assert_string_equal(with.documents[i], here.documents[i]);
        assert_int_equal(with.pictures[i].len, here.pictures[i].len);
        assert_memory_equal(wp_buf_text(&with.pictures[i]), wp_buf_text(&here.pictures[i]),
                            here.pictures[i].len);
    }
    forget(&with);
    forget(&without);
    forget(&here);
}

static bool count_frames(void *user, size_t index, const struct wp_preflight *preflight)
{
    size_t *frames = user;
    assert_int_equal(index, 0);
    assert_int_equal(preflight->video.decode, WP_DECODE_FAILED);
    assert_non_null(preflight->thumbnails);
    *frames = preflight->thumbnails->video_count;
    return true;
}

/* What is rejected for a damaged frame is shown by those that are none. */
static void they_come_with_what_is_damaged(void **state)
{
    (void)state;
    static const struct wp_pair damaged = {NULL, WP_FIXTURES "/videos/damaged-middle.mp4"};
    struct wp_preflight_options options = WP_PREFLIGHT_DEFAULTS;
    struct wp_error error = {.message = ""};
    size_t frames = 0;
    options.thumbnails = true;
    options.depth = WP_DEPTH_FULL;
    assert_int_equal(wp_preflight_many(&damaged, 1, &options, count_frames, &frames, &error), WP_OK);
    assert_int_equal(frames, WP_MAX_THUMBNAILS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_come_with_every_pair_that_has_them),
        cmocka_unit_test(they_change_no_fact),
        cmocka_unit_test(they_come_with_what_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
