/* Where the bytes of an input come from. */
#ifndef WP_SOURCE_SOURCE_H
#define WP_SOURCE_SOURCE_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/reader.h"
#include "wanprep/client.h"
#include "wanprep/facts.h"
#include "wanprep/log.h"

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

#define WP_HTTP_TOTAL_MS 60000

/** How a URL is read. */
struct wp_http_options {
    bool whole;                     /**< everything will be read: fetch it at once */
    bool allow_private;             /**< connect to any address */
    uint64_t max_bytes;             /**< a file that must be fetched whole is given up at this size */
    int64_t total_ms;               /**< for all requests of the source together; 0: WP_HTTP_TOTAL_MS */
    int64_t first_byte_ms;          /**< until an answer begins; 0: 15 s */
    int64_t stall_ms;               /**< under 1 kB/s for so long; 0: 10 s */
    const struct wp_clock *clock;   /**< NULL: the system's */
    wp_interrupted_fn *interrupted; /**< true gives up; NULL: never */
    void *interrupted_user;
    const struct wp_log *log; /**< NULL: none */
};

/**
 * Opens an http(s) URL: by ranges through a cache of blocks, or whole in a temporary file without a name
 * where all of it is wanted or the server gives no ranges. Redirects are followed, up to WP_MAX_REDIRECTS.
 * Needs wp_source_describe() before; sets facts->state and facts->reason, and *delivery, which reads fill
 * further until the source is closed. A URL that must not be asked for (a password in it, too long) stays
 * WP_SOURCE_UNMEASURED.
 *
 * A read that fails leaves its reason in delivery->trouble, and all that follow fail as well. WP_OK: *out is
 * open if facts->state is WP_SOURCE_READ, else NULL. Fails with WP_NOMEM or WP_OUTPUT (no room for the
 * temporary file).
 */
enum wp_status wp_source_open_http(struct wp_source **out, struct wp_source_facts *facts,
                                   struct wp_delivery_facts *delivery, const struct wp_http_options *options,
                                   struct wp_error *error);

#define WP_MAX_REDIRECTS 5

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
