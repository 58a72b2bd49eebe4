/* What a BlazeFace says, made by hand. */
#ifndef WP_TESTS_UNIT_CONTENT_BLAZE_OUTPUTS_H
#define WP_TESTS_UNIT_CONTENT_BLAZE_OUTPUTS_H

#include <math.h>
#include <string.h>

#include "content/blaze.h"

/** The outputs of one model. */
struct blaze_outputs {
    float scores[WP_BLAZE_ANCHORS];      /* before the sigmoid */
    float values[WP_BLAZE_ANCHORS * 16]; /* 4 for the box, then 6 points */
};

/** The score before the sigmoid. */
static inline float blaze_logit(double score)
{
    return (float)log(score / (1 - score));
}

/** No face at all. */
static inline void blaze_clear(struct blaze_outputs *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < WP_BLAZE_ANCHORS; i++)
        out->scores[i] = -100;
}

/**
 * Lets an anchor see a face: a box around (x, y), eyes a quarter of its width to both sides of the middle and
 * the other points in it.
 */
static inline void blaze_set(struct blaze_outputs *out, int anchor, int side, double score, float x, float y,
                             float size)
{
    struct wp_point at = wp_blaze_anchor(anchor, side);
    float *values = out->values + (size_t)anchor * 16;
    out->scores[anchor] = blaze_logit(score);
    values[0] = x - at.x;
    values[1] = y - at.y;
    values[2] = values[3] = size;
    for (size_t k = 0; k < WP_BLAZE_POINTS; k++) {
        values[4 + 2 * k] = x - at.x + (k == WP_LEFT_EYE ? size / 4 : k == WP_RIGHT_EYE ? -size / 4 : 0);
        values[5 + 2 * k] = y - at.y;
    }
}

/** The four of them, in an order that no model has. */
static inline void blaze_give(struct wp_dnn_output outputs[4], const struct blaze_outputs *from)
{
    outputs[0] = (struct wp_dnn_output){from->values + 512 * 16, 6144};
    outputs[1] = (struct wp_dnn_output){from->scores, 512};
    outputs[2] = (struct wp_dnn_output){from->values, 8192};
    outputs[3] = (struct wp_dnn_output){from->scores + 512, 384};
}

#endif
