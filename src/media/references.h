/* Where a movie says that its media are: in the file itself, as a rule, but QuickTime lets it name others. */
#ifndef WP_MEDIA_REFERENCES_H
#define WP_MEDIA_REFERENCES_H

#include <stdbool.h>
#include <stdint.h>

#include "media/boxes.h"

/**
 * Whether the samples are in another file: data reference number index (from 1) of the dref in this minf box
 * names one (ISO/IEC 14496-12, 8.7.2). Nothing named is ever opened.
 */
bool wp_reference_is_outside(struct wp_input *in, const struct wp_box *minf, uint16_t index);

#endif
