/* Values taken off the input of a fuzz target, one after the other; zero when it is used up. */
#ifndef WP_TESTS_FUZZ_CURSOR_H
#define WP_TESTS_FUZZ_CURSOR_H

#include "fuzz/fuzz.h"

struct cursor {
    const uint8_t *data;
    size_t left;
};

static inline void take(struct cursor *cursor, void *out, size_t size)
{
    size_t n = cursor->left < size ? cursor->left : size;
    memset(out, 0, size);
    if (n)
        memcpy(out, cursor->data, n);
    cursor->data += n;
    cursor->left -= n;
}

static inline unsigned take_below(struct cursor *cursor, unsigned below)
{
    uint8_t byte;
    take(cursor, &byte, 1);
    return byte % below;
}

static inline bool take_bool(struct cursor *cursor)
{
    return take_below(cursor, 2) != 0;
}

#define TAKE(cursor, value)     take((cursor), &(value), sizeof(value))
#define TAKE_TEXT(cursor, text) take_text((cursor), (text), sizeof(text))

/* A byte of length, and so many bytes without a NUL. */
static inline void take_text(struct cursor *cursor, char *out, size_t size)
{
    size_t len = take_below(cursor, 256);
    if (len > size - 1)
        len = size - 1;
    take(cursor, out, len);
    out[len] = '\0';
}

#endif
