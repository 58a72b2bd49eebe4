#include "net/http.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "net/transfer.h"

#include "base/banned.h"

struct wp_http_session {
    CURL *easy;
    struct wp_log log;
    bool tunnelled; /* a request went through a proxy */
};

static void init_library(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT); /* where it fails, so does curl_easy_init() */
}

enum wp_status wp_http_session_new(struct wp_http_session **out, const struct wp_log *log,
                                   struct wp_error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    *out = NULL;
    struct wp_http_session *session = wp_calloc(1, sizeof *session);
    if (session && pthread_once(&once, init_library) == 0)
        session->easy = curl_easy_init();
    if (!session || !session->easy) {
        wp_free(session);
        return wp_fail_nomem(error, "net");
    }
    if (log)
        session->log = *log;
    *out = session;
    return WP_OK;
}

void wp_http_session_free(struct wp_http_session *session)
{
    if (!session)
        return;
    curl_easy_cleanup(session->easy);
    wp_free(session);
}

/* Appends a line; false: out of memory. */
static bool add_header(struct wp_transfer *transfer, const char *line)
{
    struct curl_slist *list = curl_slist_append(transfer->headers, line);
    if (list)
        transfer->headers = list;
    return list != NULL;
}

static bool set_headers(struct wp_transfer *transfer)
{
    const struct wp_http_request *request = transfer->request;
    /* No "Expect: 100-continue", and no content type that nobody gave: libcurl would add both to a POST. */
    if (!add_header(transfer, "Expect:") ||
        (request->part_count == 0 && !add_header(transfer, "Content-Type:")))
        return false;
    for (const char *const *line = request->headers; line && *line; line++) {
        if (!add_header(transfer, *line))
            return false;
    }
    return curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers) == CURLE_OK;
}

static bool set_body(struct wp_transfer *transfer)
{
    const struct wp_http_request *request = transfer->request;
    CURL *easy = transfer->easy;
    if (strcmp(request->method, "GET") == 0)
        return curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L) == CURLE_OK;
    /*
     * libcurl repeats a request by itself where a connection that it used again turns out to be dead. A POST
     * must never go out twice, so it gets a connection of its own.
     */
    (void)curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    if (request->part_count > 0)
        return wp_form_make(transfer) && curl_easy_setopt(easy, CURLOPT_MIMEPOST, transfer->mime) == CURLE_OK;
    return curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                            (curl_off_t)(request->body ? request->body_len : 0)) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body ? request->body : "") == CURLE_OK;
}

/*
 * A proxy of the environment (https_proxy, no_proxy …, read by libcurl) is used for https to hosts that are
 * not loopback. Plain http never takes one: what came back could not be judged by its address.
 */
static bool may_use_proxy(const struct wp_transfer *transfer)
{
    return strcmp(transfer->url.scheme, "https") == 0 && transfer->request->reach != WP_REACH_LOOPBACK &&
           !wp_url_is_loopback(&transfer->url);
}

static long or_default(int64_t ms, long standard)
{
    return ms > 0 ? (long)ms : standard;
}

/* 0: no such limit. Who asks a question waits for the answer in silence, whose time is timeout_ms. */
static long stall_seconds(const struct wp_http_request *request)
{
    bool bulk = request->sink || request->part_count > 0;
    return (or_default(request->stall_timeout_ms, bulk ? 30000 : 0) + 999) / 1000;
}

static bool set_options(struct wp_transfer *transfer, bool fresh)
{
    const struct wp_http_request *request = transfer->request;
    CURL *easy = transfer->easy;
    char agent[64];
    (void)wp_text_format(agent, sizeof agent, "wanprep/%s", wp_version());
    curl_easy_reset(easy);
    /* What libcurl does not know it would not obey: each of these protects something. */
    if (curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_NOPROXY, may_use_proxy(transfer) ? NULL : "*") != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_URL, request->url) != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_USERAGENT, agent) != CURLE_OK || !set_headers(transfer))
        return false;
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, or_default(request->connect_timeout_ms, 10000));
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, or_default(request->timeout_ms, 60000));
    (void)curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1024L);
    transfer->stall_s = stall_seconds(request);
    if (request->first_byte_timeout_ms <= 0) /* else it counts from the first byte */
        (void)curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, transfer->stall_s);
    (void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L << 10);
    (void)curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 256L << 10);
    wp_transfer_attach(transfer);
    wp_transfer_trace(transfer);
    return set_body(transfer);
}

