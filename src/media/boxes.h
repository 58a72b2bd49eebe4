/* A walk over the boxes of an ISO base media file (ISO/IEC 14496-12, 4.2): headers only, bounded by the file.
 */
#ifndef WP_MEDIA_BOXES_H
#define WP_MEDIA_BOXES_H

#include <stdbool.h>
#include <stdint.h>

#include "media/input.h"

/** A four-character code as a number. */
#define WP_FOURCC(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

/** One box. Offsets are those of the file. */
struct wp_box {
    uint32_t type;
    uint64_t body;    /**< behind the header */
    uint64_t end;     /**< within the range that is walked */
    uint64_t claimed; /**< where the box ends by its own word: over end where it is cut off */
};

/** A walk over the boxes of [at, end). */
struct wp_box_walk {
    struct wp_input *in;
    uint64_t at;
    uint64_t end;
};

/** All boxes of the file. */
struct wp_box_walk wp_boxes_of_file(struct wp_input *in);

/** The boxes in a box, behind the first skip bytes of its body. */
struct wp_box_walk wp_boxes_in(struct wp_input *in, const struct wp_box *box, uint64_t skip);

/** The next box; false at the end, or where the bytes are no box. */
bool wp_box_next(struct wp_box_walk *walk, struct wp_box *box);

/** The first box of a type in a box; false if there is none. */
bool wp_box_find(struct wp_input *in, const struct wp_box *box, uint64_t skip, uint32_t type,
                 struct wp_box *out);

/** len bytes at offset of the body, or NULL if the box does not have them. Borrowed as wp_input_peek() says.
 */
const uint8_t *wp_box_peek(struct wp_input *in, const struct wp_box *box, uint64_t offset, size_t len);

/**
 * The number of entries of a table: a full box (4 bytes of version and flags) whose body has `before` more
 * bytes, a count, and then entries of entry_size bytes. Never more than the box has room for.
 */
uint32_t wp_box_table_count(struct wp_input *in, const struct wp_box *box, uint64_t before,
                            uint64_t entry_size);

#endif
