#include <string.h>
#include <time.h>

#include "dashscope/answer.h"

#include "base/banned.h"

#define ZONE_S (INT64_C(8) * 3600)

/* So many digits as a number; false: there is another byte among them. */
static bool take_digits(const char **at, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *out = *out * 10 + (**at - '0');
    }
    return true;
}

static bool take_byte(const char **at, char byte)
{
    if (**at != byte)
        return false;
    (*at)++;
    return true;
}

/* ".105" and the like; what is behind the milliseconds does not count. Nothing at all is 0. */
static bool take_fraction(const char **at, int *ms)
{
    static const int parts[] = {100, 10, 1};
    *ms = 0;
    if (**at == '\0')
        return true;
    if (!take_byte(at, '.'))
        return false;
    for (size_t i = 0; **at; i++) {
        int digit = 0;
        if (!take_digits(at, 1, &digit))
            return false;
        if (i < 3)
            *ms += digit * parts[i];
    }
    return true;
}

int64_t wp_service_time_ms(const char *text)
{
    struct tm tm = {0};
    const char *at = text;
    int ms = 0;
    bool read = take_digits(&at, 4, &tm.tm_year) && take_byte(&at, '-') && take_digits(&at, 2, &tm.tm_mon) &&
                take_byte(&at, '-') && take_digits(&at, 2, &tm.tm_mday) &&
                (take_byte(&at, ' ') || take_byte(&at, 'T')) && take_digits(&at, 2, &tm.tm_hour) &&
                take_byte(&at, ':') && take_digits(&at, 2, &tm.tm_min) && take_byte(&at, ':') &&
                take_digits(&at, 2, &tm.tm_sec) && take_fraction(&at, &ms);
    if (!read || tm.tm_year < 1971 || tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31 ||
        tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 59)
        return 0;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    int day = tm.tm_mday;
    int64_t seconds = (int64_t)timegm(&tm);
    return tm.tm_mday == day ? (seconds - ZONE_S) * 1000 + ms : 0; /* 31 April is no day */
}
