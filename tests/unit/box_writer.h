/* Writing ISO base media boxes into memory, for tests. */
#ifndef TEST_BOX_WRITER_H
#define TEST_BOX_WRITER_H

#include "unit/test.h"

#include <string.h>

#include "unit/bytes.h"

struct writer {
    uint8_t data[65536];
    size_t len;
};

static inline void put32(struct writer *w, uint32_t value)
{
    assert_true(w->len + 4 <= sizeof w->data);
    for (int shift = 24; shift >= 0; shift -= 8)
        w->data[w->len++] = (uint8_t)(value >> shift);
}

static inline void put64(struct writer *w, uint64_t value)
{
    put32(w, (uint32_t)(value >> 32));
    put32(w, (uint32_t)value);
}

static inline void put_type(struct writer *w, const char *type)
{
    assert_true(w->len + 4 <= sizeof w->data);
    memcpy(w->data + w->len, type, 4);
    w->len += 4;
}

/* Begins a box; what it returns goes to box_end(). */
static inline size_t box_begin(struct writer *w, const char *type)
{
    size_t start = w->len;
    put32(w, 0);
    put_type(w, type);
    return start;
}

static inline void box_end(struct writer *w, size_t start)
{
    size_t end = w->len;
    w->len = start;
    put32(w, (uint32_t)(end - start));
    w->len = end;
}

/* The content so far as a source. */
static inline struct bytes writer_bytes(struct writer *w)
{
    return (struct bytes){.data = w->data, .len = w->len};
}

#endif
