#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "net/url.h"

#include "base/banned.h"

/* IANA IPv4 Special-Purpose Address Registry, and multicast; everything else is public. */
static enum wp_address_class classify_v4(uint32_t address)
{
    static const struct {
        uint32_t network;
        unsigned bits;
        enum wp_address_class kind;
    } rows[] = {
        {0x00000000, 8, WP_ADDRESS_RESERVED},    /* 0.0.0.0/8 "this network" */
        {0x0a000000, 8, WP_ADDRESS_PRIVATE},     /* 10.0.0.0/8 */
        {0x64400000, 10, WP_ADDRESS_PRIVATE},    /* 100.64.0.0/10 shared (RFC 6598); cloud metadata too */
        {0x7f000000, 8, WP_ADDRESS_LOOPBACK},    /* 127.0.0.0/8 */
        {0xa83f8110, 32, WP_ADDRESS_PRIVATE},    /* 168.63.129.16 the platform of Azure, within it */
        {0xa9fe0000, 16, WP_ADDRESS_LINK_LOCAL}, /* 169.254.0.0/16 */
        {0xac100000, 12, WP_ADDRESS_PRIVATE},    /* 172.16.0.0/12 */
        {0xc0000000, 24, WP_ADDRESS_RESERVED},   /* 192.0.0.0/24 protocol assignments */
        {0xc0000200, 24, WP_ADDRESS_RESERVED},   /* 192.0.2.0/24 documentation */
        {0xc0586300, 24, WP_ADDRESS_RESERVED},   /* 192.88.99.0/24 6to4 relays (RFC 7526) */
        {0xc0a80000, 16, WP_ADDRESS_PRIVATE},    /* 192.168.0.0/16 */
        {0xc6120000, 15, WP_ADDRESS_RESERVED},   /* 198.18.0.0/15 benchmarks */
        {0xc6336400, 24, WP_ADDRESS_RESERVED},   /* 198.51.100.0/24 documentation */
        {0xcb007100, 24, WP_ADDRESS_RESERVED},   /* 203.0.113.0/24 documentation */
        {0xe0000000, 3, WP_ADDRESS_RESERVED},    /* 224.0.0.0/4 multicast, 240.0.0.0/4, broadcast */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((address ^ rows[i].network) >> (32 - rows[i].bits) == 0)
            return rows[i].kind;
    }
    return WP_ADDRESS_PUBLIC;
}

static bool has_prefix(const uint8_t address[16], const char *prefix, unsigned bits)
{
    uint8_t network[16];
    if (inet_pton(AF_INET6, prefix, network) != 1)
        return false;
    size_t whole = bits / 8;
    unsigned rest = bits % 8;
    return memcmp(address, network, whole) == 0 &&
           (rest == 0 || (unsigned)(address[whole] ^ network[whole]) >> (8 - rest) == 0);
}

/* IANA IPv6 Special-Purpose Address Registry. Addresses that carry an IPv4 address are what that one is. */
static enum wp_address_class classify_v6(const uint8_t a[16])
{
    static const struct {
        const char *prefix;
        unsigned bits;
        int v4_at; /* where the embedded IPv4 address begins, -1: none */
        enum wp_address_class kind;
    } rows[] = {
        {"::1", 128, -1, WP_ADDRESS_LOOPBACK},
        {"::ffff:0:0", 96, 12, WP_ADDRESS_RESERVED}, /* IPv4-mapped (RFC 4291 2.5.5.2) */
        {"64:ff9b::", 96, 12, WP_ADDRESS_RESERVED},  /* NAT64 (RFC 6052) */
        {"64:ff9b:1::", 48, -1, WP_ADDRESS_PRIVATE}, /* NAT64 for local use (RFC 8215) */
        {"2002::", 16, 2, WP_ADDRESS_RESERVED},      /* 6to4 (RFC 3056) */
        {"fc00::", 7, -1, WP_ADDRESS_PRIVATE},       /* unique local (RFC 4193) */
        {"fec0::", 10, -1, WP_ADDRESS_PRIVATE},      /* site-local, deprecated (RFC 3879) */
        {"fe80::", 10, -1, WP_ADDRESS_LINK_LOCAL},   /* RFC 4291 2.5.6 */
        {"2001::", 23, -1, WP_ADDRESS_RESERVED},     /* protocol assignments, Teredo among them (RFC 2928) */
        {"2001:db8::", 32, -1, WP_ADDRESS_RESERVED}, /* documentation (RFC 3849) */
        {"3fff::", 20, -1, WP_ADDRESS_RESERVED},     /* documentation (RFC 9637) */
        {"2000::", 3, -1, WP_ADDRESS_PUBLIC},        /* global unicast (RFC 4291 2.4) */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (has_prefix(a, rows[i].prefix, rows[i].bits))
            return rows[i].v4_at < 0 ? rows[i].kind : classify_v4(wp_be32(a + rows[i].v4_at));
    }
    return WP_ADDRESS_RESERVED;
}

enum wp_address_class wp_address_classify(const char *numeric)
{
    char text[64];
    uint8_t address[16];
    if (!wp_text_copy(text, sizeof text, numeric))
        return WP_ADDRESS_RESERVED;
    if (inet_pton(AF_INET, text, address) == 1)
        return classify_v4(wp_be32(address));
    text[strcspn(text, "%")] = '\0'; /* a zone (RFC 4007) says which link, not what kind of address */
    if (inet_pton(AF_INET6, text, address) == 1)
        return classify_v6(address);
    return WP_ADDRESS_RESERVED;
}
