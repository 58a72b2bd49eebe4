/*
 * What is asked of the person in a picture, and how what was seen answers it.
 *
 * Three answers: yes, no, and unknown, which never counts as yes. Of a video the first picture counts, and
 * all of them together.
 */
#ifndef WP_MODEL_QUESTIONS_H
#define WP_MODEL_QUESTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "wanprep/content.h"

/** Each is a rule of its own, for images and for videos. What is asked of a face is asked of the highest one.
 */
enum wp_question {
    WP_ASK_FACE,      /**< is there a face? */
    WP_ASK_ALONE,     /**< is it the only one? */
    WP_ASK_FACING,    /**< is it seen from the front, and upright? */
    WP_ASK_WHOLE,     /**< is it inside the picture? */
    WP_ASK_NOT_SMALL, /**< is it high enough? */
    WP_ASK_NOT_LARGE, /**< is it low enough? */
    WP_ASK_LIGHT,     /**< is the picture light enough? */
    WP_ASK_SHARP,     /**< is the picture sharp enough? */
};

/** Whether a question can be put to a picture: what is asked of a face needs one. */
bool wp_look_is_asked(const struct wp_look *look, enum wp_question question);

/** The answer of one picture; WP_UNKNOWN also where it is not asked. */
enum wp_tristate wp_look_answer(const struct wp_look *look, enum wp_question question);

/** The height of the highest face over that of the picture. NaN if there is no face. */
double wp_look_face_share(const struct wp_look *look);

/** The answer of a medium to one question. */
struct wp_answer {
    enum wp_tristate value;
    bool is_broken;   /**< there is something to be said: the value is no, or unknown although it was asked */
    uint32_t asked;   /**< how many pictures could be asked */
    uint32_t failing; /**< how many of these did not answer yes */
};

/**
 * Asks the pictures from `first` on. The answer is yes unless the first of them, or more than a third of
 * those that can be asked, answers otherwise.
 */
struct wp_answer wp_content_ask(const struct wp_content_facts *facts, enum wp_question question,
                                uint32_t first);

#endif
