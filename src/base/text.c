#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

size_t wp_text_utf8_length(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    static const struct {
        unsigned char mask, lead;
        unsigned int least;
    } forms[] = {{0x80, 0x00, 0x0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t n = 0; n < 4; n++) {
        if ((p[0] & forms[n].mask) != forms[n].lead)
            continue;
        unsigned int code = (unsigned int)(p[0] & (unsigned char)~forms[n].mask);
        for (size_t i = 1; i <= n; i++) {
            if ((p[i] & 0xc0) != 0x80)
                return 0;
            code = code << 6 | (p[i] & 0x3fU);
        }
        bool valid = code >= forms[n].least && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
        return valid ? n + 1 : 0;
    }
    return 0;
}

bool wp_text_copy(char *out, size_t size, const char *text)
{
    assert(size > 0);
    if (!text)
        text = "";
    size_t len = strlen(text);
    bool whole = len < size;
    if (!whole) {
        len = size - 1;
        while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
            len--;
    }
    memmove(out, text, len);
    out[len] = '\0';
    return whole;
}

bool wp_text_format(char *out, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(out, size, format, args);
    va_end(args);
    if (len < 0)
        out[0] = '\0';
    return len >= 0 && (size_t)len < size;
}

/* U+061C, U+200E, U+200F, U+2028 to U+202E and U+2066 to U+2069: they turn or break what stands around them
 * (Unicode Standard Annex 9, 2). */
static bool is_direction(const unsigned char *p, size_t n)
{
    if (n == 2)
        return p[0] == 0xd8 && p[1] == 0x9c;
    if (n != 3 || p[0] != 0xe2)
        return false;
    if (p[1] == 0x80)
        return p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xa8 && p[2] <= 0xae);
    return p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9;
}

size_t wp_text_plain_length(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t n = wp_text_utf8_length(text);
    bool control = *p < 0x20 || *p == 0x7f || (n == 2 && p[0] == 0xc2 && p[1] < 0xa0);
    return control || is_direction(p, n) ? 0 : n;
}

void wp_text_sanitize(char *text)
{
    while (*text) {
        size_t n = wp_text_plain_length(text);
        if (n > 0) {
            text += n;
            continue;
        }
        n = wp_text_utf8_length(text);
        n = n ? n : 1;
        memset(text, '?', n);
        text += n;
    }
}

bool wp_text_starts(const char *text, const char *part)
{
    return strncmp(text, part, strlen(part)) == 0;
}

bool wp_text_ends(const char *text, const char *part)
{
    size_t len = strlen(text), part_len = strlen(part);
    return len >= part_len && strcmp(text + len - part_len, part) == 0;
}

bool wp_text_equal_nocase(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

static bool is_alphanumeric(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = lower(text[i]);
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return false;
    }
    return true;
}

void wp_text_extension(char *out, size_t size, const char *location, bool is_url)
{
    out[0] = '\0';
    const char *begin = location;
    size_t len = strlen(location);
    if (is_url) {
        const char *authority = strstr(location, "://");
        begin = authority ? authority + 3 : location;
        len = strcspn(begin, "?#");
    }
    const char *end = begin + len, *slash = NULL, *dot = NULL;
    for (const char *p = begin; p < end; p++) {
        if (*p == '/')
            slash = p, dot = NULL;
        else if (*p == '.')
            dot = p;
    }
    if (!dot || (is_url && !slash) || dot == begin || (slash && dot == slash + 1))
        return;
    size_t n = (size_t)(end - dot) - 1;
    if (n >= size || !is_alphanumeric(dot + 1, n))
        return;
    for (size_t i = 0; i < n; i++)
        out[i] = lower(dot[1 + i]);
    out[n] = '\0';
}
