/* Rules about what pictures show. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/questions.h"
#include "rules/catalogue.h"
#include "rules/seen.h"

#include "base/banned.h"

static const struct wp_content_facts *facts_of(const struct wp_case *facts, enum wp_subject subject)
{
    return subject == WP_SUBJECT_VIDEO ? facts->input->video_content : facts->input->image_content;
}

/* What was seen in a medium, or NULL. */
static const struct wp_content_facts *seen(const struct wp_case *facts, enum wp_subject subject)
{
    const struct wp_content_facts *content = facts_of(facts, subject);
    bool is_seen = facts->input->content != WP_CONTENT_OFF && content && content->state == WP_CONTENT_LOOKED;
    return is_seen ? content : NULL;
}

/* The one way of all rules that ask one question. */
static bool judge(const struct wp_case *facts, const struct wp_medium *medium, struct wp_finding *finding,
                  enum wp_question question)
{
    const struct wp_content_facts *content = seen(facts, medium->subject);
    if (!content)
        return false;
    struct wp_answer answer = wp_content_ask(content, question, 0);
    if (!answer.is_broken)
        return false;
    uint32_t worst = wp_seen_worst(content, question);
    double value = wp_seen_value(&content->looks[worst], question);
    if (isfinite(value))
        finding->actual = wp_value_number(value);
    finding->limit = wp_value_number(wp_seen_limit(question));
    wp_seen_describe(finding->detail, sizeof finding->detail, content, question, worst,
                     medium->subject == WP_SUBJECT_VIDEO);
    return true;
}

bool wp_judge_no_face(const struct wp_case *facts, const struct wp_medium *medium, struct wp_finding *finding)
{
    return judge(facts, medium, finding, WP_ASK_FACE);
}

bool wp_judge_several_faces(const struct wp_case *facts, const struct wp_medium *medium,
                            struct wp_finding *finding)
{
    return judge(facts, medium, finding, WP_ASK_ALONE);
}

bool wp_judge_face_turned(const struct wp_case *facts, const struct wp_medium *medium,
                          struct wp_finding *finding)
{
    return judge(facts, medium, finding, WP_ASK_FACING);
}

bool wp_judge_face_cut_off(const struct wp_case *facts, const struct wp_medium *medium,
                           struct wp_finding *finding)
{
    return judge(facts, medium, finding, WP_ASK_WHOLE);
}

bool wp_judge_face_too_small(const struct wp_case *facts, const struct wp_medium *medium,
                             struct wp_finding *finding)
{
    return judge(facts, medium, finding, WP_ASK_NOT_SMALL);
}

bool wp_judge_face_too_large(const struct wp_case *facts, const struct wp_medium *medium,
                             struct wp_finding *finding)
{
    return judge(facts, medium, finding, WP_ASK_NOT_LARGE);
}

bool wp_judge_too_dark(const struct wp_case *facts, const struct wp_medium *medium,
                       struct wp_finding *finding)
{
    return judge(facts, medium, finding, WP_ASK_LIGHT);
}

bool wp_judge_blurred(const struct wp_case *facts, const struct wp_medium *medium, struct wp_finding *finding)
{
    return judge(facts, medium, finding, WP_ASK_SHARP);
}

bool wp_judge_pair_framing(const struct wp_case *facts, const struct wp_medium *medium,
                           struct wp_finding *finding)
{
    (void)medium;
    const struct wp_content_facts *image = seen(facts, WP_SUBJECT_IMAGE);
    const struct wp_content_facts *video = seen(facts, WP_SUBJECT_VIDEO);
    if (!image || !video || image->look_count == 0 || video->look_count == 0)
        return false;
    double a = wp_look_face_share(&image->looks[0]), b = wp_look_face_share(&video->looks[0]);
    if (!(a > 0 && b > 0)) /* or a rule about the medium says that there is no face */
        return false;
    double factor = a > b ? a / b : b / a;
    if (factor <= WP_MOST_FRAMING)
        return false;
    finding->actual = wp_value_number(factor);
    finding->limit = wp_value_number(WP_MOST_FRAMING);
    wp_seen_shares(finding->detail, sizeof finding->detail, a, b);
    return true;
}

/* Whether a medium, or a part of it, was not looked at though that was wanted. */
static bool is_skipped(const struct wp_content_facts *content)
{
    if (!content || content->state == WP_CONTENT_NOT_ASKED)
        return false;
    return content->state != WP_CONTENT_LOOKED || content->reason[0] || content->look_count == 0;
}

/* Two media that were not looked at for one reason are one finding, about the pair. */
bool wp_judge_content_skipped(const struct wp_case *facts, const struct wp_medium *medium,
                              struct wp_finding *finding)
{
    const struct wp_content_facts *content = facts_of(facts, medium->subject);
    const struct wp_content_facts *image = facts->image.present ? facts->input->image_content : NULL;
    const struct wp_content_facts *video = facts->video.present ? facts->input->video_content : NULL;
    if (facts->input->content == WP_CONTENT_OFF || !is_skipped(content))
        return false;
    bool is_one = is_skipped(image) && is_skipped(video) && image->look_count == 0 &&
                  video->look_count == 0 && strcmp(image->reason, video->reason) == 0;
    if (is_one && medium->subject == WP_SUBJECT_VIDEO)
        return false;
    finding->subject = is_one ? WP_SUBJECT_PAIR : medium->subject;
    const char *reason = content->reason[0] ? content->reason : "the reason is not known";
    if (content->look_count == 0)
        wp_text_format(finding->detail, sizeof finding->detail, "%s not looked at: %s",
                       is_one ? "were" : "was", reason);
    else
        wp_text_format(finding->detail, sizeof finding->detail,
                       "was looked at in part, at %" PRIu32 " picture%s: %s", content->look_count,
                       content->look_count == 1 ? "" : "s", reason);
    return true;
}
