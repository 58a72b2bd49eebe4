#include "base/alloc.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "wanprep/status.h"

#include "base/banned.h"

static const struct wp_alloc_hooks standard = {malloc, realloc, free};

/* The one mutable global of the library: set once, by tests, before anything else runs. */
static struct wp_alloc_hooks hooks = {malloc, realloc, free};

void wp_alloc_set_hooks(const struct wp_alloc_hooks *replacement)
{
    hooks = replacement ? *replacement : standard;
}

void *wp_malloc(size_t size)
{
    return hooks.malloc_fn(size ? size : 1);
}

void *wp_calloc(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    if (hooks.malloc_fn == malloc)
        return calloc(count ? count : 1, size ? size : 1); /* knows what is zero already */
    void *memory = wp_malloc(count * size);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}

void *wp_realloc(void *memory, size_t size)
{
    return hooks.realloc_fn(memory, size ? size : 1);
}

void wp_alloc_reserve(size_t size)
{
    const uintptr_t page = 1 << 21; /* a huge one */
    const int most = 32 << 20;      /* what glibc takes for M_MMAP_THRESHOLD */
    (void)mallopt(M_MMAP_THRESHOLD, most);
    (void)mallopt(M_TRIM_THRESHOLD, 8 * most);
    if (size >= (size_t)most)
        size = (size_t)most - 1;
    char *memory = malloc(size);
    uintptr_t first = ((uintptr_t)memory + page - 1) / page * page,
              end = ((uintptr_t)memory + size) / page * page;
    if (memory && first < end)
        (void)madvise(memory + (first - (uintptr_t)memory), end - first, MADV_HUGEPAGE);
    free(memory);
}

char *wp_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = wp_malloc(size);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

void wp_free(void *memory)
{
    hooks.free_fn(memory);
}
