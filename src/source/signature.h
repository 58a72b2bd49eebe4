/* Signed URLs: who signed, and until when they are good. Pure. */
#ifndef WP_SOURCE_SIGNATURE_H
#define WP_SOURCE_SIGNATURE_H

#include <stdint.h>

#include "wanprep/facts.h"

/** Fills signature_form and expires_in_s from the query of a URL, against the time now (ms since the epoch).
 */
void wp_signature_read(struct wp_delivery_facts *facts, const char *url, int64_t now_ms);

#endif
