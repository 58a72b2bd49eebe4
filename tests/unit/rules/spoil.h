/*
 * For every rule of the catalogue a way to make a good pair break it, and no other rule. test_every_rule.c
 * fails if a rule of the catalogue is not among them.
 */
#ifndef WP_TESTS_RULES_SPOIL_H
#define WP_TESTS_RULES_SPOIL_H

#include "unit/rules/good.h"

struct spoiled {
    const char *id;
    enum wp_subject subject;
    void (*spoil)(struct pair *pair);
};

static void spoil_url_scheme_image(struct pair *pair)
{
    source_set(&pair->image_source, WP_SOURCE_OTHER, "ftp://host/person.jpg");
    pair->image_source.state = WP_SOURCE_UNMEASURED;
}

static void spoil_url_scheme_video(struct pair *pair)
{
    source_set(&pair->video_source, WP_SOURCE_OTHER, "rtsp://host/dance.mp4");
    pair->video_source.state = WP_SOURCE_UNMEASURED;
}

static void spoil_url_non_ascii_image(struct pair *pair)
{
    source_set(&pair->image_source, WP_SOURCE_HTTP, "https://host/pers\xc3\xb6n.jpg");
    pair->image_source.url_has_non_ascii = true;
}

static void spoil_url_userinfo_video(struct pair *pair)
{
    source_set(&pair->video_source, WP_SOURCE_HTTP, "https://me:secret@host/dance.mp4");
    pair->video_source.url_has_userinfo = true;
}

static void spoil_url_extension_image(struct pair *pair)
{
    source_set(&pair->image_source, WP_SOURCE_HTTP, "https://host/person?x=.jpg");
}

static void spoil_url_extension_video(struct pair *pair)
{
    source_set(&pair->video_source, WP_SOURCE_OSS, "oss://bucket/dance.webm");
}

/* A good image behind a URL. */
static struct wp_delivery_facts *deliver_image(struct pair *pair)
{
    source_deliver(&pair->image_source, &pair->image_delivery, "https://host.example/person.jpg",
                   "image/jpeg");
    return &pair->image_delivery;
}

/* A video behind a URL that could not be had. */
static struct wp_delivery_facts *trouble_video(struct pair *pair, enum wp_delivery_trouble trouble)
{
    source_deliver(&pair->video_source, &pair->video_delivery, "https://host.example/dance.mp4", "text/html");
    pair->video_source.state = WP_SOURCE_UNAVAILABLE;
    pair->video_delivery.trouble = trouble;
    pair->video_delivery.redirects = 2;
    pair->video_delivery.ranges = WP_NO;
    pair->video_delivery.has_content_length = false;
    pair->video_delivery.first_byte_s = 20;
    wp_text_copy(pair->video_delivery.trouble_reason, sizeof pair->video_delivery.trouble_reason, "it is so");
    wp_text_copy(pair->video_source.reason, sizeof pair->video_source.reason, "it is so");
    return &pair->video_delivery;
}

static void spoil_url_private_address_video(struct pair *pair)
{
    struct wp_delivery_facts *delivery = trouble_video(pair, WP_DELIVERY_FORBIDDEN);
    delivery->requests = 0;
    delivery->address_kind = WP_ADDRESS_KIND_LINK_LOCAL;
    wp_text_copy(delivery->address, sizeof delivery->address, "169.254.169.254");
}

static void spoil_url_unreachable_video(struct pair *pair)
{
    trouble_video(pair, WP_DELIVERY_TIMEOUT);
}

static void spoil_url_status_video(struct pair *pair)
{
    trouble_video(pair, WP_DELIVERY_STATUS)->status = 404;
}

static void spoil_url_expired_video(struct pair *pair)
{
    struct wp_delivery_facts *delivery = trouble_video(pair, WP_DELIVERY_STATUS);
    delivery->status = 403;
    delivery->has_expiry = true;
    delivery->expires_in_s = -1;
    wp_text_copy(delivery->signature_form, sizeof delivery->signature_form, "OSS");
}

