/* Rules that image and video have alike. */
#include <inttypes.h>

#include "base/text.h"
#include "rules/catalogue.h"
#include "rules/exact.h"
#include "rules/formats.h"

#include "base/banned.h"

/* Bytes of a known format that is taken as nothing, or not as this medium. */
static bool is_foreign(const struct wp_medium *medium)
{
    return medium->format != WP_FORMAT_UNKNOWN && medium->format != WP_FORMAT_EMPTY &&
           !wp_accepted_format(medium->subject, medium->format);
}

bool wp_judge_unreadable(const struct wp_case *facts, const struct wp_medium *medium,
                         struct wp_finding *finding)
{
    (void)facts;
    const char *reason = NULL;
    if (medium->delivery && medium->delivery->trouble != WP_DELIVERY_FINE)
        return false; /* a rule about its delivery says why there are no bytes */
    if (medium->source->state == WP_SOURCE_UNAVAILABLE && medium->source->kind != WP_SOURCE_OTHER)
        reason = medium->source->reason;
    else if (!medium->is_read || is_foreign(medium))
        return false;
    else if (medium->format == WP_FORMAT_EMPTY)
        reason = "the file is empty";
    else if (medium->unreadable[0])
        reason = medium->unreadable;
    else if (medium->is_sound && medium->subject == WP_SUBJECT_IMAGE && medium->decode == WP_DECODE_FAILED &&
             medium->complete != WP_NO)
        reason = medium->decode_reason[0] ? medium->decode_reason : "its pixels are damaged";
    if (!reason)
        return false;
    wp_text_copy(finding->detail, sizeof finding->detail, reason[0] ? reason : "the reason is not known");
    return true;
}

/* A video given as the image, or the other way round. */
static bool is_swapped(const struct wp_case *facts)
{
    return facts->image.is_read && facts->video.is_read &&
           wp_accepted_format(WP_SUBJECT_VIDEO, facts->image.format) &&
           wp_accepted_format(WP_SUBJECT_IMAGE, facts->video.format);
}

/* A format that the service is known to take, but that the limits profile leaves out. */
static bool is_left_out(const struct wp_medium *medium)
{
    const struct wp_accepted_format *accepted = wp_accepted_format(medium->subject, medium->format);
    return accepted && !wp_list_has(medium->limits->formats, accepted->label);
}

bool wp_judge_format(const struct wp_case *facts, const struct wp_medium *medium, struct wp_finding *finding)
{
    bool unknown = medium->format == WP_FORMAT_UNKNOWN && !medium->unreadable[0];
    if (!medium->is_read || !(unknown || is_foreign(medium) || is_left_out(medium)))
        return false;
    finding->actual = wp_value_text(unknown ? "of no known format" : wp_format_name(medium->format));
    finding->limit = wp_value_text(medium->limits->formats);
    const char *detail = "";
    if (is_swapped(facts))
        detail = "image and video seem to be swapped";
    else if (medium->format == WP_FORMAT_3GP && medium->subject == WP_SUBJECT_VIDEO)
        detail = "the form of MP4 that phones once used, which the service does not name";
    wp_text_copy(finding->detail, sizeof finding->detail, detail);
    return true;
}

bool wp_judge_size(const struct wp_case *facts, const struct wp_medium *medium, struct wp_finding *finding)
{
    (void)facts;
    const struct wp_delivery_facts *delivery = medium->delivery;
    bool is_stopped = delivery && delivery->trouble == WP_DELIVERY_TOO_LARGE;
    if (is_stopped && delivery->has_content_length)
        finding->actual = wp_value_number((double)delivery->content_length);
    else if (is_stopped)
        finding->actual = wp_value_text("more than that");
    else if (medium->is_read && medium->has_bytes && medium->bytes > medium->limits->max_bytes)
        finding->actual = wp_value_number((double)medium->bytes);
    else
        return false;
    finding->limit = wp_value_number((double)medium->limits->max_bytes);
    return true;
}

bool wp_judge_size_unit(const struct wp_case *facts, const struct wp_medium *medium,
                        struct wp_finding *finding)
{
    (void)facts;
    const struct wp_medium_limits *limits = medium->limits;
    if (!medium->is_read || !medium->has_bytes || medium->bytes < limits->unsure_bytes ||
        medium->bytes > limits->max_bytes)
        return false;
    finding->actual = wp_value_number((double)medium->bytes);
    finding->limit = wp_value_number((double)limits->unsure_bytes);
    return true;
}

static bool side_within(uint32_t side, const struct wp_medium_limits *limits)
{
    return side >= limits->min_side && side <= limits->max_side;
}

bool wp_judge_resolution(const struct wp_case *facts, const struct wp_medium *medium,
                         struct wp_finding *finding)
{
    (void)facts;
    if (!medium->is_sound || !medium->has_size)
        return false;
    if (side_within(medium->width, medium->limits) && side_within(medium->height, medium->limits))
        return false;
    finding->actual = wp_value_size(medium->width, medium->height);
    finding->limit = wp_value_range(medium->limits->min_side, medium->limits->max_side);
    return true;
}

bool wp_judge_aspect_ratio(const struct wp_case *facts, const struct wp_medium *medium,
                           struct wp_finding *finding)
{
    (void)facts;
    uint32_t most = medium->limits->max_ratio;
    if (!medium->is_sound || !medium->has_size || wp_exact_ratio_within(medium->width, medium->height, most))
        return false;
    /* A side of 0 is an error too; its ratio is none, and the number must stay finite. */
    finding->actual =
        medium->height > 0 ? wp_value_number((double)medium->width / medium->height) : wp_value_text("none");
    finding->limit = wp_value_range(1.0 / most, most);
    return true;
}

bool wp_judge_truncated(const struct wp_case *facts, const struct wp_medium *medium,
                        struct wp_finding *finding)
{
    (void)facts;
    if (!medium->is_sound || medium->complete != WP_NO)
        return false;
    if (medium->has_missing_bytes && medium->missing_bytes > 0) {
        finding->actual = wp_value_number((double)medium->missing_bytes);
        wp_text_format(finding->detail, sizeof finding->detail, "at least %" PRIu64 " %s missing",
                       medium->missing_bytes, medium->missing_bytes == 1 ? "byte is" : "bytes are");
    } else {
        wp_text_copy(finding->detail, sizeof finding->detail, "its end is missing");
    }
    return true;
}

static bool holds_no_video(const struct wp_video_facts *video)
{
    return video->has_stream_counts && video->video_streams == 0;
}

bool wp_judge_extension(const struct wp_case *facts, const struct wp_medium *medium,
                        struct wp_finding *finding)
{
    const struct wp_source_facts *source = medium->source;
    if (!medium->is_sound || (medium->subject == WP_SUBJECT_VIDEO && holds_no_video(facts->input->video)))
        return false; /* the name of what is no video at all does not matter */
    const char *right = wp_accepted_format(medium->subject, medium->format)->extensions;
    if (wp_list_has(right, source->extension))
        return false;
    /* A URL whose path has no media extension at all is url.extension's. */
    if (source->kind != WP_SOURCE_FILE &&
        !wp_list_has(wp_media_extensions(medium->subject), source->extension))
        return false;
    finding->actual = wp_value_text(source->extension[0] ? source->extension : "none");
    finding->limit = wp_value_text(right);
    return true;
}
