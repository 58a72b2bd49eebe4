/* Rules about the location of an input. */
#include <string.h>

#include "base/text.h"
#include "rules/catalogue.h"
#include "rules/formats.h"

#include "base/banned.h"

static bool is_fetched_by_service(const struct wp_source_facts *source)
{
    return source->kind == WP_SOURCE_HTTP || source->kind == WP_SOURCE_OSS;
}

bool wp_judge_url_scheme(const struct wp_case *facts, const struct wp_medium *medium,
                         struct wp_finding *finding)
{
    (void)facts;
    if (medium->source->kind != WP_SOURCE_OTHER)
        return false;
    char scheme[32];
    wp_text_copy(scheme, sizeof scheme, medium->source->location);
    scheme[strcspn(scheme, ":")] = '\0';
    finding->actual = wp_value_text(scheme);
    finding->limit = wp_value_text("http, https");
    return true;
}

bool wp_judge_url_non_ascii(const struct wp_case *facts, const struct wp_medium *medium,
                            struct wp_finding *finding)
{
    (void)facts, (void)finding;
    return is_fetched_by_service(medium->source) && medium->source->url_has_non_ascii;
}

bool wp_judge_url_userinfo(const struct wp_case *facts, const struct wp_medium *medium,
                           struct wp_finding *finding)
{
    (void)facts, (void)finding;
    return is_fetched_by_service(medium->source) && medium->source->url_has_userinfo;
}

bool wp_judge_url_extension(const struct wp_case *facts, const struct wp_medium *medium,
                            struct wp_finding *finding)
{
    (void)facts;
    const struct wp_source_facts *source = medium->source;
    const char *known = wp_media_extensions(medium->subject);
    if (!is_fetched_by_service(source) || wp_list_has(known, source->extension))
        return false;
    finding->actual = wp_value_text(source->extension[0] ? source->extension : "none");
    finding->limit = wp_value_text(known);
    return true;
}
