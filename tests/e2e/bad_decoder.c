/* To be preloaded: a decoder that does what DEED says instead of decoding, and a system that forbids seccomp
 * filters. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static char deed[16];

/* Read at the start: a child has no environment. */
__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("DEED");
    strncpy(deed, text ? text : "", sizeof deed - 1);
}

static void misbehave(void)
{
    if (strcmp(deed, "crash") == 0)
        raise(SIGSEGV);
    if (strcmp(deed, "abort") == 0)
        abort();
    if (strcmp(deed, "connect") == 0)
        (void)socket(AF_INET, SOCK_STREAM, 0);
    while (strcmp(deed, "sleep") == 0)
        usleep(1000);
}

/* Of a video. */
int avcodec_send_packet(void *context, const void *packet)
{
    (void)context;
    (void)packet;
    misbehave();
    return -ENOMEM;
}

/* Of a JPEG. */
int jpeg_start_decompress(void *info)
{
    int (*real)(void *);
    misbehave();
    *(void **)&real = dlsym(RTLD_NEXT, "jpeg_start_decompress");
    return real(info);
}

/* prctl(2) takes up to five arguments. */
int prctl(int option, ...)
{
    int (*real)(int, ...);
    unsigned long arguments[4];
    va_list list;
    va_start(list, option);
    for (size_t i = 0; i < 4; i++)
        arguments[i] = va_arg(list, unsigned long);
    va_end(list);
    *(void **)&real = dlsym(RTLD_NEXT, "prctl");
    if (option == PR_SET_SECCOMP && strcmp(deed, "forbid") == 0) {
        errno = EINVAL;
        return -1;
    }
    return real(option, arguments[0], arguments[1], arguments[2], arguments[3]);
}
