/* URLs: taking them apart, and what may be connected to. */
#ifndef WP_NET_URL_H
#define WP_NET_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/status.h"

struct wp_url {
    char scheme[8]; /**< "http" or "https" */
    char host[256]; /**< lower case; IPv6 without brackets */
    uint16_t port;  /**< the scheme's own if none is given */
    bool has_userinfo;
};

/** Takes an absolute http(s) URL apart. WP_USAGE: it is none. */
enum wp_status wp_url_parse(struct wp_url *out, const char *url, struct wp_error *error);

/** "localhost", 127.0.0.0/8 or ::1, as a literal; names are never looked up. */
bool wp_url_is_loopback(const struct wp_url *url);

/**
 * Names that never lead to a public host: without a dot ("localhost", "metadata"), or under localhost, local,
 * internal (cloud metadata: metadata.google.internal) or home.arpa (RFC 6761, 6762, 8375; ICANN 2024-07-29).
 */
bool wp_url_is_private_name(const struct wp_url *url);

/**
 * Where a reference leads from an absolute URL (RFC 3986 5.2), without its fragment. False: it is no
 * reference, or the result is longer than size - 1; out is then "".
 */
bool wp_url_resolve(char *out, size_t size, const char *base, const char *reference);

/** What kind of address a numeric IPv4 or IPv6 address is (IANA special-purpose registries; RFC 6890). */
enum wp_address_class {
    WP_ADDRESS_PUBLIC,
    WP_ADDRESS_LOOPBACK,
    WP_ADDRESS_PRIVATE,    /**< RFC 1918, RFC 6598 shared, fc00::/7 */
    WP_ADDRESS_LINK_LOCAL, /**< 169.254/16 (cloud metadata lives there), fe80::/10 */
    WP_ADDRESS_RESERVED,   /**< unspecified, multicast, documentation, …, or no address at all */
};
enum wp_address_class wp_address_classify(const char *numeric);

#endif
