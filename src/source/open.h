/* What every kind of source has in common. Seen inside source/ only. */
#ifndef WP_SOURCE_OPEN_H
#define WP_SOURCE_OPEN_H

#include "source/source.h"

/** The first member of every kind of source. */
struct wp_source {
    struct wp_reader reader;
    int fd;                                  /**< a regular file with just these bytes; -1: none */
    void (*close)(struct wp_source *source); /**< frees it */
};

/** read_at of a source whose bytes are those of its descriptor; user is the source. */
enum wp_status wp_source_read_fd(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                                 struct wp_error *error);

#endif
