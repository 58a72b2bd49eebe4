/* Locks between processes that vanish with their holder. */
#ifndef WP_STORE_LOCK_H
#define WP_STORE_LOCK_H

#include <stdbool.h>

#include "wanprep/status.h"

/** A lock on one key within a lock file: an open-file-description lock on one byte, chosen by the key's first
 * 15 hex digits. */
struct wp_lock {
    int fd; /**< -1: not held */
};

/** Tries to take the lock; *taken is false where another holder (process or not) has it. Fails with
 * WP_OUTPUT. */
enum wp_status wp_lock_try(struct wp_lock *out, const char *path, const char *hex_key, bool *taken,
                           struct wp_error *error);

/** Releases a lock. A zero-initialised struct is not valid; one with fd -1 is fine. */
void wp_lock_release(struct wp_lock *lock);

#endif
