#include "media/metadata.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

#include "base/banned.h"

static bool holds_metadata(const struct wp_box *box)
{
    return box->type == WP_FOURCC('u', 'd', 't', 'a') || box->type == WP_FOURCC('m', 'e', 't', 'a') ||
           box->type == WP_FOURCC('i', 'l', 's', 't');
}

/* MP4 puts version and flags in front of what is in meta, QuickTime does not. */
static struct wp_box_walk metadata_in(struct wp_input *in, const struct wp_box *box)
{
    const uint8_t *p = wp_box_peek(in, box, 0, 4);
    bool is_full = box->type == WP_FOURCC('m', 'e', 't', 'a') && p && wp_be32(p) == 0;
    return wp_boxes_in(in, box, is_full ? 4 : 0);
}

uint32_t wp_metadata_count(struct wp_input *in, const struct wp_box *parent)
{
    struct wp_box_walk walks[4];
    uint32_t count = 0;
    int depth = 0;
    if (!holds_metadata(parent))
        return 0;
    walks[0] = metadata_in(in, parent);
    while (depth >= 0) {
        struct wp_box box;
        if (!wp_box_next(&walks[depth], &box)) {
            depth--;
            continue;
        }
        count++;
        if (holds_metadata(&box) && depth < 3)
            walks[++depth] = metadata_in(in, &box);
    }
    return count;
}
