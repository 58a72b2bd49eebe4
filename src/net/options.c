/* What libcurl is told of a request. */
#include <string.h>

#include "base/text.h"
#include "net/transfer.h"

#include "base/banned.h"

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

bool wp_transfer_set_options(struct wp_transfer *transfer)
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
    (void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* who stops does not wait for a name server */
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
