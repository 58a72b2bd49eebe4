#include "net/transfer.h"

#include <curl/header.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

#include "base/banned.h"

enum { MAX_HEADER_BYTES = 64 << 10 }; /* of all headers of an answer together */

void wp_transfer_stop(struct wp_transfer *transfer, enum wp_status status, enum wp_http_fault fault,
                      const char *format, ...)
{
    if (transfer->stopped != WP_OK)
        return;
    transfer->stopped = status;
    transfer->fault = fault;
    va_list args;
    va_start(args, format);
    if (vsnprintf(transfer->reason, sizeof transfer->reason, format, args) < 0)
        transfer->reason[0] = '\0';
    va_end(args);
}

static bool is_reachable(enum wp_http_reach reach, enum wp_address_class kind)
{
    switch (reach) {
    case WP_REACH_ANY:
        return true;
    case WP_REACH_PUBLIC:
        return kind == WP_ADDRESS_PUBLIC;
    case WP_REACH_LOOPBACK:
        return kind == WP_ADDRESS_LOOPBACK;
    }
    return false;
}

/*
 * Called when the connection stands and before the first byte of the request, for reused connections as well.
 * Behind a proxy's CONNECT the address is the proxy's own, so nothing can be learned from it.
 */
static int on_connected(void *user, char *peer, char *local, int peer_port, int local_port)
{
    (void)peer_port;
    (void)local_port;
    struct wp_transfer *transfer = user;
    long connect_code = 0;
    wp_log_line(transfer->log, WP_LOG_DEBUG, "net", "connected from %s to %s", local, peer);
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &connect_code);
    transfer->tunnelled = connect_code != 0;
    transfer->answer->proxied = transfer->tunnelled;
    if (transfer->tunnelled) /* used again it would not tell that it is a tunnel */
        (void)curl_easy_setopt(transfer->easy, CURLOPT_FORBID_REUSE, 1L);
    (void)wp_text_copy(transfer->answer->peer, sizeof transfer->answer->peer, peer);
    if (!transfer->tunnelled && !is_reachable(transfer->request->reach, wp_address_classify(peer))) {
        wp_transfer_stop(transfer, WP_NETWORK, WP_FAULT_REACH, "its address %s is not %s", peer,
                         transfer->request->reach == WP_REACH_PUBLIC ? "public" : "loopback");
        return CURL_PREREQFUNC_ABORT;
    }
    const struct wp_clock *clock = wp_clock_system();
    int64_t not_after_ms = transfer->request->not_after_ms;
    if (not_after_ms && clock->boot_ms(clock->user) > not_after_ms) {
        wp_transfer_stop(transfer, WP_NETWORK, WP_FAULT_STOPPED, "its time was over before it could be sent");
        return CURL_PREREQFUNC_ABORT;
    }
    transfer->may_be_sent = true;
    return CURL_PREREQFUNC_OK;
}

/* libcurl takes the end of the connection for the end of the headers; only the empty line is one. */
static size_t on_header(char *data, size_t size, size_t count, void *user)
{
    struct wp_transfer *transfer = user;
    char *line = data;
    if (!transfer->began && transfer->request->first_byte_timeout_ms > 0)
        (void)curl_easy_setopt(transfer->easy, CURLOPT_LOW_SPEED_TIME, transfer->stall_s);
    transfer->began = true;
    transfer->headers_ended = size * count > 0 && (line[0] == '\r' || line[0] == '\n');
    return size * count;
}

/* A header of the final answer, as it came; "" where there is none, or it is too long: half of one is of no
 * use. */
