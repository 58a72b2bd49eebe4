/* The distinct inputs of many pairs. */
#ifndef WP_PREFLIGHT_INPUTS_H
#define WP_PREFLIGHT_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "wanprep/preflight.h"

/** An image or a video that one or more pairs name. */
struct wp_input {
    const char *location; /**< borrowed of the pairs */
    bool is_image;
    size_t first_pair, last_pair; /**< that name it */
};

/** Which inputs a pair has. */
struct wp_input_pair {
    size_t image, video; /**< indices of items; WP_NO_INPUT: none */
};

#define WP_NO_INPUT ((size_t)-1)

struct wp_inputs {
    struct wp_input *items; /**< in the order in which the pairs need them, an image before its video */
    size_t count;
    struct wp_input_pair *pairs; /**< as many as there are pairs */
};

/** Finds them; the pairs are borrowed until wp_inputs_free(). Fails with WP_NOMEM. */
enum wp_status wp_inputs_find(struct wp_inputs *out, const struct wp_pair *pairs, size_t count,
                              struct wp_error *error);

void wp_inputs_free(struct wp_inputs *inputs);

#endif
