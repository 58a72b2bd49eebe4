/* Files that are whole or not there. All files are made with mode 0600 and folders with 0700. */
#ifndef WP_BASE_FILE_H
#define WP_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wanprep/status.h"

/** Makes a folder and those above it. Fails with WP_OUTPUT. */
enum wp_status wp_file_make_dirs(const char *path, struct wp_error *error);

/**
 * Writes a file so that after a crash at any instant either the old or the new content is there: a temporary
 * file beside it, fsync, rename, fsync of the folder. Fails with WP_OUTPUT; the temporary file is then
 * removed.
 */
enum wp_status wp_file_write_atomic(const char *path, const void *bytes, size_t len, struct wp_error *error);

/** Appends to a file, making it if need be; with sync it is on disk when this returns. Fails with WP_OUTPUT.
 */
enum wp_status wp_file_append(const char *path, const void *bytes, size_t len, bool sync,
                              struct wp_error *error);

/** rename() and then fsync() of the folder of to. Fails with WP_OUTPUT. */
enum wp_status wp_file_rename(const char *from, const char *to, struct wp_error *error);

/** Reads a whole regular file onto out, up to out's ceiling. Fails with WP_INPUT (also where it is larger) or
 * WP_NOMEM. */
enum wp_status wp_file_read(struct wp_buf *out, const char *path, struct wp_error *error);

/**
 * Reads up to len bytes at offset of an open file; *got is less only at its end. Fails with WP_INPUT; *got is
 * then 0.
 */
enum wp_status wp_file_read_at(int fd, void *out, size_t len, uint64_t offset, size_t *got,
                               struct wp_error *error);

/** fsync() of the folder that path is in. Fails with WP_OUTPUT. */
enum wp_status wp_file_sync_folder(const char *path, struct wp_error *error);

#endif
