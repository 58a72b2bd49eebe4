#include "preflight/prober.h"

#include "media/load.h"
#include "preflight/clean.h"

#include "base/banned.h"

enum {
    /* A probe stops by itself after its deadline (60 s by default); this is for those that do not. */
    WALL_MS = 75000,
    /* Twice what a video of the largest size that is decoded needs with all its reference frames. */
    MEMORY = 1 << 30,
};

/* What is to be done. */
struct request {
    bool is_image;
    enum wp_depth depth;
    bool hash;
    int64_t deadline_ms;
};

static void prepare(void *user)
{
    const struct wp_decoding *decoding = user;
    wp_media_load(decoding->images, decoding->videos);
}

/* Runs in the child. */
static enum wp_status probe(const struct wp_jail_task *task, void *user, struct wp_error *error)
{
    (void)user;
    const struct request *request = task->request;
    const struct wp_probe_options options = {.depth = request->depth,
                                             .hash = request->hash,
                                             .deadline_ms = request->deadline_ms,
                                             .log = task->log};
    return request->is_image ? wp_probe_image(task->facts, task->reader, &options, error)
                             : wp_probe_video(task->facts, task->reader, &options, error);
}

static struct wp_jail_work work_of(struct wp_decoding *decoding)
{
    return (struct wp_jail_work){.run = probe, .prepare = prepare, .user = decoding};
}

enum wp_status wp_prober_jail(struct wp_jail **out, struct wp_decoding *decoding, bool no_warden,
                              struct wp_error *error)
{
    const struct wp_jail_limits limits = {.wall_ms = WALL_MS, .memory = MEMORY, .no_warden = no_warden};
    const struct wp_jail_work work = work_of(decoding);
    return wp_jail_open(out, &work, &limits, error);
}

enum wp_status wp_prober_open(struct wp_prober *out, struct wp_jail *jail, struct wp_decoding *decoding,
                              struct wp_error *error)
{
    *out = (struct wp_prober){0};
    const struct wp_jail_work work = work_of(decoding);
    return jail ? wp_cell_open(&out->cell, jail, &work, error) : WP_OK;
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
        prober->cell ? wp_cell_run(prober->cell, &task, &prober->end, error) : probe(&task, NULL, error);
    if (status != WP_OK)
        return status;
    if (image)
        wp_clean_image_facts(image, task.reader->size);
    else
        wp_clean_video_facts(video, task.reader->size);
    return WP_OK;
}
