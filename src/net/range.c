#include "net/range.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"

#include "base/banned.h"

#define LARGEST ((uint64_t)1 << 62)

/* "first-last" */
static bool parse_span(struct wp_range *out, char *span)
{
    char *dash = strchr(span, '-');
    if (!dash)
        return false;
    *dash = '\0';
    return wp_parse_u64(&out->first, span, 0, LARGEST) &&
           wp_parse_u64(&out->last, dash + 1, out->first, LARGEST);
}

bool wp_range_parse(struct wp_range *out, const char *content_range)
{
    char text[96];
    memset(out, 0, sizeof *out);
    if (!wp_text_starts(content_range, "bytes ") ||
        !wp_text_copy(text, sizeof text, content_range + strlen("bytes ")))
        return false;
    char *slash = strchr(text, '/');
    if (!slash)
        return false;
    *slash = '\0';
    out->has_total = strcmp(slash + 1, "*") != 0;
    if (out->has_total && !wp_parse_u64(&out->total, slash + 1, 0, LARGEST))
        return false;
    out->satisfied = strcmp(text, "*") != 0;
    if (!out->satisfied)
        return out->has_total;
    return parse_span(out, text) && (!out->has_total || out->last < out->total);
}

bool wp_range_is_strong(const char *etag)
{
    size_t len = strlen(etag);
    return len >= 2 && etag[0] == '"' && etag[len - 1] == '"';
}
