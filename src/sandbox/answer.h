/* What a request is answered with, and in which manner it is sent. */
#ifndef WP_SANDBOX_ANSWER_H
#define WP_SANDBOX_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sandbox/request.h"
#include "json/json.h"

/** How an answer goes out; anything but SB_SEND_WHOLE is a fault. */
enum sb_delivery {
    SB_SEND_WHOLE,
    SB_SEND_TRUNCATED,    /**< the connection ends after limit bytes of the body */
    SB_SEND_WRONG_LENGTH, /**< Content-Length is limit: the body seems whole but is not, or ends early */
    SB_SEND_DRIPPING,     /**< one byte of the body every drip_ms */
    SB_SEND_NOTHING,      /**< the connection is reset */
};

struct sb_answer {
    unsigned status;
    const char *type; /**< Content-Type; static storage; NULL: none */
    struct wp_buf body;
    const char *bytes; /**< if set, the body is these borrowed bytes */
    size_t len;
    struct {
        const char *name; /**< static storage */
        char value[128];
    } headers[8];
    size_t header_count;
    enum sb_delivery delivery;
    uint64_t limit;
    int64_t delay_ms; /**< sent this much later */
    int64_t away_ms;  /**< afterwards no connection is taken for so long */
    int64_t drip_ms;
    /** Set by who sends: whether the next byte of a dripping body may go; if not, the connection was
     * suspended. */
    bool (*may_drip)(void *user);
    void *drip_user;
};

struct sb_answer sb_answer_new(void);
void sb_answer_free(struct sb_answer *answer);

/** Forgets all but the headers' room: back to the state of sb_answer_new(), memory kept. */
void sb_answer_clear(struct sb_answer *answer);

/** Adds a header; name must be static. */
void sb_answer_header(struct sb_answer *answer, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Begins a 200 answer in JSON: the document's object is open. End it with sb_answer_json_end(). */
struct wp_json_writer sb_answer_json(struct sb_answer *answer);

/** Writes request_id, closes the object. An answer that did not fit into memory becomes a 500. */
void sb_answer_json_end(struct sb_answer *answer, struct wp_json_writer *writer, const char *request_id);

/**
 * Makes the answer a refusal in the words of whom it comes from: {"code", "message", "request_id"} from the
 * API, <Error><Code/><Message/><RequestId/></Error> from the object storage.
 */
void sb_refuse(struct sb_answer *answer, const struct sb_request *request, unsigned status, const char *code,
               const char *format, ...) __attribute__((format(printf, 5, 6)));

/** Makes the answer an HTML page as a proxy in between sends it. */
void sb_answer_html(struct sb_answer *answer, unsigned status, const char *reason);

/** The bytes of the body, wherever they are. */
const char *sb_answer_bytes(const struct sb_answer *answer, size_t *len);

#endif
