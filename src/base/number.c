#include "base/number.h"

#include <stddef.h>
#include <string.h>

#include "base/banned.h"

/* Reads the digits of [text, text + len) onto *value. False if there is another character or it overflows. */
static bool read_digits(uint64_t *value, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (*value > (UINT64_MAX - digit) / 10)
            return false;
        *value = *value * 10 + digit;
    }
    return true;
}

bool wp_parse_u64(uint64_t *out, const char *text, uint64_t min, uint64_t max)
{
    uint64_t value = 0;
    size_t len = strlen(text);
    if (len == 0 || !read_digits(&value, text, len) || value < min || value > max)
        return false;
    *out = value;
    return true;
}

static bool parse_fixed(uint64_t *out, const char *text, size_t len, unsigned places)
{
    const char *point = memchr(text, '.', len);
    size_t whole = point ? (size_t)(point - text) : len;
    size_t part = point ? len - whole - 1 : 0;
    if (whole == 0 || (point && part == 0) || part > places)
        return false;
    uint64_t value = 0;
    if (!read_digits(&value, text, whole) || (part && !read_digits(&value, point + 1, part)))
        return false;
    for (size_t i = part; i < places; i++) {
        if (value > UINT64_MAX / 10)
            return false;
        value *= 10;
    }
    *out = value;
    return true;
}

bool wp_parse_fixed(uint64_t *out, const char *text, unsigned places, uint64_t min, uint64_t max)
{
    uint64_t value = 0;
    if (!parse_fixed(&value, text, strlen(text), places) || value < min || value > max)
        return false;
    *out = value;
    return true;
}

bool wp_parse_duration_ms(int64_t *out, const char *text, int64_t min_ms, int64_t max_ms)
{
    static const struct {
        const char *suffix;
        uint64_t factor;
    } units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}, {"min", 60000}, {"h", 3600000}};
    size_t len = strspn(text, "0123456789.");
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(text + len, units[i].suffix) != 0)
            continue;
        uint64_t thousandths = 0;
        if (!parse_fixed(&thousandths, text, len, 3) || thousandths > (uint64_t)INT64_MAX / units[i].factor)
            return false;
        int64_t ms = (int64_t)(thousandths * units[i].factor / 1000);
        if (ms < min_ms || ms > max_ms)
            return false;
        *out = ms;
        return true;
    }
    return false;
}
