#include "media/boxes.h"

#include <stddef.h>

#include "base/bytes.h"

#include "base/banned.h"

struct wp_box_walk wp_boxes_of_file(struct wp_input *in)
{
    return (struct wp_box_walk){.in = in, .at = 0, .end = in->reader->size};
}

struct wp_box_walk wp_boxes_in(struct wp_input *in, const struct wp_box *box, uint64_t skip)
{
    uint64_t at = skip < box->end - box->body ? box->body + skip : box->end;
    return (struct wp_box_walk){.in = in, .at = at, .end = box->end};
}

/* Reads the size of the box at walk->at; 0 if it is none. */
static uint64_t read_size(struct wp_box_walk *walk, uint32_t *type, uint64_t *header)
{
    uint64_t room = walk->end - walk->at;
    const uint8_t *p = room < 8 ? NULL : wp_input_peek(walk->in, walk->at, 8);
    if (!p)
        return 0;
    uint64_t size = wp_be32(p);
    *type = wp_be32(p + 4);
    *header = 8;
    if (size == 0) /* to the end of what it is in */
        return room;
    if (size == 1) {
        p = room < 16 ? NULL : wp_input_peek(walk->in, walk->at, 16);
        if (!p)
            return 0;
        size = wp_be64(p + 8);
        *header = 16;
    }
    return size < *header ? 0 : size;
}

bool wp_box_next(struct wp_box_walk *walk, struct wp_box *box)
{
    uint64_t header = 0;
    uint64_t size = read_size(walk, &box->type, &header);
    if (size == 0)
        return false;
    uint64_t room = walk->end - walk->at;
    box->body = walk->at + header;
    box->end = walk->at + (size < room ? size : room);
    box->claimed = size <= UINT64_MAX - walk->at ? walk->at + size : UINT64_MAX;
    walk->at = box->end;
    return true;
}

bool wp_box_find(struct wp_input *in, const struct wp_box *box, uint64_t skip, uint32_t type,
                 struct wp_box *out)
{
    struct wp_box_walk walk = wp_boxes_in(in, box, skip);
    while (wp_box_next(&walk, out)) {
        if (out->type == type)
            return true;
    }
    return false;
}

const uint8_t *wp_box_peek(struct wp_input *in, const struct wp_box *box, uint64_t offset, size_t len)
{
    uint64_t room = box->end - box->body;
    if (offset > room || len > room - offset)
        return NULL;
    return wp_input_peek(in, box->body + offset, len);
}

uint32_t wp_box_table_count(struct wp_input *in, const struct wp_box *box, uint64_t before,
                            uint64_t entry_size)
{
    uint64_t head = 4 + before + 4;
    const uint8_t *p = wp_box_peek(in, box, head - 4, 4);
    if (!p)
        return 0;
    uint64_t room = (box->end - box->body - head) / entry_size;
    uint32_t count = wp_be32(p);
    return count < room ? count : (uint32_t)room;
}
