#include "wanprep/preflight.h"

#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "media/thumbnail.h"
#include "preflight/pool.h"
#include "rules/rules.h"

#include "base/banned.h"

static enum wp_status check_levels(const struct wp_preflight_options *options, struct wp_error *error)
{
    for (size_t i = 0; i < options->level_count; i++) {
        const struct wp_level_change *change = &options->levels[i];
        const struct wp_rule *rule = wp_rule_find(change->rule);
        if (!rule)
            return wp_fail(error, WP_USAGE, "preflight",
                           "there is no rule '%s'; docs/rules.md lists them all", change->rule);
        if (wp_rule_is_fixed(rule) && change->level != WP_LEVEL_ERROR)
            return wp_fail(error, WP_USAGE, "preflight",
                           "the level of rule '%s' cannot be changed: what cannot be read or judged is never "
                           "accepted",
                           rule->id);
    }
    return WP_OK;
}

static void judge(struct wp_preflight *out, const struct wp_preflight_options *options)
{
    const struct wp_rule_input input = {
        .image_source = out->has_image ? &out->image_source : NULL,
        .image_delivery = &out->image_delivery,
        .image = out->has_image ? &out->image : NULL,
        .video_source = out->has_video ? &out->video_source : NULL,
        .video_delivery = &out->video_delivery,
        .video = out->has_video ? &out->video : NULL,
        .content = out->content,
        .image_content = &out->image_content,
        .video_content = &out->video_content,
        .depth = out->depth,
        .limits = out->limits,
    };
    const struct wp_level_policy policy = {
        .strict = options->strict,
        .pass_remote = options->pass_remote,
        .changes = options->levels,
        .count = options->level_count,
    };
    wp_rules_evaluate(&out->findings, &input, &policy);
    out->verdict = wp_findings_count(&out->findings, WP_LEVEL_ERROR) ? WP_VERDICT_REJECT : WP_VERDICT_ACCEPT;
    const struct wp_video_facts *video = &out->video;
    if (out->has_video && out->video_source.state == WP_SOURCE_READ && video->has_duration)
        out->has_cost = wp_cost_estimate(&out->cost, out->limits, options->region, options->mode,
                                         (double)video->duration.num / (double)video->duration.den);
}

/* All but the room for findings and looks, which is large. */
static void clear(struct wp_preflight *out)
{
    memset(out, 0, offsetof(struct wp_preflight, findings.items));
    memset(&out->image_content, 0, offsetof(struct wp_content_facts, looks));
    memset(&out->video_content, 0, offsetof(struct wp_content_facts, looks));
}

/* Puts what was measured of a pair together; image or video may be NULL. */
static void fill(struct wp_preflight *out, const struct wp_outcome *image, const struct wp_outcome *video,
                 const struct wp_preflight_options *options)
{
    int64_t begin_us = wp_clock_now_us();
    clear(out);
    out->depth = options->depth;
    out->content = options->content.mode;
    out->limits = options->limits ? options->limits : wp_limits_default();
    if (image) {
        out->has_image = true;
        out->image_source = image->source;
        out->image_delivery = image->delivery;
        out->image = image->image;
        if (image->content)
            out->image_content = *image->content;
        out->elapsed_us = image->elapsed_us;
    }
    if (video) {
        out->has_video = true;
        out->video_source = video->source;
        out->video_delivery = video->delivery;
        out->video = video->video;
        if (video->content)
            out->video_content = *video->content;
        out->elapsed_us = video->elapsed_us > out->elapsed_us ? video->elapsed_us : out->elapsed_us;
    }
    judge(out, options);
    out->elapsed_us += wp_clock_now_us() - begin_us;
}

static enum wp_status check_pairs(const struct wp_pair *pairs, size_t count, struct wp_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (!pairs[i].image && !pairs[i].video)
            return wp_fail(error, WP_USAGE, "preflight", "neither an image nor a video was given");
    }
    return WP_OK;
}

