/* One request of a source, as the answer comes in: it must be what was asked for, and fit those before it. */
#ifndef WP_SOURCE_REPLY_H
#define WP_SOURCE_REPLY_H

#include "source/fetch.h"

struct wp_reply {
    struct wp_fetch *fetch;
    struct wp_fetch_part *part;
    struct wp_http_answer answer;
    bool begun;   /**< the headers were looked at, and are fine */
    uint64_t due; /**< bytes that the answer will hold; UINT64_MAX: not known */
    uint64_t got;
    enum wp_status status; /**< why the sink said no */
    struct wp_error *error;
};

/** struct wp_http_request's sink; user is the reply. */
bool wp_reply_sink(void *user, const void *bytes, size_t len);

/** Judges a complete answer 200 or 206. */
enum wp_status wp_reply_finish(struct wp_reply *reply);

/** An answer that says that the file is empty. */
enum wp_status wp_reply_empty(struct wp_reply *reply);

#endif
