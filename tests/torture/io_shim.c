/* To be preloaded: one call that reaches the disk (or, for `kill`, the network) goes wrong.
 *   IO_SHIM=ACTION:N     the Nth call is the one; with N+ it and all after it; 0 is none
 *   IO_SHIM_FOLDER=PATH  only files under PATH count; for `kill` all do
 *   IO_SHIM_FROM=TEXT    calls count from a request on that begins with TEXT; for `kill`
 *   IO_SHIM_COUNT=PATH   where the number of calls that counted is written at the end
 *   IO_SHIM_TOLD=PATH    where each call on a file that goes wrong is told: "call path after call path", the
 *                        other being the call before it
 * ACTION: enospc, eio (it fails), short (a write takes half), kill (SIGKILL for the process group, before the
 * call), lose (the same, and what was not synced is lost: bytes of files, and names of files whose folder was
 * not synced). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum action { NONE, ENOSPC_ACTION, EIO_ACTION, SHORT, KILL, LOSE };

/* What undoes one thing that was not synced yet. */
struct undo {
    struct undo *next;
    char path[512], other[512]; /* other: the name before a rename */
    enum { BYTES, CREATED, RENAMED } kind;
    long long offset, size; /* of the file, before */
    size_t len;
    char bytes[];
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static enum action action;
static long at, count;
static int from_then_on;
static const char *folder, *from;
static struct undo *undos;

static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

__attribute__((constructor)) static void begin(void)
{
    static const char *const words[] = {"none", "enospc", "eio", "short", "kill", "lose"};
    const char *text = getenv("IO_SHIM");
    folder = getenv("IO_SHIM_FOLDER");
    from = getenv("IO_SHIM_FROM");
    for (int i = 0; text && i < 6; i++) {
        size_t len = strlen(words[i]);
        if (strncmp(text, words[i], len) == 0 && text[len] == ':') {
            char *end;
            action = (enum action)i;
            at = strtol(text + len + 1, &end, 10);
            from_then_on = *end == '+';
        }
    }
}

/* The end of the program; children without rights have no environment. */
void _exit(int code)
{
    const char *path = getenv("IO_SHIM_COUNT");
    FILE *out = path && at == 0 ? fopen(path, "w") : NULL;
    if (out) {
        fprintf(out, "%ld", count);
        fclose(out);
    }
    syscall(SYS_exit_group, code);
    __builtin_unreachable();
}

static int is_ours(const char *path)
{
    size_t len = folder ? strlen(folder) : 0;
    return len && strncmp(path, folder, len) == 0;
}

static int path_of(int fd, char out[512])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, out, 511);
    out[len > 0 ? len : 0] = '\0';
    return len > 0 && is_ours(out);
}

/* Makes a path absolute. */
static void full(const char *path, char out[512])
{
    char cwd[256];
    if (path[0] == '/' || !getcwd(cwd, sizeof cwd))
        snprintf(out, 512, "%s", path);
    else
        snprintf(out, 512, "%s/%s", cwd, path);
}

/* True if this call goes wrong; errno is set. */
static int goes_wrong(void)
{
    if (from)
        return 0;
    long number = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
    if (at == 0 || (from_then_on ? number < at : number != at))
        return 0;
    if (action == KILL)
        kill(0, SIGKILL);
    errno = action == ENOSPC_ACTION ? ENOSPC : EIO;
    return 1;
}

/* Tells which call on which file goes wrong, and after which other; or only remembers it as that. */
static void tell(const char *call, const char *path, int wrong)
{
    static char before[600] = "nothing";
    const char *told = wrong ? getenv("IO_SHIM_TOLD") : NULL;
    int saved = errno;
    FILE *out = told ? fopen(told, "a") : NULL;
    if (out) {
        fprintf(out, "%s %s after %s\n", call, path, before);
        fclose(out);
    }
    snprintf(before, sizeof before, "%s %s", call, path);
    errno = saved;
}

