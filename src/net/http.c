#include "net/http.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "net/loop.h"
#include "net/transfer.h"

#include "base/banned.h"

struct wp_http_session {
    CURL *easy;
    struct wp_log log;
    struct wp_http_loop *loop; /* NULL: requests run on the caller's thread */
    atomic_bool busy;          /* a request is out */
};

static void init_library(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT); /* where it fails, so does curl_easy_init() */
}

bool wp_net_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    return pthread_once(&once, init_library) == 0;
}

enum wp_status wp_http_session_new(struct wp_http_session **out, const struct wp_log *log,
                                   struct wp_error *error)
{
    *out = NULL;
    struct wp_http_session *session = wp_calloc(1, sizeof *session);
    if (session && wp_net_init())
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
    assert(!session->busy);
    curl_easy_cleanup(session->easy);
    wp_http_loop_free(session->loop);
    wp_free(session);
}

void wp_http_session_join(struct wp_http_session *session, struct wp_http_loop *loop)
{
    assert(!session->busy);
    struct wp_http_loop *before = session->loop;
    session->loop = loop ? wp_http_loop_share(loop) : NULL;
    wp_http_loop_free(before);
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
    bool was_busy = atomic_exchange(&session->busy, true);
    assert(!was_busy);
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
    if (wp_transfer_set_options(&transfer))
        code = session->loop ? wp_http_loop_perform(session->loop, session->easy)
                             : curl_easy_perform(session->easy);
    if (code == CURLE_OK && !transfer.headers_ended)
        code = CURLE_PARTIAL_FILE;
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
    session->busy = false;
    return status;
}

void wp_http_answer_free(struct wp_http_answer *answer)
{
    if (!answer)
        return;
    wp_buf_free(&answer->body);
}