static void spoil_url_expiring_image(struct pair *pair)
{
    struct wp_delivery_facts *delivery = deliver_image(pair);
    delivery->has_expiry = true;
    delivery->expires_in_s = 3599;
    wp_text_copy(delivery->signature_form, sizeof delivery->signature_form, "S3");
}

static void spoil_url_redirect_image(struct pair *pair)
{
    struct wp_delivery_facts *delivery = deliver_image(pair);
    delivery->redirects = 1;
    wp_text_copy(delivery->final_url, sizeof delivery->final_url, "http://other.example/x?token=***");
}

static void spoil_url_content_type_image(struct pair *pair)
{
    struct wp_delivery_facts *delivery = deliver_image(pair);
    wp_text_copy(delivery->content_type, sizeof delivery->content_type, "text/html; charset=utf-8");
}

static void spoil_url_content_length_image(struct pair *pair)
{
    deliver_image(pair)->has_content_length = false;
}

static void spoil_url_ranges_image(struct pair *pair)
{
    deliver_image(pair)->ranges = WP_NO;
}

static void spoil_url_slow_image(struct pair *pair)
{
    deliver_image(pair)->bytes_per_s = 20000;
}

static void spoil_image_unreadable(struct pair *pair)
{
    wp_text_copy(pair->image.unreadable, sizeof pair->image.unreadable, "the header is damaged");
    pair->image.has_size = false;
    pair->image.complete = WP_UNKNOWN;
    pair->image.decode = WP_DECODE_NOT_TRIED;
}

static void spoil_video_unreadable(struct pair *pair)
{
    wp_text_copy(pair->video.unreadable, sizeof pair->video.unreadable, "the header is damaged");
    pair->video.has_size = false;
    pair->video.complete = WP_UNKNOWN;
    pair->video.decode = WP_DECODE_NOT_TRIED;
}

static void spoil_image_format(struct pair *pair)
{
    pair->image.format = WP_FORMAT_GIF;
    pair->image.width = 10;
    pair->image.decode = WP_DECODE_NOT_TRIED;
}

static void spoil_video_format(struct pair *pair)
{
    pair->video.format = WP_FORMAT_GIF;
    pair->video.width = 10;
    pair->video.decode = WP_DECODE_NOT_TRIED;
}

static void spoil_image_size(struct pair *pair)
{
    pair->image.bytes = 209715201;
}

static void spoil_video_size(struct pair *pair)
{
    pair->video.bytes = 209715201;
}

static void spoil_image_size_unit(struct pair *pair)
{
    pair->image.bytes = 5000000;
}

static void spoil_video_size_unit(struct pair *pair)
{
    pair->video.bytes = 200000000;
}

static void spoil_image_resolution(struct pair *pair)
{
    pair->image.width = 199;
    pair->image.height = 300;
}

static void spoil_video_resolution(struct pair *pair)
{
    pair->video.width = 199;
    pair->video.height = 300;
}

static void spoil_image_aspect_ratio(struct pair *pair)
{
    pair->image.width = 300;
    pair->image.height = 901;
}

static void spoil_video_aspect_ratio(struct pair *pair)
{
    pair->video.width = 300;
    pair->video.height = 901;
}

static void spoil_image_truncated(struct pair *pair)
{
    pair->image.complete = WP_NO;
    pair->image.has_missing_bytes = true;
    pair->image.missing_bytes = 1234;
    pair->image.decode = WP_DECODE_FAILED;
}

static void spoil_video_truncated(struct pair *pair)
{
    pair->video.complete = WP_NO;
    pair->video.has_missing_bytes = true;
    pair->video.missing_bytes = 1234;
    pair->video.decode = WP_DECODE_FAILED;
}

