#include "batch/idset.h"

#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "wanprep/status.h"

#include "base/banned.h"

/* The place of the first id that is not before this one. */
static size_t place_of(const struct wp_idset *set, const char *id)
{
    size_t low = 0, high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(set->ids[middle], id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool stands_at(const struct wp_idset *set, size_t place, const char *id)
{
    return place < set->count && strcmp(set->ids[place], id) == 0;
}

bool wp_idset_has(const struct wp_idset *set, const char *id)
{
    return stands_at(set, place_of(set, id), id);
}

static bool grow(struct wp_idset *set)
{
    size_t cap = set->cap ? 2 * set->cap : 64;
    wp_job_id *ids = wp_realloc(set->ids, cap * sizeof *ids);
    if (!ids)
        return false;
    set->ids = ids;
    set->cap = cap;
    return true;
}

bool wp_idset_add(struct wp_idset *set, const char *id)
{
    size_t place = place_of(set, id);
    if (stands_at(set, place, id))
        return true;
    if (set->count == set->cap && !grow(set))
        return false;
    memmove(set->ids + place + 1, set->ids + place, (set->count - place) * sizeof *set->ids);
    (void)wp_text_copy(set->ids[place], sizeof set->ids[place], id);
    set->count++;
    return true;
}

void wp_idset_free(struct wp_idset *set)
{
    wp_free(set->ids);
    *set = (struct wp_idset){0};
}
