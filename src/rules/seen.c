#include "rules/seen.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/text.h"

#include "base/banned.h"

enum { MOST_TIMES = 4, PERCENT = 100 };

/* A number with one digit behind the point, or none, or up to three; whatever the locale. */
struct figure {
    char text[32];
};

enum rounding { NEAREST, DOWN, UP };

/* Rounded away from the limit, so that nothing reads "30 is over 30". */
static struct figure figure(double value, unsigned places, enum rounding rounding)
{
    struct figure out = {""};
    const double most = 1e12;
    uint64_t one = 1;
    for (unsigned i = 0; i < places; i++)
        one *= 10;
    if (!(fabs(value) < most)) {
        wp_text_copy(out.text, sizeof out.text, "?");
        return out;
    }
    double scaled = fabs(value) * (double)one;
    /* What is a whole number but for the errors of floating point is that number. */
    const double slack = 1e-6;
    if (rounding == DOWN)
        scaled = floor(scaled + slack);
    else if (rounding == UP)
        scaled = ceil(scaled - slack);
    else
        scaled = floor(scaled + 0.5);
    uint64_t units = (uint64_t)scaled;
    while (places > 0 && units % 10 == 0) {
        units /= 10;
        one /= 10;
        places--;
    }
    const char *sign = value < 0 && units > 0 ? "-" : "";
    if (places > 0)
        wp_text_format(out.text, sizeof out.text, "%s%" PRIu64 ".%0*" PRIu64, sign, units / one, (int)places,
                       units % one);
    else
        wp_text_format(out.text, sizeof out.text, "%s%" PRIu64, sign, units);
    return out;
}

static void append(char *out, size_t size, const char *text)
{
    size_t len = strlen(out);
    wp_text_copy(out + len, size - len, text);
}

static struct figure percent(double share, enum rounding rounding)
{
    return figure(share * PERCENT, 1, rounding);
}

/* The greater of the two angles; one that is not known is the greater one unless the other is too much. */
static double angle(const struct wp_face *face)
{
    double yaw = fabs(face->yaw), roll = fabs(face->roll);
    if (isnan(yaw))
        return roll > WP_FACE_MOST_TURNED ? roll : NAN;
    if (isnan(roll))
        return yaw > WP_FACE_MOST_TURNED ? yaw : NAN;
    return yaw > roll ? yaw : roll;
}

double wp_seen_value(const struct wp_look *look, enum wp_question question)
{
    enum wp_tristate answer = wp_look_answer(look, question);
    switch (question) {
    case WP_ASK_FACE:
    case WP_ASK_ALONE:
        return answer == WP_UNKNOWN ? NAN : (double)look->face_count;
    case WP_ASK_FACING:
        return look->face_count ? angle(&look->faces[0]) : NAN;
    case WP_ASK_WHOLE:
        return look->face_count ? look->faces[0].inside * PERCENT : NAN;
    case WP_ASK_NOT_SMALL:
    case WP_ASK_NOT_LARGE:
        return wp_look_face_share(look) * PERCENT;
    case WP_ASK_LIGHT:
        return look->brightness * PERCENT;
    case WP_ASK_SHARP:
        return look->has_sharpness ? look->sharpness : NAN;
    }
    return NAN;
}

double wp_seen_limit(enum wp_question question)
{
    switch (question) {
    case WP_ASK_FACE:
    case WP_ASK_ALONE:
        return 1;
    case WP_ASK_FACING:
        return WP_FACE_MOST_TURNED;
    case WP_ASK_WHOLE:
        return WP_FACE_LEAST_INSIDE * PERCENT;
    case WP_ASK_NOT_SMALL:
        return WP_FACE_LEAST_HEIGHT * PERCENT;
    case WP_ASK_NOT_LARGE:
        return WP_FACE_MOST_HEIGHT * PERCENT;
    case WP_ASK_LIGHT:
        return WP_LEAST_BRIGHTNESS * PERCENT;
    case WP_ASK_SHARP:
        return WP_LEAST_SHARPNESS;
    }
    return NAN;
}

static bool is_failing(const struct wp_look *look, enum wp_question question)
{
    return wp_look_is_asked(look, question) && wp_look_answer(look, question) != WP_YES;
}

/* Whether a is further from a yes than b, where neither says yes. */
static bool is_worse(const struct wp_look *a, const struct wp_look *b, enum wp_question question)
{
    enum wp_tristate of_a = wp_look_answer(a, question), of_b = wp_look_answer(b, question);
    if (of_a != of_b)
        return of_a == WP_NO;
    double first = wp_seen_value(a, question), second = wp_seen_value(b, question);
    bool grows = question == WP_ASK_ALONE || question == WP_ASK_FACING || question == WP_ASK_NOT_LARGE;
    return grows ? first > second : first < second;
}

uint32_t wp_seen_worst(const struct wp_content_facts *facts, enum wp_question question)
{
    uint32_t worst = facts->look_count;
    for (uint32_t i = 0; i < facts->look_count; i++) {
        if (is_failing(&facts->looks[i], question) &&
            (worst == facts->look_count || is_worse(&facts->looks[i], &facts->looks[worst], question)))
            worst = i;
    }
    return worst < facts->look_count ? worst : 0;
}

