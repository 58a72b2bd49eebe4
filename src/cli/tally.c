#include "cli/tally.h"

#include <string.h>

#include "cli/command.h"

#include "base/banned.h"

static const struct wp_status_count kinds[] = {
#define WP_STATUS(name, value, exit_code, sentence) {.status = WP_##name},
#include "wanprep/status.def"
#undef WP_STATUS
};

_Static_assert(sizeof kinds / sizeof kinds[0] == WP_TALLY_KINDS, "every status has a count");

struct wp_tally wp_tally_new(void)
{
    struct wp_tally tally;
    memcpy(tally.counts, kinds, sizeof kinds);
    return tally;
}

void wp_tally_add(struct wp_tally *tally, enum wp_status status)
{
    for (size_t i = 0; i < WP_TALLY_KINDS; i++)
        tally->counts[i].count += tally->counts[i].status == status;
}

size_t wp_tally_of(const struct wp_tally *tally, enum wp_status status)
{
    size_t found = 0;
    for (size_t i = 0; i < WP_TALLY_KINDS; i++)
        found += tally->counts[i].status == status ? tally->counts[i].count : 0;
    return found;
}

enum wp_status wp_tally_worst(const struct wp_tally *tally)
{
    enum wp_status worst = WP_OK;
    for (size_t i = 0; i < WP_TALLY_KINDS; i++) {
        enum wp_status status = tally->counts[i].status;
        if (tally->counts[i].count && status != WP_INTERRUPTED)
            worst = wp_status_worse(worst, status);
    }
    bool others = worst == WP_OK && wp_tally_of(tally, WP_INTERRUPTED) > 0;
    return others ? WP_INTERRUPTED : worst;
}

static const char *label(enum wp_status status)
{
    switch (status) {
    case WP_OK:
        return "done";
    case WP_REJECTED:
        return "rejected by the preflight";
    case WP_TOO_EXPENSIVE:
        return "over the maximum";
    case WP_DECLINED:
        return "not agreed to";
    case WP_USAGE:
    case WP_INPUT:
        return "not readable";
    case WP_NETWORK:
        return "without an answer of the service";
    case WP_NO_KEY:
        return "without a key";
    case WP_REFUSED:
        return "refused by the service";
    case WP_TASK_FAILED:
        return "failed";
    case WP_TASK_CANCELED:
        return "cancelled";
    case WP_TASK_EXPIRED:
        return "expired";
    case WP_BAD_RESULT:
        return "with a bad result";
    case WP_TIMEOUT:
        return "timed out";
    case WP_UNCERTAIN:
        return "uncertain";
    case WP_OUTPUT:
        return "could not be written";
    case WP_NOMEM:
        return "out of memory";
    case WP_INTERNAL:
        return "ended by an internal error";
    case WP_INTERRUPTED:
        return "not finished";
    }
    return "?";
}

void wp_tally_text(struct wp_buf *out, const struct wp_tally *tally)
{
    bool first = true;
    for (size_t i = 0; i < WP_TALLY_KINDS; i++) {
        if (!tally->counts[i].count)
            continue;
        (void)wp_buf_add_format(out, "%s%zu %s", first ? "" : ", ", tally->counts[i].count,
                                label(tally->counts[i].status));
        first = false;
    }
}
