#include "store/lock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

#include "base/banned.h"

#define NAME_DIGITS 15

/* The first 60 bits of a name: a place in the file that is never written, only locked. */
static int64_t place_of(const char *name)
{
    static const char digits[] = "0123456789abcdef";
    int64_t place = 0;
    for (int i = 0; i < NAME_DIGITS; i++) {
        const char *digit = name[i] ? strchr(digits, name[i]) : NULL;
        assert(digit); /* names are made by us */
        place = place * 16 + (digit - digits);
    }
    return place;
}

bool wp_lock_file_init(struct wp_lock_file *file, const char *database)
{
    size_t stem = strlen(database) - (wp_text_ends(database, ".db") ? 3 : 0);
    *file = (struct wp_lock_file){.fd = -1};
    return wp_text_format(file->path, sizeof file->path, "%.*s.lock", (int)stem, database);
}

/* Open file description locks, fcntl(2): l_pid must be 0; they end with the last close, also by SIGKILL. */
static int set_lock(const struct wp_lock_file *file, int64_t place, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = place, .l_len = 1};
    return fcntl(file->fd, F_OFD_SETLK, &lock) == 0 ? 0 : errno;
}

static enum wp_status open_file(struct wp_lock_file *file, struct wp_error *error)
{
    if (file->fd < 0)
        file->fd = open(file->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return file->fd >= 0
               ? WP_OK
               : wp_fail(error, WP_OUTPUT, "lock", "cannot open '%s': %s", file->path, strerror(errno));
}

static bool make_room(struct wp_lock_file *file)
{
    if (file->count < file->cap)
        return true;
    size_t cap = file->cap ? file->cap * 2 : 16;
    int64_t *held = wp_realloc(file->held, cap * sizeof *held);
    if (!held)
        return false;
    file->held = held;
    file->cap = cap;
    return true;
}

static size_t find_held(const struct wp_lock_file *file, int64_t place)
{
    size_t i = 0;
    while (i < file->count && file->held[i] != place)
        i++;
    return i;
}

enum wp_status wp_lock_file_take(struct wp_lock_file *file, const char *name, bool *taken,
                                 struct wp_error *error)
{
    int64_t place = place_of(name);
    *taken = false;
    if (find_held(file, place) < file->count)
        return WP_OK;
    if (!make_room(file))
        return wp_fail_nomem(error, "lock");
    enum wp_status status = open_file(file, error);
    if (status != WP_OK)
        return status;
    int code = set_lock(file, place, F_WRLCK);
    if (code == 0) {
        file->held[file->count++] = place;
        *taken = true;
    }
    if (code == 0 || code == EAGAIN || code == EACCES)
        return WP_OK;
    return wp_fail(error, WP_OUTPUT, "lock",
                   "cannot lock '%s': %s; put the output folder on a file system with byte-range locks",
                   file->path, strerror(code));
}

void wp_lock_file_release(struct wp_lock_file *file, const char *name)
{
    int64_t place = place_of(name);
    size_t at = find_held(file, place);
    assert(at < file->count);
    file->held[at] = file->held[--file->count];
    (void)set_lock(file, place, F_UNLCK); /* fails only for want of kernel memory; then the close does it */
}

void wp_lock_file_close(struct wp_lock_file *file)
{
    if (file->fd >= 0)
        (void)close(file->fd);
    wp_free(file->held);
    *file = (struct wp_lock_file){.fd = -1};
}
