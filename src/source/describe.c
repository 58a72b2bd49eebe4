#include "source/source.h"

#include <string.h>

#include "base/text.h"

#include "base/banned.h"

/* The length of a URL scheme (RFC 3986 3.1) that "://" follows, or 0. */
static size_t scheme_length(const char *location)
{
    size_t len = strcspn(location, ":/?#");
    if (len < 2 || strncmp(location + len, "://", 3) != 0)
        return 0;
    for (size_t i = 0; i < len; i++) {
        char c = location[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!letter && !(i > 0 && other))
            return 0;
    }
    return len;
}

static enum wp_source_kind kind_of(const char *location)
{
    static const struct {
        const char *scheme;
        enum wp_source_kind kind;
    } schemes[] = {{"http", WP_SOURCE_HTTP}, {"https", WP_SOURCE_HTTP}, {"oss", WP_SOURCE_OSS}};
    char scheme[8] = "";
    size_t len = scheme_length(location);
    if (len == 0)
        return WP_SOURCE_FILE;
    if (len < sizeof scheme)
        memcpy(scheme, location, len);
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (wp_text_equal_nocase(scheme, schemes[i].scheme))
            return schemes[i].kind;
    }
    return WP_SOURCE_OTHER;
}

void wp_source_describe(struct wp_source_facts *facts, const char *location)
{
    *facts = (struct wp_source_facts){.kind = kind_of(location)};
    bool whole = wp_text_copy(facts->location, sizeof facts->location, location);
    if (facts->kind == WP_SOURCE_FILE) {
        wp_text_extension(facts->extension, sizeof facts->extension, location, false);
        facts->state = whole ? WP_SOURCE_READ : WP_SOURCE_UNAVAILABLE;
        if (!whole)
            wp_text_copy(facts->reason, sizeof facts->reason, "the path is longer than 2047 bytes");
        return;
    }
    wp_text_extension(facts->extension, sizeof facts->extension, location, true);
    for (const char *p = location; *p; p++) {
        if (*p <= ' ' || *p > '~')
            facts->url_has_non_ascii = true;
    }
    const char *authority = location + scheme_length(location) + 3;
    facts->url_has_userinfo = memchr(authority, '@', strcspn(authority, "/?#")) != NULL;
    facts->state = WP_SOURCE_UNMEASURED;
    wp_text_copy(facts->reason, sizeof facts->reason,
                 whole ? "it cannot be read here; download it and check the file"
                       : "the URL is longer than 2047 bytes");
}
