/*
 * FFmpeg's log lines, into ours.
 *
 * This is the one process-wide side effect of the library: the first wp_media_log_begin() replaces FFmpeg's
 * log callback for good, so that FFmpeg never writes to stderr. Lines that come from a thread that is not
 * between begin and end (also those of FFmpeg's own decoding threads) are dropped.
 */
#ifndef WP_MEDIA_LOG_BRIDGE_H
#define WP_MEDIA_LOG_BRIDGE_H

#include "wanprep/log.h"

/**
 * From now on what FFmpeg logs in this thread goes to log (NULL: nowhere), with room "media". log is borrowed
 * until wp_media_log_end(). Does not nest.
 */
void wp_media_log_begin(const struct wp_log *log);

/** Ends what wp_media_log_begin() began. */
void wp_media_log_end(void);

#endif
