#include "content/faces.h"

#include <math.h>

#include "base/error.h"
#include "content/pose.h"

#include "base/banned.h"

/* Scores; where they come from: docs/content.md. Of the first stage: */
#define BACK_SEEN     0.40F /* somebody may be there */
#define BACK_MIRRORED 0.25F /* in the mirrored picture, where it has been seen */
#define BACK_LEAST    0.50F /* the mean of both; less is not even a maybe */
/* Of the second one: */
#define FRONT_SEEN  0.10F
#define FRONT_MAYBE 0.50F /* less denies */
#define FRONT_LEAST 0.75F /* less does not confirm */
#define FRONT_SURE  0.80F /* needs no look at the mirrored picture */
/* Of both together, as the two above: */
#define BOTH_LEAST 1.40F
#define BOTH_SURE  1.55F

#define CLOSE       2.0  /* the side of what the second stage sees, in widths of the box */
#define LEAST_SHARE 0.04 /* the height of a box, in heights of the picture */

/* The most places that are looked at closely: a bound on time. */
enum { MAX_PLACES = 12 };

/* A place where the first stage saw something. */
struct place {
    struct wp_blaze back;  /* as the first stage saw it, in pixels of the picture */
    struct wp_blaze front; /* as the second one did; score 0: not at all */
    bool is_face;
};

/* What is looked at, and what is known so far. */
struct search {
    struct wp_detector *detector;
    const struct wp_picture *picture;
    struct wp_look *out;
    struct place places[MAX_PLACES]; /* the highest first */
    size_t place_count;
    size_t mirrored_count; /* of detector->mirrored */
    bool has_mirrored;
};

static struct wp_point point_of(struct wp_point point, const struct wp_crop *crop, int side)
{
    double x = crop->mirrored ? side - (double)point.x : point.x, scale = crop->side / side;
    return (struct wp_point){(float)(crop->x + x * scale), (float)(crop->y + point.y * scale)};
}

/* From pixels of what a model saw to those of the picture. */
static void put_back(struct wp_blaze *face, const struct wp_crop *crop, int side)
{
    static const size_t mirrored[] = {WP_LEFT_EYE, WP_RIGHT_EYE, WP_NOSE,
                                      WP_MOUTH,    WP_LEFT_EAR,  WP_RIGHT_EAR};
    const struct wp_blaze seen = *face;
    struct wp_point middle = point_of((struct wp_point){face->x, face->y}, crop, side);
    face->x = middle.x;
    face->y = middle.y;
    face->width = (float)(face->width * crop->side / side);
    face->height = (float)(face->height * crop->side / side);
    for (size_t k = 0; k < WP_BLAZE_POINTS; k++)
        face->points[k] = point_of(seen.points[crop->mirrored ? mirrored[k] : k], crop, side);
}

/* Runs a model; faces has room for WP_BLAZE_ANCHORS, and gets them in pixels of the picture. */
static enum wp_status run(struct wp_detector *detector, size_t stage, const struct wp_crop *crop, float least,
                          struct wp_blaze *faces, size_t *count, struct wp_error *error)
{
    int side = stage == WP_BACK ? WP_BACK_SIDE : WP_FRONT_SIDE;
    const float *input = stage == WP_BACK ? detector->whole : detector->close;
    struct wp_dnn_output outputs[WP_BLAZE_OUTPUTS];
    char reason[256] = "";
    size_t models = 0;
    const char *name = wp_content_models(&models)[stage].name;
    size_t given = detector->dnn->run(detector->nets[stage], input, side, outputs, WP_BLAZE_OUTPUTS, reason,
                                      sizeof reason);
    *count = 0;
    if (given == 0)
        return wp_fail(error, WP_INPUT, "content", "the model %s failed: %s", name, reason);
    if (!wp_blaze_decode(faces, count, outputs, given, side, least))
        return wp_fail(error, WP_INPUT, "content", "the model %s gave what is not of its kind", name);
    *count = wp_blaze_merge(faces, *count);
    for (size_t i = 0; i < *count; i++)
        put_back(&faces[i], crop, side);
    return WP_OK;
}

