#include "content/blaze.h"

#include <math.h>
#include <string.h>

#include "base/banned.h"

/* Two grids of anchors: 16 x 16 cells of 2, then 8 x 8 cells of 6. */
static const struct grid {
    int cells, anchors;
} grids[] = {{16, 2}, {8, 6}};

enum { GRIDS = 2, FIRST_GRID = 16 * 16 * 2, VALUES = 4 + 2 * WP_BLAZE_POINTS };

/* The longest side of a box, in sides of what the model saw. */
#define MAX_BOX 1.5F

struct wp_point wp_blaze_anchor(int index, int side)
{
    bool second = index >= FIRST_GRID;
    const struct grid *grid = &grids[second];
    int cell = (second ? index - FIRST_GRID : index) / grid->anchors;
    int column = cell % grid->cells, row = cell / grid->cells;
    float step = (float)side / (float)grid->cells;
    return (struct wp_point){((float)column + 0.5F) * step, ((float)row + 0.5F) * step};
}

/* The scores and the values of both grids, which are told apart by their sizes. */
struct parts {
    const float *scores[GRIDS], *values[GRIDS];
};

static bool find_parts(struct parts *out, const struct wp_dnn_output *outputs, size_t count)
{
    *out = (struct parts){0};
    for (size_t i = 0; i < count; i++) {
        for (size_t g = 0; g < GRIDS; g++) {
            size_t anchors = (size_t)grids[g].cells * (size_t)grids[g].cells * (size_t)grids[g].anchors;
            if (outputs[i].count == anchors)
                out->scores[g] = outputs[i].values;
            else if (outputs[i].count == anchors * VALUES)
                out->values[g] = outputs[i].values;
        }
    }
    return count == WP_BLAZE_OUTPUTS && out->scores[0] && out->scores[1] && out->values[0] && out->values[1];
}

static bool is_within(float value, float low, float high)
{
    return value >= low && value <= high; /* not a number is in no range */
}

/* False if it cannot be a face. */
static bool read_face(struct wp_blaze *out, const float *values, struct wp_point anchor, float side)
{
    *out = (struct wp_blaze){
        .x = anchor.x + values[0], .y = anchor.y + values[1], .width = values[2], .height = values[3]};
    bool sound = is_within(out->x, -side, 2 * side) && is_within(out->y, -side, 2 * side) &&
                 is_within(out->width, 1, MAX_BOX * side) && is_within(out->height, 1, MAX_BOX * side);
    for (size_t k = 0; k < WP_BLAZE_POINTS; k++) {
        struct wp_point *point = &out->points[k];
        *point = (struct wp_point){anchor.x + values[4 + 2 * k], anchor.y + values[5 + 2 * k]};
        sound = sound && is_within(point->x, -2 * side, 3 * side) && is_within(point->y, -2 * side, 3 * side);
    }
    return sound;
}

bool wp_blaze_decode(struct wp_blaze *out, size_t *found, const struct wp_dnn_output *outputs, size_t count,
                     int side, float least)
{
    struct parts parts;
    *found = 0;
    if (!find_parts(&parts, outputs, count))
        return false;
    for (int i = 0; i < WP_BLAZE_ANCHORS; i++) {
        size_t grid = i >= FIRST_GRID;
        size_t at = (size_t)(grid ? i - FIRST_GRID : i);
        float score = 1 / (1 + expf(-parts.scores[grid][at]));
        if (!(score >= least))
            continue;
        struct wp_blaze *face = &out[*found];
        if (read_face(face, parts.values[grid] + at * VALUES, wp_blaze_anchor(i, side), (float)side)) {
            face->score = score;
            ++*found;
        }
    }
    return true;
}

/* What [a - length / 2, a + length / 2] and another have in common. */
static float overlap(float a, float a_length, float b, float b_length)
{
    float first = fmaxf(a - a_length / 2, b - b_length / 2);
    float last = fminf(a + a_length / 2, b + b_length / 2);
    return fmaxf(last - first, 0);
}

float wp_blaze_common(const struct wp_blaze *a, const struct wp_blaze *b)
{
    float both = overlap(a->x, a->width, b->x, b->width) * overlap(a->y, a->height, b->y, b->height);
    return both / (a->width * a->height + b->width * b->height - both);
}

/* Adds a face, times weight, to a sum of faces. */
static void add_face(struct wp_blaze *sum, const struct wp_blaze *face, float weight)
{
    sum->x += face->x * weight;
    sum->y += face->y * weight;
    sum->width += face->width * weight;
    sum->height += face->height * weight;
    for (size_t k = 0; k < WP_BLAZE_POINTS; k++) {
        sum->points[k].x += face->points[k].x * weight;
        sum->points[k].y += face->points[k].y * weight;
    }
}

static void swap(struct wp_blaze *a, struct wp_blaze *b)
{
    struct wp_blaze other = *a;
    *a = *b;
    *b = other;
}

/* Takes those of the face of the highest score out of faces and makes one of them, which goes first. Returns
 * how many there are then. */
static size_t merge_first(struct wp_blaze *faces, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        best = faces[i].score > faces[best].score ? i : best;
    swap(&faces[0], &faces[best]);
    struct wp_blaze top = faces[0], sum = {0}, mean = {.score = top.score};
    float weight = top.score;
    add_face(&sum, &top, top.score);
    for (size_t i = 1; i < count;) {
        if (wp_blaze_common(&top, &faces[i]) > WP_BLAZE_SAME) {
            add_face(&sum, &faces[i], faces[i].score);
            weight += faces[i].score;
            faces[i] = faces[--count];
        } else {
            i++;
        }
    }
    add_face(&mean, &sum, 1 / weight);
    faces[0] = mean;
    return count;
}

size_t wp_blaze_merge(struct wp_blaze *faces, size_t count)
{
    for (size_t done = 0; done < count; done++)
        count = done + merge_first(faces + done, count - done);
    return count;
}
