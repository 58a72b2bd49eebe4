#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file_writer.h"
#include "base/text.h"

#include "base/banned.h"

static enum wp_status output_error(struct wp_error *error, const char *verb, const char *path, int code)
{
    return wp_fail(error, WP_OUTPUT, "output", "cannot %s '%s': %s", verb, path, strerror(code));
}

static enum wp_status folder_error(struct wp_error *error, const char *path, int code)
{
    return wp_fail(error, WP_OUTPUT, "output",
                   "cannot make the folder '%s': %s; name another place with -o DIR", path, strerror(code));
}

enum wp_status wp_file_make_dirs(const char *path, struct wp_error *error)
{
    char part[PATH_MAX];
    if (!path[0] || !wp_text_copy(part, sizeof part, path))
        return wp_fail(error, WP_OUTPUT, "output", "the folder's name is empty or too long: '%s'", path);
    for (char *p = part + 1;; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char stop = *p;
        *p = '\0';
        if (mkdir(part, 0700) == 0) { /* what is in a folder is not lost with its name */
            enum wp_status status = wp_file_sync_folder(part, error);
            if (status != WP_OK)
                return status;
        } else if (errno != EEXIST) {
            return folder_error(error, part, errno);
        }
        if (!stop)
            break;
        *p = stop;
    }
    struct stat info;
    if (stat(path, &info) != 0)
        return folder_error(error, path, errno);
    if (!S_ISDIR(info.st_mode))
        return folder_error(error, path, ENOTDIR);
    return WP_OK;
}

static int write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

enum wp_status wp_file_sync_folder(const char *path, struct wp_error *error)
{
    char folder[PATH_MAX];
    if (!wp_text_copy(folder, sizeof folder, path))
        return output_error(error, "sync the folder of", path, ENAMETOOLONG);
    char *slash = strrchr(folder, '/');
    if (!slash)
        (void)wp_text_copy(folder, sizeof folder, ".");
    else
        slash[slash == folder ? 1 : 0] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return output_error(error, "open the folder", folder, errno);
    int code = fsync(fd) != 0 && errno != EINVAL && errno != EROFS ? errno : 0;
    (void)close(fd);
    return code ? output_error(error, "sync the folder", folder, code) : WP_OK;
}

/* Writes, syncs and closes fd. Returns an errno or 0. */
static int finish(int fd, const void *bytes, size_t len, bool sync)
{
    int code = write_all(fd, bytes, len);
    if (!code && sync && fsync(fd) != 0)
        code = errno;
    if (close(fd) != 0 && !code)
        code = errno;
    return code;
}

enum wp_status wp_file_write_atomic(const char *path, const void *bytes, size_t len, struct wp_error *error)
{
    struct wp_file_writer writer;
    enum wp_status status = wp_file_writer_open(&writer, path, WP_FILE_PRIVATE, error);
    if (status == WP_OK)
        status = wp_file_writer_add(&writer, bytes, len, error);
    if (status == WP_OK)
        status = wp_file_writer_commit(&writer, error);
    wp_file_writer_close(&writer);
    return status;
}

enum wp_status wp_file_append(const char *path, const void *bytes, size_t len, bool sync,
                              struct wp_error *error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return output_error(error, "write", path, errno);
    int code = finish(fd, bytes, len, sync);
    return code ? output_error(error, "write", path, code) : WP_OK;
}

enum wp_status wp_file_rename(const char *from, const char *to, struct wp_error *error)
{
    if (rename(from, to) != 0)
        return output_error(error, "rename a file to", to, errno);
    return wp_file_sync_folder(to, error);
}

enum wp_status wp_file_read(struct wp_buf *out, const char *path, struct wp_error *error)
{
    enum wp_status status = WP_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) {
        status = wp_fail(error, WP_INPUT, "file", "cannot read '%s': %s", path, strerror(errno));
        goto out;
    }
    if (!S_ISREG(info.st_mode)) {
        status = wp_fail(error, WP_INPUT, "file", "cannot read '%s': not a regular file", path);
        goto out;
    }
    char block[4096];
    for (;;) {
        ssize_t n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            status = wp_fail(error, WP_INPUT, "file", "cannot read '%s': %s", path, strerror(errno));
            goto out;
        }
        if (n == 0)
            break;
        if (!wp_buf_add(out, block, (size_t)n)) {
            status = out->failed == WP_NOMEM ? wp_fail_nomem(error, "file")
                                             : wp_fail(error, WP_INPUT, "file",
                                                       "'%s' is larger than %zu bytes", path, out->ceiling);
            goto out;
        }
    }
out:
    if (fd >= 0)
        (void)close(fd);
    return status;
}

enum wp_status wp_file_read_at(int fd, void *out, size_t len, uint64_t offset, size_t *got,
                               struct wp_error *error)
{
    size_t done = 0;
    *got = 0;
    while (done < len) {
        ssize_t n = pread(fd, (char *)out + done, len - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return wp_fail(error, WP_INPUT, "source", "reading failed: %s", strerror(errno));
        if (n == 0)
            break;
        done += (size_t)n;
    }
    *got = done;
    return WP_OK;
}
