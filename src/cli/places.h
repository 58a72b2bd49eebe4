/* Whether two paths lead to one file, so that no report is written over an input. */
#ifndef WP_CLI_PLACES_H
#define WP_CLI_PLACES_H

#include <stdbool.h>
#include <sys/types.h>

/** Where a file is: itself if it is there, else its folder and the name that it would get in it. */
struct wp_place {
    bool known; /**< false: a device, a URL, or no folder is there; it is like no other */
    dev_t device;
    ino_t inode;
    const char *name; /**< "" if the file is there; else within the path that was asked about */
};

struct wp_place wp_place_of(const char *path);

bool wp_place_is_same(const struct wp_place *a, const struct wp_place *b);

#endif
