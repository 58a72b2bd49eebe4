/*
 * Logging: the library never prints; it hands lines to a function of the caller.
 */
#ifndef WANPREP_LOG_H
#define WANPREP_LOG_H

#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum wp_log_level {
    WP_LOG_ERROR,
    WP_LOG_WARN,
    WP_LOG_INFO,
    WP_LOG_DEBUG,
};

/**
 * Takes one line without a newline, free of control bytes and of secrets. May be called from any thread that
 * is inside a call of the library, and from the library's own threads while such a call lasts. room is e.g.
 * "media"; static storage.
 */
typedef void wp_log_fn(void *user, enum wp_log_level level, const char *room, const char *line);

/** Where log lines go. A zero struct logs nothing. */
struct wp_log {
    wp_log_fn *fn;
    void *user;
    enum wp_log_level level; /**< lines above this level are dropped */
};

#ifdef __cplusplus
}
#endif
#endif
