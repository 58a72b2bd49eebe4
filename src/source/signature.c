#include "source/signature.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/number.h"
#include "base/text.h"

#include "base/banned.h"

/* Over any real one, and far from overflow. */
#define LATEST_S INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Decodes "%3A" and the like (RFC 3986 2.1). False: it does not fit. */
static bool decode(char *out, size_t size, const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        int high = c == '%' && len - i > 2 ? hex_digit(text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low >= 0) {
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (n + 1 >= size)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return true;
}

static bool is_name(const char *text, size_t len, const char *name)
{
    char word[32];
    return strlen(name) == len && wp_text_format(word, sizeof word, "%.*s", (int)len, text) &&
           wp_text_equal_nocase(word, name);
}

/* The value of a parameter of the query; "" if it is there and no value of ours. False: there is none. */
static bool find(char *out, size_t size, const char *query, const char *name)
{
    while (*query) {
        size_t len = strcspn(query, "&#"), name_len = strcspn(query, "=&#");
        if (is_name(query, name_len, name)) {
            const char *value = query + name_len + (name_len < len);
            if (!decode(out, size, value, (size_t)(query + len - value)))
                out[0] = '\0';
            return true;
        }
        query += len;
        if (*query != '&')
            return false;
        query++;
    }
    return false;
}

static bool has(const char *query, const char *name)
{
    char value[8];
    return find(value, sizeof value, query, name);
}

/* Digits of a fixed form: "dddd-dd-ddTdd:dd:ddZ" where d is a digit. What the form has more than text is 0.
 */
static bool parse_form(int64_t *out, const char *text, const char *form)
{
    int fields[6] = {0, 1, 1, 0, 0, 0}; /* year, month, day, hours, minutes, seconds */
    static const size_t digits[6] = {4, 2, 2, 2, 2, 2};
    size_t field = 0, count = 0;
    for (; *form; form++, text++) {
        if (*form != 'd') {
            if (*text != *form)
                return false;
            continue;
        }
        if (*text < '0' || *text > '9')
            return false;
        fields[field] = (count ? fields[field] : 0) * 10 + (*text - '0');
        if (++count == digits[field])
            field++, count = 0;
    }
    struct tm tm = {.tm_year = fields[0] - 1900,
                    .tm_mon = fields[1] - 1,
                    .tm_mday = fields[2],
                    .tm_hour = fields[3],
                    .tm_min = fields[4],
                    .tm_sec = fields[5]};
    if (*text || tm.tm_mon < 0 || tm.tm_mon > 11 || tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 59)
        return false;
    int day = tm.tm_mday;
    *out = (int64_t)timegm(&tm);
    return tm.tm_mday == day; /* 30 February would be a day of March */
}

static bool parse_date(int64_t *out, const char *text)
{
    static const char *const forms[] = {
        "ddddddddTddddddZ", /* AWS, GCS and OSS version 4: ISO 8601 basic */
        "dddd-dd-ddTdd:dd:ddZ", "dddd-dd-ddTdd:ddZ", "dddd-dd-dd", /* Azure: ISO 8601 */
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (parse_form(out, text, forms[i]))
            return true;
    }
    return false;
}

static bool parse_seconds(int64_t *out, const char *text)
{
    uint64_t number = 0;
    if (!wp_parse_u64(&number, text, 0, (uint64_t)LATEST_S))
        return false;
    *out = (int64_t)number;
    return true;
}

/* When the URL expires, in seconds since the epoch: at a time, or so long after a date. */
static bool read_end(int64_t *out, const char *query, const char *date_name, const char *end_name)
{
    char date[40], end[40];
    int64_t begin = 0, length = 0;
    if (!find(end, sizeof end, query, end_name))
        return false;
    if (!date_name)
        return parse_seconds(out, end) || parse_date(out, end);
    if (!find(date, sizeof date, query, date_name) || !parse_date(&begin, date) ||
        !parse_seconds(&length, end))
        return false;
    *out = begin + length;
    return true;
}

void wp_signature_read(struct wp_delivery_facts *facts, const char *url, int64_t now_ms)
{
    static const struct {
        const char *form;
        const char *mark; /* a parameter that only this form has */
        const char *date; /* from which `end` counts; NULL: it is a time of its own */
        const char *end;
    } forms[] = {
        /* Alibaba Cloud OSS, "Include signatures in URLs", versions 4 and 1. */
        {"OSS", "x-oss-signature", "x-oss-date", "x-oss-expires"},
        {"OSS", "OSSAccessKeyId", NULL, "Expires"},
        /* Amazon S3, "Authenticating requests: using query parameters", Signature Versions 4 and 2. */
        {"S3", "X-Amz-Signature", "X-Amz-Date", "X-Amz-Expires"},
        {"S3", "AWSAccessKeyId", NULL, "Expires"},
        /* Google Cloud Storage, "Signed URLs", versions 4 and 2. */
        {"GCS", "X-Goog-Signature", "X-Goog-Date", "X-Goog-Expires"},
        {"GCS", "GoogleAccessId", NULL, "Expires"},
        /* Amazon CloudFront, "Create a signed URL using a canned policy". */
        {"CloudFront", "Key-Pair-Id", NULL, "Expires"},
        /* Azure Storage, "Create a service SAS": sig, and signedExpiry se. */
        {"Azure", "sig", NULL, "se"},
    };
    const char *query = strchr(url, '?');
    facts->signature_form[0] = '\0';
    facts->has_expiry = false;
    for (size_t i = 0; query && i < sizeof forms / sizeof forms[0]; i++) {
        if (!has(query + 1, forms[i].mark) || (!forms[i].date && !has(query + 1, forms[i].end)))
            continue;
        int64_t end = 0;
        wp_text_copy(facts->signature_form, sizeof facts->signature_form, forms[i].form);
        facts->has_expiry = read_end(&end, query + 1, forms[i].date, forms[i].end);
        int64_t left_ms = end * 1000 - now_ms;
        /* Whole seconds, rounded down: what has just expired has expired. */
        facts->expires_in_s = left_ms >= 0 ? left_ms / 1000 : -((-left_ms + 999) / 1000);
        return;
    }
}
