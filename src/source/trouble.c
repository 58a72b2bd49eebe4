/* What stands in the way of a URL. */
#include <stdarg.h>
#include <stdio.h>

#include "base/log.h"
#include "base/text.h"
#include "net/url.h"
#include "source/fetch.h"

#include "base/banned.h"

enum wp_status wp_fetch_trouble(struct wp_fetch *fetch, enum wp_delivery_trouble kind, const char *format,
                                ...)
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
    return wp_fetch_trouble(fetch, WP_DELIVERY_FORBIDDEN, "%s%s is not public", host,
                            facts->redirects ? ", to which it leads," : "");
}

enum wp_status wp_fetch_explain(struct wp_fetch *fetch, const struct wp_http_answer *answer)
{
    struct wp_url url;
    const char *host = host_of(fetch, &url), *reason = answer->fault_reason;
    switch (answer->fault) {
    case WP_FAULT_NONE:
    case WP_FAULT_STOPPED:
        return wp_fetch_trouble(fetch, WP_DELIVERY_NO_CONNECTION, "reading it was given up");
    case WP_FAULT_REQUEST:
        if (fetch->facts->redirects)
            return wp_fetch_trouble(fetch, WP_DELIVERY_REDIRECTS,
                                    "it leads to something that is no http(s) URL");
        return wp_fetch_trouble(fetch, WP_DELIVERY_NO_HOST, "its URL cannot be asked for");
    case WP_FAULT_HOST:
        return wp_fetch_trouble(fetch, WP_DELIVERY_NO_HOST, "the name %s does not resolve", host);
    case WP_FAULT_CONNECT:
        return wp_fetch_trouble(fetch, WP_DELIVERY_NO_CONNECTION, "no answer from %s: %s", host, reason);
    case WP_FAULT_REACH:
        return forbidden(fetch);
    case WP_FAULT_TIMEOUT:
        return wp_fetch_trouble(fetch, WP_DELIVERY_TIMEOUT, "%s is too slow: %s", host, reason);
    case WP_FAULT_CUT:
        return wp_fetch_trouble(fetch, WP_DELIVERY_LIES, "the answer of %s is broken: %s", host, reason);
    case WP_FAULT_CEILING:
        return wp_fetch_trouble(fetch, WP_DELIVERY_LIES, "the answer of %s is too large", host);
    }
    return WP_NETWORK;
}
