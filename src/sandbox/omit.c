#include "sandbox/omit.h"

#include <string.h>

#include "base/text.h"

#include "base/banned.h"

/* Behind the string that begins at p. */
static const char *skip_string(const char *p)
{
    for (p++; *p && *p != '"'; p++) {
        if (*p == '\\' && p[1])
            p++;
    }
    return *p ? p + 1 : p;
}

/* Behind the value that begins at p: at the ',' or bracket that ends it. */
static const char *skip_value(const char *p)
{
    int depth = 0;
    while (*p) {
        if (*p == '"') {
            p = skip_string(p);
            continue;
        }
        if (depth == 0 && (*p == ',' || *p == '}' || *p == ']'))
            break;
        depth += *p == '{' || *p == '[';
        depth -= *p == '}' || *p == ']';
        p++;
    }
    return p;
}

/* Removes [from, to) and one comma beside it. */
static void remove_span(struct wp_buf *json, const char *from, const char *to)
{
    if (*to == ',')
        to++;
    else if (from > json->data && from[-1] == ',')
        from--;
    size_t begin = (size_t)(from - json->data), end = (size_t)(to - json->data);
    memmove(json->data + begin, json->data + end, json->len - end + 1);
    json->len -= end - begin;
}

void sb_omit_member(struct wp_buf *json, const char *name)
{
    char key[80];
    if (!json->data || !wp_text_format(key, sizeof key, "\"%s\":", name))
        return;
    for (const char *p = json->data; *p;) {
        if (wp_text_starts(p, key)) {
            size_t at = (size_t)(p - json->data);
            remove_span(json, p, skip_value(p + strlen(key)));
            p = json->data + (at < json->len ? at : json->len);
        } else {
            p = *p == '"' ? skip_string(p) : p + 1;
        }
    }
}
