#include "source/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"

#include "base/banned.h"

static int open_in(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    char path[64]; /* the file system has no files without a name: it loses it at once */
    if (!wp_text_format(path, sizeof path, "%s/wanprep-XXXXXX", folder))
        return -1;
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0)
        (void)unlink(path);
    return fd;
}

enum wp_status wp_spool_open(struct wp_spool *out, struct wp_error *error)
{
    *out = (struct wp_spool){.fd = open_in("/var/tmp")};
    if (out->fd < 0)
        out->fd = open_in("/tmp");
    if (out->fd < 0)
        return wp_fail(error, WP_OUTPUT, "source", "no temporary file can be made in /var/tmp or /tmp: %s",
                       strerror(errno));
    return WP_OK;
}

enum wp_status wp_spool_add(struct wp_spool *spool, const void *bytes, size_t len, struct wp_error *error)
{
    const char *rest = bytes;
    while (len > 0) {
        ssize_t n = write(spool->fd, rest, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return wp_fail(error, WP_OUTPUT, "source",
                           "a temporary file in /var/tmp or /tmp cannot be written: %s", strerror(errno));
        rest += n;
        len -= (size_t)n;
        spool->size += (uint64_t)n;
    }
    return WP_OK;
}

void wp_spool_close(struct wp_spool *spool)
{
    if (spool->fd >= 0)
        (void)close(spool->fd);
    *spool = WP_SPOOL_NONE;
}
