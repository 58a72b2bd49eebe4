/* What was seen: boxes on the thumbnails, and tables. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "report/figures.h"
#include "report/html.h"
#include "report/sight.h"

#include "base/banned.h"

const struct wp_look *wp_html_look_at(const struct wp_content_facts *facts, double time_s)
{
    /* Less than the time between two frames: what is drawn was seen in the very frame that is shown. */
    const double apart = 0.01;
    if (facts->state != WP_CONTENT_LOOKED)
        return NULL;
    for (uint32_t i = 0; i < facts->look_count; i++) {
        if (fabs(facts->looks[i].time_s - time_s) < apart)
            return &facts->looks[i];
    }
    return NULL;
}

static bool has_box(const struct wp_face *face)
{
    return isfinite(face->x) && isfinite(face->y) && face->width > 0 && isfinite(face->width) &&
           face->height > 0 && isfinite(face->height);
}

static void add_attribute(struct wp_buf *out, const char *name, double value)
{
    (void)wp_buf_add_format(out, " %s=\"", name);
    wp_figure_decimal(out, value, 1);
    (void)wp_buf_add_text(out, "\"");
}

static void add_rectangle(struct wp_buf *out, const char *class, const struct wp_face *face)
{
    (void)wp_buf_add_format(out, "<rect class=\"%s\"", class);
    add_attribute(out, "x", face->x);
    add_attribute(out, "y", face->y);
    add_attribute(out, "width", face->width);
    add_attribute(out, "height", face->height);
    (void)wp_buf_add_text(out, "/>");
}

/* "44° 1.72": how far it is turned, and the score. */
static void add_label_text(struct wp_buf *out, const struct wp_face *face)
{
    if (isfinite(face->yaw))
        wp_figure_decimal(out, round(face->yaw), 0);
    else
        (void)wp_buf_add_text(out, "?");
    (void)wp_buf_add_text(out, "&#176; ");
    wp_figure_decimal(out, isfinite(face->score) ? face->score : 0, 2);
}

/* The middle of a label's line. */
struct place {
    double x, y;
};

/* Above the box, or below it, or else in it: where the picture has room. */
static struct place place_of(const struct wp_look *look, const struct wp_face *face, double size, double half)
{
    double x = face->x + face->width / 2, y = face->y - size * 0.35;
    if (y < size)
        y = face->y + face->height + size;
    if (y > look->height)
        y = fmax(face->y, 0) + size * 1.1;
    return (struct place){fmax(half, fmin(x, look->width - half)), y};
}

/* The labels of faces, the highest first; one that would lie over another is left out. */
static void add_labels(struct wp_buf *out, const struct wp_look *look, uint32_t count)
{
    const double size = look->height / 12.0; /* thumbnails are 128 CSS pixels high at the most */
    const double half = 2.4 * size;          /* of the width of eight digits */
    struct place taken[WP_MAX_FACES];
    uint32_t placed = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!has_box(&look->faces[i]))
            continue;
        struct place place = place_of(look, &look->faces[i], size, half);
        bool is_free = true;
        for (uint32_t k = 0; k < placed; k++)
            is_free =
                is_free && (fabs(taken[k].x - place.x) >= 2 * half || fabs(taken[k].y - place.y) >= size);
        if (!is_free)
            continue;
        taken[placed++] = place;
        (void)wp_buf_add_text(out, "<text");
        add_attribute(out, "x", place.x);
        add_attribute(out, "y", place.y);
        add_attribute(out, "font-size", size);
        (void)wp_buf_add_text(out, ">");
        add_label_text(out, &look->faces[i]);
        (void)wp_buf_add_text(out, "</text>");
    }
}

void wp_html_boxes(struct wp_buf *out, const struct wp_look *look)
{
    const uint32_t told = look->face_count < WP_MAX_FACES ? look->face_count : WP_MAX_FACES;
    if (told == 0 || look->width == 0 || look->height == 0)
        return;
    (void)wp_buf_add_format(out,
                            "<svg class=\"boxes\" viewBox=\"0 0 %" PRIu32 " %" PRIu32
                            "\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
                            look->width, look->height);
    for (uint32_t i = told; i-- > 0;) { /* the highest is what is judged: it stands over the others */
        const struct wp_face *face = &look->faces[i];
        if (!has_box(face))
            continue;
        add_rectangle(out, "halo", face);
        add_rectangle(out, i == 0 ? "line" : "line other", face);
    }
    add_labels(out, look, told);
    (void)wp_buf_add_text(out, "</svg>");
}

