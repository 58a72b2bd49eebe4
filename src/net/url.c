#include "net/url.h"

#include <curl/curl.h>
#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

#include "base/banned.h"

/* Copies a part; false if it is not there, empty or does not fit. */
static bool get_part(CURLU *handle, CURLUPart part, unsigned flags, char *out, size_t size)
{
    char *text = NULL;
    bool found = curl_url_get(handle, part, &text, flags) == CURLUE_OK && text[0];
    found = found && wp_text_copy(out, size, text);
    curl_free(text);
    return found;
}

static bool has_part(CURLU *handle, CURLUPart part)
{
    char *text = NULL;
    bool found = curl_url_get(handle, part, &text, 0) == CURLUE_OK;
    curl_free(text);
    return found;
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
static bool parse(struct wp_url *out, const char *url, CURLU *handle)
{
    char port[8];
    uint64_t number = 0;
    *out = (struct wp_url){0};
    if (!begins_well(url) || curl_url_set(handle, CURLUPART_URL, url, 0) != CURLUE_OK ||
        !get_part(handle, CURLUPART_SCHEME, 0, out->scheme, sizeof out->scheme) ||
        !get_part(handle, CURLUPART_HOST, 0, out->host, sizeof out->host) ||
        !get_part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port) ||
        !wp_parse_u64(&number, port, 1, UINT16_MAX))
        return false;
    out->port = (uint16_t)number;
    out->has_userinfo = has_part(handle, CURLUPART_USER) || has_part(handle, CURLUPART_PASSWORD);
    normalize_host(out->host);
    return strcmp(out->scheme, "http") == 0 || strcmp(out->scheme, "https") == 0;
}

enum wp_status wp_url_parse(struct wp_url *out, const char *url, struct wp_error *error)
{
    CURLU *handle = curl_url();
    if (!handle)
        return wp_fail_nomem(error, "url");
    bool parsed = parse(out, url, handle);
    curl_url_cleanup(handle);
    return parsed ? WP_OK
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
                 get_part(handle, CURLUPART_URL, 0, out, size);
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
