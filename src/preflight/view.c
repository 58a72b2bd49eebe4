#include "preflight/view.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/text.h"
#include "media/load.h"
#include "media/pictures.h"
#include "media/thumbnail.h"

#include "base/banned.h"

enum {
    /* For the frames of one video. */
    LOOK_US = 10000000,
    THUMBNAILS_US = 3000000,
    DETECTOR_HEAP = 30 << 20, /* that OpenCV fills */
    IMAGE_SIDE = 288,         /* of a thumbnail */
    FRAME_SIDE = 192,
    /* Decoders need not be exact below twice of what is shown. */
    IMAGE_DETAIL = 2 * IMAGE_SIDE,
    /* What is looked at is no smaller than that, if the picture is not. */
    LOOK_DETAIL = 960,
    /* One thumbnail for so many looks: the first is shown, and the last but one. */
    LOOKS_A_THUMBNAIL = 2,
};

/* The first frame was seen, if the first look is not behind it by more than this. */
#define FIRST_FRAME_S 0.15

/* The first frame, and some spread over the clip. */
static const double look_positions[WP_MAX_LOOKS] = {0,       1 / 18.,  3 / 18.,  5 / 18.,  7 / 18.,
                                                    9 / 18., 11 / 18., 13 / 18., 15 / 18., 17 / 18.};
static const double thumbnail_positions[WP_MAX_THUMBNAILS] = {1 / 12.0, 3 / 12.0, 5 / 12.0,
                                                              7 / 12.0, 9 / 12.0, 11 / 12.0};

_Static_assert(WP_MAX_THUMBNAILS *LOOKS_A_THUMBNAIL >= WP_MAX_LOOKS, "they are spread over the clip");

/* What one task sees. */
struct sight {
    const struct wp_view_request *request;
    struct wp_content *content;     /* NULL: no faces are looked for */
    struct wp_content_facts *facts; /* likewise */
    struct wp_buf *thumbnails;      /* NULL: none are wanted */
    size_t count;                   /* of pictures so far */
    struct wp_error error;          /* of the detector */
};

void wp_view_miss(struct wp_content_facts *facts, enum wp_content_state state, const char *reason)
{
    *facts = (struct wp_content_facts){.state = state};
    wp_text_copy(facts->reason, sizeof facts->reason, reason);
}

void wp_view_open(struct wp_view *view)
{
    struct wp_error error = {.status = WP_OK};
    if (view->parts && wp_content_open(&view->content, view->parts, &error) != WP_OK)
        wp_text_copy(view->reason, sizeof view->reason, error.message);
}

void wp_view_prepare(void *user)
{
    struct wp_view *view = user;
    wp_media_load(view->images, view->videos);
    if (view->parts)
        wp_alloc_reserve(DETECTOR_HEAP);
    wp_view_open(view);
}

static enum wp_status pack(const struct sight *sight, const struct wp_small_picture *picture)
{
    uint32_t side = sight->request->is_image ? IMAGE_SIDE : FRAME_SIDE;
    if (picture->width <= side && picture->height <= side)
        return wp_thumbnail_pack(sight->thumbnails, picture);
    struct wp_small_picture small;
    enum wp_status status = wp_picture_shrink(&small, picture, side);
    if (status == WP_OK)
        status = wp_thumbnail_pack(sight->thumbnails, &small);
    wp_free(small.rgb);
    return status;
}

static enum wp_status look(struct sight *sight, const struct wp_small_picture *picture)
{
    struct wp_content_facts *facts = sight->facts;
    const struct wp_view_request *request = sight->request;
    uint32_t width = request->is_image ? request->image.width : request->video.width;
    uint32_t height = request->is_image ? request->image.height : request->video.height;
    const struct wp_picture seen = {picture->width, picture->height, picture->rgb};
    struct wp_look *out = &facts->looks[facts->look_count];
    enum wp_status status = wp_content_look(sight->content, out, &seen, width, height, &sight->error);
    if (status != WP_OK)
        return status;
    out->time_s = picture->time_s;
    facts->look_count++;
    return WP_OK;
}

static enum wp_status take(void *user, const struct wp_small_picture *picture)
{
    struct sight *sight = user;
    size_t number = sight->count++;
    enum wp_status status = WP_OK;
    if (sight->content && sight->facts->look_count < WP_MAX_LOOKS)
        status = look(sight, picture);
    if (status == WP_OK && sight->thumbnails && (!sight->content || number % LOOKS_A_THUMBNAIL == 0))
        status = pack(sight, picture);
    return status;
}

static struct wp_picture_wish wish_of(const struct sight *sight)
{
    bool is_image = sight->request->is_image;
    if (!sight->content)
        return (struct wp_picture_wish){
            .side = is_image ? IMAGE_SIDE : FRAME_SIDE,
            .detail = IMAGE_DETAIL,
            .positions = thumbnail_positions,
            .count = WP_MAX_THUMBNAILS,
            .deadline_us = wp_clock_now_us() + THUMBNAILS_US,
        };
    return (struct wp_picture_wish){
        .side = is_image ? WP_CONTENT_IMAGE_SIDE : WP_CONTENT_FRAME_SIDE,
        .detail = LOOK_DETAIL,
        .positions = look_positions,
        .count = WP_MAX_LOOKS,
        .deadline_us = wp_clock_now_us() + LOOK_US,
    };
}

/* What the looks are worth: the image must have been seen, and of a video the first frame. */
static void judge(struct sight *sight, enum wp_status status, const struct wp_picture_wish *wish)
{
    struct wp_content_facts *facts = sight->facts;
    const struct wp_video_facts *video = sight->request->is_image ? NULL : &sight->request->video;
    double start_s =
        video && video->has_start_time ? (double)video->start_time.num / (double)video->start_time.den : 0;
    bool saw_first =
        facts->look_count > 0 && facts->looks[0].time_s <= (start_s > 0 ? start_s : 0) + FIRST_FRAME_S;
    bool is_late = video && facts->look_count < wish->count && wp_clock_now_us() >= wish->deadline_us;
    const char *reason = "";
    if (status != WP_OK)
        reason = sight->error.message;
    else if (is_late)
        reason = saw_first ? "there was no time for more frames" : "there was no time for the first frame";
    else if (!saw_first)
        reason = video ? "the first frame could not be decoded" : "the picture could not be decoded";
    wp_text_copy(facts->reason, sizeof facts->reason, reason);
    facts->state = saw_first ? WP_CONTENT_LOOKED : WP_CONTENT_FAILED;
}

enum wp_status wp_view_run(const struct wp_jail_task *task, void *user, struct wp_error *error)
{
    (void)error;
    const struct wp_view *view = user;
    const struct wp_view_request *request = task->request;
    struct sight sight = {
        .request = request,
        .content = request->looks ? view->content : NULL,
        .facts = request->looks ? task->facts : NULL,
        .thumbnails = task->blob,
    };
    if (sight.facts && !sight.content)
        wp_view_miss(sight.facts, WP_CONTENT_NO_DETECTOR, view->reason);
    if (!sight.content && !sight.thumbnails)
        return WP_OK;
    const struct wp_picture_wish wish = wish_of(&sight);
    enum wp_status status = request->is_image
                                ? wp_pictures_image(&request->image, task->reader, &wish, take, &sight)
                                : wp_pictures_video(&request->video, task->reader, &wish, take, &sight);
    if (sight.content)
        judge(&sight, status, &wish);
    return status == WP_NOMEM ? WP_NOMEM : WP_OK;
}
