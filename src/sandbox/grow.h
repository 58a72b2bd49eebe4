/* Growing an array with a ceiling. */
#ifndef WP_SANDBOX_GROW_H
#define WP_SANDBOX_GROW_H

#include <stddef.h>

/**
 * Makes room for one more item behind count of an array that has room for *cap. Returns the array, maybe
 * moved, and sets *cap. NULL: the array has max items or memory is out; it is then as it was.
 */
void *sb_grow(void *items, size_t count, size_t *cap, size_t max, size_t item_size);

#endif