static void begin_row(struct wp_buf *out, const char *title)
{
    (void)wp_buf_add_format(out, "<tr><th scope=\"row\">%s</th><td>", title);
}

static void end_row(struct wp_buf *out)
{
    (void)wp_buf_add_text(out, "</td></tr>\n");
}

static void add_answer(struct wp_buf *out, const char *name, enum wp_tristate answer)
{
    static const struct {
        const char *tone, *word;
    } words[] = {[WP_UNKNOWN] = {"note", "unknown"}, [WP_NO] = {"warning", "no"}, [WP_YES] = {"good", "yes"}};
    (void)wp_buf_add_format(out, "<li class=\"badge %s\">%s: %s</li>", words[answer].tone, name,
                            words[answer].word);
}

static void add_answers(struct wp_buf *out, const struct wp_content_facts *facts)
{
    struct wp_content_answers answers;
    wp_content_answer(&answers, facts);
    begin_row(out, "As the service asks");
    (void)wp_buf_add_text(out, "<ul class=\"answers\">");
    add_answer(out, "one face", answers.one_face);
    add_answer(out, "facing", answers.facing);
    add_answer(out, "whole", answers.whole);
    add_answer(out, "proportion", answers.proportion);
    add_answer(out, "light", answers.light);
    add_answer(out, "sharp", answers.sharp);
    (void)wp_buf_add_text(out, "</ul>");
    end_row(out);
}

static void add_looks(struct wp_buf *out, const struct wp_content_facts *facts, bool is_video)
{
    for (uint32_t i = 0; i < facts->look_count; i++) {
        if (is_video) {
            (void)wp_buf_add_text(out, "<tr><th scope=\"row\">At ");
            wp_figure_decimal(out, facts->looks[i].time_s, 2);
            (void)wp_buf_add_text(out, " s</th><td>");
            wp_sight_look(out, &facts->looks[i]);
            (void)wp_buf_add_text(out, "; ");
        } else {
            begin_row(out, "Light");
        }
        wp_sight_light(out, &facts->looks[i]);
        end_row(out);
    }
}

static void add_detector(struct wp_buf *out)
{
    size_t count = 0;
    const struct wp_content_model *models = wp_content_models(&count);
    begin_row(out, "Detector");
    for (size_t i = 0; i < count; i++)
        (void)wp_buf_add_format(out, "%s%s", i ? ", " : "", models[i].name);
    end_row(out);
}

static void add_reason(struct wp_buf *out, const char *title, const struct wp_content_facts *facts,
                       const struct wp_source_facts *source)
{
    char reason[sizeof facts->reason];
    wp_text_copy(reason, sizeof reason, facts->reason);
    if (source->kind != WP_SOURCE_FILE)
        wp_redact(reason);
    begin_row(out, title);
    wp_html_text(out, reason[0] ? reason : "the reason is not known");
    end_row(out);
}

void wp_html_seen(struct wp_buf *out, const struct wp_content_facts *facts,
                  const struct wp_source_facts *source, bool is_video)
{
    if (facts->state == WP_CONTENT_NOT_ASKED)
        return;
    (void)wp_buf_add_format(out, "<table>\n<caption>Seen in the %s</caption>\n<tbody>\n",
                            is_video ? "video" : "image");
    if (facts->state == WP_CONTENT_LOOKED) {
        begin_row(out, "Faces");
        wp_sight_medium(out, facts, is_video);
        end_row(out);
        add_answers(out, facts);
        add_looks(out, facts, is_video);
        if (facts->reason[0])
            add_reason(out, "Ended early", facts, source);
        add_detector(out);
    } else {
        add_reason(out, "Not looked at", facts, source);
    }
    (void)wp_buf_add_text(out, "</tbody>\n</table>\n");
}
