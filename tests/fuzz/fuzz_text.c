/* Numbers and durations; text made fit to be shown; secrets hidden; words of a shell. */
#include <ctype.h>

#include "base/error.h"
#include "base/log.h"
#include "base/number.h"
#include "fuzz/fuzz.h"
#include "report/location.h"

#include "base/banned.h"

static void check_numbers(const char *text)
{
    uint64_t whole = 0, fixed = 0;
    int64_t ms = 0;
    char again[32];
    if (wp_parse_u64(&whole, text, 7, UINT64_MAX)) {
        MUST(whole >= 7 && strspn(text, "0123456789") == strlen(text));
        MUST(wp_text_format(again, sizeof again, "%llu", (unsigned long long)whole));
        MUST(strcmp(again, text + strspn(text, "0")) == 0);
        MUST(wp_parse_fixed(&fixed, text, 0, 0, UINT64_MAX) && fixed == whole);
    }
    if (wp_parse_fixed(&fixed, text, 3, 5, UINT64_MAX))
        MUST(fixed >= 5 && strspn(text, "0123456789.") == strlen(text));
    if (wp_parse_duration_ms(&ms, text, 1, INT64_C(86400000)))
        MUST(ms >= 1 && ms <= INT64_C(86400000) && isdigit((unsigned char)text[0]));
}

static void check_sanitize(const char *text)
{
    char *shown = strdup(text), *again;
    MUST(shown != NULL);
    wp_text_sanitize(shown);
    MUST(strlen(shown) == strlen(text));
    MUST(fuzz_is_clean(shown, strlen(shown) + 1));
    MUST(!fuzz_is_clean(text, strlen(text) + 1) || strcmp(shown, text) == 0);
    again = strdup(shown);
    MUST(again != NULL);
    wp_text_sanitize(again);
    MUST(strcmp(again, shown) == 0);
    free(again);
    free(shown);
}

/* A secret is put into the text, on a line of its own, in each of the forms that secrets come in. */
static void check_redact(const char *text)
{
    static const char secret[] = "QzRkF7pWx2";
    static const struct {
        const char *before, *after;
    } forms[] = {
        {"", ""},
        {"\n Bearer ", " "},
        {"\n?Signature=", "&"},
        {"\n&OSSAccessKeyId=", "&"},
        {"\n&x-amz-security-token=", ""},
        {"\n{\"policy\":\"", "\""},
        {"\n\"api_key\" : \"", "\"}"},
        {"\n sk-", " "},
    };
    size_t cut = strlen(text) / 2, room = strlen(text) + 64;
    char *line = malloc(room);
    MUST(line != NULL);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        MUST(wp_text_format(line, room, "%.*s%s%s%s%s", (int)cut, text, forms[i].before,
                            forms[i].before[0] ? secret : "", forms[i].after, text + cut));
        size_t len = strlen(line);
        bool had = strstr(text, secret) != NULL;
        wp_redact(line);
        MUST(strlen(line) <= len);
        MUST(had || !strstr(line, secret));
    }
    free(line);
}

static void check_copies(const char *text)
{
    char out[24], extension[16];
    bool whole = wp_text_copy(out, sizeof out, text);
    MUST(whole == (strlen(text) < sizeof out) && strncmp(out, text, strlen(out)) == 0);
    MUST(!fuzz_is_clean(text, strlen(text) + 1) || fuzz_is_clean(out, sizeof out));
    for (int is_url = 0; is_url < 2; is_url++) {
        wp_text_extension(extension, sizeof extension, text, is_url != 0);
        for (const char *p = extension; *p; p++)
            MUST(islower((unsigned char)*p) || isdigit((unsigned char)*p));
    }
    struct wp_error error;
    (void)wp_fail(&error, WP_INPUT, "fuzz", "'%s' is no number", text);
    MUST_BE_CLEAN(error.message);
}

/* The bytes that a POSIX shell makes of one word, or NULL where it is not one word or harms a terminal. */
static char *unquote(const char *word)
{
    char *out = malloc(strlen(word) + 1), *q = out;
    const char *p = word;
    MUST(out != NULL && fuzz_is_clean(word, strlen(word) + 1));
    bool escaped = wp_text_starts(word, "\"$(printf '");
    bool good = escaped ? wp_text_ends(word, "')\"") : *p == '\'';
    if (escaped) { /* printf(1): three octal digits, and %% */
        const char *end = word + strlen(word) - 3;
        for (p += strlen("\"$(printf '"); good && p < end;) {
            if (*p == '\\') {
                good = end - p >= 4;
                *q++ = (char)((p[1] - '0') * 64 + (p[2] - '0') * 8 + (p[3] - '0'));
                p += 4;
            } else {
                good = *p != '\'' && (*p != '%' || p[1] == '%');
                p += *p == '%' ? 2 : 1;
                *q++ = p[-1];
            }
        }
    }
    while (!escaped && good && *p) { /* 'run'\'run' … */
        if (wp_text_starts(p, "\\'")) {
            *q++ = '\'';
            p += 2;
            continue;
        }
        size_t len = strcspn(p + 1, "'");
        good = *p == '\'' && p[1 + len] == '\'';
        memcpy(q, p + 1, good ? len : 0);
        q += good ? len : 0;
        p += good ? len + 2 : 0;
    }
    *q = '\0';
    if (good)
        return out;
    free(out);
    return NULL;
}

static void check_shell_word(const char *text)
{
    struct wp_buf out = wp_buf_new(1 << 20);
    wp_shell_word(&out, text);
    MUST(out.failed == WP_OK);
    char *back = unquote(wp_buf_text(&out));
    MUST(back != NULL && back[0] != '-');
    const char *plain = wp_text_starts(back, "./") && !wp_text_starts(text, "./") ? back + 2 : back;
    MUST(strcmp(plain, text) == 0);
    free(back);
    wp_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    check_numbers(text);
    check_sanitize(text);
    check_redact(text);
    check_copies(text);
    if (strlen(text) < 2048) /* what a location has room for */
        check_shell_word(text);
    free(text);
    return 0;
}
