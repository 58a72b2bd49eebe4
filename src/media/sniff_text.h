/* Telling apart what is text: the pages and error documents that come where media was hoped for, and SVG. */
#ifndef WP_MEDIA_SNIFF_TEXT_H
#define WP_MEDIA_SNIFF_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "wanprep/facts.h"

/** WP_FORMAT_SVG, WP_FORMAT_HTML or WP_FORMAT_JSON, or WP_FORMAT_UNKNOWN. */
enum wp_format wp_sniff_text(const uint8_t *head, size_t len);

#endif
