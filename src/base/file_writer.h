/* Files that are written piece by piece, and are whole or as they were before. */
#ifndef WP_BASE_FILE_WRITER_H
#define WP_BASE_FILE_WRITER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "wanprep/status.h"

/** Whose a file is. */
enum wp_file_use {
    WP_FILE_PRIVATE, /**< ours: mode 0600, and whatever has its name gives way */
    WP_FILE_SHARED, /**< the user's: as the umask says; a device, a pipe or a symbolic link is written through
                     */
};

/** A file that is being written. Zero is one that is not open. */
struct wp_file_writer {
    bool open;
    bool in_place; /**< written through: there is no temporary file */
    int fd;
    char path[PATH_MAX];
    char temporary[PATH_MAX];
};

/** Opens a temporary file beside path, which is untouched until wp_file_writer_commit() unless it is written
 * through. Fails with WP_OUTPUT. */
enum wp_status wp_file_writer_open(struct wp_file_writer *writer, const char *path, enum wp_file_use use,
                                   struct wp_error *error);

/** Writes all of bytes. Fails with WP_OUTPUT; the file can then only be closed. */
enum wp_status wp_file_writer_add(struct wp_file_writer *writer, const void *bytes, size_t len,
                                  struct wp_error *error);

/** Syncs the file, puts it in its place and closes it. Fails with WP_OUTPUT; nothing is then left behind. */
enum wp_status wp_file_writer_commit(struct wp_file_writer *writer, struct wp_error *error);

/** Closes and removes a file that was not committed. Fine on one that is not open. */
void wp_file_writer_close(struct wp_file_writer *writer);

#endif
