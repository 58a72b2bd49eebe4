#include <stdint.h>

#include "base/text.h"
#include "report/html.h"

#include "base/banned.h"

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void wp_html_text(struct wp_buf *out, const char *text)
{
    static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */
    const char *run = text, *p = text;                /* [run, p) goes out as it is */
    while (*p) {
        size_t n = wp_text_plain_length(p);
        const char *instead = n == 0 ? replacement : entity(*p);
        if (!instead) {
            p += n;
            continue;
        }
        (void)wp_buf_add(out, run, (size_t)(p - run));
        (void)wp_buf_add_text(out, instead);
        size_t skipped = wp_text_utf8_length(p);
        p += skipped ? skipped : 1;
        run = p;
    }
    (void)wp_buf_add(out, run, (size_t)(p - run));
}

void wp_html_base64(struct wp_buf *out, const void *bytes, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    enum { PAD = 64 };
    const uint8_t *p = bytes;
    char groups[1024];
    size_t filled = 0;
    while (len > 0) {
        size_t count = len < 3 ? len : 3;
        uint32_t bits =
            (uint32_t)p[0] << 16 | (count > 1 ? (uint32_t)p[1] << 8 : 0) | (count > 2 ? (uint32_t)p[2] : 0);
        groups[filled++] = digits[bits >> 18];
        groups[filled++] = digits[bits >> 12 & 63];
        groups[filled++] = digits[count > 1 ? bits >> 6 & 63 : PAD];
        groups[filled++] = digits[count > 2 ? bits & 63 : PAD];
        p += count;
        len -= count;
        if (filled == sizeof groups || len == 0) {
            (void)wp_buf_add(out, groups, filled);
            filled = 0;
        }
    }
}
