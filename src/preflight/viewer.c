#include "preflight/viewer.h"

#include "base/text.h"
#include "preflight/clean.h"
#include "preflight/ration.h"

#include "base/banned.h"

enum {
    /* Looking stops by itself before; this is for decoders and networks that do not. */
    WALL_MS = 30000,
    /* As a probe, and OpenCV with its models. */
    MEMORY = 1 << 30,
};

/* The most bytes of a URL that are read for the pictures of it. */
#define MOST_REMOTE ((uint64_t)16 << 20)

_Static_assert(sizeof(struct wp_view_request) <= WP_JAIL_REQUEST_MAX, "a request is sent to the child whole");
_Static_assert(sizeof(struct wp_content_facts) <= WP_JAIL_FACTS_MAX, "what was seen comes back whole");

static struct wp_jail_work work_of(struct wp_view *view)
{
    return (struct wp_jail_work){.run = wp_view_run, .prepare = wp_view_prepare, .user = view};
}

enum wp_status wp_viewer_jail(struct wp_jail **out, struct wp_view *view, bool no_warden,
                              struct wp_error *error)
{
    const struct wp_jail_limits limits = {.wall_ms = WALL_MS, .memory = MEMORY, .no_warden = no_warden};
    const struct wp_jail_work work = work_of(view);
    return wp_jail_open(out, &work, &limits, error);
}

enum wp_status wp_viewer_open(struct wp_viewer *out, struct wp_jail *jail, const struct wp_view *view,
                              struct wp_error *error)
{
    *out = (struct wp_viewer){.view = *view};
    const struct wp_jail_work work = work_of(&out->view);
    if (jail)
        return wp_cell_open(&out->cell, jail, &work, error);
    wp_view_open(&out->view);
    return WP_OK;
}

void wp_viewer_close(struct wp_viewer *viewer)
{
    wp_cell_close(viewer->cell);
    wp_content_close(viewer->view.content);
    *viewer = (struct wp_viewer){0};
}

bool wp_viewer_is_asked(const struct wp_image_facts *image, const struct wp_video_facts *video)
{
    bool is_ours = image ? image->format == WP_FORMAT_JPEG || image->format == WP_FORMAT_PNG ||
                               image->format == WP_FORMAT_BMP || image->format == WP_FORMAT_WEBP
                         : video->demuxer[0] && video->encrypted != WP_YES;
    return is_ours && (image ? image->has_size : video->has_size) &&
           !(image ? image->unreadable : video->unreadable)[0] &&
           (image ? image->decode : video->decode) != WP_DECODE_FAILED;
}

static struct wp_view_request request_of(const struct wp_image_facts *image,
                                         const struct wp_video_facts *video, bool looks)
{
    struct wp_view_request request = {.is_image = image != NULL, .looks = looks};
    if (image)
        request.image = *image;
    else
        request.video = *video;
    return request;
}

enum wp_status wp_viewer_look(struct wp_viewer *viewer, const struct wp_seen *seen,
                              const struct wp_image_facts *image, const struct wp_video_facts *video,
                              const struct wp_source *source)
{
    struct wp_content_facts *content = wp_viewer_is_asked(image, video) ? seen->content : NULL;
    if (!content && !seen->thumbnails)
        return WP_OK;
    const struct wp_view_request request = request_of(image, video, content != NULL);
    struct wp_ration ration;
    wp_ration_open(&ration, wp_source_reader(source), MOST_REMOTE);
    int fd = wp_source_fd(source);
    const struct wp_jail_task task = {
        .request = &request,
        .request_size = sizeof request,
        .reader = fd >= 0 ? ration.behind : &ration.reader,
        .fd = fd,
        .facts = content,
        .facts_size = content ? sizeof *content : 0,
        .blob = seen->thumbnails,
    };
    struct wp_error reason = {.status = WP_OK};
    enum wp_status status = viewer->cell ? wp_cell_run(viewer->cell, &task, NULL, &reason)
                                         : wp_view_run(&task, &viewer->view, &reason);
    if (status != WP_OK && seen->thumbnails)
        wp_buf_clear(seen->thumbnails);
    if (content && status != WP_OK)
        wp_view_miss(content, WP_CONTENT_FAILED, reason.message);
    else if (content)
        wp_clean_content_facts(content);
    if (content && status == WP_OK && content->state != WP_CONTENT_NO_DETECTOR && ration.end[0])
        wp_text_copy(content->reason, sizeof content->reason, ration.end);
    return status == WP_NOMEM ? WP_NOMEM : WP_OK;
}
