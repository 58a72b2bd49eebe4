#include "sandbox/edit.h"

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

/* The next member with this key ("name":) at or behind p; NULL if there is none. */
static const char *find_member(const char *p, const char *key)
{
    while (*p && !wp_text_starts(p, key))
        p = *p == '"' ? skip_string(p) : p + 1;
    return *p ? p : NULL;
}

enum edit { OMIT, SET, REPEAT };

/* Copies json to a new text member by member, and does to those of that name what edit says. */
static void rewrite(struct wp_buf *json, const char *name, enum edit edit, const char *value)
{
    char key[128];
    struct wp_buf out = wp_buf_new(json->ceiling);
    if (!wp_text_format(key, sizeof key, "\"%s\":", name))
        return;
    const char *rest = wp_buf_text(json);
    for (const char *member; (member = find_member(rest, key));) {
        const char *end = skip_value(member + strlen(key));
        wp_buf_add(&out, rest, (size_t)(member - rest));
        if (edit == OMIT && *end == ',')
            end++;
        else if (edit == OMIT && out.len && out.data[out.len - 1] == ',')
            out.data[--out.len] = '\0';
        if (edit != OMIT)
            wp_buf_add_format(&out, "%s\"%s\"", key, value);
        if (edit == REPEAT)
            wp_buf_add_format(&out, ",%.*s", (int)(end - member), member);
        rest = end;
    }
    wp_buf_add_text(&out, rest);
    wp_buf_free(json);
    *json = out;
}

void sb_edit_omit(struct wp_buf *json, const char *name)
{
    rewrite(json, name, OMIT, NULL);
}

void sb_edit_set(struct wp_buf *json, const char *name, const char *value)
{
    rewrite(json, name, SET, value);
}

void sb_edit_repeat(struct wp_buf *json, const char *name)
{
    rewrite(json, name, REPEAT, "repeated");
}
