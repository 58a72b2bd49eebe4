#include "preflight/prober.h"

#include "base/clock.h"
#include "media/thumbnail.h"
#include "preflight/clean.h"

#include "base/banned.h"

enum {
    /* A probe stops by itself after its deadline (60 s by default); this is for those that do not. */
    WALL_MS = 75000,
    /* Twice what a video of the largest size that is decoded needs with all its reference frames. */
    MEMORY = 1 << 30,
    /* For the frames of one video. */
    PICTURES_US = 3000000,
};

/* What is to be done. */
struct request {
    bool is_image;
    bool makes_pictures; /* of what was measured before; else it is measured */
    enum wp_depth depth;
    bool hash;
    int64_t deadline_ms;
    union {
        struct wp_image_facts image;
        struct wp_video_facts video;
    }; /* for pictures */
};

_Static_assert(sizeof(struct request) <= WP_JAIL_REQUEST_MAX, "a request is sent to the child whole");

static enum wp_status make_pictures(const struct wp_jail_task *task)
{
    const struct request *request = task->request;
    return request->is_image ? wp_thumbnail_image(task->blob, &request->image, task->reader)
                             : wp_thumbnail_video(task->blob, &request->video, task->reader,
                                                  wp_clock_now_us() + PICTURES_US);
}

/* Runs in the child. */
static enum wp_status work(const struct wp_jail_task *task, struct wp_error *error)
{
    const struct request *request = task->request;
    if (request->makes_pictures)
        return make_pictures(task);
    const struct wp_probe_options options = {.depth = request->depth,
                                             .hash = request->hash,
                                             .deadline_ms = request->deadline_ms,
                                             .log = task->log};
    return request->is_image ? wp_probe_image(task->facts, task->reader, &options, error)
                             : wp_probe_video(task->facts, task->reader, &options, error);
}

enum wp_status wp_prober_jail(struct wp_jail **out, wp_media_load_fn *load, bool no_warden,
                              struct wp_error *error)
{
    const struct wp_jail_limits limits = {.wall_ms = WALL_MS, .memory = MEMORY, .no_warden = no_warden};
    return wp_jail_open(out, work, load, &limits, error);
}

enum wp_status wp_prober_open(struct wp_prober *out, struct wp_jail *jail, wp_media_load_fn *load,
                              struct wp_error *error)
{
    *out = (struct wp_prober){0};
    return jail ? wp_cell_open(&out->cell, jail, load, error) : WP_OK;
}

void wp_prober_close(struct wp_prober *prober)
{
    wp_cell_close(prober->cell);
    *prober = (struct wp_prober){0};
}

enum wp_status wp_prober_measure(struct wp_prober *prober, struct wp_image_facts *image,
                                 struct wp_video_facts *video, const struct wp_source *source,
                                 const struct wp_probe_options *options, struct wp_error *error)
{
    const struct request request = {
        .is_image = image != NULL,
        .depth = options->depth,
        .hash = options->hash,
        .deadline_ms = options->deadline_ms,
    };
    const struct wp_jail_task task = {
        .request = &request,
        .request_size = sizeof request,
        .reader = wp_source_reader(source),
        .fd = wp_source_fd(source),
        .log = options->log,
        .facts = image ? (void *)image : (void *)video,
        .facts_size = image ? sizeof *image : sizeof *video,
    };
    enum wp_status status =
        prober->cell ? wp_cell_run(prober->cell, &task, &prober->end, error) : work(&task, error);
    if (status != WP_OK)
        return status;
    if (image)
        wp_clean_image_facts(image, task.reader->size);
    else
        wp_clean_video_facts(video, task.reader->size);
    return WP_OK;
}

enum wp_status wp_prober_picture(struct wp_prober *prober, struct wp_buf *blob,
                                 const struct wp_image_facts *image, const struct wp_video_facts *video,
                                 const struct wp_source *source)
{
    struct request request = {.is_image = image != NULL, .makes_pictures = true};
    if (image)
        request.image = *image;
    else
        request.video = *video;
    const struct wp_jail_task task = {
        .request = &request,
        .request_size = sizeof request,
        .reader = wp_source_reader(source),
        .fd = wp_source_fd(source),
        .blob = blob,
    };
    struct wp_error reason;
    enum wp_status status =
        prober->cell ? wp_cell_run(prober->cell, &task, NULL, &reason) : work(&task, &reason);
    if (status != WP_OK)
        wp_buf_clear(blob);
    return status == WP_NOMEM ? WP_NOMEM : WP_OK;
}
