/*
 * The faces of a picture, in two stages: one model looks at the whole picture, another one closely at each
 * place where the first saw something.
 */
#ifndef WP_CONTENT_FACES_H
#define WP_CONTENT_FACES_H

#include "content/blaze.h"
#include "content/content.h"
#include "content/crop.h"
#include "content/dnn/dnn.h"

/** The stages, in the order of wp_content_models(). */
enum { WP_BACK, WP_FRONT };

/** The sides of what they see, in pixels. */
enum { WP_BACK_SIDE = 256, WP_FRONT_SIDE = 128 };

/** The models and the memory that they need; 0.6 MB. */
struct wp_detector {
    const struct wp_dnn *dnn;
    struct wp_dnn_net *nets[WP_CONTENT_MODELS]; /**< owned by who made them */
    struct wp_crop_room room;
    float whole[WP_BACK_SIDE * WP_BACK_SIDE * 3];   /**< what the first stage sees */
    float close[WP_FRONT_SIDE * WP_FRONT_SIDE * 3]; /**< and the second */
    struct wp_blaze seen[WP_BLAZE_ANCHORS];         /**< faces of the last run */
    struct wp_blaze mirrored[WP_BLAZE_ANCHORS];     /**< faces of the first stage in the mirrored picture */
};

/** Fills detector->whole. */
void wp_faces_prepare(struct wp_detector *detector, const struct wp_picture *picture);

/**
 * Sets the counts and the faces of out, in pixels of the picture, which was prepared. Fails with WP_INPUT: a
 * model failed, or is of another kind.
 */
enum wp_status wp_faces_find(struct wp_look *out, struct wp_detector *detector,
                             const struct wp_picture *picture, struct wp_error *error);

#endif
