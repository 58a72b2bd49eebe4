#include "job/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"

#include "base/banned.h"

#define BLOCK_BYTES ((size_t)256 * 1024)

enum wp_status wp_input_open(int *fd, uint64_t *size, const char *path, struct wp_error *error)
{
    struct stat info;
    /* O_NONBLOCK: a FIFO must not hold us up before we see what it is. */
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0 || fstat(*fd, &info) != 0)
        return wp_fail(error, WP_INPUT, "input", "cannot read '%s': %s", path, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return wp_fail(error, WP_INPUT, "input", "cannot read '%s': it is not a regular file", path);
    if (info.st_size <= 0)
        return wp_fail(error, WP_INPUT, "input", "'%s' is empty", path);
    *size = (uint64_t)info.st_size;
    return WP_OK;
}

static enum wp_status hash_all(struct wp_sha256 *hash, int fd, const char *path,
                               const struct wp_client *client, struct wp_error *error)
{
    char *block = wp_malloc(BLOCK_BYTES);
    if (!block)
        return wp_fail_nomem(error, "input");
    enum wp_status status = WP_OK;
    ssize_t n;
    while ((n = read(fd, block, BLOCK_BYTES)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            status = wp_fail(error, WP_INPUT, "input", "cannot read '%s': %s", path, strerror(errno));
            break;
        }
        if (wp_client_interrupted(client)) {
            status = wp_fail(error, WP_INTERRUPTED, "input", "interrupted while reading '%s'", path);
            break;
        }
        wp_sha256_add(hash, block, (size_t)n);
    }
    wp_free(block);
    return status;
}

enum wp_status wp_input_hash(wp_sha256_hex out, const char *path, const struct wp_client *client,
                             struct wp_error *error)
{
    int fd = -1;
    uint64_t size = 0;
    struct wp_sha256 *hash = wp_sha256_new();
    enum wp_status status = hash ? wp_input_open(&fd, &size, path, error) : wp_fail_nomem(error, "input");
    if (status == WP_OK)
        status = hash_all(hash, fd, path, client, error);
    if (status == WP_OK)
        wp_sha256_end(hash, out);
    wp_sha256_free(hash);
    if (fd >= 0)
        (void)close(fd);
    return status;
}
