#include "cli/money.h"

#include <inttypes.h>

#include "base/text.h"

#include "base/banned.h"

void wp_money_text(char *out, size_t size, uint64_t thousandths, const char *currency)
{
    const char *gap = currency[0] ? " " : "";
    uint64_t whole = thousandths / 1000, rest = thousandths % 1000;
    if (rest % 10 == 0)
        (void)wp_text_format(out, size, "%" PRIu64 ".%02" PRIu64 "%s%s", whole, rest / 10, gap, currency);
    else
        (void)wp_text_format(out, size, "%" PRIu64 ".%03" PRIu64 "%s%s", whole, rest, gap, currency);
}
