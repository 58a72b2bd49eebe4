/* Filling a struct wp_error. */
#ifndef WP_BASE_ERROR_H
#define WP_BASE_ERROR_H

#include "wanprep/status.h"

/** Fills *error (NULL is fine) with a formatted sentence, control bytes removed, and returns status. */
enum wp_status wp_fail(struct wp_error *error, enum wp_status status, const char *where, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));

/** wp_fail() for a failed allocation: formats nothing. */
enum wp_status wp_fail_nomem(struct wp_error *error, const char *where);

#endif
