/* A URL as a source: ranges through a cache, or the whole file in a spool. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "net/retry.h"
#include "source/cache.h"
#include "source/fetch.h"
#include "source/open.h"
#include "source/signature.h"

#include "base/banned.h"

struct http_source {
    struct wp_source source;
    struct wp_fetch fetch;
    struct wp_reader ranges; /* behind the cache */
    struct wp_cache *cache;  /* NULL: the spool has the whole file */
    struct wp_spool spool;
    unsigned char first[WP_CACHE_BLOCK]; /* what the first request gave */
};

static enum wp_status range_read_at(void *user, void *out, size_t len, uint64_t offset, size_t *got,
                                    struct wp_error *error)
{
    struct http_source *http = user;
    struct wp_fetch_part part = {.first = offset, .want = len, .out = out};
    enum wp_status status = wp_fetch_get(&http->fetch, &part, error);
    *got = status == WP_OK ? part.got : 0;
    return status;
}

static void close_http(struct wp_source *source)
{
    struct http_source *http = (struct http_source *)source;
    wp_cache_free(http->cache);
    wp_spool_close(&http->spool);
    wp_fetch_end(&http->fetch);
    wp_free(http);
}

/* The URL as it can be asked for: what is no printable ASCII is percent-encoded (RFC 3986 2.1). */
static bool encode(char *out, size_t size, const char *location)
{
    struct wp_buf url = wp_buf_new(size - 1);
    for (const char *p = location; *p; p++) {
        if (*p > ' ' && *p <= '~')
            (void)wp_buf_add(&url, p, 1);
        else
            (void)wp_buf_add_format(&url, "%%%02X", (unsigned)(unsigned char)*p);
    }
    bool fits = !url.failed && wp_text_copy(out, size, wp_buf_text(&url));
    wp_buf_free(&url);
    return fits;
}

/* Why the URL must not be asked for; NULL if it may. */
static const char *refusal(const struct wp_source_facts *facts)
{
    if (facts->url_has_userinfo)
        return "a URL with a user name or password is not asked for";
    if (strlen(facts->location) == sizeof facts->location - 1)
        return "the URL is longer than 2046 bytes";
    return NULL;
}

/* The first request tells how the rest is read. */
static enum wp_status begin(struct http_source *http, struct wp_error *error)
{
    bool whole = http->fetch.options.whole;
    struct wp_fetch_part part = {
        .want = whole ? UINT64_MAX : sizeof http->first, .out = http->first, .spool = &http->spool};
    enum wp_status status = wp_fetch_get(&http->fetch, &part, error);
    if (status != WP_OK)
        return status;
    if (http->spool.fd >= 0) {
        http->source.fd = http->spool.fd;
        http->source.reader =
            (struct wp_reader){.size = http->spool.size, .read_at = wp_source_read_fd, .user = &http->source};
        return WP_OK;
    }
    http->ranges = (struct wp_reader){.size = http->fetch.size, .read_at = range_read_at, .user = http};
    status = wp_cache_new(&http->cache, &http->ranges, error);
    if (status != WP_OK)
        return status;
    wp_cache_begin(http->cache, http->first, part.got);
    http->source.reader =
        (struct wp_reader){.size = http->fetch.size, .read_at = wp_cache_read_at, .user = http->cache};
    return WP_OK;
}

/* Against the server's clock if it tells it: that of this machine may be wrong, and does not count there. */
static void read_signature(const struct http_source *http, struct wp_delivery_facts *delivery,
                           const char *location)
{
    const struct wp_clock *clock = http->fetch.options.clock;
    int64_t now_ms = 0;
    if (!wp_http_date_parse(&now_ms, http->fetch.date))
        now_ms = clock->wall_ms(clock->user);
    wp_signature_read(delivery, location, now_ms);
}

enum wp_status wp_source_open_http(struct wp_source **out, struct wp_source_facts *facts,
                                   struct wp_delivery_facts *delivery, const struct wp_http_options *options,
                                   struct wp_error *error)
{
    char url[sizeof facts->location];
    *out = NULL;
    *delivery = (struct wp_delivery_facts){.trouble = WP_DELIVERY_FINE};
    const char *reason = refusal(facts);
    if (!reason && !encode(url, sizeof url, facts->location))
        reason = "the URL is longer than 2047 bytes when it is percent-encoded";
    if (reason) {
        wp_text_copy(facts->reason, sizeof facts->reason, reason);
        return WP_OK;
    }
    struct http_source *http = wp_calloc(1, sizeof *http);
    if (!http)
        return wp_fail_nomem(error, "source");
    http->spool = WP_SPOOL_NONE;
    http->source.fd = -1;
    http->source.close = close_http;
    struct wp_error failure = {.status = WP_OK}; /* bytes that cannot be had are none of this call's */
    enum wp_status status = wp_fetch_begin(&http->fetch, url, delivery, options, &failure);
    if (status == WP_OK)
        status = begin(http, &failure);
    read_signature(http, delivery, facts->location);
    if (status == WP_OK) {
        facts->state = WP_SOURCE_READ;
        facts->reason[0] = '\0';
        *out = &http->source;
        return WP_OK;
    }
    close_http(&http->source);
    if (status != WP_NETWORK) {
        if (error)
            *error = failure;
        return status;
    }
    facts->state = WP_SOURCE_UNAVAILABLE;
    wp_text_copy(facts->reason, sizeof facts->reason, delivery->trouble_reason);
    return WP_OK;
}
