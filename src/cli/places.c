#include "cli/places.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

#include "base/banned.h"

struct wp_place wp_place_of(const char *path)
{
    struct wp_place place = {.name = ""};
    struct stat status;
    char folder[PATH_MAX];
    if (stat(path, &status) == 0) {
        place.known = S_ISREG(status.st_mode);
    } else {
        const char *slash = strrchr(path, '/');
        place.name = slash ? slash + 1 : path;
        bool fits = wp_text_format(folder, sizeof folder, "%.*s", slash ? (int)(slash + 1 - path) : 1,
                                   slash ? path : ".");
        place.known = fits && stat(folder, &status) == 0;
    }
    if (place.known) {
        place.device = status.st_dev;
        place.inode = status.st_ino;
    }
    return place;
}

bool wp_place_is_same(const struct wp_place *a, const struct wp_place *b)
{
    return a->known && b->known && a->device == b->device && a->inode == b->inode &&
           strcmp(a->name, b->name) == 0;
}
