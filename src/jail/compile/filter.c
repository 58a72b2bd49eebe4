/*
 * Runs when wanprep is built. Compiles the filter of the system calls that a child of the jail may make:
 * those that compute, allocate, run threads, read the descriptor that it was given, and talk over its one
 * socket. Any other kills the process. libseccomp takes a millisecond for it, which every child would pay; so
 * the instructions are written out, as jail/filter.c includes them.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <seccomp.h>

#include "jail/rights.h"

#include "base/banned.h"

/* Stands for the process that the filter is for. */
#define SELF 0x57414e50

/* Calls that are allowed whatever their arguments are. */
static const int allowed[] = {
    SCMP_SYS(pread64),
    SCMP_SYS(close),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(sched_yield),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getcpu),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sysinfo),
};

/* A call that is allowed if all comparisons hold: argument, operator, and one datum or mask and datum. */
struct narrowed {
    int call;
    unsigned count;
    struct scmp_arg_cmp when[2];
};

/* Threads, with everything shared, and no namespaces (clone(2)). */
#define THREAD (CLONE_THREAD | CLONE_VM | CLONE_SIGHAND)
#define THREAD_MASK                                                                                          \
    (THREAD | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |   \
     CLONE_NEWNET)

/* Only memory that RLIMIT_DATA counts. */
#define MAP_MASK (MAP_SHARED | MAP_PRIVATE | MAP_GROWSDOWN | MAP_HUGETLB)

static const struct narrowed narrowed[] = {
    {SCMP_SYS(recvmsg), 1, {{0, SCMP_CMP_EQ, WP_JAIL_SOCKET, 0}}},
    {SCMP_SYS(recvfrom), 1, {{0, SCMP_CMP_EQ, WP_JAIL_SOCKET, 0}}},
    {SCMP_SYS(sendmsg), 1, {{0, SCMP_CMP_EQ, WP_JAIL_SOCKET, 0}}},
    {SCMP_SYS(mmap),
     2,
     {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}, {3, SCMP_CMP_MASKED_EQ, MAP_MASK, MAP_PRIVATE}}},
    {SCMP_SYS(mprotect), 1, {{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}}},
    {SCMP_SYS(clone), 1, {{0, SCMP_CMP_MASKED_EQ, THREAD_MASK, THREAD}}},
    /* Threads name themselves. */
    {SCMP_SYS(prctl), 1, {{0, SCMP_CMP_EQ, PR_SET_NAME, 0}}},
    /* Asking for limits of its own. */
    {SCMP_SYS(prlimit64), 2, {{0, SCMP_CMP_EQ, 0, 0}, {2, SCMP_CMP_EQ, 0, 0}}},
#if WP_JAIL_SANITIZED
    {SCMP_SYS(write), 1, {{0, SCMP_CMP_EQ, STDERR_FILENO, 0}}},
#endif
};

/* Calls by which libraries ask for what they can do without: they get an error and go on. */
struct denied {
    int call;
    uint32_t error;
};

static const struct denied denied[] = {
    /* Its arguments lie in memory, where a filter cannot see them; the C library then calls clone(). */
    {SCMP_SYS(clone3), ENOSYS}, {SCMP_SYS(open), EACCES},     {SCMP_SYS(openat), EACCES},
    {SCMP_SYS(access), EACCES}, {SCMP_SYS(readlink), EACCES}, {SCMP_SYS(newfstatat), EACCES},
    {SCMP_SYS(ioctl), ENOTTY},
};

static int add_rules(scmp_filter_ctx filter)
{
    int error = 0;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0] && error == 0; i++)
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    for (size_t i = 0; i < sizeof narrowed / sizeof narrowed[0] && error == 0; i++)
        error = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, narrowed[i].call, narrowed[i].count,
                                       narrowed[i].when);
    for (size_t i = 0; i < sizeof denied / sizeof denied[0] && error == 0; i++)
        error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(denied[i].error), denied[i].call, 0);
    /* abort() sends itself the signal. */
    const struct scmp_arg_cmp self = {.arg = 0, .op = SCMP_CMP_EQ, .datum_a = SELF};
    if (error == 0)
        error = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &self);
    return error;
}

/* As the kernel takes it. */
static size_t compile(struct sock_filter *out, size_t max, int *error)
{
    ssize_t len = -1;
    int fd = memfd_create("filter", MFD_CLOEXEC);
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    *error = fd >= 0 && filter ? 0 : -ENOMEM;
    if (*error == 0)
        *error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (*error == 0)
        *error = add_rules(filter);
    if (*error == 0)
        *error = seccomp_export_bpf(filter, fd);
    if (*error == 0)
        len = pread(fd, out, max * sizeof *out, 0);
    seccomp_release(filter);
    (void)close(fd);
    return len > 0 ? (size_t)len / sizeof *out : 0;
}

/* The place of SELF; count if it is not there once. */
static size_t find_self(const struct sock_filter *filter, size_t count)
{
    size_t self = count, found = 0;
    for (size_t i = 0; i < count; i++) {
        if (filter[i].code == (BPF_JMP | BPF_JEQ | BPF_K) && filter[i].k == SELF) {
            self = i;
            found++;
        }
    }
    return found == 1 ? self : count;
}

static bool write_out(const char *path, const struct sock_filter *filter, size_t count, size_t self)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return false;
    (void)fprintf(file, "/* Made by jail/compile/filter.c. */\nenum { SELF_AT = %zu };\n", self);
    (void)fprintf(file, "static const struct sock_filter filter[] = {\n");
    for (size_t i = 0; i < count; i++)
        (void)fprintf(file, "    {0x%04x, %u, %u, 0x%08x},\n", filter[i].code, filter[i].jt, filter[i].jf,
                      filter[i].k);
    (void)fprintf(file, "};\n");
    bool ok = !ferror(file);
    return fclose(file) == 0 && ok;
}

/* Writes the file that is named by the one argument. */
int main(int argc, char **argv)
{
    struct sock_filter filter[BPF_MAXINSNS];
    int error = 0;
    size_t count = compile(filter, BPF_MAXINSNS, &error);
    size_t self = find_self(filter, count);
    if (argc == 2 && self < count && write_out(argv[1], filter, count, self))
        return 0;
    (void)fprintf(stderr, "compiling the seccomp filter: %s\n", strerror(error ? -error : errno));
    return 1;
}
