/* URLs and addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "net/url.h"

#include "base/banned.h"

static void takes_urls_apart(void **state)
{
    (void)state;
    static const struct {
        const char *url, *scheme, *host;
        uint16_t port;
        bool userinfo, loopback;
    } rows[] = {
        {"https://dashscope.aliyuncs.com/api/v1", "https", "dashscope.aliyuncs.com", 443, false, false},
        {"HTTP://Example.COM", "http", "example.com", 80, false, false},
        {"http://example.com:8080/a?b#c", "http", "example.com", 8080, false, false},
        {"http://example.com:65535/", "http", "example.com", 65535, false, false},
        {"https://user:pass@example.com/", "https", "example.com", 443, true, false},
        {"https://user@example.com/", "https", "example.com", 443, true, false},
        {"http://127.0.0.1:1/", "http", "127.0.0.1", 1, false, true},
        {"http://127.1/", "http", "127.0.0.1", 80, false, true},
        {"http://0x7f000001/", "http", "127.0.0.1", 80, false, true},
        {"http://[::1]:90/", "http", "::1", 90, false, true},
        {"http://[2001:DB8::1]/", "http", "2001:db8::1", 80, false, false},
        {"http://LocalHost/", "http", "localhost", 80, false, true},
        {"http://localhost.example.com/", "http", "localhost.example.com", 80, false, false},
        {"http://127.0.0.1.example.com/", "http", "127.0.0.1.example.com", 80, false, false},
        {"http://example.com@127.0.0.1/", "http", "127.0.0.1", 80, true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_url url;
        if (wp_url_parse(&url, rows[i].url, NULL) != WP_OK)
            fail_msg("refused: %s", rows[i].url);
        assert_string_equal(url.scheme, rows[i].scheme);
        assert_string_equal(url.host, rows[i].host);
        assert_int_equal(url.port, rows[i].port);
        assert_int_equal(url.has_userinfo, rows[i].userinfo);
        assert_int_equal(wp_url_is_loopback(&url), rows[i].loopback);
    }
}

static void refuses_what_is_no_url(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "x",
        "/etc/passwd",
        "example.com",
        "example.com/x",
        "http:",
        "http:/",
        "http://",
        "http:///x",
        "https:/example.com",
        "http:example.com",
        "http://?x",
        "http://#x",
        "http://:80/",
        "http://example.com:0/",
        "http://example.com:65536/",
        "http://example.com:x/",
        "http://exam ple.com/",
        "http://example.com/a b",
        "http://example.com/\n",
        "http://[::1/",
        "http://[nonsense]/",
        "ftp://example.com/",
        "file:///x",
        "oss://bucket/x",
        "javascript:alert(1)",
        "http://\\example.com/",
        " http://example.com/",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct wp_url url;
        struct wp_error error = {0};
        if (wp_url_parse(&url, bad[i], &error) != WP_USAGE)
            fail_msg("taken: '%s'", bad[i]);
        assert_int_equal(error.status, WP_USAGE);
    }
}

static void bounds_hosts(void **state)
{
    (void)state;
    char text[400] = "http://";
    struct wp_url url;
    memset(text + 7, 'a', 255);
    text[7 + 255] = '\0';
    assert_int_equal(wp_url_parse(&url, text, NULL), WP_OK);
    text[7 + 255] = 'a';
    assert_int_equal(wp_url_parse(&url, text, NULL), WP_USAGE);
}

static void survives_damage(void **state)
{
    (void)state;
    static const char sample[] = "https://u:p@[::1]:443/a%20b?c=d#e";
    for (size_t i = 0; i < sizeof sample - 1; i++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            char text[sizeof sample];
            struct wp_url url;
            memcpy(text, sample, sizeof text);
            text[i] = (char)byte;
            if (wp_url_parse(&url, text, NULL) == WP_OK)
                assert_true(url.host[0] && url.port > 0);
        }
    }
}

static void classifies_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        enum wp_address_class kind;
    } rows[] = {
        {"8.8.8.8", WP_ADDRESS_PUBLIC},
        {"1.0.0.0", WP_ADDRESS_PUBLIC},
        {"0.255.255.255", WP_ADDRESS_RESERVED},
        {"9.255.255.255", WP_ADDRESS_PUBLIC},
        {"10.0.0.0", WP_ADDRESS_PRIVATE},
        {"10.255.255.255", WP_ADDRESS_PRIVATE},
        {"11.0.0.0", WP_ADDRESS_PUBLIC},
        {"100.63.255.255", WP_ADDRESS_PUBLIC},
        {"100.64.0.0", WP_ADDRESS_PRIVATE},
        {"100.100.100.200", WP_ADDRESS_PRIVATE}, /* Alibaba Cloud's metadata */
        {"100.127.255.255", WP_ADDRESS_PRIVATE},
        {"100.128.0.0", WP_ADDRESS_PUBLIC},
        {"126.255.255.255", WP_ADDRESS_PUBLIC},
        {"127.0.0.0", WP_ADDRESS_LOOPBACK},
        {"127.255.255.255", WP_ADDRESS_LOOPBACK},
        {"128.0.0.0", WP_ADDRESS_PUBLIC},
        {"169.253.255.255", WP_ADDRESS_PUBLIC},
        {"168.63.129.15", WP_ADDRESS_PUBLIC},
        {"168.63.129.16", WP_ADDRESS_PRIVATE},
        {"168.63.129.17", WP_ADDRESS_PUBLIC},
        {"169.254.169.254", WP_ADDRESS_LINK_LOCAL},
        {"169.255.0.0", WP_ADDRESS_PUBLIC},
        {"172.15.255.255", WP_ADDRESS_PUBLIC},
        {"172.16.0.0", WP_ADDRESS_PRIVATE},
        {"172.31.255.255", WP_ADDRESS_PRIVATE},
        {"172.32.0.0", WP_ADDRESS_PUBLIC},
        {"192.0.0.8", WP_ADDRESS_RESERVED},
        {"192.0.2.1", WP_ADDRESS_RESERVED},
        {"192.88.99.1", WP_ADDRESS_RESERVED},
        {"192.167.255.255", WP_ADDRESS_PUBLIC},
        {"192.168.0.1", WP_ADDRESS_PRIVATE},
        {"192.169.0.0", WP_ADDRESS_PUBLIC},
        {"198.17.255.255", WP_ADDRESS_PUBLIC},
        {"198.18.0.0", WP_ADDRESS_RESERVED},
        {"198.19.255.255", WP_ADDRESS_RESERVED},
        {"198.20.0.0", WP_ADDRESS_PUBLIC},
        {"198.51.100.1", WP_ADDRESS_RESERVED},
        {"203.0.113.1", WP_ADDRESS_RESERVED},
        {"223.255.255.255", WP_ADDRESS_PUBLIC},
        {"224.0.0.1", WP_ADDRESS_RESERVED},
        {"240.0.0.1", WP_ADDRESS_RESERVED},
        {"255.255.255.255", WP_ADDRESS_RESERVED},
        {"::", WP_ADDRESS_RESERVED},
        {"::1", WP_ADDRESS_LOOPBACK},
        {"::2", WP_ADDRESS_RESERVED},
        {"::127.0.0.1", WP_ADDRESS_RESERVED},
        {"::ffff:8.8.8.8", WP_ADDRESS_PUBLIC},
        {"::ffff:127.0.0.1", WP_ADDRESS_LOOPBACK},
        {"::ffff:10.0.0.1", WP_ADDRESS_PRIVATE},
        {"::ffff:a9fe:a9fe", WP_ADDRESS_LINK_LOCAL},
        {"::ffff:0:127.0.0.1", WP_ADDRESS_RESERVED},
        {"64:ff9b::8.8.8.8", WP_ADDRESS_PUBLIC},
        {"64:ff9b::192.168.1.1", WP_ADDRESS_PRIVATE},
        {"64:ff9b::127.0.0.1", WP_ADDRESS_LOOPBACK},
        {"64:ff9b:1::8.8.8.8", WP_ADDRESS_PRIVATE},
        {"2002:0808:0808::1", WP_ADDRESS_PUBLIC},
        {"2002:0a00:0001::1", WP_ADDRESS_PRIVATE},
        {"2002:7f00:0001::", WP_ADDRESS_LOOPBACK},
        {"2001::1", WP_ADDRESS_RESERVED},
        {"2001:1ff:ffff::", WP_ADDRESS_RESERVED},
        {"2001:200::1", WP_ADDRESS_PUBLIC},
        {"2001:db8::1", WP_ADDRESS_RESERVED},
        {"2001:db9::1", WP_ADDRESS_PUBLIC},
        {"2400:3200::1", WP_ADDRESS_PUBLIC},
        {"3fff:fff::1", WP_ADDRESS_RESERVED},
        {"3fff:1000::1", WP_ADDRESS_PUBLIC},
        {"4000::1", WP_ADDRESS_RESERVED},
        {"fbff::1", WP_ADDRESS_RESERVED},
        {"fc00::1", WP_ADDRESS_PRIVATE},
        {"fd00:ec2::254", WP_ADDRESS_PRIVATE},
        {"fe80::1", WP_ADDRESS_LINK_LOCAL},
        {"fe80::1%eth0", WP_ADDRESS_LINK_LOCAL},
        {"febf::1", WP_ADDRESS_LINK_LOCAL},
        {"fec0::1", WP_ADDRESS_PRIVATE},
        {"ff02::1", WP_ADDRESS_RESERVED},
        {"", WP_ADDRESS_RESERVED},
        {"localhost", WP_ADDRESS_RESERVED},
        {"1.2.3", WP_ADDRESS_RESERVED},
        {"1.2.3.4.5", WP_ADDRESS_RESERVED},
        {"127.1", WP_ADDRESS_RESERVED},
        {"[::1]", WP_ADDRESS_RESERVED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (wp_address_classify(rows[i].address) != rows[i].kind)
            fail_msg("'%s' is %d", rows[i].address, (int)wp_address_classify(rows[i].address));
    }
}