static void describe_faces(char *out, size_t size, const struct wp_look *look)
{
    struct figure share = percent(wp_look_face_share(look), NEAREST);
    if (look->face_count > 1)
        wp_text_format(out, size, "%" PRIu32 " faces%s, the highest %s %% of the height", look->face_count,
                       look->maybe_count ? " and perhaps more" : "", share.text);
    else
        wp_text_format(out, size, "one face of %s %% of the height and perhaps %s", share.text,
                       look->maybe_count > 1 ? "others" : "another");
}

static void describe_angle(char *out, size_t size, const struct wp_face *face)
{
    bool turned = fabs(face->yaw) > WP_FACE_MOST_TURNED, tilted = fabs(face->roll) > WP_FACE_MOST_TURNED;
    struct figure yaw = figure(fabs(face->yaw), 0, NEAREST), roll = figure(fabs(face->roll), 0, NEAREST);
    if (fabs(face->yaw) < WP_FACE_MOST_TURNED + 1)
        yaw = figure(fabs(face->yaw), 1, UP);
    if (fabs(face->roll) < WP_FACE_MOST_TURNED + 1)
        roll = figure(fabs(face->roll), 1, UP);
    if (turned && tilted)
        wp_text_format(out, size, "turned by %s and tilted by %s degrees", yaw.text, roll.text);
    else if (turned)
        wp_text_format(out, size, "turned by %s degrees", yaw.text);
    else if (tilted)
        wp_text_format(out, size, "tilted by %s degrees", roll.text);
    else
        wp_text_copy(out, size, "turned by an angle that cannot be told");
}

/* What stands in the place of a number that is not known. */
static const char *unknown_words(enum wp_question question)
{
    if (question == WP_ASK_FACE)
        return "what may be a face, which is not sure";
    if (question == WP_ASK_WHOLE)
        return "an unknown part of a face";
    if (question == WP_ASK_LIGHT)
        return "its brightness cannot be told";
    return question == WP_ASK_SHARP ? "its sharpness cannot be told" : "unknown height";
}

/* A number that breaks the limit, as a rule's message has it. */
static void describe_number(char *out, size_t size, const struct wp_look *look, enum wp_question question)
{
    double share = wp_look_face_share(look);
    if (question == WP_ASK_WHOLE)
        wp_text_format(out, size, "%s %% of a face", percent(look->faces[0].inside, DOWN).text);
    else if (question == WP_ASK_LIGHT)
        wp_text_format(out, size, "its brightness is %s %%", percent(look->brightness, DOWN).text);
    else if (question == WP_ASK_SHARP)
        wp_text_format(out, size, "its sharpness is %s", figure(look->sharpness, 3, DOWN).text);
    else
        wp_text_format(out, size, "%s %% of the height",
                       percent(share, question == WP_ASK_NOT_SMALL ? DOWN : UP).text);
}

/* One picture, as a rule's message has it. */
static void describe(char *out, size_t size, const struct wp_look *look, enum wp_question question)
{
    if (question == WP_ASK_ALONE)
        describe_faces(out, size, look);
    else if (question == WP_ASK_FACING)
        describe_angle(out, size, &look->faces[0]);
    else if (wp_look_answer(look, question) == WP_UNKNOWN)
        wp_text_copy(out, size, unknown_words(question));
    else if (question == WP_ASK_FACE)
        wp_text_copy(out, size, "no face");
    else
        describe_number(out, size, look, question);
}

static void append_time(char *out, size_t size, const char *before, const struct wp_look *look)
{
    append(out, size, before);
    append(out, size, figure(look->time_s, 1, NEAREST).text);
    append(out, size, " s");
}

/* The times of the pictures that fail beside the worst, a few of them. */
static void append_others(char *out, size_t size, const struct wp_content_facts *facts,
                          enum wp_question question, uint32_t worst)
{
    uint32_t named = 0, left = 0;
    for (uint32_t i = 0; i < facts->look_count; i++) {
        if (i == worst || !is_failing(&facts->looks[i], question))
            continue;
        if (named < MOST_TIMES)
            append_time(out, size, named ? ", " : ", likewise at ", &facts->looks[i]);
        else
            left++;
        named++;
    }
    char more[32];
    wp_text_format(more, sizeof more, " and %" PRIu32 " more", left);
    append(out, size, left ? more : "");
}

void wp_seen_describe(char *out, size_t size, const struct wp_content_facts *facts, enum wp_question question,
                      uint32_t worst, bool is_video)
{
    char share[64];
    describe(out, size, &facts->looks[worst], question);
    if (!is_video)
        return;
    struct wp_answer answer = wp_content_ask(facts, question, 0);
    append_time(out, size, strchr(out, ',') ? ", at " : " at ", &facts->looks[worst]);
    append_others(out, size, facts, question, worst);
    wp_text_format(share, sizeof share, " (%" PRIu32 " of %" PRIu32 " frames%s)", answer.failing,
                   answer.asked, answer.asked < facts->look_count ? " with a face" : "");
    append(out, size, share);
}

void wp_seen_shares(char *out, size_t size, double image, double video)
{
    wp_text_format(out, size, "%s %% of the height of the image and %s %% of that of the video",
                   percent(image, NEAREST).text, percent(video, NEAREST).text);
}
