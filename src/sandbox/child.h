/* The command that runs against the sandbox. */
#ifndef WP_SANDBOX_CHILD_H
#define WP_SANDBOX_CHILD_H

#include <sys/types.h>

#include "wanprep/status.h"

/**
 * Starts command (NULL-terminated, looked up in PATH) with the signals as the sandbox found them, and with
 * DASHSCOPE_BASE_URL, DASHSCOPE_API_KEY and WANPREP_SANDBOX_URL set. Fails with WP_INPUT or WP_NOMEM.
 */
enum wp_status sb_child_start(pid_t *out, char **command, const char *root, const char *api_key,
                              struct wp_error *error);

/** Asks whether it has ended, without waiting. Its exit code, 128 + N where signal N ended it; -1: it runs.
 */
int sb_child_exit_code(pid_t pid);

#endif
