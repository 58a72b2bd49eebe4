#include "dashscope/endpoint.h"

#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"
#include "net/url.h"

#include "base/banned.h"

static const char *region_url(enum wp_region region)
{
    return region == WP_REGION_INTERNATIONAL ? "https://dashscope-intl.aliyuncs.com/api/v1"
                                             : "https://dashscope.aliyuncs.com/api/v1";
}

static enum wp_status refuse(struct wp_error *error, const char *why)
{
    /* The URL itself stays out of the sentence: it may hold a password. */
    return wp_fail(error, WP_USAGE, "endpoint", "the base URL %s; give one such as %s", why,
                   region_url(WP_REGION_CHINA));
}

enum wp_status wp_endpoint_set(struct wp_endpoint *out, const char *base_url, enum wp_region region,
                               struct wp_error *error)
{
    struct wp_url url;
    if (!base_url)
        base_url = region_url(region);
    enum wp_status status = wp_url_parse(&url, base_url, NULL);
    if (status == WP_NOMEM)
        return wp_fail_nomem(error, "endpoint");
    if (status != WP_OK)
        return refuse(error, "is no https:// URL");
    if (url.has_userinfo)
        return refuse(error, "holds a user name or password, which the service does not take");
    if (strpbrk(base_url, "?#"))
        return refuse(error, "holds a query or a fragment, so that no path can follow it");
    for (const char *p = base_url; *p; p++) {
        if (*p < 0x21 || *p > 0x7e)
            return refuse(error, "holds a byte that is not printable ASCII");
    }
    bool loopback = wp_url_is_loopback(&url);
    if (strcmp(url.scheme, "https") != 0 && !loopback)
        return refuse(error,
                      "is plain http, which would send the API key unprotected (allowed to loopback alone)");
    if (!wp_text_copy(out->base_url, sizeof out->base_url, base_url))
        return refuse(error, "is longer than 511 bytes");
    size_t len = strlen(out->base_url);
    while (out->base_url[len - 1] == '/')
        out->base_url[--len] = '\0';
    out->loopback = loopback;
    return WP_OK;
}

enum wp_region wp_endpoint_region(const char *base_url)
{
    struct wp_url url;
    if (wp_url_parse(&url, base_url, NULL) != WP_OK)
        return WP_REGION_CHINA;
    bool abroad = strcmp(url.host, "dashscope-intl.aliyuncs.com") == 0 ||
                  wp_text_ends(url.host, ".ap-southeast-1.maas.aliyuncs.com");
    return abroad ? WP_REGION_INTERNATIONAL : WP_REGION_CHINA;
}

/* Percent-encodes all but RFC 3986's unreserved characters. */
static void add_encoded(struct wp_buf *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (const char *p = text; *p; p++) {
        if (strchr(plain, *p))
            (void)wp_buf_add(out, p, 1);
        else
            (void)wp_buf_add_format(out, "%%%02X", (unsigned)(unsigned char)*p);
    }
}

static bool add_path(const struct wp_endpoint *endpoint, const char *path, struct wp_buf *out)
{
    (void)wp_buf_add_text(out, endpoint->base_url);
    return wp_buf_add_text(out, path);
}

bool wp_endpoint_create_url(const struct wp_endpoint *endpoint, struct wp_buf *out)
{
    return add_path(endpoint, "/services/aigc/image2video/video-synthesis", out);
}

bool wp_endpoint_task_url(const struct wp_endpoint *endpoint, const char *task_id, struct wp_buf *out)
{
    (void)add_path(endpoint, "/tasks/", out);
    add_encoded(out, task_id);
    return out->failed == WP_OK;
}

bool wp_endpoint_cancel_url(const struct wp_endpoint *endpoint, const char *task_id, struct wp_buf *out)
{
    (void)wp_endpoint_task_url(endpoint, task_id, out);
    return wp_buf_add_text(out, "/cancel");
}

bool wp_endpoint_policy_url(const struct wp_endpoint *endpoint, struct wp_buf *out)
{
    return add_path(endpoint, "/uploads?action=getPolicy&model=" WP_MODEL, out);
}

/* The service reads times as local to it: UTC+8, the whole year round. */
static void add_time(struct wp_buf *out, const char *name, int64_t wall_ms)
{
    if (wall_ms < 0)
        return;
    time_t seconds = (time_t)(wall_ms / 1000 + INT64_C(8) * 3600);
    struct tm tm;
    char text[32];
    if (gmtime_r(&seconds, &tm) && strftime(text, sizeof text, "%Y%m%d%H%M%S", &tm) > 0)
        (void)wp_buf_add_format(out, "&%s=%s", name, text);
}

bool wp_endpoint_list_url(const struct wp_endpoint *endpoint, int64_t from_ms, int64_t to_ms, unsigned page,
                          unsigned page_size, struct wp_buf *out)
{
    (void)add_path(endpoint, "/tasks/?model_name=" WP_MODEL, out);
    add_time(out, "start_time", from_ms);
    add_time(out, "end_time", to_ms);
    return wp_buf_add_format(out, "&page_no=%u&page_size=%u", page, page_size);
}
