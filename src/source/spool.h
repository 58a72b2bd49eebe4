/* A temporary file without a name: it is gone with the process, whatever ends that. */
#ifndef WP_SOURCE_SPOOL_H
#define WP_SOURCE_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "wanprep/status.h"

struct wp_spool {
    int fd; /**< -1: none */
    uint64_t size;
};

#define WP_SPOOL_NONE ((struct wp_spool){.fd = -1})

/** Makes the file, in /var/tmp or else /tmp. Fails with WP_OUTPUT. */
enum wp_status wp_spool_open(struct wp_spool *out, struct wp_error *error);

/** Appends. Fails with WP_OUTPUT. */
enum wp_status wp_spool_add(struct wp_spool *spool, const void *bytes, size_t len, struct wp_error *error);

/** Closes it; the file is gone. */
void wp_spool_close(struct wp_spool *spool);

#endif
