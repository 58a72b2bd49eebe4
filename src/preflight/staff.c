#include "preflight/staff.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "media/thumbnail.h"
#include "preflight/measure.h"
#include "source/source.h"

#include "base/banned.h"

/* Less than a child of the jail may take in all. */
enum { MAX_FETCH_MS = 600000 };

/* What nobody asked for is not done where nothing is decoded: it takes a hundred times as long. */
static bool looks_for_faces(const struct wp_preflight_options *options)
{
    enum wp_content_mode mode = options->content.mode;
    return mode != WP_CONTENT_OFF && (mode != WP_CONTENT_AUTO || options->depth != WP_DEPTH_HEADER);
}

bool wp_staff_looks(const struct wp_preflight_options *options)
{
    return options->thumbnails || looks_for_faces(options);
}

bool wp_staff_has(const struct wp_inputs *inputs, enum wp_source_kind kind)
{
    struct wp_source_facts facts;
    for (size_t i = 0; i < inputs->count; i++) {
        wp_source_describe(&facts, inputs->items[i].location);
        if (facts.kind == kind)
            return true;
    }
    return false;
}

/* There are as many workers, and probers, as inputs. */
static bool has_one_each(const struct wp_staff *staff)
{
    return staff->worker_count == staff->inputs->count;
}

/* Whether there is anything that will be probed. */
static bool has_media(const struct wp_staff *staff)
{
    return wp_staff_has(staff->inputs, WP_SOURCE_FILE) || wp_staff_has(staff->inputs, WP_SOURCE_HTTP);
}

/* Nobody but the caller works, or nobody has more than one task. */
static bool needs_no_warden(const struct wp_staff *staff)
{
    return staff->worker_count == 1 || has_one_each(staff);
}

/* Whether there are pictures to be looked at: without a detector nobody looks for faces. */
static bool needs_viewers(const struct wp_staff *staff)
{
    return staff->options->thumbnails || (staff->looks_for_faces && !staff->no_detector[0]);
}

/* The headers of images are read without any library. */
static void find_decoding(struct wp_staff *staff)
{
    bool images = false, videos = false;
    for (size_t i = 0; i < staff->inputs->count; i++) {
        images |= staff->inputs->items[i].is_image;
        videos |= !staff->inputs->items[i].is_image;
    }
    bool decodes = staff->options->depth != WP_DEPTH_HEADER;
    staff->all = (struct wp_decoding){images && decodes, videos};
    staff->images = (struct wp_decoding){decodes, false};
    staff->videos = (struct wp_decoding){false, true};
    staff->view.images = images;
    staff->view.videos = videos;
}

static enum wp_status find_detector(struct wp_staff *staff, struct wp_error *error)
{
    const struct wp_content_options *content = &staff->options->content;
    struct wp_error reason = {.status = WP_OK};
    staff->looks_for_faces = looks_for_faces(staff->options);
    if (!staff->looks_for_faces)
        return WP_OK;
    enum wp_status status = wp_content_find(&staff->parts, content->module, content->models, &reason);
    if (status == WP_OK) {
        staff->view.parts = &staff->parts;
    } else if (status == WP_INPUT) {
        wp_text_copy(staff->no_detector, sizeof staff->no_detector, reason.message);
        status = WP_OK;
    } else if (error) {
        *error = reason;
    }
    return status;
}

/* What the worker of that number decodes, of all inputs or of its one. */
static struct wp_decoding *decoding_of(struct wp_staff *staff, size_t worker)
{
    if (!has_one_each(staff))
        return &staff->all;
    return staff->inputs->items[worker].is_image ? &staff->images : &staff->videos;
}

/* Likewise what it looks at. */
static struct wp_view view_of(const struct wp_staff *staff, size_t worker)
{
    struct wp_view view = staff->view;
    if (has_one_each(staff)) {
        view.images = staff->inputs->items[worker].is_image;
        view.videos = !view.images;
    }
    return view;
}

