/* URLs and addresses: what they are taken for, what may be connected to, and where a reference leads. */
#include <arpa/inet.h>
#include <strings.h>

#include "base/bytes.h"
#include "dashscope/endpoint.h"
#include "fuzz/fuzz.h"
#include "net/url.h"
#include "source/signature.h"
#include "source/source.h"

#include "base/banned.h"

/* A second opinion on IPv4, from the best-known networks of RFC 6890 alone. */
static bool is_inner_v4(uint32_t a)
{
    return a >> 24 == 0 || a >> 24 == 10 || a >> 24 == 127 || a >> 22 == 0x191 || a >> 16 == 0xa9fe ||
           a >> 20 == 0xac1 || a >> 16 == 0xc0a8 || a >> 29 == 7;
}

/* What is called public is an address, and none that leads inside. */
static void check_address(const char *text)
{
    uint8_t a[16];
    char numeric[64];
    enum wp_address_class kind = wp_address_classify(text);
    MUST(kind <= WP_ADDRESS_RESERVED);
    if (kind != WP_ADDRESS_PUBLIC)
        return;
    MUST(wp_text_copy(numeric, sizeof numeric, text));
    if (inet_pton(AF_INET, numeric, a) == 1) {
        MUST(!is_inner_v4(wp_be32(a)));
        return;
    }
    numeric[strcspn(numeric, "%")] = '\0';
    MUST(inet_pton(AF_INET6, numeric, a) == 1);
    MUST(a[0] != 0xfc && a[0] != 0xfd && a[0] != 0xfe && a[0] != 0xff);
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff}, nat64[12] = {0, 0x64, 0xff, 0x9b};
    if (memcmp(a, mapped, sizeof mapped) == 0 || memcmp(a, nat64, sizeof nat64) == 0)
        MUST(!is_inner_v4(wp_be32(a + 12)));
}

static void check_source(const char *text, bool is_url, const struct wp_url *url)
{
    struct wp_source_facts facts;
    memset(&facts, 0xa5, sizeof facts);
    wp_source_describe(&facts, text);
    MUST(memchr(facts.location, '\0', sizeof facts.location) != NULL);
    MUST(strncmp(facts.location, text, strlen(facts.location)) == 0);
    MUST_BE_CLEAN(facts.reason);
    MUST_BE_CLEAN(facts.extension);
    MUST((facts.state == WP_SOURCE_READ) == !facts.reason[0]);
    MUST(facts.kind == WP_SOURCE_FILE || strstr(text, "://") != NULL);
    MUST(facts.kind != WP_SOURCE_FILE || (!facts.url_has_non_ascii && !facts.url_has_userinfo));
    if (!is_url)
        return;
    MUST(facts.kind == WP_SOURCE_HTTP);
    MUST(facts.url_has_userinfo || !url->has_userinfo);
}

/* A base URL that is taken is one that a key may be sent to. */
static void check_endpoint(const char *text)
{
    struct wp_endpoint endpoint;
    struct wp_error error;
    if (wp_endpoint_set(&endpoint, text, WP_REGION_CHINA, &error) != WP_OK) {
        MUST(error.status == WP_USAGE);
        MUST_BE_CLEAN(error.message);
        return;
    }
    struct wp_url url;
    struct wp_buf out = wp_buf_new(4096);
    MUST(fuzz_is_token(endpoint.base_url, sizeof endpoint.base_url));
    MUST(wp_url_parse(&url, endpoint.base_url, &error) == WP_OK);
    MUST(!url.has_userinfo);
    MUST(strcmp(url.scheme, "https") == 0 || (endpoint.loopback && wp_url_is_loopback(&url)));
    MUST(wp_endpoint_task_url(&endpoint, "../a?b#c d\xff", &out));
    struct wp_url made;
    MUST(fuzz_is_token(out.data, out.len + 1) && wp_url_parse(&made, out.data, &error) == WP_OK);
    MUST(strcmp(made.host, url.host) == 0 && made.port == url.port);
    wp_buf_free(&out);
}

/* Who signed, and until when: of the years 1970 to 9999, twice that where a length is added to a date. */
static void check_signature(const char *text)
{
    struct wp_delivery_facts facts;
    memset(&facts, 0xa5, sizeof facts);
    wp_signature_read(&facts, text, INT64_C(1758195120105));
    MUST_BE_CLEAN(facts.signature_form);
    MUST(!facts.has_expiry || facts.signature_form[0]);
    MUST(!facts.has_expiry ||
         (facts.expires_in_s >= -INT64_C(70000000000) && facts.expires_in_s < INT64_C(600000000000)));
}

/* The second line is a reference from the first one. */
static void check_reference(const char *base, const char *reference)
{
    char out[2048];
    memset(out, 0x7f, sizeof out);
    if (!wp_url_resolve(out, sizeof out, base, reference)) {
        MUST(out[0] == '\0');
        return;
    }
    MUST(memchr(out, '\0', sizeof out) != NULL && out[0] != '\0' && !strchr(out, '#'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    struct wp_url url;
    struct wp_error error;
    memset(&url, 0xa5, sizeof url);
    char *reference = strchr(text, '\n');
    if (reference) {
        *reference++ = '\0';
        check_reference(text, reference);
    }
    bool is_url = wp_url_parse(&url, text, &error) == WP_OK;
    if (is_url) {
        MUST(strcmp(url.scheme, "http") == 0 || strcmp(url.scheme, "https") == 0);
        MUST(strncasecmp(text, url.scheme, strlen(url.scheme)) == 0);
        MUST(memchr(url.host, '\0', sizeof url.host) != NULL && url.host[0] != '\0' && url.port > 0);
        for (const char *p = url.host; *p; p++)
            MUST(!(*p >= 'A' && *p <= 'Z') && !strchr("/?#@ ", *p));
        MUST(!wp_url_is_loopback(&url) || wp_address_classify(url.host) != WP_ADDRESS_PUBLIC);
        MUST(strcmp(url.host, "localhost") != 0 || wp_url_is_private_name(&url));
        check_address(url.host);
    } else {
        MUST_BE_CLEAN(error.message);
    }
    check_address(text);
    check_source(text, is_url, &url);
    check_signature(text);
    check_endpoint(text);
    free(text);
    return 0;
}
