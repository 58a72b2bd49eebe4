#include "media/sniff_text.h"

#include <stdbool.h>
#include <string.h>

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

/* Whether the text at p begins with the tag, which must end there as a tag name does. */
static bool tag_at(const uint8_t *p, size_t len, const char *tag)
{
    size_t tag_len = strlen(tag);
    if (len <= tag_len)
        return false;
    for (size_t i = 0; i < tag_len; i++) {
        if (lower(p[i]) != (uint8_t)tag[i])
            return false;
    }
    return is_space(p[tag_len]) || p[tag_len] == '>' || p[tag_len] == '/';
}

/* The first tag that tells what a marked-up text is. */
static enum wp_format format_of_markup(const uint8_t *text, size_t len)
{
    static const struct {
        const char *tag;
        enum wp_format format;
    } tags[] = {
        {"<svg", WP_FORMAT_SVG},          {"<svg:svg", WP_FORMAT_SVG},
        {"<!doctype svg", WP_FORMAT_SVG}, {"<!doctype html", WP_FORMAT_HTML},
        {"<html", WP_FORMAT_HTML},        {"<head", WP_FORMAT_HTML},
        {"<body", WP_FORMAT_HTML},        {"<title", WP_FORMAT_HTML},
        {"<script", WP_FORMAT_HTML},      {"<meta", WP_FORMAT_HTML},
    };
    for (size_t pos = 0; pos < len; pos++) {
        for (size_t i = 0; text[pos] == '<' && i < COUNT(tags); i++) {
            if (tag_at(text + pos, len - pos, tags[i].tag))
                return tags[i].format;
        }
    }
    return WP_FORMAT_UNKNOWN;
}

static size_t skip_space(const uint8_t *text, size_t len, size_t pos)
{
    while (pos < len && is_space(text[pos]))
        pos++;
    return pos;
}

/* Whether what follows the opening brace or bracket can stand there (RFC 8259 4 and 5). */
static bool is_json(const uint8_t *text, size_t len)
{
    size_t pos = skip_space(text, len, 1);
    if (pos == len)
        return false;
    return strchr(text[0] == '{' ? "\"}" : "\"]{[-0123456789tfn", text[pos]) != NULL && text[pos] != '\0';
}

enum wp_format wp_sniff_text(const uint8_t *head, size_t len)
{
    size_t begin = len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    begin = skip_space(head, len, begin);
    if (begin == len)
        return WP_FORMAT_UNKNOWN;
    if (head[begin] == '<')
        return format_of_markup(head + begin, len - begin);
    if ((head[begin] == '{' || head[begin] == '[') && is_json(head + begin, len - begin))
        return WP_FORMAT_JSON;
    return WP_FORMAT_UNKNOWN;
}
