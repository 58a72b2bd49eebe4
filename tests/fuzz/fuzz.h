/*
 * What all fuzz targets share. A target takes any bytes, and stops the program where an invariant does not
 * hold. libFuzzer calls it, or replay.c with files: a target knows of neither.
 */
#ifndef WP_TESTS_FUZZ_FUZZ_H
#define WP_TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/reader.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An invariant; checked in every build. */
#define MUST(condition) ((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))

static inline void fuzz_fail(const char *condition, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: broken: %s\n", file, line, condition);
    abort();
}

/* Whether a fixed array holds a string that people may be shown: it ends, is UTF-8, and free of control bytes
 * and of marks of direction. */
#define MUST_BE_CLEAN(array) MUST(fuzz_is_clean((array), sizeof(array)))

static inline bool fuzz_is_clean(const char *text, size_t size)
{
    static const struct {
        uint32_t first, last;
    } harmful[] = {{0, 0x1f},        {0x7f, 0x9f},     {0x61c, 0x61c},
                   {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069}};
    if (!memchr(text, '\0', size))
        return false;
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        size_t n = wp_text_utf8_length((const char *)p);
        uint32_t code = n == 1 ? *p : *p & (0xffU >> (n + 1));
        for (size_t i = 1; i < n; i++)
            code = code << 6 | (p[i] & 0x3fU);
        for (size_t i = 0; i < sizeof harmful / sizeof harmful[0]; i++)
            n = code >= harmful[i].first && code <= harmful[i].last ? 0 : n;
        if (n == 0)
            return false;
        p += n;
    }
    return true;
}

/* Whether an array holds a string of printable ASCII without spaces. */
static inline bool fuzz_is_token(const char *text, size_t size)
{
    const char *end = memchr(text, '\0', size);
    for (const char *p = text; end && p < end; p++) {
        if (*p < 0x21 || *p > 0x7e)
            return false;
    }
    return end != NULL;
}

/* The bytes up to the first NUL as a string of its own, so that reading over its end is seen. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    const uint8_t *nul = size ? memchr(data, '\0', size) : NULL;
    size_t len = nul ? (size_t)(nul - data) : size;
    char *text = malloc(len + 1);
    MUST(text != NULL);
    if (len)
        memcpy(text, data, len);
    text[len] = '\0';
    return text;
}

/* Bytes in memory as a file. */
struct fuzz_bytes {
    const uint8_t *data;
    size_t size;
};

static inline enum wp_status fuzz_read_at(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                                          struct wp_error *error)
{
    const struct fuzz_bytes *bytes = user;
    (void)error;
    uint64_t left = offset < bytes->size ? bytes->size - offset : 0;
    *got = left < len ? (size_t)left : len;
    if (*got)
        memcpy(out, bytes->data + offset, *got);
    return WP_OK;
}

static inline struct wp_reader fuzz_reader(struct fuzz_bytes *bytes)
{
    return (struct wp_reader){.size = bytes->size, .read_at = fuzz_read_at, .user = bytes};
}

#endif