static void references_are_resolved(void **state)
{
    (void)state;
    static const struct {
        const char *base, *reference, *expected;
    } rows[] = {
        {"https://h.example/a/b?c", "d", "https://h.example/a/d"},
        {"https://h.example/a/b?c", "/d?e#f", "https://h.example/d?e"},
        {"https://h.example/a/b?c", "../../d", "https://h.example/d"},
        {"https://h.example/a/b", "//other.example/x", "https://other.example/x"},
        {"https://h.example:8443/a", "?x=1", "https://h.example:8443/a?x=1"},
        {"https://h.example/a", "http://h.example/b", "http://h.example/b"},
        {"https://h.example/a", "ftp://h.example/b",
         "ftp://h.example/b"}, /* whether it may be asked is not asked here */
        {"https://h.example/a", "http://", ""},
        {"https://h.example/a", "/\xc3\xa4 b", "https://h.example/%c3%a4%20b"},
        {"https://h.example/a", "http://h.example/\xe4 %20b", "http://h.example/%e4%20%20b"},
        {"https://h.example/a", "/\x1b[2J", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[64] = "stale";
        assert_int_equal(wp_url_resolve(out, sizeof out, rows[i].base, rows[i].reference),
                         rows[i].expected[0] != 0);
        assert_string_equal(out, rows[i].expected);
    }
    char longest[32];
    assert_true(wp_url_resolve(longest, sizeof longest, "http://h.example/", "0123456789abcd"));
    assert_int_equal(strlen(longest), sizeof longest - 1);
    assert_false(wp_url_resolve(longest, sizeof longest, "http://h.example/", "0123456789abcde"));
}

static void private_names_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool is_private;
    } rows[] = {
        {"http://localhost/", true},          {"http://metadata/", true},
        {"http://LOCALHOST./", true},         {"http://a.localhost/", true},
        {"http://printer.local/", true},      {"http://metadata.google.internal/", true},
        {"http://nas.home.arpa./", true},     {"http://example.com/", false},
        {"http://local.example.com/", false}, {"http://notlocal/", true},
        {"http://my-internal.com/", false},   {"http://x.notinternal/", false},
        {"http://8.8.8.8/", false},           {"http://[2606:4700::1]/", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wp_url url;
        assert_int_equal(wp_url_parse(&url, rows[i].url, NULL), WP_OK);
        assert_int_equal(wp_url_is_private_name(&url), rows[i].is_private);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_urls_apart),
        cmocka_unit_test(refuses_what_is_no_url),
        cmocka_unit_test(bounds_hosts),
        cmocka_unit_test(survives_damage),
        cmocka_unit_test(classifies_addresses),
        cmocka_unit_test(references_are_resolved),
        cmocka_unit_test(private_names_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
