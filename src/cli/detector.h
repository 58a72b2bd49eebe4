/* Where the face detector is looked for: its module by the place of this program, its models in a few
 * folders. */
#ifndef WP_CLI_DETECTOR_H
#define WP_CLI_DETECTOR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "wanprep/content.h"

/** A place that is looked at. */
struct wp_detector_place {
    char path[PATH_MAX];
    bool is_there; /**< for a folder: all models are in it; what they are is checked when they are used */
};

#define WP_DETECTOR_MODULES 2
#define WP_DETECTOR_FOLDERS 3

struct wp_detector {
    size_t module_count;
    struct wp_detector_place modules[WP_DETECTOR_MODULES];
    size_t folder_count;
    struct wp_detector_place folders[WP_DETECTOR_FOLDERS];
};

/** Looks at all places. models is the only folder, if it is not NULL. */
void wp_detector_find(struct wp_detector *out, const char *models);

/** The first place where something is; the last one if there is nothing anywhere, NULL if there is no place.
 */
const char *wp_detector_module(const struct wp_detector *detector);
const char *wp_detector_models(const struct wp_detector *detector); /**< the same */

#endif
