/* What a host says of a part of a file (RFC 9110 14.4), and whether an ETag can vouch for it (8.8.3). */
#ifndef WP_NET_RANGE_H
#define WP_NET_RANGE_H

#include <stdbool.h>
#include <stdint.h>

struct wp_range {
    bool satisfied; /* first and last are there; else it is the "*" of a 416 */
    uint64_t first, last;
    bool has_total;
    uint64_t total;
};

/* Reads "bytes 0-99/1234", "bytes 0-99/" with "*", or a star, a slash and the total. False if it is none of
 * these or contradicts itself. */
bool wp_range_parse(struct wp_range *out, const char *content_range);

/* A strong ETag: quoted, and not "W/…" (13.1.5: If-Range takes no weak one). */
bool wp_range_is_strong(const char *etag);

#endif
