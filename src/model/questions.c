#include "model/questions.h"

#include <math.h>

#include "base/banned.h"

/* Of a third of its pictures a video need not answer for: people turn and move. */
enum { PARTS = 3 };

/* Unknown numbers are unknown answers. */
static enum wp_tristate at_least(double value, double least)
{
    if (isnan(value))
        return WP_UNKNOWN;
    return value >= least ? WP_YES : WP_NO;
}

static enum wp_tristate at_most(double value, double most)
{
    if (isnan(value))
        return WP_UNKNOWN;
    return value <= most ? WP_YES : WP_NO;
}

/* No, if either is; else unknown, if either is. */
static enum wp_tristate both(enum wp_tristate a, enum wp_tristate b)
{
    if (a == WP_NO || b == WP_NO)
        return WP_NO;
    return a == WP_YES && b == WP_YES ? WP_YES : WP_UNKNOWN;
}

double wp_look_face_share(const struct wp_look *look)
{
    if (look->face_count == 0 || look->height == 0)
        return NAN;
    return look->faces[0].height / look->height;
}

bool wp_look_is_asked(const struct wp_look *look, enum wp_question question)
{
    if (look->face_count > 0 || question == WP_ASK_FACE || question == WP_ASK_LIGHT)
        return true;
    /* That there is too little to tell sharpness by is reason for no doubt where nothing else is seen either.
     */
    return question == WP_ASK_SHARP && look->has_sharpness;
}

static enum wp_tristate has_face(const struct wp_look *look)
{
    if (look->face_count > 0)
        return WP_YES;
    return look->maybe_count > 0 ? WP_UNKNOWN : WP_NO;
}

static enum wp_tristate is_alone(const struct wp_look *look)
{
    if (look->face_count > 1)
        return WP_NO;
    return look->maybe_count > 0 ? WP_UNKNOWN : WP_YES;
}

enum wp_tristate wp_look_answer(const struct wp_look *look, enum wp_question question)
{
    const struct wp_face *face = &look->faces[0];
    if (!wp_look_is_asked(look, question))
        return WP_UNKNOWN;
    switch (question) {
    case WP_ASK_FACE:
        return has_face(look);
    case WP_ASK_ALONE:
        return is_alone(look);
    case WP_ASK_FACING:
        return both(at_most(fabs(face->yaw), WP_FACE_MOST_TURNED),
                    at_most(fabs(face->roll), WP_FACE_MOST_TURNED));
    case WP_ASK_WHOLE:
        return at_least(face->inside, WP_FACE_LEAST_INSIDE);
    case WP_ASK_NOT_SMALL:
        return at_least(wp_look_face_share(look), WP_FACE_LEAST_HEIGHT);
    case WP_ASK_NOT_LARGE:
        return at_most(wp_look_face_share(look), WP_FACE_MOST_HEIGHT);
    case WP_ASK_LIGHT:
        return at_least(look->brightness, WP_LEAST_BRIGHTNESS);
    case WP_ASK_SHARP:
        return look->has_sharpness ? at_least(look->sharpness, WP_LEAST_SHARPNESS) : WP_UNKNOWN;
    }
    return WP_UNKNOWN;
}

struct wp_answer wp_content_ask(const struct wp_content_facts *facts, enum wp_question question,
                                uint32_t first)
{
    struct wp_answer answer = {.value = WP_UNKNOWN};
    uint32_t refusing = 0; /* failing with a no */
    if (facts->state != WP_CONTENT_LOOKED || first >= facts->look_count)
        return answer;
    for (uint32_t i = first; i < facts->look_count; i++) {
        enum wp_tristate value = wp_look_answer(&facts->looks[i], question);
        if (!wp_look_is_asked(&facts->looks[i], question))
            continue;
        answer.asked++;
        answer.failing += value != WP_YES;
        refusing += value == WP_NO;
    }
    const struct wp_look *look = &facts->looks[first];
    bool can_begin = wp_look_is_asked(look, question);
    enum wp_tristate begin = wp_look_answer(look, question);
    answer.is_broken = (can_begin && begin != WP_YES) || PARTS * answer.failing > answer.asked;
    if ((can_begin && begin == WP_NO) || PARTS * refusing > answer.asked)
        answer.value = WP_NO;
    else if (!answer.is_broken && can_begin)
        answer.value = WP_YES;
    return answer;
}

void wp_content_answer(struct wp_content_answers *out, const struct wp_content_facts *facts)
{
    enum wp_tristate values[WP_ASK_SHARP + 1];
    for (enum wp_question question = WP_ASK_FACE; question <= WP_ASK_SHARP; question++)
        values[question] = wp_content_ask(facts, question, 0).value;
    *out = (struct wp_content_answers){
        .one_face = both(values[WP_ASK_FACE], values[WP_ASK_ALONE]),
        .facing = values[WP_ASK_FACING],
        .whole = values[WP_ASK_WHOLE],
        .proportion = both(values[WP_ASK_NOT_SMALL], values[WP_ASK_NOT_LARGE]),
        .light = values[WP_ASK_LIGHT],
        .sharp = values[WP_ASK_SHARP],
    };
}
