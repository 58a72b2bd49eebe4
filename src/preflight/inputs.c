#include "preflight/inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

#include "base/banned.h"

/* One mention of an input by a pair. Sorted, those of the same input stand together, in the order of pairs.
 */
struct mention {
    const char *location;
    size_t pair;
    bool is_image;
};

static int compare(const void *left, const void *right)
{
    const struct mention *a = left, *b = right;
    if (a->is_image != b->is_image)
        return a->is_image ? -1 : 1;
    int order = strcmp(a->location, b->location);
    return order ? order : (a->pair > b->pair) - (a->pair < b->pair);
}

static bool is_same(const struct mention *a, const struct mention *b)
{
    return a->is_image == b->is_image && strcmp(a->location, b->location) == 0;
}

static size_t collect(struct mention *out, const struct wp_pair *pairs, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (pairs[i].image)
            out[found++] = (struct mention){pairs[i].image, i, true};
        if (pairs[i].video)
            out[found++] = (struct mention){pairs[i].video, i, false};
    }
    return found;
}

static int compare_inputs(const void *left, const void *right)
{
    const struct wp_input *a = left, *b = right;
    if (a->first_pair != b->first_pair)
        return a->first_pair < b->first_pair ? -1 : 1;
    return (int)b->is_image - (int)a->is_image;
}

/* One input for each run of the same mentions. */
static void group(struct wp_inputs *out, const struct mention *mentions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct mention *mention = &mentions[i];
        if (i == 0 || !is_same(mention, mention - 1))
            out->items[out->count++] =
                (struct wp_input){mention->location, mention->is_image, mention->pair, mention->pair};
        out->items[out->count - 1].last_pair = mention->pair;
    }
    qsort(out->items, out->count, sizeof *out->items, compare_inputs);
}

/* The inputs are numbered by the pair that names them first, so the first mention of each tells its number.
 */
static void number(struct wp_inputs *out, const struct mention *mentions, size_t count)
{
    for (size_t i = 0; i < out->count; i++) {
        struct wp_input_pair *pair = &out->pairs[out->items[i].first_pair];
        *(out->items[i].is_image ? &pair->image : &pair->video) = i;
    }
    size_t current = WP_NO_INPUT;
    for (size_t i = 0; i < count; i++) {
        struct wp_input_pair *pair = &out->pairs[mentions[i].pair];
        size_t *slot = mentions[i].is_image ? &pair->image : &pair->video;
        if (i == 0 || !is_same(&mentions[i], &mentions[i - 1]))
            current = *slot;
        *slot = current;
    }
}

enum wp_status wp_inputs_find(struct wp_inputs *out, const struct wp_pair *pairs, size_t count,
                              struct wp_error *error)
{
    *out = (struct wp_inputs){0};
    enum wp_status status = WP_OK;
    struct mention *mentions = wp_calloc(count, 2 * sizeof *mentions);
    out->pairs = wp_calloc(count, sizeof *out->pairs);
    out->items = wp_calloc(count, 2 * sizeof *out->items);
    if (!mentions || !out->pairs || !out->items) {
        wp_inputs_free(out);
        status = wp_fail_nomem(error, "preflight");
        goto out;
    }
    for (size_t i = 0; i < count; i++)
        out->pairs[i] = (struct wp_input_pair){WP_NO_INPUT, WP_NO_INPUT};
    size_t found = collect(mentions, pairs, count);
    qsort(mentions, found, sizeof *mentions, compare);
    group(out, mentions, found);
    number(out, mentions, found);
out:
    wp_free(mentions);
    return status;
}

void wp_inputs_free(struct wp_inputs *inputs)
{
    wp_free(inputs->items);
    wp_free(inputs->pairs);
    *inputs = (struct wp_inputs){0};
}
