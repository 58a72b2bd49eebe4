/* Rules about how a URL is delivered. */
#include <string.h>

#include "base/text.h"
#include "rules/catalogue.h"

#include "base/banned.h"

#define SOON_S       3600 /* a task can wait in the queue for so long */
#define FIRST_BYTE_S 5.0
#define DOWNLOAD_S   10.0 /* field reports: the service's own download times out after about that */

/* The delivery of a file that was had, or NULL. */
static const struct wp_delivery_facts *delivered(const struct wp_medium *medium)
{
    bool is_fine = medium->delivery && medium->delivery->trouble == WP_DELIVERY_FINE;
    return is_fine ? medium->delivery : NULL;
}

static bool is_trouble(const struct wp_medium *medium, enum wp_delivery_trouble trouble)
{
    return medium->delivery && medium->delivery->trouble == trouble;
}

static bool is_expired(const struct wp_medium *medium)
{
    return medium->delivery && medium->delivery->has_expiry && medium->delivery->expires_in_s < 0;
}

bool wp_judge_url_private_address(const struct wp_case *facts, const struct wp_medium *medium,
                                  struct wp_finding *finding)
{
    static const char *const kinds[] = {
        [WP_ADDRESS_KIND_UNKNOWN] = "",
        [WP_ADDRESS_KIND_PUBLIC] = "",
        [WP_ADDRESS_KIND_LOOPBACK] = "loopback",
        [WP_ADDRESS_KIND_PRIVATE] = "private",
        [WP_ADDRESS_KIND_LINK_LOCAL] = "link-local",
        [WP_ADDRESS_KIND_RESERVED] = "reserved",
    };
    (void)facts;
    if (!is_trouble(medium, WP_DELIVERY_FORBIDDEN))
        return false;
    const struct wp_delivery_facts *delivery = medium->delivery;
    finding->actual = wp_value_text(delivery->address[0] ? delivery->address : "a private name");
    finding->limit = wp_value_text("a public address");
    const char *kind = kinds[delivery->address_kind];
    wp_text_format(finding->detail, sizeof finding->detail, "%s%s%s", kind,
                   kind[0] && delivery->redirects ? ", " : "", delivery->redirects ? "by a redirect" : "");
    return true;
}

bool wp_judge_url_unreachable(const struct wp_case *facts, const struct wp_medium *medium,
                              struct wp_finding *finding)
{
    (void)facts;
    if (!medium->delivery || medium->delivery->trouble == WP_DELIVERY_FINE ||
        is_trouble(medium, WP_DELIVERY_FORBIDDEN) || is_trouble(medium, WP_DELIVERY_STATUS) ||
        is_trouble(medium, WP_DELIVERY_TOO_LARGE))
        return false;
    const char *reason = medium->delivery->trouble_reason;
    wp_text_copy(finding->detail, sizeof finding->detail, reason[0] ? reason : "the reason is not known");
    return true;
}

bool wp_judge_url_expired(const struct wp_case *facts, const struct wp_medium *medium,
                          struct wp_finding *finding)
{
    (void)facts;
    if (!is_expired(medium))
        return false;
    finding->actual = wp_value_number((double)medium->delivery->expires_in_s);
    finding->limit = wp_value_number(0);
    wp_text_copy(finding->detail, sizeof finding->detail, medium->delivery->signature_form);
    return true;
}

/* What a status most often means, where that is not plain. */
static const char *hint(uint16_t status)
{
    switch (status) {
    case 401:
    case 403:
        return "it wants a login or a signature";
    case 404:
    case 410:
        return "there is no such file";
    case 429:
        return "too many requests";
    default:
        return status >= 500 ? "the server is at fault" : "";
    }
}

bool wp_judge_url_status(const struct wp_case *facts, const struct wp_medium *medium,
                         struct wp_finding *finding)
{
    (void)facts;
    if (!is_trouble(medium, WP_DELIVERY_STATUS))
        return false;
    uint16_t status = medium->delivery->status;
    if (is_expired(medium) && (status == 400 || status == 401 || status == 403))
        return false; /* that is what storage answers to it */
    finding->actual = wp_value_number(status);
    finding->limit = wp_value_text("200, 206");
    wp_text_copy(finding->detail, sizeof finding->detail, hint(status));
    return true;
}

