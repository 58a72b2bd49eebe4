/* Rules about the streams, the codec and the picture of a video. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "rules/formats.h"
#include "rules/sound.h"

#include "base/banned.h"

bool wp_judge_no_video_stream(const struct wp_case *facts, const struct wp_medium *medium,
                              struct wp_finding *finding)
{
    (void)medium;
    const struct wp_video_facts *video = wp_sound_video(facts);
    if (!video || !video->has_stream_counts || video->video_streams > 0)
        return false;
    finding->actual = wp_value_number(0);
    finding->limit = wp_value_number(1);
    if (video->audio_streams > 0)
        wp_text_copy(finding->detail, sizeof finding->detail, "sound only");
    return true;
}

bool wp_judge_encrypted(const struct wp_case *facts, const struct wp_medium *medium,
                        struct wp_finding *finding)
{
    (void)medium, (void)finding;
    const struct wp_video_facts *video = wp_sound_video(facts);
    return video && video->encrypted == WP_YES;
}

bool wp_judge_decode_errors(const struct wp_case *facts, const struct wp_medium *medium,
                            struct wp_finding *finding)
{
    (void)medium;
    const struct wp_video_facts *video = wp_sound_video(facts);
    if (!video || video->complete == WP_NO) /* where the end is missing, video.truncated says so */
        return false;
    bool counted = video->has_decode_errors && video->decode_errors > 0;
    if (!counted && video->decode != WP_DECODE_FAILED)
        return false;
    if (counted) {
        finding->actual = wp_value_number((double)video->decode_errors);
        finding->limit = wp_value_number(0);
    }
    if (video->decode_reason[0])
        wp_text_copy(finding->detail, sizeof finding->detail, video->decode_reason);
    else if (counted)
        wp_text_format(finding->detail, sizeof finding->detail, "%" PRIu64 " of them do not decode",
                       video->decode_errors);
    else
        wp_text_copy(finding->detail, sizeof finding->detail, "the first does not decode");
    return true;
}

bool wp_judge_video_unsupported(const struct wp_case *facts, const struct wp_medium *medium,
                                struct wp_finding *finding)
{
    (void)medium;
    const struct wp_video_facts *video = wp_sound_video(facts);
    if (!video || video->decode != WP_DECODE_UNSUPPORTED)
        return false;
    if (video->codec[0])
        finding->actual = wp_value_text(video->codec);
    wp_text_copy(finding->detail, sizeof finding->detail,
                 video->decode_reason[0] ? video->decode_reason : "no decoder here reads its codec");
    return true;
}

bool wp_judge_codec(const struct wp_case *facts, const struct wp_medium *medium, struct wp_finding *finding)
{
    (void)medium;
    const struct wp_video_facts *video = wp_sound_video(facts);
    if (!video || !video->codec[0])
        return false;
    const char *usual = wp_accepted_format(WP_SUBJECT_VIDEO, video->format)->codecs;
    if (wp_list_has(usual, video->codec))
        return false;
    finding->actual = wp_value_text(video->codec);
    finding->limit = wp_value_text(usual);
    return true;
}

bool wp_judge_rotation(const struct wp_case *facts, const struct wp_medium *medium,
                       struct wp_finding *finding)
{
    (void)medium;
    const struct wp_video_facts *video = wp_sound_video(facts);
    if (!video || !video->has_rotation || (video->rotation == 0 && !video->flipped))
        return false;
    finding->actual = wp_value_number(video->rotation);
    finding->limit = wp_value_number(0);
    if (video->rotation == 0)
        wp_text_copy(finding->detail, sizeof finding->detail, "mirrored");
    else
        wp_text_format(finding->detail, sizeof finding->detail, "turned by %d degrees%s", video->rotation,
                       video->flipped ? " and mirrored" : "");
    return true;
}

bool wp_judge_sample_aspect_ratio(const struct wp_case *facts, const struct wp_medium *medium,
                                  struct wp_finding *finding)
{
    (void)medium;
    const struct wp_video_facts *video = wp_sound_video(facts);
    if (!video || !video->has_sample_aspect_ratio)
        return false;
    const struct wp_rational ratio = video->sample_aspect_ratio;
    if (ratio.num == ratio.den)
        return false;
    finding->actual.kind = WP_VALUE_TEXT;
    wp_text_format(finding->actual.text, sizeof finding->actual.text, "%" PRId64 ":%" PRId64, ratio.num,
                   ratio.den);
    finding->limit = wp_value_text("1:1");
    return true;
}

bool wp_judge_interlaced(const struct wp_case *facts, const struct wp_medium *medium,
                         struct wp_finding *finding)
{
    (void)medium, (void)finding;
    const struct wp_video_facts *video = wp_sound_video(facts);
    return video && video->interlaced == WP_YES;
}

bool wp_judge_hdr(const struct wp_case *facts, const struct wp_medium *medium, struct wp_finding *finding)
{
    (void)medium;
    const struct wp_video_facts *video = wp_sound_video(facts);
    if (!video || video->hdr != WP_YES)
        return false;
    if (video->color_transfer[0])
        finding->actual = wp_value_text(video->color_transfer);
    return true;
}

bool wp_judge_several_streams(const struct wp_case *facts, const struct wp_medium *medium,
                              struct wp_finding *finding)
{
    (void)medium;
    const struct wp_video_facts *video = wp_sound_video(facts);
    if (!video || !video->has_stream_counts || video->video_streams <= 1)
        return false;
    finding->actual = wp_value_number(video->video_streams);
    finding->limit = wp_value_number(1);
    return true;
}

bool wp_judge_brand(const struct wp_case *facts, const struct wp_medium *medium, struct wp_finding *finding)
{
    (void)medium;
    const struct wp_video_facts *video = wp_sound_video(facts);
    if (!video || video->format != WP_FORMAT_M4V)
        return false;
    /* Brands are padded with spaces: "M4V ". */
    finding->actual = wp_value_text(video->brand[0] ? video->brand : "M4V");
    finding->actual.text[strcspn(finding->actual.text, " ")] = '\0';
    return true;
}