/* Refuses what can be told to be wrong before anything is connected to. */
static enum wp_status check_request(struct wp_transfer *transfer, struct wp_error *error)
{
    const struct wp_http_request *request = transfer->request;
    enum wp_status status = wp_url_parse(&transfer->url, request->url, error);
    if (status != WP_OK)
        return status;
    if (transfer->url.has_userinfo)
        return wp_fail(error, WP_USAGE, "net", "the URL of %s holds a user name or password: leave it out",
                       transfer->url.host);
    if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "POST") != 0)
        return wp_fail(error, WP_USAGE, "net", "'%s' is no method that is spoken here", request->method);
    for (const char *const *line = request->headers; line && *line; line++) {
        if (strpbrk(*line, "\r\n"))
            return wp_fail(error, WP_USAGE, "net", "a header of the request holds a line break");
    }
    return WP_OK;
}

/* Whether an address that stands in the URL itself may be spoken to; names are judged when they are
 * connected. */
static bool literal_allowed(const struct wp_transfer *transfer)
{
    if (transfer->request->reach != WP_REACH_PUBLIC)
        return true;
    const char *host = transfer->url.host;
    bool is_literal = strchr(host, ':') || host[strspn(host, "0123456789.")] == '\0';
    return !wp_url_is_loopback(&transfer->url) && !wp_url_is_private_name(&transfer->url) &&
           (!is_literal || wp_address_classify(host) == WP_ADDRESS_PUBLIC);
}

static void note_fault(struct wp_http_answer *answer, enum wp_http_fault fault, const char *reason)
{
    answer->fault = fault;
    (void)wp_text_copy(answer->fault_reason, sizeof answer->fault_reason, reason);
    wp_text_sanitize(answer->fault_reason);
}

static enum wp_http_fault fault_of(const struct wp_transfer *transfer, CURLcode code)
{
    if (transfer->stopped != WP_OK)
        return transfer->fault;
    if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY)
        return WP_FAULT_HOST;
    if (code == CURLE_OUT_OF_MEMORY && !transfer->may_be_sent)
        return WP_FAULT_STOPPED;
    if (transfer->may_be_sent && (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY))
        return WP_FAULT_CUT;
    if (!transfer->began)
        return code == CURLE_OPERATION_TIMEDOUT && transfer->may_be_sent ? WP_FAULT_TIMEOUT
                                                                         : WP_FAULT_CONNECT;
    return code == CURLE_OPERATION_TIMEDOUT ? WP_FAULT_TIMEOUT : WP_FAULT_CUT;
}

static void take_times(struct wp_transfer *transfer)
{
    struct wp_http_answer *answer = transfer->answer;
    curl_off_t first = 0, total = 0;
    answer->elapsed_ms = (wp_clock_now_us() - transfer->begin_us) / 1000;
    if (!transfer->began ||
        curl_easy_getinfo(transfer->easy, CURLINFO_STARTTRANSFER_TIME_T, &first) != CURLE_OK ||
        curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &total) != CURLE_OK)
        return;
    answer->has_first_byte = true;
    answer->first_byte_us = first;
    answer->body_us = total > first ? total - first : 0;
}

static const char *how_far(enum wp_http_stage stage)
{
    return stage == WP_STAGE_NOT_SENT ? "nothing was sent" : "it may have been received";
}

