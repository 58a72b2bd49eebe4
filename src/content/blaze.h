/*
 * What BlazeFace says: 896 anchors, for each a score, a box and six points (Bazarevsky et al. 2019,
 * arXiv:1907.05047; the layout is that of MediaPipe's face detection).
 */
#ifndef WP_CONTENT_BLAZE_H
#define WP_CONTENT_BLAZE_H

#include <stdbool.h>
#include <stddef.h>

#include "content/dnn/dnn.h"

/** How many anchors, outputs and points there are. */
enum { WP_BLAZE_ANCHORS = 896, WP_BLAZE_OUTPUTS = 4, WP_BLAZE_POINTS = 6 };

/** Right and left are the person's own. */
enum wp_blaze_point { WP_RIGHT_EYE, WP_LEFT_EYE, WP_NOSE, WP_MOUTH, WP_RIGHT_EAR, WP_LEFT_EAR };

struct wp_point {
    float x, y;
};

/** A face; lengths are in pixels of what the model saw. */
struct wp_blaze {
    float score; /**< 0 to 1 */
    float x, y;  /**< the middle of its box */
    float width, height;
    struct wp_point points[WP_BLAZE_POINTS];
};

/** Boxes that have more than this in common are of one face. */
#define WP_BLAZE_SAME 0.3F

/** The middle of an anchor (0 to 895) of a model that sees side * side pixels. */
struct wp_point wp_blaze_anchor(int index, int side);

/**
 * The faces that a model saw with at least such a score, in any order; out has room for WP_BLAZE_ANCHORS.
 * False if these are not the outputs of such a model. What is no number or far from the picture is no face.
 */
bool wp_blaze_decode(struct wp_blaze *out, size_t *found, const struct wp_dnn_output *outputs, size_t count,
                     int side, float least);

/** Makes one of those that are of one face, in place: the mean by score, with the highest score. Returns how
 * many are left, the highest score first. */
size_t wp_blaze_merge(struct wp_blaze *faces, size_t count);

/** What two boxes have in common, as a share of all that they cover. */
float wp_blaze_common(const struct wp_blaze *a, const struct wp_blaze *b);

#endif
