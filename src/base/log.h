/* Writing log lines. */
#ifndef WP_BASE_LOG_H
#define WP_BASE_LOG_H

#include <stdbool.h>

#include "wanprep/log.h"

/** Whether a line of this level would be taken. */
bool wp_log_wants(const struct wp_log *log, enum wp_log_level level);

/** Formats a line, replaces control bytes, hides secrets (see wp_redact) and hands it over. log NULL drops
 * it. */
void wp_log_line(const struct wp_log *log, enum wp_log_level level, const char *room, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/**
 * Hides secrets in text, in place: what follows "Bearer ", keys of the form "sk-…", and the values of the
 * query parameters and form fields that sign or authorise (Signature, OSSAccessKeyId, policy, security-token,
 * X-Amz-…, X-Goog-…, sig, token, …). The hidden part becomes "***" or is overwritten with '*'. Never makes
 * text longer.
 */
void wp_redact(char *text);

#endif
