#include "sandbox/grow.h"

#include "base/alloc.h"

#include "base/banned.h"

void *sb_grow(void *items, size_t count, size_t *cap, size_t max, size_t item_size)
{
    if (count < *cap)
        return items;
    if (count >= max)
        return NULL;
    size_t wanted = *cap ? 2 * *cap : 16;
    void *grown = wp_realloc(items, wanted * item_size);
    if (grown)
        *cap = wanted;
    return grown;
}
