/*
 * One HTTP request. The only room that sees libcurl. TLS is always verified; redirects are never followed; no
 * cookies, no .netrc, no content encodings.
 *
 * Proxies: https to a host that is not loopback goes through the proxy of the environment as libcurl reads it
 * (https_proxy, all_proxy, no_proxy); plain http and loopback never do. Behind a proxy the address that the
 * proxy connects to is not seen, so `reach` then judges only addresses that stand in the URL itself, and the
 * rest is the proxy's business. (A SOCKS proxy must have an address that `reach` allows.)
 *
 * A POST always has a connection of its own and is never repeated by libcurl; a GET may use a connection
 * again, and is then repeated once if that turns out to be dead.
 */
#ifndef WP_NET_HTTP_H
#define WP_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wanprep/client.h"
#include "wanprep/log.h"
#include "wanprep/status.h"

/** A session keeps connections for reuse. One thread at a time, and freed when no request is out: both are
 * asserted. libcurl is initialised with the first session. */
struct wp_http_session;
enum wp_status wp_http_session_new(struct wp_http_session **out, const struct wp_log *log,
                                   struct wp_error *error);
void wp_http_session_free(struct wp_http_session *session);

/** Performs all later requests of the session on the loop (see net/loop.h), together with those of other
 * sessions; NULL: on the caller's thread again. No request may be out. */
struct wp_http_loop;
void wp_http_session_join(struct wp_http_session *session, struct wp_http_loop *loop);

/** Which addresses may be connected to; judged on the address that is really used, before any byte is sent.
 */
enum wp_http_reach {
    WP_REACH_PUBLIC,   /**< public addresses alone */
    WP_REACH_ANY,      /**< wherever the URL leads: for a base URL that the user set */
    WP_REACH_LOOPBACK, /**< loopback alone: what an emulator names */
};

/** A part of a multipart/form-data body, sent in the order given. */
struct wp_http_part {
    const char *name;
    const char *value;     /**< text; NULL: a file's bytes come from read */
    const char *file_name; /**< with read: the part's filename */
    const char *content_type;
    uint64_t size; /**< with read: exactly how many bytes it gives */
    /** Gives up to len further bytes; the number, 0 at the end, or -1 to abort the request. */
    int64_t (*read)(void *user, void *out, size_t len);
    void *user;
};

struct wp_http_request {
    const char *method;         /**< "GET" or "POST" */
    const char *url;            /**< sent byte for byte as given */
    const char *const *headers; /**< "Name: value" lines, NULL-terminated; NULL: none */
    const char *body;           /**< NULL: none */
    size_t body_len;
    const struct wp_http_part *parts; /**< with part_count > 0: a multipart body */
    size_t part_count;
    enum wp_http_reach reach;
    size_t max_body; /**< ceiling of the answer's body that is kept in memory */
    /**
     * Takes the body of a 200 or 206 answer as it comes, in place of memory. headers are complete by then
     * (*answer). False aborts the request.
     */
    bool (*sink)(void *user, const void *bytes, size_t len);
    void *sink_user;
    uint64_t max_sink;          /**< ceiling of the bytes given to sink */
    int64_t connect_timeout_ms; /**< 0: 10 s */
    int64_t timeout_ms;         /**< of the whole request; 0: 60 s */
    int64_t not_after_ms; /**< no byte is sent after this, by boot_ms of the system's clock; 0: whenever */
    int64_t first_byte_timeout_ms; /**< until the first byte of the answer, connecting included; 0: none */
    int64_t stall_timeout_ms; /**< gives up when under 1 kB/s for so long, counted from the first byte of the
                                 answer where that has a timeout; 0: 30 s with parts or sink, else never */
    void (*progress)(void *user, uint64_t done, uint64_t total); /**< of the upload; NULL: none */
    void *progress_user;
    wp_interrupted_fn *interrupted;
    void *interrupted_user;
};

/** How far a request came. Decides whether the service may have acted on it. */
enum wp_http_stage {
    WP_STAGE_NOT_SENT, /**< not a byte of the request left: bad URL, no address, no connection, TLS failed,
                          refused by policy */
    WP_STAGE_SENT,     /**< bytes of it may have arrived, but there is no complete answer */
    WP_STAGE_ANSWERED, /**< a complete answer: status, headers, body */
};

/** Why there is no complete answer, for who must tell the causes apart. */
enum wp_http_fault {
    WP_FAULT_NONE,
    WP_FAULT_REQUEST, /**< the request itself is no good: no URL, a user name in it, … */
    WP_FAULT_HOST,    /**< the name does not resolve */
    WP_FAULT_CONNECT, /**< refused, reset, timed out while connecting, TLS failed, or silence was all there
                         was */
    WP_FAULT_REACH,   /**< the address is not one of request->reach; nothing was sent */
    WP_FAULT_TIMEOUT, /**< connected, but too slow */
    WP_FAULT_CUT,     /**< the answer ended early, or is no HTTP */
    WP_FAULT_CEILING, /**< the answer is larger than the request allows */
    WP_FAULT_STOPPED, /**< by a callback of the caller, or memory is out */
};

struct wp_http_answer {
    enum wp_http_stage stage;
    enum wp_http_fault fault;
    char fault_reason[256]; /**< a clause for people, with fault */
    long status;            /**< HTTP status; 0 before there is one */
    struct wp_buf body;     /**< of answers that did not go to sink */
    char content_type[128];
    char content_encoding[32];
    char etag[256]; /**< "" if none */
    char last_modified[64];
    char content_range[96];
    char retry_after[64];
    char location[2048];
    char date[64];
    bool has_content_length;
    uint64_t content_length;
    uint64_t sink_bytes;
    int64_t elapsed_ms;
    bool has_first_byte;
    int64_t first_byte_us; /**< from the begin of the request to the first byte of the answer */
    int64_t body_us;       /**< from there to the end of what came */
    char peer[64];         /**< numeric address that was connected to (a proxy's, behind one); "" if none */
    bool proxied;          /**< through a proxy: peer says nothing about the host of the URL */
};

/**
 * Performs a request. The callbacks of the request and of the session's log run on this thread, or, where the
 * session joined a loop, on the loop's while this one waits. WP_OK whenever there is a complete answer,
 * whatever its HTTP status. Else WP_NETWORK, WP_INTERRUPTED (by interrupted), WP_OUTPUT (sink said no),
 * WP_INPUT (a part's read said no), WP_NOMEM, WP_USAGE, and answer->stage tells what may have happened.
 * *answer is always filled; free it with wp_http_answer_free().
 */
enum wp_status wp_http_perform(struct wp_http_session *session, const struct wp_http_request *request,
                               struct wp_http_answer *answer, struct wp_error *error);
void wp_http_answer_free(struct wp_http_answer *answer);

#endif