/* The one that has most in common with a box. NULL: none is there. */
static const struct wp_blaze *find_same(const struct wp_blaze *faces, size_t count,
                                        const struct wp_blaze *box)
{
    const struct wp_blaze *best = NULL;
    float most = WP_BLAZE_SAME;
    for (size_t i = 0; i < count; i++) {
        float common = wp_blaze_common(box, &faces[i]);
        if (common > most) {
            most = common;
            best = &faces[i];
        }
    }
    return best;
}

/* Adds a place, if it is high enough, keeping the highest first. */
static void add_place(struct search *search, const struct wp_blaze *back)
{
    if (back->height < LEAST_SHARE * search->picture->height)
        return;
    size_t at = search->place_count;
    if (at < MAX_PLACES)
        search->place_count++;
    for (; at > 0 && back->height > search->places[at - 1].back.height; at--) {
        if (at < MAX_PLACES)
            search->places[at] = search->places[at - 1];
    }
    if (at < MAX_PLACES)
        search->places[at] = (struct place){.back = *back};
}

static enum wp_status find_places(struct search *search, struct wp_error *error)
{
    struct wp_detector *detector = search->detector;
    struct wp_crop crop = wp_crop_whole(search->picture);
    size_t count = 0;
    enum wp_status status = run(detector, WP_BACK, &crop, BACK_SEEN, detector->seen, &count, error);
    for (size_t i = 0; i < count; i++)
        add_place(search, &detector->seen[i]);
    return status;
}

/* Looks closely at a place. *out has score 0 where nothing is seen. */
static enum wp_status look_closely(struct wp_blaze *out, struct search *search, const struct wp_blaze *back,
                                   bool mirrored, struct wp_error *error)
{
    struct wp_detector *detector = search->detector;
    double side = CLOSE * back->width;
    struct wp_crop crop = {back->x - side / 2, back->y - side / 2, side, mirrored};
    size_t count = 0;
    wp_crop_sample(detector->close, WP_FRONT_SIDE, search->picture, &crop, &detector->room);
    enum wp_status status = run(detector, WP_FRONT, &crop, FRONT_SEEN, detector->seen, &count, error);
    const struct wp_blaze *same = find_same(detector->seen, count, back);
    *out = same ? *same : (struct wp_blaze){0};
    return status;
}

static bool reaches(const struct place *place, float front, float both)
{
    return place->back.score >= BACK_LEAST && place->front.score >= front &&
           place->back.score + place->front.score >= both;
}

/* The second stage, on a place as it is and mirrored: what it sees is not quite the same, so the higher score
 * counts, and the middle of both is where eyes and nose are. Of what is no question but in its pose one look
 * is enough, unless it is the first face, which is the highest one and judged. */
static enum wp_status confirm(struct search *search, struct place *place, struct wp_error *error)
{
    struct wp_blaze *front = &place->front, mirrored;
    enum wp_status status = look_closely(front, search, &place->back, false, error);
    bool is_enough = search->out->face_count > 0 && reaches(place, FRONT_SURE, BOTH_SURE);
    if (status != WP_OK || front->score < FRONT_MAYBE || is_enough)
        return status;
    status = look_closely(&mirrored, search, &place->back, true, error);
    if (status != WP_OK || mirrored.score < FRONT_MAYBE)
        return status;
    front->score = fmaxf(front->score, mirrored.score);
    for (size_t k = 0; k < WP_BLAZE_POINTS; k++) {
        front->points[k].x = (front->points[k].x + mirrored.points[k].x) / 2;
        front->points[k].y = (front->points[k].y + mirrored.points[k].y) / 2;
    }
    return WP_OK;
}

static float mean(float a, float b, float weight)
{
    return a + (b - a) * weight;
}

