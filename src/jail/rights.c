#include "jail/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/banned.h"

/* With several threads a task uses more than its time; the caller's clock is what ends it. */
enum { CPU_PER_WALL = 8 };

/*
 * A fault ends the process whatever the caller does on one, and so does the end of its CPU time. No other
 * signal comes through: a key press on the terminal goes to the whole group of processes, but only the caller
 * decides what to do on it, and its handlers must not run here.
 */
static void take_signals(void)
{
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP, SIGABRT, SIGXCPU};
    sigset_t blocked;
    (void)sigfillset(&blocked);
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++) {
        (void)signal(deadly[i], SIG_DFL);
        (void)sigdelset(&blocked, deadly[i]);
    }
    (void)sigprocmask(SIG_SETMASK, &blocked, NULL);
}

static const char *keep_only(int socket)
{
    /* Out of the way of the numbers that are given anew. */
    int high = fcntl(socket, F_DUPFD, WP_JAIL_SOCKET + 1);
    int null = high < 0 ? -1 : open("/dev/null", O_RDWR);
    if (null < 0)
        return "opening /dev/null";
    for (int fd = 0; fd < WP_JAIL_SOCKET; fd++) {
        if (!(WP_JAIL_SANITIZED && fd == STDERR_FILENO) && dup2(null, fd) < 0)
            return "closing the standard streams";
    }
    if (dup2(high, WP_JAIL_SOCKET) < 0 || close_range(WP_JAIL_SOCKET + 1, ~0U, 0) != 0)
        return "closing descriptors";
    return NULL;
}

/* The words number index and on of a file of /proc that is one line, as numbers. They count from the last
 * `from`, whose word is 0, or where that is 0 from the beginning. */
static bool read_words(uint64_t *out, size_t count, const char *path, char from, unsigned index)
{
    char text[1024];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        (void)close(fd);
    if (len <= 0)
        return false;
    text[len] = '\0';
    const char *word = from ? strrchr(text, from) : text;
    for (unsigned i = 0; i < index && word; i++) {
        word = strchr(word, ' ');
        word += word != NULL;
    }
    for (size_t i = 0; i < count; i++) {
        char *end = NULL;
        errno = 0;
        out[i] = word ? strtoull(word, &end, 10) : 0;
        if (!word || end == word || (*end != ' ' && *end != '\n') || errno != 0)
            return false;
        word = end + 1;
    }
    return true;
}

/*
 * Forgets the variables, and wipes the block of memory that they came in: env_start and env_end, the 50th and
 * 51st word of /proc/self/stat (proc(5)), whose second is a name that ends in ')'.
 */
static const char *forget_environment(void)
{
    uint64_t block[2] = {0, 0};
    if (clearenv() != 0)
        return "clearing the environment";
    if (!read_words(block, 2, "/proc/self/stat", ')', 48) || block[0] > block[1])
        return "reading /proc/self/stat";
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    explicit_bzero((void *)(uintptr_t)block[0], (size_t)(block[1] - block[0]));
    return NULL;
}

/* A parent that has died already ends this process at once. */
static const char *die_with(pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return "PR_SET_PDEATHSIG";
    if (getppid() != parent)
        _exit(0);
    return NULL;
}

/* The sixth number of /proc/self/statm (proc(5)), in pages. A sanitizer has mapped terabytes. */
bool wp_rights_mapped(uint64_t *bytes)
{
    uint64_t pages = 0;
    if (!read_words(&pages, 1, "/proc/self/statm", '\0', 5) || pages > UINT64_MAX >> 20)
        return false;
    *bytes = pages * (uint64_t)sysconf(_SC_PAGESIZE);
    return true;
}

static bool limit(__rlimit_resource_t resource, uint64_t most)
{
    struct rlimit now;
    if (getrlimit(resource, &now) != 0)
        return false;
    if (now.rlim_max > (rlim_t)most)
        now.rlim_max = (rlim_t)most;
    now.rlim_cur = now.rlim_max;
    /* A soft limit below the hard one, so that SIGXCPU tells the end. */
    if (resource == RLIMIT_CPU && now.rlim_cur > 1)
        now.rlim_cur--;
    return setrlimit(resource, &now) == 0;
}

/*
 * RLIMIT_DATA counts all private writable memory since Linux 4.7, and shared memory is refused by the filter.
 * There is no RLIMIT_NPROC: it counts all processes of the user, and the filter lets threads alone be made.
 * The descriptors: the standard streams, the socket, and one that is handed over.
 */
static const char *limit_all(const struct wp_jail_limits *limits)
{
    if (!limit(RLIMIT_DATA, limits->memory) ||
        !limit(RLIMIT_CPU, (uint64_t)(limits->wall_ms / 1000 + 1) * CPU_PER_WALL) || !limit(RLIMIT_CORE, 0) ||
        !limit(RLIMIT_FSIZE, 0) || !limit(RLIMIT_MEMLOCK, 0) || !limit(RLIMIT_MSGQUEUE, 0) ||
        !limit(RLIMIT_NOFILE, WP_JAIL_SOCKET + 2))
        return "setting limits";
    return NULL;
}

const char *wp_rights_settle(int socket, pid_t parent, const struct wp_jail_limits *limits)
{
    const char *failed = die_with(parent);
    if (!failed)
        failed = keep_only(socket);
    if (failed)
        return failed;
    take_signals();
    failed = forget_environment();
    if (!failed)
        failed = limit_all(limits);
    if (failed)
        return failed;
    /* Pictures of the same size come and go: keep the memory instead of mapping it anew each time. */
    (void)mallopt(M_MMAP_THRESHOLD, 32 << 20);
    (void)mallopt(M_TRIM_THRESHOLD, 256 << 20);
    (void)prctl(PR_SET_NAME, "wanprep-probe");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return "PR_SET_DUMPABLE";
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? NULL : "PR_SET_NO_NEW_PRIVS";
}

const char *wp_rights_inherit(int socket, pid_t parent)
{
    const char *failed = die_with(parent);
    if (failed)
        return failed;
    return dup2(socket, WP_JAIL_SOCKET) < 0 || close_range(WP_JAIL_SOCKET + 1, ~0U, 0) != 0
               ? "closing descriptors"
               : NULL;
}
