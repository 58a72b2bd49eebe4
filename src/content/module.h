/* The module wanprep-content.so, loaded. */
#ifndef WP_CONTENT_MODULE_H
#define WP_CONTENT_MODULE_H

#include "content/dnn/dnn.h"
#include "wanprep/status.h"

struct wp_module {
    void *handle;             /**< owned */
    const struct wp_dnn *dnn; /**< of the module */
};

/** Loads it. Fails with WP_INPUT: it is not there, is no such module, or is of another version of wanprep. */
enum wp_status wp_module_load(struct wp_module *out, const char *path, struct wp_error *error);

/** One that was not loaded is fine. */
void wp_module_unload(struct wp_module *module);

#endif
