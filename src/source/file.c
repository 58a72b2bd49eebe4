#include "source/open.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

#include "base/banned.h"

static void close_file(struct wp_source *source)
{
    (void)close(source->fd);
    wp_free(source);
}

/* Why this is no file that can be probed; NULL if it is one. */
static const char *refusal(const struct stat *info)
{
    switch (info->st_mode & S_IFMT) {
    case S_IFREG:
        return NULL;
    case S_IFDIR:
        return "it is a folder, not a file";
    case S_IFIFO:
        return "it is a named pipe; only regular files can be checked";
    case S_IFSOCK:
        return "it is a socket; only regular files can be checked";
    default:
        return "it is a device; only regular files can be checked";
    }
}

static void unavailable(struct wp_source_facts *facts, const char *reason)
{
    facts->state = WP_SOURCE_UNAVAILABLE;
    wp_text_copy(facts->reason, sizeof facts->reason, reason);
}

enum wp_status wp_source_open_file(struct wp_source **out, struct wp_source_facts *facts,
                                   struct wp_error *error)
{
    *out = NULL;
    if (facts->state == WP_SOURCE_UNAVAILABLE)
        return WP_OK;
    struct stat info;
    /* O_NONBLOCK: opening a FIFO without a writer must not wait. */
    int fd = open(facts->location, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &info) != 0) {
        unavailable(facts,
                    errno == ENXIO ? "it is a socket; only regular files can be checked" : strerror(errno));
        goto out;
    }
    const char *reason = refusal(&info);
    if (reason) {
        unavailable(facts, reason);
        goto out;
    }
    struct wp_source *source = wp_calloc(1, sizeof *source);
    if (!source) {
        (void)close(fd);
        return wp_fail_nomem(error, "source");
    }
    *source = (struct wp_source){
        .reader = {.size = (uint64_t)info.st_size, .read_at = wp_source_read_fd, .user = source},
        .fd = fd,
        .close = close_file};
    facts->state = WP_SOURCE_READ;
    *out = source;
    return WP_OK;
out:
    if (fd >= 0)
        (void)close(fd);
    return WP_OK;
}
