/* Rules about durations and frame rates, in exact fractions. */
#include <math.h>

#include "rules/exact.h"
#include "rules/sound.h"

#include "base/banned.h"

static double seconds(struct wp_rational time)
{
    return (double)time.num / (double)time.den;
}

/* The facts of a sound video whose duration is known, or NULL. */
static const struct wp_video_facts *timed_video(const struct wp_case *facts)
{
    const struct wp_video_facts *video = wp_sound_video(facts);
    return video && video->has_duration && video->duration.den > 0 ? video : NULL;
}

/* Whether the duration is that of what is left of a cut file, without an index of the whole: video.truncated
 * says enough. */
static bool is_of_the_rest(const struct wp_case *facts, const struct wp_video_facts *video)
{
    return video->complete == WP_NO && (video->fragmented == WP_YES || video->format == WP_FORMAT_AVI) &&
           wp_is_explained(facts->so_far, WP_SUBJECT_VIDEO);
}

bool wp_judge_duration(const struct wp_case *facts, const struct wp_medium *medium,
                       struct wp_finding *finding)
{
    (void)medium;
    const struct wp_limits *limits = facts->input->limits;
    const struct wp_video_facts *video = timed_video(facts);
    if (!video)
        return false;
    bool is_short = wp_exact_compare(video->duration, limits->min_duration_s) < 0;
    bool is_long = wp_exact_compare(video->duration, limits->max_duration_s) > 0;
    if (!is_long && (!is_short || is_of_the_rest(facts, video)))
        return false;
    finding->actual = wp_value_number(seconds(video->duration));
    finding->limit = wp_value_range(limits->min_duration_s, limits->max_duration_s);
    return true;
}

bool wp_judge_duration_edge(const struct wp_case *facts, const struct wp_medium *medium,
                            struct wp_finding *finding)
{
    (void)medium;
    const struct wp_limits *limits = facts->input->limits;
    const struct wp_video_facts *video = timed_video(facts);
    if (!video || (wp_exact_compare(video->duration, limits->min_duration_s) != 0 &&
                   wp_exact_compare(video->duration, limits->max_duration_s) != 0))
        return false;
    finding->actual = wp_value_number(seconds(video->duration));
    finding->limit = wp_value_range(limits->min_duration_s, limits->max_duration_s);
    return true;
}

bool wp_judge_duration_mismatch(const struct wp_case *facts, const struct wp_medium *medium,
                                struct wp_finding *finding)
{
    (void)medium;
    const struct wp_video_facts *video = timed_video(facts);
    if (!video || !video->has_container_duration || video->container_duration.den <= 0 ||
        is_of_the_rest(facts, video))
        return false;
    const struct wp_rational stream = video->duration, container = video->container_duration;
    if (stream.num < 0 || container.num < 0 || !wp_exact_over_tenth_apart(stream, container))
        return false;
    double apart = seconds(stream) - seconds(container);
    const double micro = 1e6; /* digits below are those of the subtraction */
    finding->actual = wp_value_number(round(fabs(apart) * micro) / micro);
    finding->limit = wp_value_number(0.1);
    return true;
}

bool wp_judge_frame_rate(const struct wp_case *facts, const struct wp_medium *medium,
                         struct wp_finding *finding)
{
    (void)medium;
    const struct wp_limits *limits = facts->input->limits;
    const struct wp_video_facts *video = wp_sound_video(facts);
    if (!video || !video->has_frame_rate || video->frame_rate.den <= 0)
        return false;
    if (wp_exact_compare(video->frame_rate, limits->min_frame_rate) >= 0 &&
        wp_exact_compare(video->frame_rate, limits->max_frame_rate) <= 0)
        return false;
    finding->actual = wp_value_number(seconds(video->frame_rate));
    finding->limit = wp_value_range(limits->min_frame_rate, limits->max_frame_rate);
    return true;
}

bool wp_judge_variable_frame_rate(const struct wp_case *facts, const struct wp_medium *medium,
                                  struct wp_finding *finding)
{
    (void)medium;
    const struct wp_video_facts *video = wp_sound_video(facts);
    if (!video || video->variable_frame_rate != WP_YES)
        return false;
    const struct wp_rational least = video->min_frame_interval, most = video->max_frame_interval;
    if (video->has_frame_interval && least.num > 0 && least.den > 0 && most.num > 0 && most.den > 0)
        finding->actual = wp_value_range(1 / seconds(most), 1 / seconds(least));
    return true;
}
