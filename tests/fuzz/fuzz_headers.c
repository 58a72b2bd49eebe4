/* Values of HTTP headers: Retry-After, dates, Content-Range, ETag. */
#include <inttypes.h>
#include <time.h>

#include "fuzz/fuzz.h"
#include "net/range.h"
#include "net/retry.h"

#include "base/banned.h"

enum { DAY_MS = 86400000 };

static void check_retry_after(const char *text)
{
    int64_t now = INT64_C(1758195120105);
    int64_t wait = wp_retry_after_ms(text, now);
    MUST(wait >= -1 && wait <= DAY_MS);
    MUST(wait >= 0 || strspn(text, "0123456789") < strlen(text) || !text[0]);
    struct wp_retry_policy policy = {.max_attempts = 5, .base_ms = 500, .cap_ms = 15000, .budget_ms = 60000};
    struct wp_retry_decision decision = wp_retry_decide(&policy, 2, 1000, wait, (uint32_t)strlen(text));
    MUST(!decision.again || (decision.wait_ms >= wait && decision.wait_ms <= policy.budget_ms - 1000));
}

/* A date that is read can be written again, and is then the same, but for its weekday and leap seconds. */
static void check_date(const char *text)
{
    int64_t ms = 0;
    if (!wp_http_date_parse(&ms, text))
        return;
    MUST(strlen(text) == 29 && ms % 1000 == 0);
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    char again[64];
    MUST(gmtime_r(&seconds, &tm) != NULL);
    MUST(strftime(again, sizeof again, "%a, %d %b %Y %H:%M:%S GMT", &tm) == 29 || tm.tm_year < -900);
    if (!wp_text_starts(text + 23, "60") && tm.tm_year >= -900)
        MUST(strcmp(again + 3, text + 3) == 0);
}

static void check_range(const char *text)
{
    struct wp_range range, again;
    char written[96];
    memset(&range, 0xa5, sizeof range);
    if (!wp_range_parse(&range, text))
        return;
    MUST(range.satisfied || range.has_total);
    char total[24] = "*";
    if (range.has_total)
        MUST(wp_text_format(total, sizeof total, "%" PRIu64, range.total));
    if (range.satisfied) {
        MUST(range.first <= range.last);
        MUST(!range.has_total || range.last < range.total);
        MUST(wp_text_format(written, sizeof written, "bytes %" PRIu64 "-%" PRIu64 "/%s", range.first,
                            range.last, total));
    } else {
        MUST(wp_text_format(written, sizeof written, "bytes */%s", total));
    }
    MUST(wp_range_parse(&again, written));
    MUST(again.satisfied == range.satisfied && again.has_total == range.has_total);
    MUST(!range.has_total || again.total == range.total);
    MUST(!range.satisfied || (again.first == range.first && again.last == range.last));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    check_retry_after(text);
    check_date(text);
    check_range(text);
    if (wp_range_is_strong(text))
        MUST(text[0] == '"' && wp_text_ends(text, "\"") && strlen(text) >= 2);
    free(text);
    return 0;
}