static void spoil_image_unsupported_variant(struct pair *pair)
{
    pair->image.decode = WP_DECODE_UNSUPPORTED;
    wp_text_copy(pair->image.decode_reason, sizeof pair->image.decode_reason, "arithmetic coding");
}

static void spoil_video_unsupported_variant(struct pair *pair)
{
    pair->video.decode = WP_DECODE_UNSUPPORTED;
    wp_text_copy(pair->video.decode_reason, sizeof pair->video.decode_reason, "arithmetic coding");
}

static void spoil_image_extension(struct pair *pair)
{
    wp_text_copy(pair->image_source.extension, 16, "png");
}

static void spoil_video_extension(struct pair *pair)
{
    wp_text_copy(pair->video_source.extension, 16, "");
}

static void spoil_image_undetermined(struct pair *pair)
{
    pair->image.has_bytes = false;
}

static void spoil_video_undetermined(struct pair *pair)
{
    pair->video.has_bytes = false;
}

static void spoil_image_orientation(struct pair *pair)
{
    pair->image.exif_orientation = 6;
}

static void spoil_image_animated(struct pair *pair)
{
    pair->image.animated = WP_YES;
    pair->image.frame_count = 24;
}

static void spoil_image_color_model(struct pair *pair)
{
    pair->image.color_model = WP_COLOR_CMYK;
}

static void spoil_image_bit_depth(struct pair *pair)
{
    pair->image.bits = 16;
}

static void spoil_image_transparency(struct pair *pair)
{
    pair->image.has_alpha = WP_YES;
    pair->image.transparent = WP_YES;
}

static void spoil_video_no_video_stream(struct pair *pair)
{
    pair->video.video_streams = 0;
    pair->video.has_size = false;
    pair->video.has_duration = false;
    pair->video.decode = WP_DECODE_NOT_TRIED;
}

static void spoil_video_encrypted(struct pair *pair)
{
    pair->video.encrypted = WP_YES;
    pair->video.decode = WP_DECODE_NOT_TRIED;
}

static void spoil_video_duration(struct pair *pair)
{
    pair->video.duration = (struct wp_rational){312, 10};
    pair->video.container_duration = pair->video.duration;
}

static void spoil_video_duration_edge(struct pair *pair)
{
    pair->video.duration = (struct wp_rational){30, 1};
    pair->video.container_duration = pair->video.duration;
}

static void spoil_video_duration_mismatch(struct pair *pair)
{
    pair->video.container_duration = (struct wp_rational){125, 10};
}

static void spoil_video_decode_errors(struct pair *pair)
{
    pair->video.decode = WP_DECODE_FAILED;
    pair->video.decode_errors = 3;
}

static void spoil_video_codec(struct pair *pair)
{
    wp_text_copy(pair->video.codec, sizeof pair->video.codec, "vp9");
}

static void spoil_video_frame_rate(struct pair *pair)
{
    pair->video.frame_rate = (struct wp_rational){12, 1};
}

static void spoil_video_variable_frame_rate(struct pair *pair)
{
    pair->video.variable_frame_rate = WP_YES;
    pair->video.max_frame_interval = (struct wp_rational){1, 12};
}

static void spoil_video_rotation(struct pair *pair)
{
    pair->video.rotation = 90;
}

static void spoil_video_sample_aspect_ratio(struct pair *pair)
{
    pair->video.sample_aspect_ratio = (struct wp_rational){4, 3};
}

static void spoil_video_interlaced(struct pair *pair)
{
    pair->video.interlaced = WP_YES;
}

static void spoil_video_hdr(struct pair *pair)
{
    pair->video.hdr = WP_YES;
    wp_text_copy(pair->video.color_transfer, sizeof pair->video.color_transfer, "smpte2084");
}

static void spoil_video_several_streams(struct pair *pair)
{
    pair->video.video_streams = 2;
}

static void spoil_video_brand(struct pair *pair)
{
    pair->video.format = WP_FORMAT_M4V;
    wp_text_copy(pair->video.brand, sizeof pair->video.brand, "M4V ");
}

