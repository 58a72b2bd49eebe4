/* What a file is, told by its first bytes: never by its name, never by a media type that somebody sent. */
#ifndef WP_MEDIA_SNIFF_H
#define WP_MEDIA_SNIFF_H

#include <stddef.h>
#include <stdint.h>

#include "wanprep/facts.h"

/** As many first bytes as wp_sniff() can make use of. */
#define WP_SNIFF_BYTES 4096

/**
 * The format of the file that begins with these len bytes: the first WP_SNIFF_BYTES of it, or all of a
 * shorter one. brand gets the major brand of an ISO base media file (bytes that are not printable ASCII
 * become '?'), "" for anything else.
 *
 * A format is told by its signature alone, so a damaged or cut file of it is still named; whoever parses it
 * finds the damage.
 */
enum wp_format wp_sniff(const uint8_t *head, size_t len, char brand[5]);

#endif
