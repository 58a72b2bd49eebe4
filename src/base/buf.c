#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

#include "base/banned.h"

struct wp_buf wp_buf_new(size_t ceiling)
{
    assert(ceiling < SIZE_MAX / 2);
    return (struct wp_buf){.ceiling = ceiling};
}

/* Makes room for extra bytes and a NUL. */
static bool reserve(struct wp_buf *buf, size_t extra)
{
    assert(buf->len <= buf->ceiling);
    if (buf->failed)
        return false;
    if (extra > buf->ceiling - buf->len) {
        buf->failed = WP_INTERNAL;
        return false;
    }
    size_t need = buf->len + extra + 1;
    if (need <= buf->cap)
        return true;
    size_t cap = buf->cap ? buf->cap : 256;
    while (cap < need)
        cap *= 2;
    char *data = wp_realloc(buf->data, cap);
    if (!data) {
        buf->failed = WP_NOMEM;
        return false;
    }
    buf->data = data;
    buf->cap = cap;
    return true;
}

bool wp_buf_add(struct wp_buf *buf, const void *bytes, size_t len)
{
    if (!reserve(buf, len))
        return false;
    if (len)
        memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
    return true;
}

bool wp_buf_add_text(struct wp_buf *buf, const char *text)
{
    return wp_buf_add(buf, text, strlen(text));
}

bool wp_buf_add_format(struct wp_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 || !reserve(buf, (size_t)len))
        return false;
    va_start(args, format);
    (void)vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
    return true;
}

const char *wp_buf_text(const struct wp_buf *buf)
{
    return buf->data ? buf->data : "";
}

char *wp_buf_take(struct wp_buf *buf)
{
    char *data = buf->data ? buf->data : wp_strdup("");
    *buf = wp_buf_new(buf->ceiling);
    return data;
}

void wp_buf_clear(struct wp_buf *buf)
{
    buf->len = 0;
    buf->failed = WP_OK;
    if (buf->data)
        buf->data[0] = '\0';
}

void wp_buf_free(struct wp_buf *buf)
{
    if (!buf)
        return;
    wp_free(buf->data);
    *buf = wp_buf_new(buf->ceiling);
}
