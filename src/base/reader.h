/* Bytes at positions: what probes read from, whatever is behind it. */
#ifndef WP_BASE_READER_H
#define WP_BASE_READER_H

#include <stddef.h>
#include <stdint.h>

#include "wanprep/status.h"

/** Random-access bytes of a known size that does not change. */
struct wp_reader {
    uint64_t size;
    /**
     * Reads up to len bytes at offset. Sets *got to how many came: fewer than len only at the end of the
     * bytes. Fails with WP_INPUT or WP_NETWORK where the bytes cannot be had; *got is then 0.
     */
    enum wp_status (*read_at)(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                              struct wp_error *error);
    void *user;
};

#endif
