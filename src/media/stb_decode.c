#include "media/stb_decode.h"

#include <limits.h>

#include "base/alloc.h"
#include "wanprep/status.h"

enum {
    MAX_SIDE = 4096,
    /* The largest single block that a picture of that size needs (four channels of 16 bits, a filter byte a
     * line), doubled since buffers grow by that. A stream that inflates to more is an attack. */
    MAX_BLOCK = 2 * (MAX_SIDE * (MAX_SIDE * 8 + 1)),
};

static void *bounded_malloc(size_t size)
{
    return size <= MAX_BLOCK ? wp_malloc(size) : NULL;
}

static void *bounded_realloc(void *memory, size_t size)
{
    return size <= MAX_BLOCK ? wp_realloc(memory, size) : NULL;
}

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_FAILURE_STRINGS
#define STBI_MAX_DIMENSIONS        4096
#define STBI_MALLOC(size)          bounded_malloc(size)
#define STBI_REALLOC(memory, size) bounded_realloc(memory, size)
#define STBI_FREE(memory)          wp_free(memory)
/* It declares more than it defines when cut down to one format. */
#pragma GCC diagnostic ignored "-Wunused-function"
#if !defined(__clang__)
/* With optimisation gcc follows a callback that is never set when the bytes are in memory. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <stb_image.h>

#include "base/banned.h"

bool wp_stb_decodes(const uint8_t *bytes, size_t len, uint32_t width, uint32_t height)
{
    int got_width = 0, got_height = 0, channels = 0;
    if (len > INT_MAX || width > MAX_SIDE || height > MAX_SIDE)
        return false;
    stbi_uc *pixels = stbi_load_from_memory(bytes, (int)len, &got_width, &got_height, &channels, 0);
    bool decoded = pixels && (uint32_t)got_width == width && (uint32_t)got_height == height;
    stbi_image_free(pixels);
    return decoded;
}
