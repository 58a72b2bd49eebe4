/*
 * Buckets in a file: one file for each account, a slot for each call. The moments are those of the clock that
 * counts from the start of the machine, so they are worth nothing after the next start: the file says which
 * one it was, and begins anew.
 */
#include "store/buckets.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

#include "base/banned.h"

#define LOCK_TRIES    200
#define LOCK_PAUSE_MS 1

struct image {
    char boot_id[40]; /* of the machine's start */
    int64_t full_us[WP_LIMITS];
};

struct file_buckets {
    int fd;
    char boot_id[40];
};

/* "" where the kernel does not tell: then the moments' own sanity has to do. */
static void read_boot_id(char out[40])
{
    memset(out, 0, 40);
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    if (read(fd, out, 36) != 36)
        memset(out, 0, 40);
    (void)close(fd);
}

/* The folder must be ours alone: in a place like /tmp others could have made it. */
static int open_folder(const char *dir, struct wp_error *error)
{
    struct stat info;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        (void)wp_fail(error, WP_OUTPUT, "limiter", "cannot make '%s': %s", dir, strerror(errno));
        return -1;
    }
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) {
        (void)wp_fail(error, WP_OUTPUT, "limiter", "cannot open the folder '%s': %s", dir, strerror(errno));
        return -1;
    }
    if (fstat(folder, &info) != 0 || info.st_uid != geteuid() || info.st_mode & (S_IWGRP | S_IWOTH)) {
        (void)wp_fail(error, WP_OUTPUT, "limiter", "'%s' is not a folder of this user alone", dir);
        (void)close(folder);
        return -1;
    }
    return folder;
}

static int open_file(const char *dir, const char *account, struct wp_error *error)
{
    char name[160];
    struct stat info;
    int folder = open_folder(dir, error);
    if (folder < 0)
        return -1;
    (void)wp_text_format(name, sizeof name, "limits-1-%s", account);
    int fd = openat(folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    (void)close(folder);
    if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
        return fd;
    (void)wp_fail(error, WP_OUTPUT, "limiter", "cannot open '%s/%s': %s", dir, name,
                  fd < 0 ? strerror(errno) : "it is no file");
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

void *wp_file_buckets_open(const char *dir, const char *account, struct wp_error *error)
{
    int fd = open_file(dir, account, error);
    if (fd < 0)
        return NULL;
    struct file_buckets *buckets = wp_calloc(1, sizeof *buckets);
    if (!buckets) {
        (void)close(fd);
        (void)wp_fail_nomem(error, "limiter");
        return NULL;
    }
    buckets->fd = fd;
    read_boot_id(buckets->boot_id);
    return buckets;
}

static void free_buckets(void *user)
{
    struct file_buckets *buckets = user;
    (void)close(buckets->fd);
    wp_free(buckets);
}

static bool set_lock(int fd, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0};
    return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

/* The lock is held for a read and a write, so one that stays taken is that of a process that was stopped
 * right there. */
static bool lock_file(const struct file_buckets *buckets)
{
    const struct wp_clock *clock = wp_clock_system();
    for (int i = 0; i < LOCK_TRIES; i++) {
        if (set_lock(buckets->fd, F_WRLCK))
            return true;
        if (errno != EAGAIN && errno != EACCES)
            return false;
        clock->sleep_ms(clock->user, LOCK_PAUSE_MS);
    }
    return false;
}

/* What is kept; full buckets where that is nothing, or of another start of the machine. False: it cannot be
 * read. */
static bool read_image(const struct file_buckets *buckets, struct image *image)
{
    ssize_t got = pread(buckets->fd, image, sizeof *image, 0);
    if (got != (ssize_t)sizeof *image ||
        memcmp(image->boot_id, buckets->boot_id, sizeof image->boot_id) != 0) {
        memset(image, 0, sizeof *image);
        memcpy(image->boot_id, buckets->boot_id, sizeof image->boot_id);
    }
    return got >= 0;
}

static bool load(void *user, enum wp_limit limit, const struct wp_clock *clock, int64_t *full_us,
                 int64_t *now_us)
{
    const struct file_buckets *buckets = user;
    struct image image;
    if (!lock_file(buckets))
        return false;
    bool ok = read_image(buckets, &image);
    (void)set_lock(buckets->fd, F_UNLCK);
    *full_us = image.full_us[limit];
    *now_us = clock->boot_ms(clock->user) * 1000;
    return ok;
}

static bool swap(void *user, enum wp_limit limit, int64_t from_us, int64_t to_us, bool *kept)
{
    const struct file_buckets *buckets = user;
    struct image image;
    *kept = false;
    if (!lock_file(buckets))
        return false;
    bool ok = read_image(buckets, &image);
    if (ok && image.full_us[limit] == from_us) {
        image.full_us[limit] = to_us;
        ok = pwrite(buckets->fd, &image, sizeof image, 0) == (ssize_t)sizeof image;
        *kept = ok;
    }
    (void)set_lock(buckets->fd, F_UNLCK);
    return ok;
}

const struct wp_buckets_ops wp_file_buckets_ops = {.load = load, .swap = swap, .free = free_buckets};
