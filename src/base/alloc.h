/* All heap use of the project goes through here, so that tests can make any allocation fail. */
#ifndef WP_BASE_ALLOC_H
#define WP_BASE_ALLOC_H

#include <stddef.h>

/** Replacements of malloc, realloc and free. */
struct wp_alloc_hooks {
    void *(*malloc_fn)(size_t size);
    void *(*realloc_fn)(void *memory, size_t size);
    void (*free_fn)(void *memory);
};

/** Sets the hooks for the whole process; before any other call of the library. NULL restores the standard
 * ones. */
void wp_alloc_set_hooks(const struct wp_alloc_hooks *replacement);

/** malloc(); size 0 gives a pointer that can be freed. NULL: out of memory. */
void *wp_malloc(size_t size) __attribute__((malloc, warn_unused_result));

/** Zeroed memory for count items; NULL also where count * size overflows. */
void *wp_calloc(size_t count, size_t size) __attribute__((malloc, warn_unused_result));

/** realloc(); memory is untouched where it returns NULL. */
void *wp_realloc(void *memory, size_t size) __attribute__((warn_unused_result));

/**
 * Has the heap take so much memory at once (at most 32 MiB), in huge pages where the system has them, and
 * keep it: for a process that will need it all, and would else fault it in page by page.
 */
void wp_alloc_reserve(size_t size);

/** A copy of text. NULL: out of memory. */
char *wp_strdup(const char *text) __attribute__((malloc, warn_unused_result));

#endif