static enum wp_status open_viewers(struct wp_staff *staff, struct wp_error *error)
{
    enum wp_status status = WP_OK;
    staff->viewers = wp_calloc(staff->worker_count, sizeof *staff->viewers);
    if (!staff->viewers)
        return wp_fail_nomem(error, "preflight");
    for (size_t i = 0; i < staff->worker_count && status == WP_OK; i++) {
        const struct wp_view view = view_of(staff, i);
        status = wp_viewer_open(&staff->viewers[i], staff->view_jail, &view, error);
    }
    return status;
}

enum wp_status wp_staff_open(struct wp_staff *staff, struct wp_error *error)
{
    bool has_any = has_media(staff), is_jailed = has_any && !staff->options->no_jail;
    bool no_warden = needs_no_warden(staff);
    find_decoding(staff);
    enum wp_status status = find_detector(staff, error);
    bool has_viewers = has_any && needs_viewers(staff);
    if (status == WP_OK && is_jailed && has_viewers)
        status = wp_viewer_jail(&staff->view_jail, &staff->view, no_warden, error);
    if (status == WP_OK && is_jailed)
        status = wp_prober_jail(&staff->jail, &staff->all, no_warden, error);
    for (size_t i = 0; i < staff->worker_count && status == WP_OK; i++)
        status = wp_prober_open(&staff->probers[i], staff->jail, decoding_of(staff, i), error);
    if (status == WP_OK && has_viewers)
        status = open_viewers(staff, error);
    return status;
}

void wp_staff_close(struct wp_staff *staff)
{
    for (size_t i = 0; i < staff->worker_count; i++)
        wp_prober_close(&staff->probers[i]);
    for (size_t i = 0; staff->viewers && i < staff->worker_count; i++)
        wp_viewer_close(&staff->viewers[i]);
    wp_free(staff->viewers);
    wp_jail_close(staff->jail);
    wp_jail_close(staff->view_jail);
    wp_content_parts_free(&staff->parts);
}

enum wp_status wp_staff_measure(struct wp_staff *staff, size_t worker, size_t input,
                                struct wp_outcome *outcome, struct wp_error *error)
{
    int64_t begin_us = wp_clock_now_us();
    const struct wp_preflight_options *options = staff->options;
    const struct wp_input *what = &staff->inputs->items[input];
    size_t own = has_one_each(staff) ? input : worker;
    bool has_detector = staff->looks_for_faces && !staff->no_detector[0];
    if (staff->looks_for_faces)
        outcome->content = wp_calloc(1, sizeof *outcome->content);
    if (staff->looks_for_faces && !outcome->content)
        return wp_fail_nomem(error, "preflight");
    const struct wp_measure_options how = {
        .probe = {.depth = options->depth, .hash = options->hash, .log = staff->log},
        .http = {.allow_private = options->allow_private,
                 .total_ms =
                     options->fetch_timeout_ms < MAX_FETCH_MS ? options->fetch_timeout_ms : MAX_FETCH_MS,
                 .interrupted = options->interrupted,
                 .interrupted_user = options->interrupted_user,
                 .log = staff->log},
        .limits = options->limits ? options->limits : wp_limits_default(),
    };
    const struct wp_measured medium = {
        .source = &outcome->source,
        .delivery = &outcome->delivery,
        .image = what->is_image ? &outcome->image : NULL,
        .video = what->is_image ? NULL : &outcome->video,
        .seen = {.thumbnails = options->thumbnails ? &outcome->pictures : NULL,
                 .content = has_detector ? outcome->content : NULL},
    };
    outcome->pictures = wp_buf_new(WP_THUMBNAIL_BLOB_MAX);
    struct wp_viewer *viewer = staff->viewers ? &staff->viewers[own] : NULL;
    enum wp_status status = wp_measure(medium, what->location, &staff->probers[own], viewer, &how, error);
    if (staff->looks_for_faces && !has_detector && outcome->source.state == WP_SOURCE_READ &&
        wp_viewer_is_asked(medium.image, medium.video)) {
        outcome->content->state = WP_CONTENT_NO_DETECTOR;
        wp_text_copy(outcome->content->reason, sizeof outcome->content->reason, staff->no_detector);
    }
    outcome->elapsed_us = wp_clock_now_us() - begin_us;
    return status;
}
