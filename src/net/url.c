#include "net/url.h"

#include <curl/curl.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

#include "base/banned.h"

/* Copies a part. CURLUE_BAD_PARTPOINTER if it is empty or does not fit. */
static CURLUcode get_part(CURLU *handle, CURLUPart part, unsigned flags, char *out, size_t size)
{
    char *text = NULL;
    CURLUcode code = curl_url_get(handle, part, &text, flags);
    if (code == CURLUE_OK && (!text[0] || !wp_text_copy(out, size, text)))
        code = CURLUE_BAD_PARTPOINTER;
    curl_free(text);
    return code;
}

/* Whether there is a user name or a password. */
static CURLUcode find_userinfo(bool *found, CURLU *handle)
{
    static const struct {
        CURLUPart part;
        CURLUcode without;
    } parts[] = {{CURLUPART_USER, CURLUE_NO_USER}, {CURLUPART_PASSWORD, CURLUE_NO_PASSWORD}};
    *found = false;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char *text = NULL;
        CURLUcode code = curl_url_get(handle, parts[i].part, &text, 0);
        curl_free(text);
        if (code != CURLUE_OK && code != parts[i].without)
            return code;
        *found = *found || code == CURLUE_OK;
    }
    return CURLUE_OK;
}

/* Lower case, and an IPv6 address without its brackets. */
static void normalize_host(char *host)
{
    size_t len = strlen(host);
    if (host[0] == '[' && len > 2 && host[len - 1] == ']') {
        memmove(host, host + 1, len - 2);
        host[len - 2] = '\0';
    }
    for (char *p = host; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    }
}

/* libcurl takes "https:/host" and "https:///host" too: one way to write a URL is enough. */
static bool begins_well(const char *url)
{
    const char *colon = strchr(url, ':');
    return colon && strncmp(colon, "://", 3) == 0 && colon[3] && !strchr("/\\?#", colon[3]);
}

/* The requests are made by libcurl, so it is libcurl's own parser that says what host a URL means. */
static CURLUcode parse(struct wp_url *out, const char *url, CURLU *handle)
{
    char port[8];
    uint64_t number = 0;
    *out = (struct wp_url){0};
    CURLUcode code = begins_well(url) ? curl_url_set(handle, CURLUPART_URL, url, 0) : CURLUE_MALFORMED_INPUT;
    if (code == CURLUE_OK)
        code = get_part(handle, CURLUPART_SCHEME, 0, out->scheme, sizeof out->scheme);
    if (code == CURLUE_OK)
        code = get_part(handle, CURLUPART_HOST, 0, out->host, sizeof out->host);
    if (code == CURLUE_OK)
        code = get_part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port);
    if (code == CURLUE_OK && !wp_parse_u64(&number, port, 1, UINT16_MAX))
        code = CURLUE_BAD_PORT_NUMBER;
    if (code == CURLUE_OK)
        code = find_userinfo(&out->has_userinfo, handle);
    if (code == CURLUE_OK && strcmp(out->scheme, "http") != 0 && strcmp(out->scheme, "https") != 0)
        code = CURLUE_UNSUPPORTED_SCHEME;
    out->port = (uint16_t)number;
    normalize_host(out->host);
    return code;
}

enum wp_status wp_url_parse(struct wp_url *out, const char *url, struct wp_error *error)
{
    CURLU *handle = curl_url();
    if (!handle)
        return wp_fail_nomem(error, "url");
    CURLUcode code = parse(out, url, handle);
    curl_url_cleanup(handle);
    if (code == CURLUE_OUT_OF_MEMORY)
        return wp_fail_nomem(error, "url");
    return code == CURLUE_OK ? WP_OK
                             : wp_fail(error, WP_USAGE, "url",
                                       "this is no http:// or https:// URL with a host: give one "
                                       "such as https://example.com/dance.mp4");
}

bool wp_url_resolve(char *out, size_t size, const char *base, const char *reference)
{
    /* Servers write spaces and UTF-8 into Location; readers percent-encode them. */
    const unsigned lenient = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE | CURLU_ALLOW_SPACE;
    CURLU *handle = curl_url();
    bool found = handle && curl_url_set(handle, CURLUPART_URL, base, 0) == CURLUE_OK &&
                 curl_url_set(handle, CURLUPART_URL, reference, lenient) == CURLUE_OK &&
                 curl_url_set(handle, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
                 get_part(handle, CURLUPART_URL, 0, out, size) == CURLUE_OK;
    if (!found)
        out[0] = '\0';
    curl_url_cleanup(handle);
    return found;
}

static bool is_literal(const char *host)
{
    return strchr(host, ':') || host[strspn(host, "0123456789.")] == '\0';
}

bool wp_url_is_private_name(const struct wp_url *url)
{
    static const char *const domains[] = {".localhost", ".local", ".internal", ".home.arpa"};
    char host[sizeof url->host];
    (void)wp_text_copy(host, sizeof host, url->host);
    size_t len = strlen(host);
    if (len > 0 && host[len - 1] == '.') /* the root may be written (RFC 1034 3.1) */
        host[len - 1] = '\0';
    if (is_literal(host))
        return false;
    for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++) {
        if (wp_text_ends(host, domains[i]))
            return true;
    }
    return !strchr(host, '.');
}

bool wp_url_is_loopback(const struct wp_url *url)
{
    return strcmp(url->host, "localhost") == 0 || wp_address_classify(url->host) == WP_ADDRESS_LOOPBACK;
}
