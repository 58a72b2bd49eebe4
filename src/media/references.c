#include "media/references.h"

#include <stddef.h>

#include "base/bytes.h"

#include "base/banned.h"

/* The flag of a data reference: the media are in the file that it stands in. */
#define SELF_CONTAINED 1U

bool wp_reference_is_outside(struct wp_input *in, const struct wp_box *minf, uint16_t index)
{
    struct wp_box box;
    if (!wp_box_find(in, minf, 0, WP_FOURCC('d', 'i', 'n', 'f'), &box) ||
        !wp_box_find(in, &box, 0, WP_FOURCC('d', 'r', 'e', 'f'), &box))
        return false;
    struct wp_box_walk walk = wp_boxes_in(in, &box, 8);
    struct wp_box reference;
    for (uint16_t i = 0; i < index; i++) {
        if (!wp_box_next(&walk, &reference))
            return false; /* there is no such reference: readers then take the file itself */
    }
    const uint8_t *p = index > 0 ? wp_box_peek(in, &reference, 0, 4) : NULL;
    /* Some writers leave the flag out, but name nothing. */
    bool names_something = p && reference.end - reference.body > 5;
    return names_something && !(wp_be32(p) & SELF_CONTAINED);
}
