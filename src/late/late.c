#include "late/late.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/banned.h"

#define EXIT_BROKEN 70 /* as docs/exit-codes.md has it: an internal error */

static const struct {
    const char *soname;
    unsigned first, count;
} libraries[] = {
#define LATE_FUNCTION(index, library, name)
#define LATE_LIBRARY(index, soname, first, count) {soname, first, count},
#include "late.inc"
#undef LATE_FUNCTION
#undef LATE_LIBRARY
};

static const struct {
    const char *name;
    unsigned library;
} functions[] = {
#define LATE_FUNCTION(index, library, name) {#name, library},
#define LATE_LIBRARY(index, soname, first, count)
#include "late.inc"
#undef LATE_FUNCTION
#undef LATE_LIBRARY
};

static _Noreturn void give_up(const char *soname)
{
    const char *why = dlerror();
    (void)fprintf(stderr, "wanprep: %s cannot be used: %s; install its package again\n", soname,
                  why ? why : "unknown reason");
    _exit(EXIT_BROKEN);
}

void *wp_late_load(unsigned long function)
{
    int before = errno;
    unsigned library = functions[function].library;
    const char *soname = libraries[library].soname;
    void *handle = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        give_up(soname);
    for (unsigned i = 0; i < libraries[library].count; i++) {
        unsigned slot = libraries[library].first + i;
        void *address =
            dlsym(RTLD_DEFAULT, functions[slot].name); /* a library that was preloaded comes first */
        if (!address)
            address = dlsym(handle, functions[slot].name);
        if (!address)
            give_up(soname);
        __atomic_store_n(&wp_late_slots[slot], address, __ATOMIC_RELEASE); /* two threads store the same */
    }
    errno = before;
    return wp_late_slots[function];
}