static void take_raw(struct wp_transfer *transfer, const char *name, char *out, size_t size)
{
    struct curl_header *header = NULL;
    out[0] = '\0';
    if (curl_easy_header(transfer->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return;
    if (!wp_text_copy(out, size, header->value))
        out[0] = '\0';
}

static void take_header(struct wp_transfer *transfer, const char *name, char *out, size_t size)
{
    take_raw(transfer, name, out, size);
    wp_text_sanitize(out);
}

void wp_transfer_take_headers(struct wp_transfer *transfer)
{
    struct wp_http_answer *answer = transfer->answer;
    curl_off_t length = -1;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &answer->status);
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    answer->has_content_length = length >= 0;
    answer->content_length = length >= 0 ? (uint64_t)length : 0;
    take_header(transfer, "Content-Type", answer->content_type, sizeof answer->content_type);
    take_header(transfer, "Content-Encoding", answer->content_encoding, sizeof answer->content_encoding);
    take_header(transfer, "ETag", answer->etag, sizeof answer->etag);
    take_header(transfer, "Last-Modified", answer->last_modified, sizeof answer->last_modified);
    take_header(transfer, "Content-Range", answer->content_range, sizeof answer->content_range);
    take_header(transfer, "Retry-After", answer->retry_after, sizeof answer->retry_after);
    take_raw(transfer, "Location", answer->location, sizeof answer->location);
    take_header(transfer, "Date", answer->date, sizeof answer->date);
}

static bool goes_to_sink(const struct wp_transfer *transfer)
{
    return transfer->request->sink && (transfer->answer->status == 200 || transfer->answer->status == 206);
}

/* Whether `more` bytes fit under the ceiling after `have`. */
static bool fits(struct wp_transfer *transfer, uint64_t have, uint64_t more, uint64_t ceiling)
{
    if (have <= ceiling && more <= ceiling - have)
        return true;
    wp_transfer_stop(transfer, WP_NETWORK, WP_FAULT_CEILING, "its answer is larger than %" PRIu64 " bytes",
                     ceiling);
    return false;
}

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    struct wp_transfer *transfer = user;
    const struct wp_http_request *request = transfer->request;
    struct wp_http_answer *answer = transfer->answer;
    size_t len = size * count;
    if (!transfer->body_began)
        wp_transfer_take_headers(transfer);
    bool to_sink = goes_to_sink(transfer);
    uint64_t have = to_sink ? answer->sink_bytes : answer->body.len;
    uint64_t ceiling = to_sink ? request->max_sink : request->max_body;
    if (!transfer->body_began && !fits(transfer, 0, answer->content_length, ceiling))
        return 0;
    transfer->body_began = true;
    if (!fits(transfer, have, len, ceiling))
        return 0;
    if (to_sink) {
        answer->sink_bytes += len;
        if (request->sink(request->sink_user, data, len))
            return len;
        wp_transfer_stop(transfer, WP_OUTPUT, WP_FAULT_STOPPED, "its answer could not be stored");
        return 0;
    }
    if (wp_buf_add(&answer->body, data, len))
        return len;
    wp_transfer_stop(transfer, WP_NOMEM, WP_FAULT_STOPPED, "out of memory");
    return 0;
}

/* Called often and at least once a second. */
static int on_progress(void *user, curl_off_t to_get, curl_off_t got, curl_off_t to_send, curl_off_t sent)
{
    (void)to_get;
    (void)got;
    struct wp_transfer *transfer = user;
    const struct wp_http_request *request = transfer->request;
    if (request->progress && to_send > 0)
        request->progress(request->progress_user, (uint64_t)sent, (uint64_t)to_send);
    long header_bytes = 0;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_HEADER_SIZE, &header_bytes);
    if (header_bytes > MAX_HEADER_BYTES) {
        wp_transfer_stop(transfer, WP_NETWORK, WP_FAULT_CEILING,
                         "the headers of its answer are larger than %d bytes", MAX_HEADER_BYTES);
        return 1;
    }
    int64_t limit_ms = request->first_byte_timeout_ms;
    if (limit_ms > 0 && !transfer->began && wp_clock_now_us() - transfer->begin_us > limit_ms * 1000) {
        wp_transfer_stop(transfer, WP_NETWORK, transfer->may_be_sent ? WP_FAULT_TIMEOUT : WP_FAULT_CONNECT,
                         "nothing came within %" PRId64 " ms", limit_ms);
        return 1;
    }
    if (!request->interrupted || !request->interrupted(request->interrupted_user))
        return 0;
    wp_transfer_stop(transfer, WP_INTERRUPTED, WP_FAULT_STOPPED, "interrupted");
    return 1;
}

void wp_transfer_attach(struct wp_transfer *transfer)
{
    CURL *easy = transfer->easy;
    (void)curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
    (void)curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    (void)curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    (void)curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
    (void)curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_says);
}
