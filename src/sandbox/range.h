/* The Range header (RFC 9110, 14.1.2). */
#ifndef WP_SANDBOX_RANGE_H
#define WP_SANDBOX_RANGE_H

#include <stdint.h>

enum sb_range_kind {
    SB_RANGE_NONE, /**< no header, not one byte range, or not understood: the whole is served */
    SB_RANGE_PART,
    SB_RANGE_UNSATISFIABLE,
};

/** Reads a header's value (NULL: none) for an object of size bytes. On PART sets *first and *last, both in.
 */
enum sb_range_kind sb_range_read(const char *value, uint64_t size, uint64_t *first, uint64_t *last);

#endif
