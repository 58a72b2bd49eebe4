/* Frames of videos, and images, for who looks at them: of any bytes that a probe calls a picture. */
#include <math.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "fuzz/cursor.h"
#include "media/pictures.h"
#include "preflight/clean.h"
#include "probe/probe.h"

#include "base/banned.h"

enum {
    PIXELS = 1 << 20, /* of what is decoded: a bound on time */
    MOST = 10,
    SECONDS = 3,
};

/* What came so far. */
struct taken {
    const struct wp_picture_wish *wish;
    size_t count, limit;
    double time_s; /* of the last one */
    unsigned sum;  /* of all samples, so that each is read */
};

static enum wp_status take_picture(void *user, const struct wp_small_picture *picture)
{
    struct taken *taken = user;
    uint32_t side = picture->width > picture->height ? picture->width : picture->height;
    MUST(picture->width > 0 && picture->height > 0 && side <= taken->wish->side);
    MUST(isfinite(picture->time_s));
    MUST(picture->time_s >= taken->time_s);
    MUST(taken->count++ < taken->wish->count);
    taken->time_s = picture->time_s;
    for (size_t i = 0; i < (size_t)picture->width * picture->height * 3; i++)
        taken->sum += picture->rgb[i];
    return taken->count == taken->limit ? WP_INPUT : WP_OK;
}

static bool is_small(bool has_size, uint32_t width, uint32_t height)
{
    return has_size && (uint64_t)width * height <= PIXELS;
}

/* The facts are as a caller has them. */
static enum wp_status look(struct wp_reader *reader, struct taken *taken)
{
    static struct wp_image_facts image;
    static struct wp_video_facts video;
    const struct wp_probe_options options = {.depth = WP_DEPTH_HEADER, .deadline_ms = SECONDS * 1000};
    struct wp_error error;
    MUST(wp_probe_image(&image, reader, &options, &error) == WP_OK);
    wp_clean_image_facts(&image, reader->size);
    if (is_small(image.has_size, image.coded_width, image.coded_height))
        return wp_pictures_image(&image, reader, taken->wish, take_picture, taken);
    MUST(wp_probe_video(&video, reader, &options, &error) == WP_OK);
    wp_clean_video_facts(&video, reader->size);
    if (is_small(video.has_size, video.coded_width, video.coded_height))
        return wp_pictures_video(&video, reader, taken->wish, take_picture, taken);
    return WP_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const double positions[MOST] = {0,       1 / 18.,  3 / 18.,  5 / 18.,  7 / 18.,
                                           9 / 18., 11 / 18., 13 / 18., 15 / 18., 17 / 18.};
    struct fuzz_bytes bytes = {data, size};
    struct wp_reader reader = fuzz_reader(&bytes);
    /* Who looks may want anything, and may have had enough. */
    const struct wp_picture_wish wish = {
        .side = size % 5 == 0 ? WP_PICTURE_SIDE : 1 + (uint32_t)(size % 97),
        .detail = 1 + (uint32_t)(size % 640),
        .positions = positions,
        .count = MOST,
        .deadline_us = wp_clock_now_us() + (int64_t)SECONDS * 1000000,
    };
    struct taken taken = {.wish = &wish, .limit = size % 13};
    enum wp_status status = look(&reader, &taken);
    MUST(status == (taken.limit && taken.count == taken.limit ? WP_INPUT : WP_OK));
    return 0;
}
