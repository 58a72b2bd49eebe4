/* Telling apart the many formats that are made of ISO base media boxes (ISO/IEC 14496-12). */
#ifndef WP_MEDIA_SNIFF_ISO_H
#define WP_MEDIA_SNIFF_ISO_H

#include <stddef.h>
#include <stdint.h>

#include "wanprep/facts.h"

/** The format of a file of boxes, as wp_sniff(); WP_FORMAT_UNKNOWN if it does not begin with a known box. */
enum wp_format wp_sniff_iso(const uint8_t *head, size_t len, char brand[5]);

#endif