static void note(int kind, const char *path, const char *other, int fd, long long offset, size_t len)
{
    struct stat before = {0};
    if (fd >= 0)
        fstat(fd, &before);
    struct undo *undo = malloc(sizeof *undo + len);
    *undo = (struct undo){.next = undos, .kind = kind, .offset = offset, .size = before.st_size};
    snprintf(undo->path, sizeof undo->path, "%s", path);
    snprintf(undo->other, sizeof undo->other, "%s", other);
    int reader = len ? ((int (*)(const char *, int, ...))real("open"))(path, O_RDONLY) : -1;
    ssize_t got = reader >= 0 ? pread(reader, undo->bytes, len, offset) : 0;
    if (reader >= 0)
        close(reader);
    undo->len = got > 0 ? (size_t)got : 0;
    undos = undo;
}

/* The files' bytes, or the folder's names, are on the disk from now on. */
static void synced(const char *path)
{
    size_t len = strlen(path);
    for (struct undo **at_undo = &undos; *at_undo;) {
        struct undo *undo = *at_undo;
        int here = undo->kind == BYTES
                       ? strcmp(undo->path, path) == 0
                       : strncmp(undo->path, path, len) == 0 && strrchr(undo->path, '/') == undo->path + len;
        if (here) {
            *at_undo = undo->next;
            free(undo);
        } else {
            at_undo = &undo->next;
        }
    }
}

static void lose(void)
{
    for (struct undo *undo = undos; undo; undo = undo->next) {
        if (undo->kind == CREATED) {
            unlink(undo->path);
        } else if (undo->kind == RENAMED) {
            ((int (*)(const char *, const char *))real("rename"))(undo->path, undo->other);
        } else {
            int fd = ((int (*)(const char *, int, ...))real("open"))(undo->path, O_WRONLY);
            if (fd < 0)
                continue;
            ((ssize_t(*)(int, const void *, size_t, off_t))real("pwrite"))(fd, undo->bytes, undo->len,
                                                                           undo->offset);
            if (((int (*)(int, off_t))real("ftruncate"))(fd, undo->size))
                abort();
            close(fd);
        }
    }
    kill(0, SIGKILL);
}

/* Before a call on one of our files: true if it goes wrong. */
static int meet(const char *call, int kind, const char *path, const char *other, int fd, long long offset,
                size_t len)
{
    pthread_mutex_lock(&mutex);
    int wrong = goes_wrong();
    tell(call, path, wrong);
    if (action == LOSE && wrong)
        lose();
    if (action == LOSE && kind >= 0)
        note(kind, path, other, fd, offset, len);
    pthread_mutex_unlock(&mutex);
    return wrong;
}

static void done_sync(int fd, const char *path)
{
    (void)fd;
    pthread_mutex_lock(&mutex);
    if (action == LOSE)
        synced(path);
    pthread_mutex_unlock(&mutex);
}

ssize_t write(int fd, const void *data, size_t len)
{
    ssize_t (*call)(int, const void *, size_t) = real("write");
    char path[512];
    if (!path_of(fd, path))
        return call(fd, data, len);
    struct stat now = {0};
    fstat(fd, &now);
    long long offset = fcntl(fd, F_GETFL) & O_APPEND ? now.st_size : lseek(fd, 0, SEEK_CUR);
    if (!meet("write", BYTES, path, "", fd, offset, len))
        return call(fd, data, len);
    return action == SHORT && len > 1 ? call(fd, data, len / 2) : action == SHORT ? call(fd, data, len) : -1;
}