/* The first stage, on the mirrored picture, once; the second one, where both agree that the box is. */
static enum wp_status reconsider(struct search *search, struct place *place, struct wp_error *error)
{
    struct wp_detector *detector = search->detector;
    struct wp_blaze *back = &place->back;
    if (!search->has_mirrored) {
        struct wp_crop crop = wp_crop_whole(search->picture);
        crop.mirrored = true;
        wp_crop_sample(detector->whole, WP_BACK_SIDE, search->picture, &crop, &detector->room);
        enum wp_status status =
            run(detector, WP_BACK, &crop, BACK_MIRRORED, detector->mirrored, &search->mirrored_count, error);
        if (status != WP_OK)
            return status;
        search->has_mirrored = true;
    }
    const struct wp_blaze *same = find_same(detector->mirrored, search->mirrored_count, back);
    if (!same) {
        back->score /= 2;
        return WP_OK;
    }
    float weight = same->score / (back->score + same->score);
    *back = (struct wp_blaze){.score = (back->score + same->score) / 2,
                              .x = mean(back->x, same->x, weight),
                              .y = mean(back->y, same->y, weight),
                              .width = mean(back->width, same->width, weight),
                              .height = mean(back->height, same->height, weight)};
    return confirm(search, place, error);
}

/* The share of a box that lies inside of the picture. */
static double share_inside(const struct wp_face *box, const struct wp_picture *picture)
{
    double x = fmin(box->x + box->width, picture->width) - fmax(box->x, 0);
    double y = fmin(box->y + box->height, picture->height) - fmax(box->y, 0);
    return x > 0 && y > 0 ? fmin(x * y / (box->width * box->height), 1) : 0;
}

static struct wp_face describe(const struct place *place, const struct wp_picture *picture)
{
    struct wp_pose pose = wp_pose_of(place->front.points);
    struct wp_face face = {
        .x = place->back.x - place->back.width / 2,
        .y = place->back.y - place->back.height / 2,
        .width = place->back.width,
        .height = place->back.height,
        .score = place->back.score + place->front.score,
        .yaw = pose.yaw,
        .roll = pose.roll,
    };
    face.inside = share_inside(&face, picture);
    return face;
}

/* Whether a place is of a face that was found before: both looks may have moved two boxes to one face. */
static bool is_known(const struct search *search, const struct place *place)
{
    for (const struct place *other = search->places; other < place; other++) {
        if (other->is_face && wp_blaze_common(&other->back, &place->back) > WP_BLAZE_SAME)
            return true;
    }
    return false;
}

/* Keeps the highest first, and those alone that count: a second look may have made a box higher or lower. */
static void add_face(struct wp_look *out, struct wp_face face)
{
    uint32_t at = out->face_count++;
    for (; at > 0 && face.height > out->faces[at - 1].height; at--)
        out->faces[at] = out->faces[at - 1];
    out->faces[at] = face;
    while (out->faces[out->face_count - 1].height < WP_FACE_COUNTS * out->faces[0].height)
        out->faces[--out->face_count] = (struct wp_face){0};
}

/* Looks closely at a place and counts it. */
static enum wp_status judge(struct search *search, struct place *place, struct wp_error *error)
{
    struct wp_look *out = search->out;
    if (out->face_count == WP_MAX_FACES) { /* there are several, however this ends */
        out->maybe_count++;
        return WP_OK;
    }
    enum wp_status status = confirm(search, place, error);
    if (status != WP_OK || place->front.score < FRONT_MAYBE)
        return status;
    if (!reaches(place, FRONT_SURE, BOTH_SURE))
        status = reconsider(search, place, error);
    if (is_known(search, place))
        return status;
    place->is_face = reaches(place, FRONT_LEAST, BOTH_LEAST);
    if (place->is_face)
        add_face(out, describe(place, search->picture));
    else if (place->back.score >= BACK_LEAST)
        out->maybe_count++;
    return status;
}

void wp_faces_prepare(struct wp_detector *detector, const struct wp_picture *picture)
{
    struct wp_crop crop = wp_crop_whole(picture);
    wp_crop_sample(detector->whole, WP_BACK_SIDE, picture, &crop, &detector->room);
}

enum wp_status wp_faces_find(struct wp_look *out, struct wp_detector *detector,
                             const struct wp_picture *picture, struct wp_error *error)
{
    struct search search = {.detector = detector, .picture = picture, .out = out};
    enum wp_status status = find_places(&search, error);
    for (size_t i = 0; i < search.place_count && status == WP_OK; i++) {
        struct place *place = &search.places[i];
        if (out->face_count && place->back.height < WP_FACE_COUNTS * out->faces[0].height)
            break;
        status = judge(&search, place, error);
    }
    return status;
}
