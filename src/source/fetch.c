#include "source/fetch.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "net/range.h"
#include "net/url.h"

#include "base/banned.h"

#define MAX_ERROR_BODY 65536u /* of answers that are no media */
#define RATE_BYTES     (UINT64_C(1) << 20)
#define RATE_US        INT64_C(2000000)

/* One request, as its callbacks see it. */
struct request {
    struct wp_fetch *fetch;
    struct wp_fetch_part *part;
    struct wp_http_answer answer;
    bool begun;   /* the headers were looked at, and are fine */
    uint64_t due; /* bytes that the answer will hold; UINT64_MAX: not known */
    uint64_t got;
    enum wp_status status; /* why the sink said no */
    struct wp_error *error;
};

/* Notes what is wrong; the first trouble stays. */
static enum wp_status trouble(struct wp_fetch *fetch, enum wp_delivery_trouble kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum wp_status trouble(struct wp_fetch *fetch, enum wp_delivery_trouble kind, const char *format, ...)
{
    struct wp_delivery_facts *facts = fetch->facts;
    if (facts->trouble != WP_DELIVERY_FINE)
        return WP_NETWORK;
    facts->trouble = kind;
    va_list args;
    va_start(args, format);
    if (vsnprintf(facts->trouble_reason, sizeof facts->trouble_reason, format, args) < 0)
        facts->trouble_reason[0] = '\0';
    va_end(args);
    wp_redact(facts->trouble_reason);
    wp_text_sanitize(facts->trouble_reason);
    return WP_NETWORK;
}

/* ---- what an answer says of the file ---- */

static enum wp_status changed(struct wp_fetch *fetch, const char *what)
{
    return trouble(fetch, WP_DELIVERY_CHANGED, "the file changed while it was read: %s is another one now",
                   what);
}

/* The size and the marks of the file are those of the first good answer, or the file is another one by now.
 */
static enum wp_status check_marks(struct wp_fetch *fetch, const struct wp_http_answer *answer, bool has_size,
                                  uint64_t size)
{
    struct wp_delivery_facts *facts = fetch->facts;
    if (!fetch->is_known) {
        fetch->is_known = true;
        fetch->size = size;
        facts->has_content_length = has_size;
        facts->content_length = size;
        wp_text_copy(fetch->last_modified, sizeof fetch->last_modified, answer->last_modified);
        wp_text_copy(facts->etag, sizeof facts->etag, answer->etag);
        wp_text_copy(facts->content_type, sizeof facts->content_type, answer->content_type);
        return WP_OK;
    }
    if (has_size && size != fetch->size)
        return changed(fetch, "its size");
    char etag[sizeof facts->etag];
    wp_text_copy(etag, sizeof etag, answer->etag);
    if (etag[0] && facts->etag[0] && strcmp(etag, facts->etag) != 0)
        return changed(fetch, "its ETag");
    if (answer->last_modified[0] && fetch->last_modified[0] &&
        strcmp(answer->last_modified, fetch->last_modified) != 0)
        return changed(fetch, "its Last-Modified");
    return WP_OK;
}

static enum wp_status too_large(struct wp_fetch *fetch)
{
    return trouble(fetch, WP_DELIVERY_TOO_LARGE, "it is over the limit of %" PRIu64 " bytes",
                   fetch->options.max_bytes);
}

/* A 206: the range must be the one that was asked for, up to the end of the file. */
static enum wp_status begin_range(struct request *request)
{
    struct wp_fetch *fetch = request->fetch;
    const struct wp_fetch_part *part = request->part;
    const struct wp_http_answer *answer = &request->answer;
    struct wp_range range;
    if (!wp_range_parse(&range, answer->content_range) || !range.satisfied || !range.has_total)
        return trouble(fetch, WP_DELIVERY_LIES,
                       "its answer 206 does not say which part of the file it holds");
    enum wp_status status = check_marks(fetch, answer, true, range.total);
    if (status != WP_OK)
        return status;
    bool to_end = range.total - 1 - part->first < part->want;
    uint64_t last = to_end ? range.total - 1 : part->first + part->want - 1;
    if (range.first != part->first || range.last != last)
        return trouble(fetch, WP_DELIVERY_LIES,
                       "bytes %" PRIu64 " to %" PRIu64 " were asked for and it gave %" PRIu64 " to %" PRIu64,
                       part->first, last, range.first, range.last);
    request->due = last - part->first + 1;
    if (answer->has_content_length && answer->content_length != request->due)
        return trouble(fetch, WP_DELIVERY_LIES,
                       "its answer 206 promises %" PRIu64 " bytes and has a Content-Length of %" PRIu64,
                       request->due, answer->content_length);
    fetch->facts->ranges = WP_YES;
    bool whole = part->want == UINT64_MAX;
    if (whole && request->due > fetch->options.max_bytes)
        return too_large(fetch);
    return whole ? wp_spool_open(part->spool, request->error) : WP_OK;
}

/* A 200: the whole file, whatever was asked for. */
static enum wp_status begin_whole(struct request *request)
{
    struct wp_fetch *fetch = request->fetch;
    const struct wp_http_answer *answer = &request->answer;
    bool was_ranged = fetch->facts->ranges == WP_YES;
    enum wp_status status = check_marks(fetch, answer, answer->has_content_length, answer->content_length);
    if (status != WP_OK)
        return status;
    if (was_ranged || !request->part->spool)
        return trouble(fetch, WP_DELIVERY_LIES, "it gave ranges before, and the whole file now");
    fetch->facts->ranges = WP_NO;
    request->due = answer->has_content_length ? answer->content_length : UINT64_MAX;
    if (answer->has_content_length && answer->content_length > fetch->options.max_bytes)
        return too_large(fetch);
    return wp_spool_open(request->part->spool, request->error);
}

static enum wp_status begin_body(struct request *request)
{
    request->begun = true;
    return request->answer.status == 206 ? begin_range(request) : begin_whole(request);
}

static enum wp_status take(struct request *request, const void *bytes, size_t len)
{
    struct wp_fetch_part *part = request->part;
    if (!request->begun) {
        enum wp_status status = begin_body(request);
        if (status != WP_OK)
            return status;
    }
    if (len > request->due - request->got)
        return trouble(request->fetch, WP_DELIVERY_LIES, "its answer holds more bytes than it promised");
    request->got += len;
    if (part->spool && part->spool->fd >= 0)
        return wp_spool_add(part->spool, bytes, len, request->error);
    memcpy(part->out + part->got, bytes, len);
    part->got += len;
    return WP_OK;
}

static bool sink(void *user, const void *bytes, size_t len)
{
    struct request *request = user;
    request->status = take(request, bytes, len);
    return request->status == WP_OK;
}

/* ---- one request ---- */

/* What the transfer itself tells, however it ended. */
static void note_transfer(struct wp_fetch *fetch, const struct wp_http_answer *answer)
{
    static const enum wp_address_kind kinds[] = {
        [WP_ADDRESS_PUBLIC] = WP_ADDRESS_KIND_PUBLIC,
        [WP_ADDRESS_LOOPBACK] = WP_ADDRESS_KIND_LOOPBACK,
        [WP_ADDRESS_PRIVATE] = WP_ADDRESS_KIND_PRIVATE,
        [WP_ADDRESS_LINK_LOCAL] = WP_ADDRESS_KIND_LINK_LOCAL,
        [WP_ADDRESS_RESERVED] = WP_ADDRESS_KIND_RESERVED,
    };
    struct wp_delivery_facts *facts = fetch->facts;
    facts->requests += answer->stage != WP_STAGE_NOT_SENT;
    facts->bytes_read += answer->sink_bytes + answer->body.len;
    facts->has_status = answer->status > 0;
    facts->status = (uint16_t)answer->status;
    facts->address_kind = WP_ADDRESS_KIND_UNKNOWN;
    facts->address[0] = '\0';
    if (answer->peer[0] && !answer->proxied) {
        wp_text_copy(facts->address, sizeof facts->address, answer->peer);
        facts->address_kind = kinds[wp_address_classify(answer->peer)];
    }
    if (!fetch->date[0])
        wp_text_copy(fetch->date, sizeof fetch->date, answer->date);
}

/* The times of a good answer. */
static void note_times(struct wp_fetch *fetch, const struct wp_http_answer *answer)
{
    struct wp_delivery_facts *facts = fetch->facts;
    if (!answer->has_first_byte)
        return;
    if (!facts->has_first_byte) {
        facts->has_first_byte = true;
        facts->first_byte_s = (double)(fetch->waited_us + answer->first_byte_us) / 1e6;
    }
    fetch->body_us += answer->body_us;
    fetch->body_bytes += answer->sink_bytes;
    if (fetch->body_us > 0 && (fetch->body_bytes >= RATE_BYTES || fetch->body_us >= RATE_US)) {
        facts->has_rate = true;
        facts->bytes_per_s = (double)fetch->body_bytes * 1e6 / (double)fetch->body_us;
    }
}

/* The host of the URL that is being asked, for sentences. */
static const char *host_of(const struct wp_fetch *fetch, struct wp_url *url)
{
    return wp_url_parse(url, fetch->url, NULL) == WP_OK ? url->host : "the host";
}

/* An address that nothing may be sent to: what it is, also where it was never connected to. */
static enum wp_status forbidden(struct wp_fetch *fetch)
{
    struct wp_delivery_facts *facts = fetch->facts;
    struct wp_url url;
    const char *host = host_of(fetch, &url);
    if (!facts->address[0]) {
        enum wp_address_class kind = wp_address_classify(host);
        bool is_name = wp_url_is_private_name(&url);
        facts->address_kind = wp_url_is_loopback(&url)                ? WP_ADDRESS_KIND_LOOPBACK
                              : kind == WP_ADDRESS_LINK_LOCAL         ? WP_ADDRESS_KIND_LINK_LOCAL
                              : kind == WP_ADDRESS_PRIVATE || is_name ? WP_ADDRESS_KIND_PRIVATE
                                                                      : WP_ADDRESS_KIND_RESERVED;
        if (!is_name)
            wp_text_copy(facts->address, sizeof facts->address, host);
    }
    return trouble(fetch, WP_DELIVERY_FORBIDDEN, "%s%s is not public", host,
                   facts->redirects ? ", to which it leads," : "");
}

/* There is no complete answer. */
static enum wp_status explain_fault(struct request *request, enum wp_status status)
{
    struct wp_fetch *fetch = request->fetch;
    const struct wp_http_answer *answer = &request->answer;
    struct wp_url url;
    const char *host = host_of(fetch, &url), *reason = answer->fault_reason;
    switch (answer->fault) {
    case WP_FAULT_NONE:
    case WP_FAULT_STOPPED:
        return request->status != WP_OK ? request->status : status;
    case WP_FAULT_REQUEST:
        if (fetch->facts->redirects)
            return trouble(fetch, WP_DELIVERY_REDIRECTS, "it leads to something that is no http(s) URL");
        return trouble(fetch, WP_DELIVERY_NO_HOST, "its URL cannot be asked for");
    case WP_FAULT_HOST:
        return trouble(fetch, WP_DELIVERY_NO_HOST, "the name %s does not resolve", host);
    case WP_FAULT_CONNECT:
        return trouble(fetch, WP_DELIVERY_NO_CONNECTION, "no answer from %s: %s", host, reason);
    case WP_FAULT_REACH:
        return forbidden(fetch);
    case WP_FAULT_TIMEOUT:
        return trouble(fetch, WP_DELIVERY_TIMEOUT, "%s is too slow: %s", host, reason);
    case WP_FAULT_CUT:
        return trouble(fetch, WP_DELIVERY_LIES, "the answer of %s is broken: %s", host, reason);
    case WP_FAULT_CEILING:
        return answer->status == 200
                   ? too_large(fetch)
                   : trouble(fetch, WP_DELIVERY_LIES, "the answer of %s is too large", host);
    }
    return status;
}

static bool is_redirect(long status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static enum wp_status follow(struct request *request)
{
    struct wp_fetch *fetch = request->fetch;
    struct wp_delivery_facts *facts = fetch->facts;
    struct wp_url url;
    char next[sizeof fetch->url];
    fetch->waited_us += request->answer.elapsed_ms * 1000;
    if (facts->redirects == WP_MAX_REDIRECTS)
        return trouble(fetch, WP_DELIVERY_REDIRECTS, "it is redirected more than %d times", WP_MAX_REDIRECTS);
    if (!request->answer.location[0] ||
        !wp_url_resolve(next, sizeof next, fetch->url, request->answer.location))
        return trouble(fetch, WP_DELIVERY_REDIRECTS, "it is redirected without a usable address");
    wp_text_copy(fetch->visited[facts->redirects], sizeof next, fetch->url);
    facts->redirects++;
    wp_text_copy(fetch->url, sizeof fetch->url, next);
    wp_text_copy(facts->final_url, sizeof facts->final_url, next);
    wp_redact(facts->final_url);
    for (uint32_t i = 0; i < facts->redirects; i++) {
        if (strcmp(fetch->visited[i], next) == 0)
            return trouble(fetch, WP_DELIVERY_REDIRECTS, "it is redirected in a circle");
    }
    if (wp_url_parse(&url, next, NULL) != WP_OK || url.has_userinfo)
        return trouble(fetch, WP_DELIVERY_REDIRECTS, "it leads to something that is no plain http(s) URL");
    return WP_OK;
}

/* A complete answer 200 or 206. */
static enum wp_status finish(struct request *request)
{
    if (!request->begun) { /* a body without bytes */
        enum wp_status status = begin_body(request);
        if (status != WP_OK)
            return status;
    }
    if (request->due != UINT64_MAX && request->got != request->due)
        return trouble(request->fetch, WP_DELIVERY_LIES, "its answer ended early");
    note_times(request->fetch, &request->answer);
    return WP_OK;
}

static enum wp_status judge_answer(struct request *request)
{
    struct wp_fetch *fetch = request->fetch;
    const struct wp_http_answer *answer = &request->answer;
    struct wp_range range;
    if (answer->status == 200 || answer->status == 206)
        return finish(request);
    /* No range of an empty file can be given (RFC 9110 14.4, 15.5.17). */
    if (answer->status == 416 && !fetch->is_known && wp_range_parse(&range, answer->content_range) &&
        !range.satisfied && range.total == 0)
        return check_marks(fetch, answer, true, 0);
    if (answer->status == 416)
        return trouble(fetch, WP_DELIVERY_LIES,
                       "it has no bytes at %" PRIu64 ", where its own size puts some", request->part->first);
    return trouble(fetch, WP_DELIVERY_STATUS, "the server answers with HTTP status %ld", answer->status);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static enum wp_status perform(struct request *request)
{
    struct wp_fetch *fetch = request->fetch;
    const struct wp_http_options *options = &fetch->options;
    const struct wp_fetch_part *part = request->part;
    int64_t left_ms = fetch->deadline_ms - options->clock->now_ms(options->clock->user);
    if (left_ms <= 0)
        return trouble(fetch, WP_DELIVERY_TIMEOUT, "reading it took longer than %" PRId64 " ms",
                       options->total_ms);
    char range[64];
    if (part->want == UINT64_MAX)
        (void)wp_text_format(range, sizeof range, "Range: bytes=%" PRIu64 "-", part->first);
    else
        (void)wp_text_format(range, sizeof range, "Range: bytes=%" PRIu64 "-%" PRIu64, part->first,
                             part->first + part->want - 1);
    const char *const headers[] = {range, "Accept: */*", NULL};
    bool may_be_whole = part->spool != NULL;
    const struct wp_http_request http = {
        .method = "GET",
        .url = fetch->url,
        .headers = headers,
        .reach = options->allow_private ? WP_REACH_ANY : WP_REACH_PUBLIC,
        .max_body = MAX_ERROR_BODY,
        .sink = sink,
        .sink_user = request,
        .max_sink = may_be_whole && options->max_bytes > part->want ? options->max_bytes
                    : part->want == UINT64_MAX                      ? options->max_bytes
                                                                    : part->want,
        .connect_timeout_ms = least(options->first_byte_ms, left_ms),
        .first_byte_timeout_ms = options->first_byte_ms,
        .timeout_ms = left_ms,
        .stall_timeout_ms = options->stall_ms,
    };
    struct wp_error ignored;
    enum wp_status status = wp_http_perform(fetch->session, &http, &request->answer, &ignored);
    note_transfer(fetch, &request->answer);
    bool is_answered =
        request->answer.status >= 200 && request->answer.status != 200 && request->answer.status != 206;
    if (status != WP_OK && !is_answered) /* the page that comes with a refusal does not matter */
        return status == WP_NOMEM ? wp_fail_nomem(request->error, "source") : explain_fault(request, status);
    return is_redirect(request->answer.status) ? follow(request) : judge_answer(request);
}

/* ---- all of them ---- */

enum wp_status wp_fetch_begin(struct wp_fetch *fetch, const char *url, struct wp_delivery_facts *facts,
                              const struct wp_http_options *options, struct wp_error *error)
{
    memset(fetch, 0, sizeof *fetch);
    fetch->facts = facts;
    fetch->options = *options;
    if (!fetch->options.clock)
        fetch->options.clock = wp_clock_system();
    if (fetch->options.total_ms <= 0)
        fetch->options.total_ms = 60000;
    if (fetch->options.first_byte_ms <= 0)
        fetch->options.first_byte_ms = 15000;
    if (fetch->options.stall_ms <= 0)
        fetch->options.stall_ms = 10000;
    fetch->deadline_ms = fetch->options.clock->now_ms(fetch->options.clock->user) + fetch->options.total_ms;
    wp_text_copy(fetch->url, sizeof fetch->url, url);
    return wp_http_session_new(&fetch->session, options->log, error);
}

enum wp_status wp_fetch_get(struct wp_fetch *fetch, struct wp_fetch_part *part, struct wp_error *error)
{
    assert(part->want > 0 && (part->out || part->want == UINT64_MAX));
    enum wp_status status = WP_NETWORK;
    bool again = fetch->facts->trouble == WP_DELIVERY_FINE;
    while (again) {
        struct request request = {
            .fetch = fetch, .part = part, .due = UINT64_MAX, .status = WP_OK, .error = error};
        part->got = 0;
        status = perform(&request);
        again = status == WP_OK && is_redirect(request.answer.status);
        wp_http_answer_free(&request.answer);
    }
    return status == WP_NETWORK ? wp_fail(error, WP_NETWORK, "source", "%s", fetch->facts->trouble_reason)
                                : status;
}

void wp_fetch_end(struct wp_fetch *fetch)
{
    wp_http_session_free(fetch->session);
    fetch->session = NULL;
}
