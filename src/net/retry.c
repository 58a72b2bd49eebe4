#include "net/retry.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "base/number.h"

#include "base/banned.h"

static const int64_t day_ms = 86400000;

static int64_t min64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

struct wp_retry_decision wp_retry_decide(const struct wp_retry_policy *policy, unsigned attempt,
                                         int64_t elapsed_ms, int64_t retry_after_ms, uint32_t random)
{
    assert(attempt >= 1 && policy->base_ms >= 0 && policy->base_ms <= policy->cap_ms);
    struct wp_retry_decision stop = {.again = false};
    if (attempt >= policy->max_attempts)
        return stop;
    int64_t backoff = policy->base_ms;
    for (unsigned i = 1; i < attempt && backoff < policy->cap_ms; i++)
        backoff = min64(policy->cap_ms - backoff, backoff) + backoff;
    int64_t wait = backoff - (int64_t)(random % ((uint64_t)backoff / 2 + 1));
    if (wait < retry_after_ms)
        wait = retry_after_ms;
    if (policy->budget_ms > 0 && wait > policy->budget_ms - elapsed_ms)
        return stop;
    return (struct wp_retry_decision){.again = true, .wait_ms = wait};
}

/* The digits of text[at, at + count) as a number, or -1. */
static int digits(const char *text, size_t at, size_t count)
{
    int value = 0;
    for (size_t i = at; i < at + count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* Which of the three-letter names in list stands at text, or -1. */
static int name_index(const char *text, const char *list)
{
    int index = 0;
    for (const char *name = list; *name; name += 3, index++) {
        if (strncmp(text, name, 3) == 0)
            return index;
    }
    return -1;
}

bool wp_http_date_parse(int64_t *out, const char *text)
{
    static const char form[] = "AAA, 00 AAA 0000 00:00:00 GMT"; /* Sun, 06 Nov 1994 08:49:37 GMT */
    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i]; i++) {
        if (!strchr("A0", form[i]) && i < 25 && text[i] != form[i])
            return false;
    }
    struct tm tm = {
        .tm_mday = digits(text, 5, 2),
        .tm_mon = name_index(text + 8, "JanFebMarAprMayJunJulAugSepOctNovDec"),
        .tm_year = digits(text, 12, 4) - 1900,
        .tm_hour = digits(text, 17, 2),
        .tm_min = digits(text, 20, 2),
        .tm_sec = digits(text, 23, 2),
    };
    if (name_index(text, "SunMonTueWedThuFriSat") < 0 || tm.tm_mday < 1 || tm.tm_mon < 0 ||
        tm.tm_year < -1900 || tm.tm_hour < 0 || tm.tm_hour > 23 || tm.tm_min < 0 || tm.tm_min > 59 ||
        tm.tm_sec < 0 || tm.tm_sec > 60 || strcmp(text + 25, " GMT") != 0)
        return false;
    int day = tm.tm_mday;
    bool leap_second = tm.tm_sec == 60;
    if (leap_second)
        tm.tm_sec = 59;
    time_t seconds = timegm(&tm);
    if (tm.tm_mday != day) /* 30 February was read as a day of March */
        return false;
    *out = (int64_t)seconds * 1000 + (leap_second ? 1000 : 0);
    return true;
}

int64_t wp_retry_after_ms(const char *header, int64_t wall_now_ms)
{
    int64_t date = 0;
    uint64_t seconds = 0;
    if (header[0] && strspn(header, "0123456789") == strlen(header)) {
        if (!wp_parse_u64(&seconds, header, 0, (uint64_t)day_ms / 1000))
            return day_ms;
        return (int64_t)seconds * 1000;
    }
    if (!wp_http_date_parse(&date, header))
        return -1;
    if (date <= wall_now_ms)
        return 0;
    return min64(date - wall_now_ms, day_ms);
}
