#include "report/sight.h"

#include <inttypes.h>
#include <math.h>

#include "model/questions.h"
#include "report/figures.h"

#include "base/banned.h"

enum { PERCENT = 100 };

/* "by 4 degrees". */
static void add_angle(struct wp_buf *out, double angle)
{
    if (!isfinite(angle)) {
        (void)wp_buf_add_text(out, "by an unknown angle");
        return;
    }
    double whole = round(fabs(angle));
    (void)wp_buf_add_text(out, "by ");
    wp_figure_decimal(out, whole, 0);
    (void)wp_buf_add_text(out, whole == 1 ? " degree" : " degrees");
}

/* "21 %". */
static void add_percent(struct wp_buf *out, double share)
{
    if (!isfinite(share)) {
        (void)wp_buf_add_text(out, "unknown");
        return;
    }
    wp_figure_decimal(out, share * PERCENT, 0);
    (void)wp_buf_add_text(out, " %");
}

/* "14 % of the height", "14 to 21 % of the height". */
static void add_heights(struct wp_buf *out, double lowest, double highest)
{
    if (!isfinite(lowest) || !isfinite(highest)) {
        (void)wp_buf_add_text(out, "of unknown height");
        return;
    }
    if (round(lowest * PERCENT) < round(highest * PERCENT)) {
        wp_figure_decimal(out, lowest * PERCENT, 0);
        (void)wp_buf_add_text(out, " to ");
    }
    add_percent(out, highest);
    (void)wp_buf_add_text(out, " of the height");
}

static void add_count(struct wp_buf *out, uint32_t least, uint32_t most)
{
    if (most == 0)
        (void)wp_buf_add_text(out, "no face");
    else if (least == most)
        (void)wp_buf_add_format(out, "%" PRIu32 " face%s", most, most == 1 ? "" : "s");
    else if (least == 0)
        (void)wp_buf_add_format(out, "at most %" PRIu32 " face%s", most, most == 1 ? "" : "s");
    else
        (void)wp_buf_add_format(out, "%" PRIu32 " to %" PRIu32 " faces", least, most);
}

static void add_maybe(struct wp_buf *out, uint32_t count)
{
    if (count)
        (void)wp_buf_add_format(out, " and perhaps %" PRIu32 " more", count);
}

static void add_unsure(struct wp_buf *out, uint32_t count)
{
    (void)wp_buf_add_format(out, "no face that is sure, perhaps %" PRIu32, count);
}

void wp_sight_look(struct wp_buf *out, const struct wp_look *look)
{
    const struct wp_face *face = &look->faces[0];
    if (look->face_count == 0 && look->maybe_count > 0) {
        add_unsure(out, look->maybe_count);
        return;
    }
    add_count(out, look->face_count, look->face_count);
    if (look->face_count == 0)
        return;
    add_maybe(out, look->maybe_count);
    (void)wp_buf_add_text(out, look->face_count > 1 ? ", the highest " : ", ");
    add_heights(out, wp_look_face_share(look), wp_look_face_share(look));
    (void)wp_buf_add_text(out, ", turned ");
    add_angle(out, face->yaw);
    if (!(fabs(face->roll) <= WP_FACE_MOST_TURNED)) {
        (void)wp_buf_add_text(out, ", tilted ");
        add_angle(out, face->roll);
    }
    if (face->inside < 1) {
        (void)wp_buf_add_text(out, ", ");
        add_percent(out, floor(face->inside * PERCENT) / PERCENT);
        (void)wp_buf_add_text(out, " of it in the picture");
    }
}

void wp_sight_light(struct wp_buf *out, const struct wp_look *look)
{
    (void)wp_buf_add_text(out, "brightness ");
    add_percent(out, look->brightness);
    (void)wp_buf_add_text(out, ", sharpness ");
    if (look->has_sharpness && isfinite(look->sharpness))
        wp_figure_decimal(out, look->sharpness, 3);
    else
        (void)wp_buf_add_text(out, "unknown");
}

/* What the pictures of a video have in common. */
struct summary {
    uint32_t least, most, maybe;  /* faces in a picture */
    double lowest, highest;       /* of the highest faces, as shares of the height; NaN: there is none */
    const struct wp_look *turned; /* the picture with the face that is turned most; NULL: none is known */
};

static struct summary sum_up(const struct wp_content_facts *facts)
{
    struct summary sum = {.least = UINT32_MAX, .lowest = NAN, .highest = NAN};
    for (uint32_t i = 0; i < facts->look_count; i++) {
        const struct wp_look *look = &facts->looks[i];
        double share = wp_look_face_share(look);
        sum.least = look->face_count < sum.least ? look->face_count : sum.least;
        sum.most = look->face_count > sum.most ? look->face_count : sum.most;
        sum.maybe = look->maybe_count > sum.maybe ? look->maybe_count : sum.maybe;
        sum.lowest = fmin(sum.lowest, share); /* NaN counts as missing */
        sum.highest = fmax(sum.highest, share);
        if (look->face_count > 0 && isfinite(look->faces[0].yaw) &&
            (!sum.turned || fabs(look->faces[0].yaw) > fabs(sum.turned->faces[0].yaw)))
            sum.turned = look;
    }
    return sum;
}

void wp_sight_medium(struct wp_buf *out, const struct wp_content_facts *facts, bool is_video)
{
    if (!is_video) {
        if (facts->look_count > 0)
            wp_sight_look(out, &facts->looks[0]);
        return;
    }
    struct summary sum = sum_up(facts);
    if (sum.most == 0 && sum.maybe > 0) {
        add_unsure(out, sum.maybe);
    } else {
        add_count(out, sum.least, sum.most);
        add_maybe(out, sum.maybe);
    }
    (void)wp_buf_add_format(out, " in %" PRIu32 " frame%s", facts->look_count,
                            facts->look_count == 1 ? "" : "s");
    if (sum.most == 0)
        return;
    (void)wp_buf_add_text(out, sum.most > 1 ? ", the highest " : ", ");
    add_heights(out, sum.lowest, sum.highest);
    if (!sum.turned)
        return;
    (void)wp_buf_add_text(out, ", at most turned ");
    add_angle(out, sum.turned->faces[0].yaw);
    (void)wp_buf_add_text(out, " at ");
    wp_figure_decimal(out, sum.turned->time_s, 1);
    (void)wp_buf_add_text(out, " s");
}
