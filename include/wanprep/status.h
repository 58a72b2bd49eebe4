/*
 * Statuses, errors and exit codes.
 *
 * Every call that can fail returns an enum wp_status and, when it fails, fills the struct wp_error that the
 * caller owns. On success the error is left as it was. There is no global last error. Passing a NULL error is
 * fine.
 */
#ifndef WANPREP_STATUS_H
#define WANPREP_STATUS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Marks what the library exports. */
#if defined(__GNUC__)
#define WP_API __attribute__((visibility("default")))
#else
#define WP_API
#endif

/** What came of a call. The list is in status.def; values never change. */
enum wp_status {
#define WP_STATUS(name, value, exit_code, sentence) WP_##name = (value),
#include "wanprep/status.def"
#undef WP_STATUS
};

/** Why a call failed. Plain data, owned by the caller, nothing in it to free. */
struct wp_error {
    enum wp_status status;
    char where[48];    /**< the part that failed, e.g. "upload" or "probe" */
    char message[768]; /**< one sentence for people: the thing, the measured value, the limit, the way out */
};

/** The sentence of a status, e.g. "an input could not be read". Static storage. */
WP_API const char *wp_status_text(enum wp_status status);

/** The name of a status as it stands in status.def, e.g. "INPUT". Static storage. */
WP_API const char *wp_status_name(enum wp_status status);

/** The exit code that the command line gives for a status (see docs/exit-codes.md). */
WP_API int wp_status_exit_code(enum wp_status status);

/** Frees memory that a function of this library allocated for the caller. NULL is fine. */
WP_API void wp_free(void *memory);

/** The version of the library, e.g. "0.1.0". Static storage. */
WP_API const char *wp_version(void);

#ifdef __cplusplus
}
#endif
#endif
