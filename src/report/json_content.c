#include "report/json_content.h"

#include <math.h>

#include "base/log.h"
#include "base/text.h"

#include "base/banned.h"

/* A number that is not known is not there. */
static void put_finite(struct wp_json_writer *writer, const char *name, double value)
{
    if (isfinite(value))
        wp_json_put_number(writer, name, value);
}

static void put_reason(struct wp_json_writer *writer, const struct wp_content_facts *facts,
                       const struct wp_source_facts *source)
{
    char reason[sizeof facts->reason];
    wp_text_copy(reason, sizeof reason, facts->reason);
    if (source->kind != WP_SOURCE_FILE)
        wp_redact(reason);
    if (reason[0])
        wp_json_put_text(writer, "reason", reason);
    else if (facts->state != WP_CONTENT_LOOKED)
        wp_json_put_text(writer, "reason", "the reason is not known");
}

static void put_models(struct wp_json_writer *writer)
{
    size_t count = 0;
    const struct wp_content_model *models = wp_content_models(&count);
    wp_json_begin_array(writer, "models");
    for (size_t i = 0; i < count; i++) {
        wp_json_begin_object(writer, NULL);
        wp_json_put_text(writer, "name", models[i].name);
        wp_json_put_text(writer, "sha256", models[i].sha256);
        wp_json_end_object(writer);
    }
    wp_json_end_array(writer);
}

static void put_answer(struct wp_json_writer *writer, const char *name, enum wp_tristate answer)
{
    static const char *const words[] = {[WP_UNKNOWN] = "unknown", [WP_NO] = "no", [WP_YES] = "yes"};
    wp_json_put_text(writer, name, words[answer]);
}

static void put_answers(struct wp_json_writer *writer, const struct wp_content_facts *facts)
{
    struct wp_content_answers answers;
    wp_content_answer(&answers, facts);
    wp_json_begin_object(writer, "answers");
    put_answer(writer, "one_face", answers.one_face);
    put_answer(writer, "facing", answers.facing);
    put_answer(writer, "whole", answers.whole);
    put_answer(writer, "proportion", answers.proportion);
    put_answer(writer, "light", answers.light);
    put_answer(writer, "sharp", answers.sharp);
    wp_json_end_object(writer);
}

static void put_face(struct wp_json_writer *writer, const struct wp_face *face)
{
    const double box[] = {face->x, face->y, face->width, face->height};
    const double parts = 100; /* of a pixel */
    wp_json_begin_object(writer, NULL);
    wp_json_begin_array(writer, "box");
    for (size_t i = 0; i < sizeof box / sizeof box[0]; i++)
        wp_json_put_number(writer, NULL, round(box[i] * parts) / parts);
    wp_json_end_array(writer);
    put_finite(writer, "score", face->score);
    put_finite(writer, "inside", face->inside);
    put_finite(writer, "yaw", face->yaw);
    put_finite(writer, "roll", face->roll);
    wp_json_end_object(writer);
}

static void put_look(struct wp_json_writer *writer, const struct wp_look *look)
{
    wp_json_begin_object(writer, NULL);
    put_finite(writer, "time_s", look->time_s);
    wp_json_put_integer(writer, "width", look->width);
    wp_json_put_integer(writer, "height", look->height);
    wp_json_put_integer(writer, "face_count", look->face_count);
    wp_json_put_integer(writer, "maybe_count", look->maybe_count);
    put_finite(writer, "brightness", look->brightness);
    put_finite(writer, "sharpness", look->has_sharpness ? look->sharpness : NAN);
    wp_json_begin_array(writer, "faces");
    for (uint32_t i = 0; i < look->face_count && i < WP_MAX_FACES; i++)
        put_face(writer, &look->faces[i]);
    wp_json_end_array(writer);
    wp_json_end_object(writer);
}

void wp_json_content(struct wp_json_writer *writer, const struct wp_content_facts *facts,
                     const struct wp_source_facts *source)
{
    static const char *const states[] = {
        [WP_CONTENT_NOT_ASKED] = "",
        [WP_CONTENT_NO_DETECTOR] = "no-detector",
        [WP_CONTENT_FAILED] = "failed",
        [WP_CONTENT_LOOKED] = "looked",
    };
    if (facts->state == WP_CONTENT_NOT_ASKED)
        return;
    wp_json_begin_object(writer, "content");
    wp_json_put_text(writer, "state", states[facts->state]);
    put_reason(writer, facts, source);
    if (facts->state == WP_CONTENT_LOOKED) {
        put_models(writer);
        put_answers(writer, facts);
        wp_json_begin_array(writer, "looks");
        for (uint32_t i = 0; i < facts->look_count; i++)
            put_look(writer, &facts->looks[i]);
        wp_json_end_array(writer);
    }
    wp_json_end_object(writer);
}
