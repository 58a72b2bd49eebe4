#include "sandbox/child.h"

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

#include "base/banned.h"

enum { SET = 3 };

/* The environment with the variables of set (NAME=VALUE) in place of those of the same names; only the array
 * is owned by the caller. NULL: out of memory. */
static char **make_environment(char *const set[SET])
{
    size_t count = 0;
    while (environ[count])
        count++;
    char **out = wp_calloc(count + SET + 1, sizeof *out);
    if (!out)
        return NULL;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        bool replaced = false;
        for (size_t j = 0; j < SET; j++)
            replaced = replaced || strncmp(environ[i], set[j], strcspn(set[j], "=") + 1) == 0;
        if (!replaced)
            out[used++] = environ[i];
    }
    for (size_t j = 0; j < SET; j++)
        out[used++] = set[j];
    return out;
}

/* Signals as a program expects them: nothing blocked, nothing ignored. */
static int set_signals(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    int code = posix_spawnattr_setsigmask(attributes, &none);
    if (!code)
        code = posix_spawnattr_setsigdefault(attributes, &all);
    if (!code)
        code = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    return code;
}

enum wp_status sb_child_start(pid_t *out, char **command, const char *root, const char *api_key,
                              struct wp_error *error)
{
    char base[128], key[512], url[128];
    if (!wp_text_format(base, sizeof base, "DASHSCOPE_BASE_URL=%s/api/v1", root) ||
        !wp_text_format(url, sizeof url, "WANPREP_SANDBOX_URL=%s", root) ||
        !wp_text_format(key, sizeof key, "DASHSCOPE_API_KEY=%s", api_key))
        return wp_fail(error, WP_INPUT, "command", "the API key is longer than 490 bytes");
    char *set[SET] = {base, key, url};
    char **environment = make_environment(set);
    if (!environment)
        return wp_fail_nomem(error, "command");
    posix_spawnattr_t attributes;
    int code = posix_spawnattr_init(&attributes);
    if (!code) {
        code = set_signals(&attributes);
        if (!code)
            code = posix_spawnp(out, command[0], NULL, &attributes, command, environment);
        (void)posix_spawnattr_destroy(&attributes);
    }
    wp_free(environment);
    return code ? wp_fail(error, WP_INPUT, "command", "cannot run '%s': %s", command[0], strerror(code))
                : WP_OK;
}

int sb_child_exit_code(pid_t pid)
{
    int status = 0;
    pid_t ended = waitpid(pid, &status, WNOHANG);
    if (ended == 0)
        return -1;
    if (ended < 0)
        return wp_status_exit_code(WP_INTERNAL);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
