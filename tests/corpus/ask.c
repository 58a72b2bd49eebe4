/* To be preloaded into ffprobe: its 130 libraries are loaded once, which takes far longer than to look at a
 * file. Each line of the standard input is the name of a file, a tab, and where what is said of it goes: a
 * child of this process is the usual ffprobe, with that file as its last argument. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef int main_function(int, char **, char **);
typedef int start_function(main_function *, int, char **, void (*)(void), void (*)(void), void (*)(void),
                           void *);

static main_function *real_main;

static int answer(int argc, char **argv, char **envp, char *name, const char *out)
{
    int nothing = open("/dev/null", O_RDWR), said = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (dup2(nothing, 0) < 0 || dup2(said, 1) < 0 || dup2(nothing, 2) < 0)
        return 127;
    char *arguments[argc + 2];
    memcpy(arguments, argv, (size_t)argc * sizeof *arguments);
    arguments[argc] = name;
    arguments[argc + 1] = NULL;
    return real_main(argc + 1, arguments, envp);
}

static int answer_all(int argc, char **argv, char **envp)
{
    char line[8192];
    while (fgets(line, sizeof line, stdin)) {
        char *name = strtok(line, "\t"), *out = strtok(NULL, "\n");
        pid_t child = name && out ? fork() : -1;
        if (child < 0)
            return 127;
        if (child == 0) {
            int code = answer(argc, argv, envp, name, out);
            fflush(stdout);
            _exit(code);
        }
        if (waitpid(child, NULL, 0) != child)
            return 127;
    }
    return 0;
}

int __libc_start_main(main_function *main, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end)
{
    real_main = main;
    start_function *start;
    *(void **)&start = dlsym(RTLD_NEXT, "__libc_start_main");
    return start(answer_all, argc, argv, init, fini, rtld_fini, stack_end);
}
