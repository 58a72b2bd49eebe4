#include "report/location.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"

#include "base/banned.h"

/* Where the authority of a URL begins (RFC 3986 3.2), or NULL. */
static char *authority(char *url)
{
    char *p = strstr(url, "://");
    return p ? p + 3 : NULL;
}

void wp_location_redacted(char *out, size_t size, const struct wp_source_facts *source)
{
    wp_text_copy(out, size, source->location);
    if (source->kind == WP_SOURCE_FILE)
        return;
    char *begin = authority(out), *at = NULL;
    for (char *p = begin; p && *p && !strchr("/?#", *p); p++) {
        if (*p == '@')
            at = p;
    }
    if (at && at - begin >= 3) {
        memset(begin, '*', 3);
        memmove(begin + 3, at, strlen(at) + 1);
    } else if (at) {
        memset(begin, '*', (size_t)(at - begin));
    }
    wp_redact(out);
}

void wp_location_display(struct wp_buf *out, const struct wp_source_facts *source)
{
    char text[sizeof source->location];
    wp_location_redacted(text, sizeof text, source);
    wp_text_sanitize(text);
    size_t len = source->kind == WP_SOURCE_FILE ? strlen(text) : strcspn(text, "?#");
    (void)wp_buf_add(out, text, len);
    (void)wp_buf_add_text(out, text[len] ? "?..." : "");
}

void wp_location_encoded(struct wp_buf *out, const struct wp_source_facts *source)
{
    char text[sizeof source->location];
    wp_location_redacted(text, sizeof text, source);
    for (const char *p = text; *p; p++) {
        if (*p > ' ' && *p <= '~')
            (void)wp_buf_add(out, p, 1);
        else
            (void)wp_buf_add_format(out, "%%%02X", (unsigned)(unsigned char)*p);
    }
}

/* Bytes that a path of a URI holds as they are: unreserved, sub-delims, ':', '@' and '/' (RFC 3986 3.3). */
static bool is_path_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~!$&'()*+,;=:@/", c));
}

void wp_location_uri(struct wp_buf *out, const struct wp_source_facts *source)
{
    if (source->kind != WP_SOURCE_FILE) {
        wp_location_encoded(out, source);
        return;
    }
    const char *path = source->location;
    if (path[0] == '/')
        (void)wp_buf_add_text(out, "file://");
    else if (strchr(path, ':')) /* else the part before it would be a scheme (RFC 3986 4.2) */
        (void)wp_buf_add_text(out, "./");
    for (const char *p = path; *p; p++) {
        if (is_path_byte(*p))
            (void)wp_buf_add(out, p, 1);
        else
            (void)wp_buf_add_format(out, "%%%02X", (unsigned)(unsigned char)*p);
    }
}

/* Whether text can stand between single quotes and be shown on a terminal as it is. */
static bool is_printable(const char *text)
{
    for (const char *p = text; *p;) {
        size_t n = wp_text_plain_length(p);
        if (n == 0)
            return false;
        p += n;
    }
    return true;
}

static void add_quoted(struct wp_buf *out, const char *text)
{
    (void)wp_buf_add_text(out, "'");
    for (const char *p = text; *p; p++) {
        if (*p == '\'')
            (void)wp_buf_add_text(out, "'\\''");
        else
            (void)wp_buf_add(out, p, 1);
    }
    (void)wp_buf_add_text(out, "'");
}

/* Bytes that would harm a terminal, or break the line, are written as octal escapes of printf(1), which every
 * POSIX shell has. */
static void add_escaped(struct wp_buf *out, const char *text)
{
    (void)wp_buf_add_text(out, "\"$(printf '");
    for (const char *p = text; *p; p++) {
        if (*p < 0x20 || *p > 0x7e || *p == '\'' || *p == '\\')
            (void)wp_buf_add_format(out, "\\%03o", (unsigned)(unsigned char)*p);
        else if (*p == '%')
            (void)wp_buf_add_text(out, "%%");
        else
            (void)wp_buf_add(out, p, 1);
    }
    (void)wp_buf_add_text(out, "')\"");
}

void wp_shell_word(struct wp_buf *out, const char *text)
{
    char word[4096];
    /* "-x" is an option to every program; "a:b" a protocol to ffmpeg and a format to ImageMagick, "@a" a list
     * to the latter. */
    bool is_relative = text[0] != '/' && !wp_text_starts(text, "./") && !wp_text_starts(text, "../");
    bool is_taken_wrong = text[0] == '-' || text[0] == '@' || strchr(text, ':') != NULL;
    wp_text_format(word, sizeof word, "%s%s", is_relative && is_taken_wrong ? "./" : "", text);
    if (is_printable(word))
        add_quoted(out, word);
    else
        add_escaped(out, word);
}

/* The path of the local file; for a URL the last segment of its path. */
static void local_path(char *out, size_t size, const struct wp_source_facts *source)
{
    if (source->kind == WP_SOURCE_FILE) {
        wp_text_copy(out, size, source->location);
        return;
    }
    char url[sizeof source->location];
    wp_text_copy(url, sizeof url, source->location);
    char *begin = authority(url);
    begin = begin ? begin : url;
    begin[strcspn(begin, "?#")] = '\0';
    const char *slash = strrchr(begin, '/');
    wp_text_copy(out, size, slash && slash[1] ? slash + 1 : "copy");
}

void wp_location_input(struct wp_buf *out, const struct wp_source_facts *source)
{
    char path[sizeof source->location];
    local_path(path, sizeof path, source);
    wp_shell_word(out, path);
}

/* The length of path without its extension; what holds no letter ("v1.2") is none. */
static size_t stem_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t len = strlen(path);
    if (!dot || dot == name || strlen(dot) > 6)
        return len;
    bool has_letter = false;
    for (const char *p = dot + 1; *p; p++)
        has_letter = has_letter || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
    return has_letter ? (size_t)(dot - path) : len;
}

void wp_location_output(struct wp_buf *out, const struct wp_source_facts *source, const char *mark,
                        const char *extension)
{
    char path[sizeof source->location], word[sizeof path + 32];
    local_path(path, sizeof path, source);
    path[stem_length(path)] = '\0';
    wp_text_format(word, sizeof word, "%s%s.%s", path, mark, extension);
    wp_shell_word(out, word);
}