/* The sentence for a request that has no complete answer. */
static enum wp_status explain(const struct wp_transfer *transfer, CURLcode code, struct wp_error *error)
{
    const struct wp_http_request *request = transfer->request;
    const char *host = transfer->url.host;
    const char *far = how_far(transfer->answer->stage);
    const char *says = transfer->curl_says[0] ? transfer->curl_says : curl_easy_strerror(code);
    bool sent = transfer->may_be_sent; /* libcurl has some of the codes below for strange answers too */
    if (code == CURLE_OUT_OF_MEMORY && sent)
        says = "its answer has a header that is too large, or memory is out";
    if (code == CURLE_UNSUPPORTED_PROTOCOL && sent)
        says = "its answer is no HTTP";
    wp_log_line(transfer->log, WP_LOG_DEBUG, "net", "%s %s: curl %d, %s", request->method, host, (int)code,
                says);
    note_fault(transfer->answer, fault_of(transfer, code), transfer->stopped ? transfer->reason : says);
    if (transfer->stopped == WP_NOMEM || (code == CURLE_OUT_OF_MEMORY && !sent))
        return wp_fail_nomem(error, "net");
    if (transfer->stopped != WP_OK)
        return wp_fail(error, transfer->stopped, "net", "the request to %s was given up (%s): %s", host, far,
                       transfer->reason);
    if ((code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL) && !sent)
        return wp_fail(error, WP_USAGE, "net", "the URL of %s cannot be used: %s", host, says);
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
        return wp_fail(error, WP_NETWORK, "net",
                       "the certificate of %s could not be verified (%s): %s; install "
                       "the authority's certificate in the system, verification is never switched off",
                       host, far, says);
    return wp_fail(error, WP_NETWORK, "net", "the request to %s failed (%s): %s", host, far, says);
}

enum wp_status wp_http_perform(struct wp_http_session *session, const struct wp_http_request *request,
                               struct wp_http_answer *answer, struct wp_error *error)
{
    int64_t begin_us = wp_clock_now_us();
    *answer = (struct wp_http_answer){.body = wp_buf_new(request->max_body)};
    struct wp_transfer transfer = {.easy = session->easy,
                                   .request = request,
                                   .answer = answer,
                                   .log = &session->log,
                                   .begin_us = begin_us};
    CURLcode code = CURLE_OUT_OF_MEMORY;
    enum wp_status status = check_request(&transfer, error);
    if (status != WP_OK) {
        note_fault(answer, WP_FAULT_REQUEST,
                   "it cannot be asked for: it is no http(s) URL, or holds a password");
        goto out;
    }
    if (!literal_allowed(&transfer)) {
        note_fault(answer, WP_FAULT_REACH, "its address is not public");
        status = wp_fail(error, WP_NETWORK, "net",
                         "the request to %s was not made: its address is not public", transfer.url.host);
        goto out;
    }
    /* A tunnel that is used again does not tell that it is one, so behind a proxy none is. */
    if (set_options(&transfer, session->tunnelled))
        code = curl_easy_perform(session->easy);
    if (code == CURLE_OK && !transfer.headers_ended)
        code = CURLE_PARTIAL_FILE;
    session->tunnelled = session->tunnelled || transfer.tunnelled;
    wp_transfer_take_headers(&transfer);
    if (code == CURLE_OK)
        answer->stage = WP_STAGE_ANSWERED;
    else if (transfer.may_be_sent)
        answer->stage = WP_STAGE_SENT;
    take_times(&transfer);
    if (code != CURLE_OK)
        status = explain(&transfer, code, error);
    else
        wp_log_line(&session->log, WP_LOG_DEBUG, "net", "%s %s: %ld in %" PRId64 " ms", request->method,
                    request->url, answer->status, answer->elapsed_ms);
out:
    /* The handle outlives the transfer and must not point into it, nor keep the key. */
    curl_easy_reset(session->easy);
    for (struct curl_slist *line = transfer.headers; line; line = line->next)
        explicit_bzero(line->data, strlen(line->data));
    curl_slist_free_all(transfer.headers);
    wp_form_free(&transfer);
    return status;
}

void wp_http_answer_free(struct wp_http_answer *answer)
{
    if (!answer)
        return;
    wp_buf_free(&answer->body);
}
