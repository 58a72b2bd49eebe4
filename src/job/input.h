/* A local input: a regular file that is read once for its hash and once for the upload. */
#ifndef WP_JOB_INPUT_H
#define WP_JOB_INPUT_H

#include <stdint.h>

#include "base/sha256.h"
#include "job/client.h"
#include "wanprep/status.h"

/* Opens a regular file that is not empty. *fd is closed by the caller. Fails with WP_INPUT. */
enum wp_status wp_input_open(int *fd, uint64_t *size, const char *path, struct wp_error *error);

/* Hashes a file. WP_INPUT, WP_INTERRUPTED, WP_NOMEM. */
enum wp_status wp_input_hash(wp_sha256_hex out, const char *path, const struct wp_client *client,
                             struct wp_error *error);

#endif