static ssize_t write_at(const char *name, int fd, const void *data, size_t len, off_t offset)
{
    ssize_t (*call)(int, const void *, size_t, off_t) = real(name);
    char path[512];
    if (!path_of(fd, path) || !meet(name, BYTES, path, "", fd, offset, len))
        return call(fd, data, len, offset);
    return action == SHORT ? call(fd, data, len > 1 ? len / 2 : len, offset) : -1;
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t offset)
{
    return write_at("pwrite", fd, data, len, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off_t offset)
{
    return write_at("pwrite64", fd, data, len, offset);
}

static int cut(const char *name, int fd, off_t len)
{
    int (*call)(int, off_t) = real(name);
    char path[512];
    struct stat now = {0};
    fstat(fd, &now);
    size_t gone = len < now.st_size ? (size_t)(now.st_size - len) : 0;
    return path_of(fd, path) && meet(name, BYTES, path, "", fd, len, gone) && action != SHORT ? -1
                                                                                              : call(fd, len);
}

int ftruncate(int fd, off_t len)
{
    return cut("ftruncate", fd, len);
}

int ftruncate64(int fd, off_t len)
{
    return cut("ftruncate64", fd, len);
}

static int sync_file(const char *name, int fd)
{
    int (*call)(int) = real(name);
    char path[512];
    if (!path_of(fd, path))
        return call(fd);
    if (meet(name, -1, path, "", -1, 0, 0) && action != SHORT)
        return -1;
    int result = action == LOSE ? 0 : call(fd);
    done_sync(fd, path);
    return result;
}

int fsync(int fd)
{
    return sync_file("fsync", fd);
}

int fdatasync(int fd)
{
    return sync_file("fdatasync", fd);
}

static int open_file(const char *name, int dir, const char *path, int flags, mode_t mode)
{
    int (*call)(int, const char *, int, ...) = real(name);
    char where[512], base[300] = "";
    if (dir != AT_FDCWD && path[0] != '/' && path_of(dir, where))
        snprintf(base, sizeof base, "%.200s/%.90s", where, path);
    full(base[0] ? base : path, where);
    if (!(flags & O_CREAT) || !is_ours(where))
        return call(dir, path, flags, mode);
    int kind = access(where, F_OK) == 0 ? -1 : CREATED;
    return meet("create", kind, where, "", -1, 0, 0) && action != SHORT ? -1 : call(dir, path, flags, mode);
}

static mode_t mode_of(int flags, va_list list)
{
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

#define OPEN(name, at_name, dir_param, dir)                                                                  \
    int name(dir_param const char *path, int flags, ...)                                                     \
    {                                                                                                        \
        va_list list;                                                                                        \
        va_start(list, flags);                                                                               \
        mode_t mode = mode_of(flags, list);                                                                  \
        va_end(list);                                                                                        \
        return open_file(at_name, dir, path, flags, mode);                                                   \
    }
#define DIR_PARAM int dir_fd,
OPEN(open, "openat", , AT_FDCWD)
OPEN(open64, "openat64", , AT_FDCWD)
OPEN(openat, "openat", DIR_PARAM, dir_fd)
OPEN(openat64, "openat64", DIR_PARAM, dir_fd)

int rename(const char *from, const char *to)
{
    int (*call)(const char *, const char *) = real("rename");
    char source[512], target[512];
    full(from, source);
    full(to, target);
    if (is_ours(target) && meet("rename", RENAMED, target, source, -1, 0, 0) && action != SHORT)
        return -1;
    return call(from, to);
}

ssize_t send(int fd, const void *data, size_t len, int flags)
{
    ssize_t (*call)(int, const void *, size_t, int) = real("send");
    if (from && len >= strlen(from) && memcmp(data, from, strlen(from)) == 0)
        from = NULL;
    if (action == KILL)
        (void)goes_wrong();
    return call(fd, data, len, flags);
}

ssize_t recv(int fd, void *data, size_t len, int flags)
{
    ssize_t (*call)(int, void *, size_t, int) = real("recv");
    ssize_t got = call(fd, data, len, flags);
    if (action == KILL && got > 0)
        (void)goes_wrong(); /* the answer has come, and is in no hands */
    return got;
}
