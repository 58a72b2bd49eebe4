#include "content/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

#include "base/banned.h"

static const char *last_error(void)
{
    const char *reason = dlerror();
    return reason ? reason : "no reason is known";
}

enum wp_status wp_module_load(struct wp_module *out, const char *path, struct wp_error *error)
{
    *out = (struct wp_module){0};
    char file[PATH_MAX]; /* with a slash in it, so that it is not looked for elsewhere */
    if (!wp_text_format(file, sizeof file, "%s%s", strchr(path, '/') ? "" : "./", path))
        return wp_fail(error, WP_INPUT, "content", "the path of the face detector's module is too long: '%s'",
                       path);
    struct wp_module module = {.handle = dlopen(file, RTLD_NOW | RTLD_LOCAL)};
    if (!module.handle)
        return wp_fail(error, WP_INPUT, "content", "the face detector's module cannot be loaded: %s",
                       last_error());
    module.dnn = dlsym(module.handle, WP_DNN_SYMBOL);
    if (!module.dnn || module.dnn->version != WP_DNN_VERSION) {
        const char *reason = module.dnn ? "is of another version of wanprep" : "is no such module";
        wp_module_unload(&module);
        return wp_fail(error, WP_INPUT, "content", "the face detector's module '%s' %s", path, reason);
    }
    *out = module;
    return WP_OK;
}

void wp_module_unload(struct wp_module *module)
{
    if (module->handle)
        dlclose(module->handle);
    *module = (struct wp_module){0};
}
