#include "base/random.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/banned.h"

static void fill(void *out, size_t len)
{
    assert(len <= 256); /* up to this many bytes getrandom() never returns fewer */
    if (getrandom(out, len, 0) != (ssize_t)len)
        abort(); /* the kernel has getrandom since 3.17 and it cannot fail for such calls */
}

void wp_random_hex(char *out, size_t size)
{
    unsigned char raw[128];
    assert(size > 0 && size - 1 <= 2 * sizeof raw);
    fill(raw, sizeof raw);
    for (size_t i = 0; i + 1 < size; i++)
        out[i] = "0123456789abcdef"[i % 2 ? raw[i / 2] & 15 : raw[i / 2] >> 4];
    out[size - 1] = '\0';
}

uint32_t wp_random_below(uint32_t below)
{
    assert(below > 0);
    uint64_t raw = 0;
    fill(&raw, sizeof raw);
    return (uint32_t)(raw % below); /* the bias of 2^-32 is of no matter for jitter */
}
