#include "cli/detector.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/command.h"

#include "base/banned.h"

/* The folder of this program, without the last slash. False: it is not known. */
static bool own_folder(char out[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", out, PATH_MAX - 1);
    if (length <= 0)
        return false;
    out[length] = '\0';
    char *slash = strrchr(out, '/');
    if (slash)
        *slash = '\0';
    return slash;
}

static bool has_models(const char *folder)
{
    char path[PATH_MAX];
    size_t count = 0;
    const struct wp_content_model *models = wp_content_models(&count);
    for (size_t i = 0; i < count; i++) {
        if (!wp_text_format(path, sizeof path, "%s/%s", folder, models[i].file) || access(path, R_OK) != 0)
            return false;
    }
    return true;
}

/* Adds folder/rest, where there is such a path. */
static void add_module(struct wp_detector *detector, const char *folder, const char *rest)
{
    struct wp_detector_place *place = &detector->modules[detector->module_count];
    if (!wp_text_format(place->path, sizeof place->path, "%s/%s", folder, rest))
        return;
    place->is_there = access(place->path, R_OK) == 0;
    detector->module_count++;
}

static void add_folder(struct wp_detector *detector, const char *folder, const char *rest)
{
    struct wp_detector_place *place = &detector->folders[detector->folder_count];
    if (!wp_text_format(place->path, sizeof place->path, "%s%s", folder, rest))
        return;
    place->is_there = has_models(place->path);
    detector->folder_count++;
}

void wp_detector_find(struct wp_detector *out, const char *models)
{
    char own[PATH_MAX];
    bool is_known = own_folder(own);
    const char *data = wp_setting("XDG_DATA_HOME"), *home = wp_setting("HOME");
    if (data && data[0] != '/') /* as the XDG Base Directory Specification says */
        data = NULL;
    out->module_count = out->folder_count = 0;
    if (is_known) { /* in the folder of a build both are beside it */
        add_module(out, own, "wanprep-content.so");
        add_module(out, own, WP_CONTENT_MODULE_FROM_BIN);
    }
    if (models) {
        add_folder(out, models, "");
        return;
    }
    if (data)
        add_folder(out, data, "/wanprep/models");
    else if (home)
        add_folder(out, home, "/.local/share/wanprep/models");
    if (is_known) {
        add_folder(out, own, "/models");
        add_folder(out, own, "/" WP_CONTENT_MODELS_FROM_BIN);
    }
}

static const char *first_of(const struct wp_detector_place *places, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (places[i].is_there || i + 1 == count)
            return places[i].path;
    }
    return NULL;
}

const char *wp_detector_module(const struct wp_detector *detector)
{
    return first_of(detector->modules, detector->module_count);
}

const char *wp_detector_models(const struct wp_detector *detector)
{
    return first_of(detector->folders, detector->folder_count);
}
