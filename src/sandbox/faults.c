#include "sandbox/faults.h"

#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "sandbox/action.h"

#include "base/banned.h"

static enum wp_status wrong(struct wp_error *error, const char *rule, const char *why, const char *what)
{
    return wp_fail(error, WP_USAGE, "fault", "the fault rule '%s' %s '%s'; see wanprep-sandbox --help", rule,
                   why, what);
}

/* Cuts text at the first stop; returns what is behind it, NULL if there is none. */
static char *cut(char *text, char stop)
{
    char *at = strchr(text, stop);
    if (!at)
        return NULL;
    *at = '\0';
    return at + 1;
}

/* As cut(), at a comma that no space follows, so that an HTTP date can be a value. */
static char *cut_param(char *text)
{
    for (char *p = text; *p; p++) {
        if (*p == ',' && p[1] != ' ') {
            *p = '\0';
            return p + 1;
        }
    }
    return NULL;
}

static bool parse_range(struct sb_fault *fault, char *text)
{
    char *percent = strchr(text, '%');
    if (percent && percent[1] == '\0') {
        *percent = '\0';
        return wp_parse_u64(&fault->percent, text, 1, 100);
    }
    char *last = cut(text, '-');
    if (!wp_parse_u64(&fault->first, text, 1, UINT64_MAX))
        return false;
    if (!last)
        fault->last = fault->first;
    else if (*last == '\0')
        fault->last = UINT64_MAX;
    else
        return wp_parse_u64(&fault->last, last, fault->first, UINT64_MAX);
    return true;
}

static bool parse_positional(struct sb_fault *fault, const char *text)
{
    const struct sb_action *action = fault->action;
    if (action->param == SB_NUMBER_PARAM)
        return wp_parse_u64(&fault->number, text, action->min, action->max);
    return action->param == SB_NAME_PARAM && *text && wp_text_copy(fault->name, sizeof fault->name, text);
}

static bool parse_param(struct sb_fault *fault, char *text)
{
    enum sb_action_kind kind = fault->action->kind;
    bool refuses = kind == SB_REFUSE || kind == SB_HTML;
    if (strcmp(text, "after") == 0 && (refuses || kind == SB_HANG)) {
        fault->after = true;
        return true;
    }
    char *value = cut(text, '=');
    if (!value)
        return parse_positional(fault, text);
    if (refuses && strcmp(text, "retry-after") == 0)
        return wp_text_copy(fault->retry_after, sizeof fault->retry_after, value);
    if (refuses && strcmp(text, "retry-date") == 0) {
        fault->has_retry_date = true;
        return wp_parse_u64(&fault->retry_date_s, value, 0, 86400);
    }
    if (kind == SB_REFUSE && strcmp(text, "code") == 0)
        return wp_text_copy(fault->code, sizeof fault->code, value);
    if (kind == SB_REFUSE && strcmp(text, "message") == 0)
        return wp_text_copy(fault->message, sizeof fault->message, value);
    return false;
}

static enum wp_status parse_action(struct sb_fault *fault, char *text, struct wp_error *error)
{
    char *params = cut(text, ':');
    fault->action = sb_action_find(text);
    if (!fault->action)
        return wrong(error, fault->rule, "names the unknown action", text);
    fault->endpoints &= fault->action->endpoints;
    if (!fault->endpoints)
        return wrong(error, fault->rule, "asks of this endpoint what it cannot do:", text);
    fault->number = fault->action->fallback;
    fault->after = fault->action->kind >= SB_DROP_AFTER;
    if (fault->action->param == SB_NAME_PARAM && !params)
        return wrong(error, fault->rule, "needs a name behind", text);
    while (params) {
        char *next = cut_param(params);
        if (!parse_param(fault, params))
            return wrong(error, fault->rule, "has a parameter that is not understood:", params);
        params = next;
    }
    return WP_OK;
}

enum wp_status sb_faults_add(struct sb_faults *faults, const char *rule, struct wp_error *error)
{
    char text[sizeof faults->items[0].rule];
    struct sb_fault fault = {.first = 1, .last = UINT64_MAX, .percent = 100};
    if (faults->count == SB_MAX_FAULTS)
        return wp_fail(error, WP_USAGE, "fault", "more than %d fault rules", SB_MAX_FAULTS);
    if (!wp_text_copy(text, sizeof text, rule))
        return wp_fail(error, WP_USAGE, "fault", "a fault rule is longer than %zu bytes", sizeof text - 1);
    (void)wp_text_copy(fault.rule, sizeof fault.rule, rule);

    char *action = cut(text, '=');
    if (!action)
        return wrong(error, rule, "has no '=' in", rule);
    char *range = cut(text, '@');
    for (int i = 0; i < SB_ENDPOINTS; i++) {
        if (strcmp(sb_endpoint_name((enum sb_endpoint)i), text) == 0 || strcmp(text, "any") == 0)
            fault.endpoints |= 1U << i;
    }
    if (!fault.endpoints)
        return wrong(error, rule, "names the unknown endpoint", text);
    if (range && !parse_range(&fault, range))
        return wrong(error, rule, "has a range that is none:", range);
    enum wp_status status = parse_action(&fault, action, error);
    if (status == WP_OK)
        faults->items[faults->count++] = fault;
    return status;
}

/* SplitMix64's finaliser: every bit of the input moves every bit of the output. */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static bool is_hit(const struct sb_fault *fault, uint64_t place, uint64_t seed,
                   const struct sb_request *request)
{
    uint64_t draw = mix(mix(mix(seed + 1) + place) + (uint64_t)request->endpoint);
    return mix(draw + request->number) % 100 < fault->percent;
}

const struct sb_fault *sb_faults_find(const struct sb_faults *faults, uint64_t seed,
                                      const struct sb_request *request)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct sb_fault *fault = &faults->items[i];
        if (fault->endpoints & 1U << request->endpoint && request->number >= fault->first &&
            request->number <= fault->last && is_hit(fault, i, seed, request))
            return fault;
    }
    return NULL;
}
