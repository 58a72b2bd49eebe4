/* Locks between processes, and between holders within one, that vanish with their holder. */
#ifndef WP_STORE_LOCK_H
#define WP_STORE_LOCK_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/status.h"

/* A file of which single bytes are locked, by one open file description: a lock costs no descriptor. One
 * thread at a time. */
struct wp_lock_file {
    char path[PATH_MAX];
    int fd;        /* -1: not open yet */
    int64_t *held; /* the places that this description holds: the kernel would give them to it again */
    size_t count, cap;
};

/* The file beside a database: its path with .lock in place of .db. Opens nothing. False: the path is too
 * long. */
bool wp_lock_file_init(struct wp_lock_file *file, const char *database);

/* Tries to lock the byte that the first 15 hex digits of name tell. Fails with WP_OUTPUT, WP_NOMEM. */
enum wp_status wp_lock_file_take(struct wp_lock_file *file, const char *name, bool *taken,
                                 struct wp_error *error);

/* Releases a lock that is held. */
void wp_lock_file_release(struct wp_lock_file *file, const char *name);

/* Releases all. */
void wp_lock_file_close(struct wp_lock_file *file);

#endif
