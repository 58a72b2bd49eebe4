/* Runs a command, silent, and prints what it took: milliseconds, processor milliseconds, page faults of all
 * its processes, and the most KiB that one of them had. A program that is small itself: the kernel counts
 * what a process had before it became the command, too (getrusage(2), ru_maxrss). Exits with the command's
 * code. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double ms_of(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
    posix_spawn_file_actions_t actions;
    struct rusage usage;
    pid_t child;
    int status;
    posix_spawn_file_actions_init(&actions);
    for (int fd = 0; fd < 3; fd++)
        posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    double began = now_ms();
    if (argc < 2 || posix_spawnp(&child, argv[1], &actions, NULL, argv + 1, environ) != 0 ||
        wait4(child, &status, 0, &usage) != child)
        return 127;
    printf("%.4f %.4f %ld %ld\n", now_ms() - began, ms_of(usage.ru_utime) + ms_of(usage.ru_stime),
           usage.ru_minflt + usage.ru_majflt, usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
