#include "store/lock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

#include "base/banned.h"

#define KEY_DIGITS 15

/* The first 60 bits of a key: a place in the file that is never written, only locked. */
static off_t place_of(const char *hex_key)
{
    static const char digits[] = "0123456789abcdef";
    off_t place = 0;
    for (int i = 0; i < KEY_DIGITS; i++) {
        const char *digit = hex_key[i] ? strchr(digits, hex_key[i]) : NULL;
        assert(digit); /* keys are made by us */
        place = place * 16 + (off_t)(digit - digits);
    }
    return place;
}

enum wp_status wp_lock_try(struct wp_lock *out, const char *path, const char *hex_key, bool *taken,
                           struct wp_error *error)
{
    *taken = false;
    out->fd = -1;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return wp_fail(error, WP_OUTPUT, "lock", "cannot open '%s': %s", path, strerror(errno));
    /* fcntl(2), open file description locks: l_pid must be 0; they end with the last close, also by SIGKILL.
     */
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = place_of(hex_key), .l_len = 1};
    if (fcntl(fd, F_OFD_SETLK, &lock) == 0) {
        out->fd = fd;
        *taken = true;
        return WP_OK;
    }
    int code = errno;
    (void)close(fd);
    if (code == EAGAIN || code == EACCES)
        return WP_OK;
    return wp_fail(error, WP_OUTPUT, "lock",
                   "cannot lock '%s': %s; put the output folder on a file system with byte-range locks", path,
                   strerror(code));
}

void wp_lock_release(struct wp_lock *lock)
{
    if (lock->fd >= 0)
        (void)close(lock->fd);
    lock->fd = -1;
}