/* Takes the small pictures of a pair apart; out borrows from the two. */
static void unpack(struct wp_thumbnails *out, const struct wp_outcome *image, const struct wp_outcome *video)
{
    struct wp_thumbnail first[WP_MAX_THUMBNAILS];
    memset(out, 0, sizeof *out);
    if (image)
        out->has_image = wp_thumbnail_unpack(first, image->pictures.data, image->pictures.len) > 0;
    if (out->has_image)
        out->image = first[0];
    if (video)
        out->video_count = wp_thumbnail_unpack(out->video, video->pictures.data, video->pictures.len);
}

/* Fills room with one pair after the other. */
static enum wp_status check_all(struct wp_preflight *room, struct wp_pool *pool, size_t count,
                                const struct wp_preflight_options *options, wp_preflight_fn *each, void *user,
                                struct wp_error *error)
{
    bool wanted = true;
    struct wp_thumbnails pictures;
    for (size_t i = 0; i < count && wanted; i++) {
        const struct wp_outcome *image = NULL, *video = NULL;
        enum wp_status status = wp_pool_await(pool, i, &image, &video, error);
        if (status != WP_OK)
            return status;
        fill(room, image, video, options);
        unpack(&pictures, image, video);
        room->thumbnails = options->thumbnails ? &pictures : NULL;
        wanted = !each || each(user, i, room);
        room->thumbnails = NULL;
        wp_pool_release(pool, i);
    }
    return WP_OK;
}

/* The one way of any number of pairs; room holds the one at hand. */
static enum wp_status run(struct wp_preflight *room, const struct wp_pair *pairs, size_t count,
                          const struct wp_preflight_options *options, wp_preflight_fn *each, void *user,
                          struct wp_error *error)
{
    struct wp_inputs inputs = {0};
    struct wp_pool *pool = NULL;
    enum wp_status status = check_pairs(pairs, count, error);
    if (status == WP_OK)
        status = check_levels(options, error);
    if (status != WP_OK || count == 0)
        return status;
    status = wp_inputs_find(&inputs, pairs, count, error);
    if (status == WP_OK)
        status = wp_pool_open(&pool, &inputs, options, error);
    if (status == WP_OK)
        status = check_all(room, pool, count, options, each, user, error);
    wp_pool_close(pool);
    wp_inputs_free(&inputs);
    return status;
}

enum wp_status wp_preflight_many(const struct wp_pair *pairs, size_t count,
                                 const struct wp_preflight_options *options, wp_preflight_fn *each,
                                 void *user, struct wp_error *error)
{
    struct wp_preflight *room = wp_malloc(sizeof *room);
    if (!room)
        return wp_fail_nomem(error, "preflight");
    enum wp_status status = run(room, pairs, count, options, each, user, error);
    wp_free(room);
    return status;
}

enum wp_status wp_preflight_run(struct wp_preflight *out, const char *image, const char *video,
                                const struct wp_preflight_options *options, struct wp_error *error)
{
    int64_t begin_us = wp_clock_now_us();
    clear(out);
    enum wp_status status = run(out, &(struct wp_pair){image, video}, 1, options, NULL, NULL, error);
    out->elapsed_us = wp_clock_now_us() - begin_us;
    return status;
}

/* Whether this finding says that the bytes could not be had, and not that they are no good. */
static bool is_missing_input(const struct wp_preflight *preflight, const struct wp_finding *finding)
{
    if (finding->level != WP_LEVEL_ERROR || finding->subject == WP_SUBJECT_PAIR)
        return false;
    bool is_image = finding->subject == WP_SUBJECT_IMAGE;
    const struct wp_source_facts *source = is_image ? &preflight->image_source : &preflight->video_source;
    const struct wp_delivery_facts *delivery =
        is_image ? &preflight->image_delivery : &preflight->video_delivery;
    if (source->state == WP_SOURCE_READ || source->kind == WP_SOURCE_OTHER)
        return false;
    if (delivery->trouble != WP_DELIVERY_FINE)
        return delivery->trouble != WP_DELIVERY_TOO_LARGE;
    return wp_rule_is_fixed(finding->rule);
}

enum wp_status wp_preflight_status(const struct wp_preflight *preflight)
{
    if (preflight->verdict == WP_VERDICT_ACCEPT)
        return WP_OK;
    for (size_t i = 0; i < preflight->findings.count; i++) {
        if (is_missing_input(preflight, &preflight->findings.items[i]))
            return WP_INPUT;
    }
    return WP_REJECTED;
}
