/* Whether a document is well-formed XML 1.0, or HTML as strict as that, as far as our reports use them. */
#ifndef WP_TESTS_FUZZ_MARKUP_H
#define WP_TESTS_FUZZ_MARKUP_H

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define FUZZ_MARKUP_DEPTH 32

/* What a document may have. */
struct fuzz_markup {
    bool is_html;
    const char *open[FUZZ_MARKUP_DEPTH]; /* the names of the elements that are open */
    size_t depth;
};

static inline bool fuzz_is_entity(const char *p)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        if (wp_text_starts(p, entities[i]))
            return true;
    }
    size_t digits = wp_text_starts(p, "&#") ? strspn(p + 2, "0123456789") : 0;
    return digits > 0 && p[2 + digits] == ';';
}

/* Skips character data up to one of stops; NULL where it holds what has no place in it. */
static inline const char *fuzz_markup_text(const char *p, const char *stops)
{
    while (*p && !strchr(stops, *p)) {
        size_t n = wp_text_utf8_length(p);
        if (n == 0 || *p == '<' || (*p == '&' && !fuzz_is_entity(p)) ||
            ((unsigned char)*p < 0x20 && *p != '\n'))
            return NULL;
        p += n;
    }
    return p;
}

#define FUZZ_MARKUP_NAME "abcdefghijklmnopqrstuvwxyz0123456789-"

static inline size_t fuzz_markup_name(const char *p)
{
    return strspn(p, FUZZ_MARKUP_NAME);
}

/* As "viewBox". */
static inline size_t fuzz_markup_attribute_name(const char *p)
{
    return strspn(p, FUZZ_MARKUP_NAME "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static inline bool fuzz_markup_is(const char *p, const char *name)
{
    return fuzz_markup_name(p) == strlen(name) && strncmp(p, name, strlen(name)) == 0;
}

/* Skips the attributes of a tag up to its '>', '/' or '?'; NULL where they are none. No attribute is code. */
static inline const char *fuzz_markup_attributes(const struct fuzz_markup *markup, const char *p)
{
    while (*p == ' ') {
        size_t len = fuzz_markup_attribute_name(++p);
        bool is_code = markup->is_html && strncasecmp(p, "on", 2) == 0;
        if (len == 0 || is_code || (p[len] != '=' && !markup->is_html))
            return NULL;
        p += len;
        if (*p != '=')
            continue;
        if (p[1] != '"')
            return NULL;
        p = fuzz_markup_text(p + 2, "\"");
        if (!p || *p++ != '"')
            return NULL;
    }
    return p;
}

/* Whether an element of HTML has no end. */
static inline bool fuzz_markup_is_void(const char *name)
{
    static const char *const names[] = {"meta", "input", "img", "br", "hr", "link"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (fuzz_markup_is(name, names[i]))
            return true;
    }
    return false;
}

/* Skips the end of an element; NULL where another one is open. */
static inline const char *fuzz_markup_end(struct fuzz_markup *markup, const char *p)
{
    size_t len = fuzz_markup_name(p);
    if (len == 0 || markup->depth == 0)
        return NULL;
    const char *name = markup->open[--markup->depth];
    bool same = fuzz_markup_name(name) == len && strncmp(name, p, len) == 0;
    return same && p[len] == '>' ? p + len + 1 : NULL;
}

/* Skips one tag, "<" is before p; NULL where it is none. */
static inline const char *fuzz_markup_tag(struct fuzz_markup *markup, const char *p)
{
    if (*p == '/')
        return fuzz_markup_end(markup, p + 1);
    const char *name = p;
    size_t len = fuzz_markup_name(name);
    if (len == 0 || markup->depth == FUZZ_MARKUP_DEPTH)
        return NULL;
    p = fuzz_markup_attributes(markup, p + len);
    bool is_empty = p && *p == '/';
    p += is_empty;
    if (!p || *p++ != '>')
        return NULL;
    if (is_empty || (markup->is_html && fuzz_markup_is_void(name)))
        return p;
    if (markup->is_html && (fuzz_markup_is(name, "style") || fuzz_markup_is(name, "script")))
        p = strstr(p, "</"); /* our own, as it is */
    markup->open[markup->depth++] = name;
    return p;
}

static inline bool fuzz_is_markup(const char *p, bool is_html)
{
    struct fuzz_markup markup = {.is_html = is_html};
    if (is_html) {
        p = wp_text_starts(p, "<!doctype html>") ? p + strlen("<!doctype html>") : NULL;
    } else {
        p = wp_text_starts(p, "<?xml") ? fuzz_markup_attributes(&markup, p + 5) : NULL;
        p = p && wp_text_starts(p, "?>") ? p + 2 : NULL;
    }
    p = p ? fuzz_markup_text(p, "<") : NULL;
    while (p && *p) {
        p = fuzz_markup_tag(&markup, p + 1);
        p = p ? fuzz_markup_text(p, "<") : NULL;
    }
    return p && markup.depth == 0;
}

#endif