static void spoil_pair_aspect_ratio(struct pair *pair)
{
    pair->image.width = 1920;
    pair->image.height = 1080;
}

/* The first picture of a medium, after both were looked at. */
static struct wp_look *look_at_image(struct pair *pair)
{
    pair_look(pair);
    return &pair->image_content.looks[0];
}

static struct wp_look *look_at_video(struct pair *pair)
{
    pair_look(pair);
    return &pair->video_content.looks[0];
}

/* All faces of the video take this share of the height. */
static void set_video_faces(struct pair *pair, double share)
{
    for (uint32_t i = 0; i < pair->video_content.look_count; i++)
        pair->video_content.looks[i].faces[0].height = share * pair->video_content.looks[i].height;
}

static void spoil_image_no_face(struct pair *pair)
{
    look_at_image(pair)->face_count = 0;
}

static void spoil_video_no_face(struct pair *pair)
{
    look_at_video(pair)->face_count = 0;
}

static void add_faces(struct wp_look *look)
{
    look->face_count = 3;
    look->faces[2] = look->faces[1] = look->faces[0];
    look->faces[1].x = 20;
    look->faces[2].x = look->width - 20 - look->faces[2].width;
}

static void spoil_image_several_faces(struct pair *pair)
{
    add_faces(look_at_image(pair));
}

static void spoil_video_several_faces(struct pair *pair)
{
    add_faces(look_at_video(pair));
}

static void spoil_image_face_turned(struct pair *pair)
{
    look_at_image(pair)->faces[0].yaw = -44;
}

static void spoil_video_face_turned(struct pair *pair)
{
    look_at_video(pair)->faces[0].roll = 44;
}

static void spoil_image_face_cut_off(struct pair *pair)
{
    look_at_image(pair)->faces[0].inside = 0.72;
}

static void spoil_video_face_cut_off(struct pair *pair)
{
    look_at_video(pair)->faces[0].inside = 0.72;
}

static void spoil_image_face_too_small(struct pair *pair)
{
    struct wp_look *look = look_at_image(pair);
    look->faces[0].width = look->faces[0].height = 0.075 * look->height;
}

static void spoil_video_face_too_small(struct pair *pair)
{
    struct wp_look *look = look_at_video(pair);
    look->faces[0].width = look->faces[0].height = 0.075 * look->height;
}

static void spoil_image_face_too_large(struct pair *pair)
{
    struct wp_look *look = look_at_image(pair);
    look->faces[0].height = 0.71 * look->height;
    set_video_faces(pair, 0.6);
}

static void spoil_video_face_too_large(struct pair *pair)
{
    struct wp_look *look = look_at_image(pair);
    look->faces[0].height = 0.6 * look->height;
    set_video_faces(pair, 0.71);
}

static void spoil_image_too_dark(struct pair *pair)
{
    look_at_image(pair)->brightness = 0.19;
}

static void spoil_video_too_dark(struct pair *pair)
{
    look_at_video(pair)->brightness = 0.19;
}

static void spoil_image_blurred(struct pair *pair)
{
    look_at_image(pair)->sharpness = 0.01;
}

static void spoil_video_blurred(struct pair *pair)
{
    look_at_video(pair)->sharpness = 0.01;
}

static void spoil_pair_framing(struct pair *pair)
{
    look_at_image(pair);
    set_video_faces(pair, 0.3);
}

static void leave_out(struct wp_content_facts *content, enum wp_content_state state)
{
    *content = (struct wp_content_facts){.state = state, .reason = "it is so"};
}

static void spoil_content_skipped_image(struct pair *pair)
{
    pair_look(pair);
    leave_out(&pair->image_content, WP_CONTENT_FAILED);
}

static void spoil_content_skipped_video(struct pair *pair)
{
    pair_look(pair);
    leave_out(&pair->video_content, WP_CONTENT_FAILED);
}

