#include "sandbox/range.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"

#include "base/banned.h"

static enum sb_range_kind read_suffix(const char *text, uint64_t size, uint64_t *first, uint64_t *last)
{
    uint64_t count;
    if (!wp_parse_u64(&count, text, 0, UINT64_MAX))
        return SB_RANGE_NONE;
    if (count == 0 || size == 0)
        return SB_RANGE_UNSATISFIABLE;
    *first = count < size ? size - count : 0;
    *last = size - 1;
    return SB_RANGE_PART;
}

enum sb_range_kind sb_range_read(const char *value, uint64_t size, uint64_t *first, uint64_t *last)
{
    char text[64];
    uint64_t begin, end = UINT64_MAX;
    if (!value || !wp_text_starts(value, "bytes=") || !wp_text_copy(text, sizeof text, value + 6))
        return SB_RANGE_NONE;
    char *dash = strchr(text, '-');
    if (!dash)
        return SB_RANGE_NONE;
    *dash = '\0';
    if (dash == text)
        return read_suffix(dash + 1, size, first, last);
    if (!wp_parse_u64(&begin, text, 0, UINT64_MAX) ||
        (dash[1] && !wp_parse_u64(&end, dash + 1, begin, UINT64_MAX)))
        return SB_RANGE_NONE;
    if (begin >= size)
        return SB_RANGE_UNSATISFIABLE;
    *first = begin;
    *last = end < size ? end : size - 1;
    return SB_RANGE_PART;
}
