#include "jail/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/number.h"

#include "base/banned.h"

/* The caller's handlers must not run here, nor its blocked signals stay so. A key press on the terminal goes
 * to the whole group of processes, but only the caller decides what to do on it. */
static void reset_signals(void)
{
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        (void)signal(number, SIG_DFL);
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    (void)signal(SIGQUIT, SIG_IGN);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
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

/* Word number index of a file of /proc that is one line, as a number. They count from the last `from`, whose
 * word is 0, or where that is 0 from the beginning. */
static bool read_word(uint64_t *out, const char *path, char from, unsigned index)
{
    char text[1024];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        (void)close(fd);
    if (len <= 0)
        return false;
    text[len] = '\0';
    char *words = from ? strrchr(text, from) : text;
    char *rest = NULL;
    char *word = words ? strtok_r(words, " \n", &rest) : NULL;
    for (unsigned i = 0; i < index && word; i++)
        word = strtok_r(NULL, " \n", &rest);
    return word && wp_parse_u64(out, word, 0, UINT64_MAX);
}

/*
 * Forgets the variables, and wipes the block of memory that they came in: env_start and env_end, the 50th and
 * 51st word of /proc/self/stat (proc(5)), whose second is a name that ends in ')'.
 */
static const char *forget_environment(void)
{
    uint64_t begin = 0, end = 0;
    if (clearenv() != 0)
        return "clearing the environment";
    if (!read_word(&begin, "/proc/self/stat", ')', 48) || !read_word(&end, "/proc/self/stat", ')', 49) ||
        begin > end)
        return "reading /proc/self/stat";
    explicit_bzero((void *)(uintptr_t)begin, (size_t)(end - begin)); // NOLINT(performance-no-int-to-ptr)
    return NULL;
}

const char *wp_rights_settle(int socket, pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return "PR_SET_PDEATHSIG";
    if (getppid() != parent)
        _exit(0);
    const char *failed = keep_only(socket);
    if (failed)
        return failed;
    reset_signals();
    failed = forget_environment();
    if (failed)
        return failed;
    (void)prctl(PR_SET_NAME, "wanprep-probe");
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? NULL : "PR_SET_NO_NEW_PRIVS";
}

/* Private writable memory that is mapped already, which RLIMIT_DATA counts too: the sixth number of
 * /proc/self/statm (proc(5)), in pages. A sanitizer has mapped terabytes. */
static bool read_mapped(uint64_t *bytes)
{
    uint64_t pages = 0;
    if (!read_word(&pages, "/proc/self/statm", '\0', 5) || pages > UINT64_MAX >> 20)
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
 */
const char *wp_rights_drop(uint64_t memory, uint64_t cpu_s)
{
    uint64_t mapped = 0;
    if (!read_mapped(&mapped))
        return "reading /proc/self/statm";
    if (!limit(RLIMIT_DATA, mapped + memory) || !limit(RLIMIT_CPU, cpu_s) || !limit(RLIMIT_CORE, 0) ||
        !limit(RLIMIT_FSIZE, 0) || !limit(RLIMIT_MEMLOCK, 0) || !limit(RLIMIT_MSGQUEUE, 0) ||
        !limit(RLIMIT_NOFILE, WP_JAIL_SOCKET + 2))
        return "setting limits";
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return "PR_SET_DUMPABLE";
    return wp_rights_filter();
}