static void spoil_content_skipped_pair(struct pair *pair)
{
    pair_look(pair);
    leave_out(&pair->image_content, WP_CONTENT_NO_DETECTOR);
    leave_out(&pair->video_content, WP_CONTENT_NO_DETECTOR);
}

static const struct spoiled spoiled_rows[] = {
    {"url.scheme", WP_SUBJECT_IMAGE, spoil_url_scheme_image},
    {"url.scheme", WP_SUBJECT_VIDEO, spoil_url_scheme_video},
    {"url.non-ascii", WP_SUBJECT_IMAGE, spoil_url_non_ascii_image},
    {"url.userinfo", WP_SUBJECT_VIDEO, spoil_url_userinfo_video},
    {"url.extension", WP_SUBJECT_IMAGE, spoil_url_extension_image},
    {"url.extension", WP_SUBJECT_VIDEO, spoil_url_extension_video},
    {"url.private-address", WP_SUBJECT_VIDEO, spoil_url_private_address_video},
    {"url.unreachable", WP_SUBJECT_VIDEO, spoil_url_unreachable_video},
    {"url.status", WP_SUBJECT_VIDEO, spoil_url_status_video},
    {"url.expired", WP_SUBJECT_VIDEO, spoil_url_expired_video},
    {"url.expiring", WP_SUBJECT_IMAGE, spoil_url_expiring_image},
    {"url.redirect", WP_SUBJECT_IMAGE, spoil_url_redirect_image},
    {"url.content-type", WP_SUBJECT_IMAGE, spoil_url_content_type_image},
    {"url.content-length", WP_SUBJECT_IMAGE, spoil_url_content_length_image},
    {"url.ranges", WP_SUBJECT_IMAGE, spoil_url_ranges_image},
    {"url.slow", WP_SUBJECT_IMAGE, spoil_url_slow_image},
    {"image.unreadable", WP_SUBJECT_IMAGE, spoil_image_unreadable},
    {"video.unreadable", WP_SUBJECT_VIDEO, spoil_video_unreadable},
    {"image.format", WP_SUBJECT_IMAGE, spoil_image_format},
    {"video.format", WP_SUBJECT_VIDEO, spoil_video_format},
    {"image.size", WP_SUBJECT_IMAGE, spoil_image_size},
    {"video.size", WP_SUBJECT_VIDEO, spoil_video_size},
    {"image.size-unit", WP_SUBJECT_IMAGE, spoil_image_size_unit},
    {"video.size-unit", WP_SUBJECT_VIDEO, spoil_video_size_unit},
    {"image.resolution", WP_SUBJECT_IMAGE, spoil_image_resolution},
    {"video.resolution", WP_SUBJECT_VIDEO, spoil_video_resolution},
    {"image.aspect-ratio", WP_SUBJECT_IMAGE, spoil_image_aspect_ratio},
    {"video.aspect-ratio", WP_SUBJECT_VIDEO, spoil_video_aspect_ratio},
    {"image.truncated", WP_SUBJECT_IMAGE, spoil_image_truncated},
    {"video.truncated", WP_SUBJECT_VIDEO, spoil_video_truncated},
    {"image.unsupported-variant", WP_SUBJECT_IMAGE, spoil_image_unsupported_variant},
    {"video.unsupported-variant", WP_SUBJECT_VIDEO, spoil_video_unsupported_variant},
    {"image.extension", WP_SUBJECT_IMAGE, spoil_image_extension},
    {"video.extension", WP_SUBJECT_VIDEO, spoil_video_extension},
    {"image.undetermined", WP_SUBJECT_IMAGE, spoil_image_undetermined},
    {"video.undetermined", WP_SUBJECT_VIDEO, spoil_video_undetermined},
    {"image.orientation", WP_SUBJECT_IMAGE, spoil_image_orientation},
    {"image.animated", WP_SUBJECT_IMAGE, spoil_image_animated},
    {"image.color-model", WP_SUBJECT_IMAGE, spoil_image_color_model},
    {"image.bit-depth", WP_SUBJECT_IMAGE, spoil_image_bit_depth},
    {"image.transparency", WP_SUBJECT_IMAGE, spoil_image_transparency},
    {"video.no-video-stream", WP_SUBJECT_VIDEO, spoil_video_no_video_stream},
    {"video.encrypted", WP_SUBJECT_VIDEO, spoil_video_encrypted},
    {"video.duration", WP_SUBJECT_VIDEO, spoil_video_duration},
    {"video.duration-edge", WP_SUBJECT_VIDEO, spoil_video_duration_edge},
    {"video.duration-mismatch", WP_SUBJECT_VIDEO, spoil_video_duration_mismatch},
    {"video.decode-errors", WP_SUBJECT_VIDEO, spoil_video_decode_errors},
    {"video.codec", WP_SUBJECT_VIDEO, spoil_video_codec},
    {"video.frame-rate", WP_SUBJECT_VIDEO, spoil_video_frame_rate},
    {"video.variable-frame-rate", WP_SUBJECT_VIDEO, spoil_video_variable_frame_rate},
    {"video.rotation", WP_SUBJECT_VIDEO, spoil_video_rotation},
    {"video.sample-aspect-ratio", WP_SUBJECT_VIDEO, spoil_video_sample_aspect_ratio},
    {"video.interlaced", WP_SUBJECT_VIDEO, spoil_video_interlaced},
    {"video.hdr", WP_SUBJECT_VIDEO, spoil_video_hdr},
    {"video.several-streams", WP_SUBJECT_VIDEO, spoil_video_several_streams},
    {"video.brand", WP_SUBJECT_VIDEO, spoil_video_brand},
    {"pair.aspect-ratio", WP_SUBJECT_PAIR, spoil_pair_aspect_ratio},
    {"image.no-face", WP_SUBJECT_IMAGE, spoil_image_no_face},
    {"video.no-face", WP_SUBJECT_VIDEO, spoil_video_no_face},
    {"image.several-faces", WP_SUBJECT_IMAGE, spoil_image_several_faces},
    {"video.several-faces", WP_SUBJECT_VIDEO, spoil_video_several_faces},
    {"image.face-turned", WP_SUBJECT_IMAGE, spoil_image_face_turned},
    {"video.face-turned", WP_SUBJECT_VIDEO, spoil_video_face_turned},
    {"image.face-cut-off", WP_SUBJECT_IMAGE, spoil_image_face_cut_off},
    {"video.face-cut-off", WP_SUBJECT_VIDEO, spoil_video_face_cut_off},
    {"image.face-too-small", WP_SUBJECT_IMAGE, spoil_image_face_too_small},
    {"video.face-too-small", WP_SUBJECT_VIDEO, spoil_video_face_too_small},
    {"image.face-too-large", WP_SUBJECT_IMAGE, spoil_image_face_too_large},
    {"video.face-too-large", WP_SUBJECT_VIDEO, spoil_video_face_too_large},
    {"image.too-dark", WP_SUBJECT_IMAGE, spoil_image_too_dark},
    {"video.too-dark", WP_SUBJECT_VIDEO, spoil_video_too_dark},
    {"image.blurred", WP_SUBJECT_IMAGE, spoil_image_blurred},
    {"video.blurred", WP_SUBJECT_VIDEO, spoil_video_blurred},
    {"pair.framing", WP_SUBJECT_PAIR, spoil_pair_framing},
    {"content.skipped", WP_SUBJECT_IMAGE, spoil_content_skipped_image},
    {"content.skipped", WP_SUBJECT_VIDEO, spoil_content_skipped_video},
    {"content.skipped", WP_SUBJECT_PAIR, spoil_content_skipped_pair},
};

#define SPOILED_COUNT (sizeof spoiled_rows / sizeof spoiled_rows[0])

#endif
