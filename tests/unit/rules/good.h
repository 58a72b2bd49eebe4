/* A pair of which no rule says anything, to be spoilt by tests, and the evaluation of it. */
#ifndef WP_TESTS_RULES_GOOD_H
#define WP_TESTS_RULES_GOOD_H

#include <string.h>

#include "base/text.h"
#include "rules/rules.h"

struct pair {
    struct wp_source_facts image_source, video_source;
    struct wp_delivery_facts image_delivery, video_delivery; /* nothing was asked */
    struct wp_image_facts image;
    struct wp_video_facts video;
    enum wp_content_mode content; /* off */
    struct wp_content_facts image_content, video_content;
    enum wp_depth depth;
    struct wp_level_policy policy;
    struct wp_limits limits;
    struct wp_findings findings;
};

static inline void source_set(struct wp_source_facts *source, enum wp_source_kind kind, const char *location)
{
    *source = (struct wp_source_facts){.kind = kind, .state = WP_SOURCE_READ};
    wp_text_copy(source->location, sizeof source->location, location);
    wp_text_extension(source->extension, sizeof source->extension, location, kind != WP_SOURCE_FILE);
}

/* Makes the source a URL that was fetched as it should be. */
static inline void source_deliver(struct wp_source_facts *source, struct wp_delivery_facts *delivery,
                                  const char *url, const char *content_type)
{
    source_set(source, WP_SOURCE_HTTP, url);
    *delivery = (struct wp_delivery_facts){
        .has_status = true,
        .status = 206,
        .address_kind = WP_ADDRESS_KIND_PUBLIC,
        .address = "93.184.215.14",
        .has_content_length = true,
        .content_length = 345678,
        .ranges = WP_YES,
        .has_first_byte = true,
        .first_byte_s = 0.2,
        .has_rate = true,
        .bytes_per_s = 5e6,
        .requests = 1,
        .bytes_read = 345678,
    };
    wp_text_copy(delivery->content_type, sizeof delivery->content_type, content_type);
}

static inline void pair_init(struct pair *pair)
{
    memset(pair, 0, sizeof *pair);
    pair->depth = WP_DEPTH_FULL;
    pair->limits = *wp_limits_default();
    source_set(&pair->image_source, WP_SOURCE_FILE, "person.jpg");
    source_set(&pair->video_source, WP_SOURCE_FILE, "dance.mp4");
    pair->image = (struct wp_image_facts){
        .format = WP_FORMAT_JPEG,
        .has_bytes = true,
        .bytes = 345678,
        .has_size = true,
        .width = 1080,
        .height = 1920,
        .coded_width = 1080,
        .coded_height = 1920,
        .has_exif_orientation = true,
        .exif_orientation = 1,
        .has_channels = true,
        .channels = 3,
        .has_bits = true,
        .bits = 8,
        .color_model = WP_COLOR_YCBCR,
        .has_alpha = WP_NO,
        .transparent = WP_NO,
        .animated = WP_NO,
        .has_frame_count = true,
        .frame_count = 1,
        .complete = WP_YES,
        .decode = WP_DECODE_OK,
    };
    pair->video = (struct wp_video_facts){
        .format = WP_FORMAT_MP4,
        .brand = "isom",
        .demuxer = "mov",
        .has_moov = WP_YES,
        .fragmented = WP_NO,
        .encrypted = WP_NO,
        .has_bytes = true,
        .bytes = 3456789,
        .has_stream_counts = true,
        .video_streams = 1,
        .audio_streams = 1,
        .codec = "h264",
        .codec_tag = "avc1",
        .profile = "High",
        .pixel_format = "yuv420p",
        .has_size = true,
        .width = 720,
        .height = 1280,
        .coded_width = 720,
        .coded_height = 1280,
        .has_rotation = true,
        .has_sample_aspect_ratio = true,
        .sample_aspect_ratio = {1, 1},
        .has_duration = true,
        .duration = {10, 1},
        .has_container_duration = true,
        .container_duration = {10023, 1000},
        .has_start_time = true,
        .start_time = {0, 1},
        .has_frame_rate = true,
        .frame_rate = {30, 1},
        .has_frame_count = true,
        .frame_count = 300,
        .variable_frame_rate = WP_NO,
        .has_frame_interval = true,
        .min_frame_interval = {1, 30},
        .max_frame_interval = {1, 30},
        .interlaced = WP_NO,
        .hdr = WP_NO,
        .color_transfer = "bt709",
        .has_bits = true,
        .bits = 8,
        .complete = WP_YES,
        .decode = WP_DECODE_OK,
        .has_decoded_frames = true,
        .decoded_frames = 300,
        .has_decode_errors = true,
    };
}

/* One face, as it should be, in a picture of this size. */
static inline struct wp_look look_good(double time_s, uint32_t width, uint32_t height)
{
    double side = 0.14 * height;
    return (struct wp_look){.time_s = time_s,
                            .width = width,
                            .height = height,
                            .face_count = 1,
                            .brightness = 0.8,
                            .sharpness = 0.6,
                            .has_sharpness = true,
                            .faces = {{.x = width / 2.0 - side / 2,
                                       .y = height / 5.0,
                                       .width = side,
                                       .height = side,
                                       .score = 1.9,
                                       .inside = 1,
                                       .yaw = 4,
                                       .roll = -2}}};
}

/* Both media are looked at, and show what they should. */
static inline void pair_look(struct pair *pair)
{
    pair->content = WP_CONTENT_AUTO;
    pair->image_content.state = pair->video_content.state = WP_CONTENT_LOOKED;
    pair->image_content.look_count = 1;
    pair->image_content.looks[0] = look_good(0, pair->image.width, pair->image.height);
    pair->video_content.look_count = WP_MAX_LOOKS;
    for (uint32_t i = 0; i < WP_MAX_LOOKS; i++)
        pair->video_content.looks[i] = look_good(i * 0.9, pair->video.width, pair->video.height);
}

static inline void pair_evaluate(struct pair *pair)
{
    const struct wp_rule_input input = {.image_source = &pair->image_source,
                                        .image = &pair->image,
                                        .image_delivery = &pair->image_delivery,
                                        .video_source = &pair->video_source,
                                        .video = &pair->video,
                                        .video_delivery = &pair->video_delivery,
                                        .content = pair->content,
                                        .image_content = &pair->image_content,
                                        .video_content = &pair->video_content,
                                        .depth = pair->depth,
                                        .limits = &pair->limits};
    wp_rules_evaluate(&pair->findings, &input, &pair->policy);
}

/* The finding of a rule about a subject after pair_evaluate(), or NULL. */
static inline const struct wp_finding *pair_find(const struct pair *pair, const char *id,
                                                 enum wp_subject subject)
{
    for (size_t i = 0; i < pair->findings.count; i++) {
        const struct wp_finding *finding = &pair->findings.items[i];
        if (finding->subject == subject && strcmp(finding->rule->id, id) == 0)
            return finding;
    }
    return NULL;
}

#endif
