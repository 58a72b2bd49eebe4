/* Requests for the bytes of one URL: redirects, checks that the answers fit together, and what they tell. */
#ifndef WP_SOURCE_FETCH_H
#define WP_SOURCE_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/http.h"
#include "source/source.h"
#include "source/spool.h"

/** All requests of one source. */
struct wp_fetch {
    struct wp_http_session *session; /**< owned */
    struct wp_delivery_facts *facts; /**< borrowed */
    struct wp_http_options options;  /**< with the defaults filled in */
    int64_t deadline_ms;             /**< of options.clock */
    int64_t waited_us;               /**< for redirects, before the first byte of the file */
    int64_t body_us;                 /**< in which media bytes came … */
    uint64_t body_bytes;             /**< … so many */
    bool is_known;                   /**< there was a good answer: size and marks count */
    uint64_t size;                   /**< of the whole file */
    char last_modified[64];
    char date[64];                        /**< the server's clock at the first answer */
    char url[2048];                       /**< where the last answer came from */
    char visited[WP_MAX_REDIRECTS][2048]; /**< URLs that led elsewhere */
};

/** Bytes to get, and where they go. */
struct wp_fetch_part {
    uint64_t first;
    uint64_t want;          /**< at least 1; UINT64_MAX: to the end of the file */
    unsigned char *out;     /**< room for want bytes; not used where want is UINT64_MAX */
    struct wp_spool *spool; /**< takes a file that comes whole; NULL: it must not */
    size_t got;             /**< bytes in out */
};

/** Begins. url is copied. fetch is cleared with wp_fetch_end() in every case. Fails with WP_NOMEM. */
enum wp_status wp_fetch_begin(struct wp_fetch *fetch, const char *url, struct wp_delivery_facts *facts,
                              const struct wp_http_options *options, struct wp_error *error);

/**
 * Gets a part. WP_OK: it is in part->out (as much of it as the file has), or part->spool holds the whole
 * file. An answer that will not do is WP_NETWORK: facts->trouble says what is wrong. Also fails with WP_NOMEM
 * or WP_OUTPUT.
 */
enum wp_status wp_fetch_get(struct wp_fetch *fetch, struct wp_fetch_part *part, struct wp_error *error);

void wp_fetch_end(struct wp_fetch *fetch);

/** Notes what is wrong; the first trouble stays. Always WP_NETWORK. */
enum wp_status wp_fetch_trouble(struct wp_fetch *fetch, enum wp_delivery_trouble kind, const char *format,
                                ...) __attribute__((format(printf, 3, 4)));

/** Notes that the file is over options.max_bytes. Always WP_NETWORK. */
enum wp_status wp_fetch_too_large(struct wp_fetch *fetch);

/** Notes why there is no complete answer. Always WP_NETWORK. */
enum wp_status wp_fetch_explain(struct wp_fetch *fetch, const struct wp_http_answer *answer);

#endif