bool wp_judge_url_expiring(const struct wp_case *facts, const struct wp_medium *medium,
                           struct wp_finding *finding)
{
    (void)facts;
    const struct wp_delivery_facts *delivery = medium->delivery;
    if (!delivery || !delivery->has_expiry || is_expired(medium) || delivery->expires_in_s >= SOON_S)
        return false;
    finding->actual = wp_value_number((double)delivery->expires_in_s);
    finding->limit = wp_value_number(SOON_S);
    wp_text_copy(finding->detail, sizeof finding->detail, delivery->signature_form);
    return true;
}

bool wp_judge_url_redirect(const struct wp_case *facts, const struct wp_medium *medium,
                           struct wp_finding *finding)
{
    (void)facts;
    const struct wp_delivery_facts *delivery = delivered(medium);
    if (!delivery || delivery->redirects == 0)
        return false;
    bool is_downgrade = wp_text_starts(delivery->final_url, "http://") &&
                        wp_text_starts(medium->source->location, "https://");
    finding->actual = wp_value_number(delivery->redirects);
    finding->limit = wp_value_number(0);
    wp_text_format(finding->detail, sizeof finding->detail, "%.*s%s", (int)strcspn(delivery->final_url, "?#"),
                   delivery->final_url,
                   is_downgrade ? " (from https to plain http, which anyone on the way can change)" : "");
    return true;
}

/* Types that say no more than "bytes", which storage gives to what nobody labelled. */
static bool is_bytes(const char *type)
{
    return wp_text_equal_nocase(type, "application/octet-stream") ||
           wp_text_equal_nocase(type, "binary/octet-stream");
}

bool wp_judge_url_content_type(const struct wp_case *facts, const struct wp_medium *medium,
                               struct wp_finding *finding)
{
    (void)facts;
    const struct wp_delivery_facts *delivery = delivered(medium);
    if (!delivery)
        return false;
    bool is_image = medium->subject == WP_SUBJECT_IMAGE;
    char type[sizeof delivery->content_type], family[8];
    wp_text_copy(type, sizeof type, delivery->content_type);
    type[strcspn(type, "; \t")] = '\0';
    wp_text_copy(family, 7, type); /* "image/" and "video/" are as long */
    if (wp_text_equal_nocase(family, is_image ? "image/" : "video/") || is_bytes(type) ||
        (!is_image && wp_text_equal_nocase(type, "application/mp4"))) /* RFC 4337 */
        return false;
    finding->actual = wp_value_text(type[0] ? type : "of no type");
    finding->limit = wp_value_text(is_image ? "an image type" : "a video type");
    return true;
}

bool wp_judge_url_content_length(const struct wp_case *facts, const struct wp_medium *medium,
                                 struct wp_finding *finding)
{
    (void)facts, (void)finding;
    const struct wp_delivery_facts *delivery = delivered(medium);
    return delivery && !delivery->has_content_length;
}

bool wp_judge_url_ranges(const struct wp_case *facts, const struct wp_medium *medium,
                         struct wp_finding *finding)
{
    (void)facts, (void)finding;
    const struct wp_delivery_facts *delivery = delivered(medium);
    return delivery && delivery->ranges == WP_NO;
}

bool wp_judge_url_slow(const struct wp_case *facts, const struct wp_medium *medium,
                       struct wp_finding *finding)
{
    (void)facts;
    const struct wp_delivery_facts *delivery = delivered(medium);
    if (!delivery || !delivery->has_first_byte)
        return false;
    double all_s = delivery->first_byte_s;
    if (delivery->has_rate && delivery->bytes_per_s > 0 && medium->has_bytes)
        all_s += (double)medium->bytes / delivery->bytes_per_s;
    bool is_late = delivery->first_byte_s > FIRST_BYTE_S;
    if (!is_late && all_s <= DOWNLOAD_S)
        return false;
    finding->actual = wp_value_number(all_s > DOWNLOAD_S ? all_s : delivery->first_byte_s);
    finding->limit = wp_value_number(all_s > DOWNLOAD_S ? DOWNLOAD_S : FIRST_BYTE_S);
    wp_text_copy(finding->detail, sizeof finding->detail,
                 all_s > DOWNLOAD_S ? "all of it" : "its first byte");
    return true;
}
