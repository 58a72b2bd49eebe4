#include "base/file_writer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "base/text.h"

#include "base/banned.h"

static enum wp_status output_error(struct wp_error *error, const char *path, int code)
{
    return wp_fail(error, WP_OUTPUT, "output", "cannot write '%s': %s", path, strerror(code));
}

enum wp_status wp_file_writer_open(struct wp_file_writer *writer, const char *path, enum wp_file_use use,
                                   struct wp_error *error)
{
    char tag[9];
    struct stat info;
    *writer = (struct wp_file_writer){.fd = -1};
    wp_random_hex(tag, sizeof tag);
    if (!wp_text_copy(writer->path, sizeof writer->path, path) ||
        !wp_text_format(writer->temporary, sizeof writer->temporary, "%s.%s.tmp", path, tag))
        return output_error(error, path, ENAMETOOLONG);
    /* A rename would put a file in the place of /dev/stdout, and cut a link off from what it stands for. */
    writer->in_place = use == WP_FILE_SHARED && lstat(path, &info) == 0 && !S_ISREG(info.st_mode);
    if (writer->in_place)
        writer->fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY);
    else
        writer->fd = open(writer->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                          use == WP_FILE_SHARED ? 0666 : 0600);
    if (writer->fd < 0)
        return output_error(error, path, errno);
    writer->open = true;
    return WP_OK;
}

enum wp_status wp_file_writer_add(struct wp_file_writer *writer, const void *bytes, size_t len,
                                  struct wp_error *error)
{
    const char *p = bytes;
    assert(writer->open);
    while (len > 0) {
        ssize_t n = write(writer->fd, p, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return output_error(error, writer->path, errno);
        p += n;
        len -= (size_t)n;
    }
    return WP_OK;
}

enum wp_status wp_file_writer_commit(struct wp_file_writer *writer, struct wp_error *error)
{
    assert(writer->open);
    int code = !writer->in_place && fsync(writer->fd) != 0 ? errno : 0;
    if (close(writer->fd) != 0 && !code)
        code = errno;
    writer->open = false;
    enum wp_status status = code ? output_error(error, writer->path, code) : WP_OK;
    if (writer->in_place)
        return status;
    if (status == WP_OK)
        status = wp_file_rename(writer->temporary, writer->path, error);
    if (status != WP_OK)
        (void)unlink(writer->temporary);
    return status;
}

void wp_file_writer_close(struct wp_file_writer *writer)
{
    if (!writer->open)
        return;
    (void)close(writer->fd);
    if (!writer->in_place)
        (void)unlink(writer->temporary);
    writer->open = false;
}
