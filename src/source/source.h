/* Where the bytes of an input come from. */
#ifndef WP_SOURCE_SOURCE_H
#define WP_SOURCE_SOURCE_H

#include "base/reader.h"
#include "wanprep/facts.h"

/** An open input. */
struct wp_source;

/**
 * What a location is: fills kind, extension and the URL facts. Touches neither disk nor network. location may
 * be anything that a user typed.
 */
void wp_source_describe(struct wp_source_facts *facts, const char *location);

/**
 * Opens a local file for reading: follows symbolic links, never blocks (FIFOs and devices are refused, and so
 * are folders and sockets). Needs wp_source_describe() before; sets facts->state and facts->reason.
 *
 * WP_OK: *out is open if facts->state is WP_SOURCE_READ, else NULL. WP_NOMEM: out of memory.
 */
enum wp_status wp_source_open_file(struct wp_source **out, struct wp_source_facts *facts,
                                   struct wp_error *error);

/** The bytes of the source. Borrowed until it is closed. */
const struct wp_reader *wp_source_reader(const struct wp_source *source);

/**
 * A descriptor, open for reading, of a regular file that has just the bytes of the source; -1 if there is
 * none. Borrowed until it is closed.
 */
int wp_source_fd(const struct wp_source *source);

/** Closes a source. NULL is fine. */
void wp_source_close(struct wp_source *source);

#endif
