/* Inputs that break a rule, so that its advice can be shown where there is no input. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "report/prose.h"
#include "wanprep/reference.h"

#include "base/banned.h"

enum { CEILING = 1 << 16 };

static void set_source(struct wp_source_facts *source, bool is_url, const char *location)
{
    *source =
        (struct wp_source_facts){.kind = is_url ? WP_SOURCE_HTTP : WP_SOURCE_FILE, .state = WP_SOURCE_READ};
    wp_text_copy(source->location, sizeof source->location, location);
    wp_text_extension(source->extension, sizeof source->extension, location, is_url);
}

static void set_sources(struct wp_preflight *sample, const struct wp_rule *rule)
{
    bool is_url = wp_text_starts(rule->id, "url."), misnamed = wp_text_ends(rule->id, ".extension");
    const char *image = misnamed ? "person.png" : "person.jpg";
    const char *video = misnamed ? "dance.avi" : "dance.mp4";
    set_source(&sample->image_source, is_url, is_url ? "https://example.com/\xc3\xbc/person.jpg" : image);
    set_source(&sample->video_source, is_url, is_url ? "https://example.com/\xc3\xbc/dance.mp4" : video);
}

/* Of the image a dark picture of two small faces; of the video one like it, and from 3.2 s on a better one.
 */
static void set_content(struct wp_preflight *sample)
{
    const uint32_t width = sample->video.width, height = sample->video.height;
    const struct wp_face left = {.x = 0.2 * sample->image.width,
                                 .y = 0.3 * sample->image.height,
                                 .width = 0.06 * sample->image.height,
                                 .height = 0.06 * sample->image.height,
                                 .inside = 1,
                                 .roll = 88};
    struct wp_face right = left, face = {.x = 0.4 * width,
                                         .y = 0.3 * height,
                                         .width = 0.1 * height,
                                         .height = 0.1 * height,
                                         .inside = 1};
    right.x = 0.6 * sample->image.width;
    sample->image_content = (struct wp_content_facts){
        .state = WP_CONTENT_LOOKED,
        .look_count = 1,
        .looks = {{.width = sample->image.width,
                   .height = sample->image.height,
                   .face_count = 2,
                   .brightness = 0.15,
                   .faces = {left, right}}},
    };
    sample->video_content = (struct wp_content_facts){
        .state = WP_CONTENT_LOOKED,
        .look_count = 2,
        .looks = {{.width = width, .height = height, .brightness = 0.15},
                  {.time_s = 3.2,
                   .width = width,
                   .height = height,
                   .face_count = 1,
                   .brightness = 0.8,
                   .sharpness = 0.3,
                   .has_sharpness = true,
                   .faces = {face}}},
    };
}

/* Most advice depends on few facts; where two rules want different ones, the rule's id decides. */
static void set_facts(struct wp_preflight *sample, const struct wp_rule *rule)
{
    bool odd_shape = wp_text_ends(rule->id, ".aspect-ratio");
    bool foreign = wp_text_ends(rule->id, ".format");
    sample->image = (struct wp_image_facts){
        .format = foreign ? WP_FORMAT_HEIF : WP_FORMAT_JPEG,
        .has_size = true,
        .width = odd_shape ? 1600 : 6000,
        .height = odd_shape ? 400 : 4500,
    };
    sample->video = (struct wp_video_facts){
        .format = foreign ? WP_FORMAT_MATROSKA : WP_FORMAT_MP4,
        .codec = "h264",
        .has_size = true,
        .width = odd_shape ? 1600 : 3840,
        .height = odd_shape ? 400 : 2160,
        .has_duration = true,
        .duration = {45, 1},
        .container_duration = {46, 1},
        .has_frame_rate = true,
        .frame_rate = {120, 1},
    };
    if (strcmp(rule->id, "pair.aspect-ratio") == 0) {
        sample->image.height = 1600;
        sample->video.width = 720;
        sample->video.height = 1280;
    }
    set_content(sample);
    if (strcmp(rule->id, "pair.framing") == 0)
        sample->video_content.looks[0] = sample->video_content.looks[1];
    if (strcmp(rule->id, "video.duration-mismatch") == 0)
        sample->video.duration = (struct wp_rational){12, 1};
}

enum wp_status wp_reference_fix(char **out, const struct wp_rule *rule, struct wp_error *error)
{
    struct wp_buf text = wp_buf_new(CEILING);
    struct wp_finding finding = {.rule = rule, .level = rule->level, .subject = rule->subject};
    finding.limit.kind = WP_VALUE_TEXT;
    wp_text_copy(finding.limit.text, sizeof finding.limit.text, rule->limit);
    char *fix = NULL;
    struct wp_preflight *sample = wp_calloc(1, sizeof *sample);
    if (!sample)
        return wp_fail_nomem(error, "reference");
    sample->limits = wp_limits_default();
    sample->has_image = sample->has_video = true;
    set_sources(sample, rule);
    set_facts(sample, rule);
    wp_prose_fix(&text, sample, &finding);
    fix = text.failed ? NULL : wp_buf_take(&text);
    wp_free(sample);
    wp_buf_free(&text);
    if (!fix)
        return wp_fail_nomem(error, "reference");
    *out = fix;
    return WP_OK;
}
