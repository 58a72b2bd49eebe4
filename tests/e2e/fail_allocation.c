/* To be preloaded: the allocation whose number FAIL_AT tells fails, counted from the reading of options on.
 * Not counted is what the loader and the constructors of a library need when that is loaded: they are not
 * ours, and end the process, or wait for ever. FAIL_AT=0 fails none; the number of all is then written to the
 * file that ALLOCATIONS names. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static long fail_at = -1, count;
static __thread int loading;

static int fails(void)
{
    return fail_at >= 0 && !loading && ++count == fail_at;
}

void *dlopen(const char *name, int flags)
{
    void *(*real)(const char *, int);
    loading++;
    *(void **)&real = dlsym(RTLD_NEXT, "dlopen");
    void *handle = real(name, flags);
    loading--;
    return handle;
}

int getopt_long(int argc, char *const *argv, const char *shorts, const struct option *longs, int *index)
{
    int (*real)(int, char *const *, const char *, const struct option *, int *);
    *(void **)&real = dlsym(RTLD_NEXT, "getopt_long");
    if (fail_at < 0)
        fail_at = strtol(getenv("FAIL_AT"), NULL, 10);
    return real(argc, argv, shorts, longs, index);
}

void *malloc(size_t size)
{
    return fails() ? (errno = ENOMEM, NULL) : __libc_malloc(size);
}

void *calloc(size_t items, size_t size)
{
    return fails() ? (errno = ENOMEM, NULL) : __libc_calloc(items, size);
}

void *realloc(void *memory, size_t size)
{
    return fails() ? (errno = ENOMEM, NULL) : __libc_realloc(memory, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    void *memory = fails() ? NULL : __libc_memalign(alignment, size);
    if (!memory)
        return ENOMEM;
    *out = memory;
    return 0;
}

void _exit(int code)
{
    FILE *out = fail_at == 0 ? fopen(getenv("ALLOCATIONS"), "w") : NULL;
    if (out) {
        fprintf(out, "%ld", count);
        fclose(out);
    }
    syscall(SYS_exit_group, code);
    __builtin_unreachable();
}
