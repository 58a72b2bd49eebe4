#include "sandbox/faults.h"

#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "sandbox/omit.h"

#include "base/banned.h"

enum kind {
    REFUSE,
    HTML,
    DROP_BEFORE,
    DROP_AFTER,
    HANG,
    DELAY,
    TRUNCATE,
    WRONG_LENGTH,
    GARBAGE,
    HUGE,
    DEEP,
    OMIT
};
enum param { NO_PARAM, NUMBER, TIME, NAME };

#define API     (1U << SB_CREATE | 1U << SB_QUERY | 1U << SB_LIST | 1U << SB_CANCEL | 1U << SB_POLICY)
#define STORAGE (1U << SB_UPLOAD | 1U << SB_DOWNLOAD)
#define ANY     (API | STORAGE)

/* The actions. One row each; a new fault is a row here and, if it is of a new kind, a case below. */
static const struct sb_action {
    const char *word;
    enum kind kind;
    unsigned endpoints; /* where it makes sense */
    enum param param;
    uint64_t min, max, standard; /* of a NUMBER or TIME (ms) */
    unsigned status;             /* of REFUSE and HTML */
    const char *code, *storage_code, *message;
    const char *help;
} actions[] = {
    {"400", REFUSE, ANY, NO_PARAM, 0, 0, 0, 400, "InvalidParameter", "InvalidArgument",
     "Required parameter is missing or invalid.", "refused: InvalidParameter"},
    {"401", REFUSE, ANY, NO_PARAM, 0, 0, 0, 401, "InvalidApiKey", "InvalidAccessKeyId",
     "Invalid API-key provided.", "refused: InvalidApiKey"},
    {"403", REFUSE, ANY, NO_PARAM, 0, 0, 0, 403, "AccessDenied", "AccessDenied", "Access denied.",
     "refused: AccessDenied"},
    {"404", REFUSE, ANY, NO_PARAM, 0, 0, 0, 404, "ModelNotFound", "NoSuchKey", "Not found.",
     "refused: ModelNotFound, NoSuchKey from storage"},
    {"408", REFUSE, ANY, NO_PARAM, 0, 0, 0, 408, "RequestTimeOut", "RequestTimeout", "Request timed out.",
     "refused: RequestTimeOut"},
    {"409", REFUSE, STORAGE, NO_PARAM, 0, 0, 0, 409, "", "FileAlreadyExists",
     "The object you specified already exists and can not be overwritten.", "refused: FileAlreadyExists"},
    {"429", REFUSE, ANY, NO_PARAM, 0, 0, 0, 429, "Throttling.RateQuota", "QpsLimitExceeded",
     "Requests rate limit exceeded, please try again later.", "refused: Throttling.RateQuota"},
    {"500", REFUSE, ANY, NO_PARAM, 0, 0, 0, 500, "InternalError", "InternalError",
     "An internal error has occurred, please try again later.", "refused: InternalError"},
    {"503", REFUSE, ANY, NO_PARAM, 0, 0, 0, 503, "ModelUnavailable", "ServiceUnavailable",
     "Service is unavailable, please try again later.", "refused: ModelUnavailable"},
    {"502", HTML, ANY, NO_PARAM, 0, 0, 0, 502, "", "", "Bad Gateway", "an HTML page of a proxy in between"},
    {"504", HTML, ANY, NO_PARAM, 0, 0, 0, 504, "", "", "Gateway Time-out", "the same"},
    {"html502", HTML, ANY, NO_PARAM, 0, 0, 0, 502, "", "", "Bad Gateway", "another word for 502"},
    {"expired", REFUSE, STORAGE, NO_PARAM, 0, 0, 0, 403, "", "AccessDenied",
     "Invalid according to Policy: Policy expired.", "403: the policy or the signed URL has expired"},
    {"drop-before", DROP_BEFORE, ANY, NO_PARAM, 0, 0, 0, 0, "", "", "", "reset the connection, do nothing"},
    {"drop-after", DROP_AFTER, ANY, NO_PARAM, 0, 0, 0, 0, "", "", "",
     "do what was asked, then reset the connection without an answer"},
    {"hang", HANG, ANY, NO_PARAM, 0, 0, 0, 0, "", "", "", "never answer, do nothing"},
    {"delay", DELAY, ANY, TIME, 0, 600000, 1000, 0, "", "", "", "answer N ms later"},
    {"truncate", TRUNCATE, ANY, NUMBER, 0, UINT32_MAX, 0, 0, "", "", "",
     "end the connection after N bytes of the body"},
    {"wrong-length", WRONG_LENGTH, ANY, NUMBER, 0, UINT32_MAX, 0, 0, "", "", "",
     "Content-Length says N, the whole body follows"},
    {"garbage", GARBAGE, ANY, NO_PARAM, 0, 0, 0, 0, "", "", "",
     "200 with bytes that are neither JSON nor video"},
    {"huge", HUGE, ANY, NUMBER, 1, 256, 64, 0, "", "", "", "200 with N MiB of well-formed JSON"},
    {"deep", DEEP, ANY, NUMBER, 1, 1000000, 100000, 0, "", "", "", "200 with JSON arrays nested N deep"},
    {"missing-field", OMIT, API, NAME, 0, 0, 0, 0, "", "", "", "leave the member NAME out of the answer"},
};

enum { ACTIONS = sizeof actions / sizeof actions[0] };

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
    if (action->param == NUMBER || action->param == TIME)
        return wp_parse_u64(&fault->number, text, action->min, action->max);
    return action->param == NAME && *text && wp_text_copy(fault->name, sizeof fault->name, text);
}

static bool parse_param(struct sb_fault *fault, char *text)
{
    enum kind kind = fault->action->kind;
    bool refuses = kind == REFUSE || kind == HTML;
    if (strcmp(text, "after") == 0 && (refuses || kind == HANG)) {
        fault->after = true;
        return true;
    }
    char *value = cut(text, '=');
    if (!value)
        return parse_positional(fault, text);
    if (refuses && strcmp(text, "retry-after") == 0)
        return wp_text_copy(fault->retry_after, sizeof fault->retry_after, value);
    if (kind == REFUSE && strcmp(text, "code") == 0)
        return wp_text_copy(fault->code, sizeof fault->code, value);
    if (kind == REFUSE && strcmp(text, "message") == 0)
        return wp_text_copy(fault->message, sizeof fault->message, value);
    return false;
}

static enum wp_status parse_action(struct sb_fault *fault, char *text, struct wp_error *error)
{
    char *params = cut(text, ':');
    for (size_t i = 0; i < ACTIONS && !fault->action; i++) {
        if (strcmp(actions[i].word, text) == 0)
            fault->action = &actions[i];
    }
    if (!fault->action)
        return wrong(error, fault->rule, "names the unknown action", text);
    if (!(fault->action->endpoints & 1U << fault->endpoint))
        return wrong(error, fault->rule, "asks of this endpoint what it cannot do:", text);
    fault->number = fault->action->standard;
    fault->after = fault->action->kind >= DELAY || fault->action->kind == DROP_AFTER;
    if (fault->action->param == NAME && !params)
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
    struct sb_fault fault = {.first = 1, .last = UINT64_MAX, .endpoint = SB_ENDPOINTS};
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
        if (strcmp(sb_endpoint_name((enum sb_endpoint)i), text) == 0)
            fault.endpoint = (enum sb_endpoint)i;
    }
    if (fault.endpoint == SB_ENDPOINTS)
        return wrong(error, rule, "names the unknown endpoint", text);
    if (range && !parse_range(&fault, range))
        return wrong(error, rule, "has a range that is none:", range);
    enum wp_status status = parse_action(&fault, action, error);
    if (status == WP_OK)
        faults->items[faults->count++] = fault;
    return status;
}

const struct sb_fault *sb_faults_find(const struct sb_faults *faults, const struct sb_request *request)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct sb_fault *fault = &faults->items[i];
        if (fault->endpoint == request->endpoint && request->number >= fault->first &&
            request->number <= fault->last)
            return fault;
    }
    return NULL;
}

bool sb_fault_is_before(const struct sb_fault *fault)
{
    return !fault->after;
}

static void refuse(const struct sb_fault *fault, const struct sb_request *request, struct sb_answer *answer)
{
    const struct sb_action *action = fault->action;
    const char *code = sb_endpoint_is_storage(request->endpoint) ? action->storage_code : action->code;
    if (action->kind == HTML)
        sb_answer_html(answer, action->status, action->message);
    else
        sb_refuse(answer, request, action->status, fault->code[0] ? fault->code : code, "%s",
                  fault->message[0] ? fault->message : action->message);
    if (fault->retry_after[0])
        sb_answer_header(answer, "Retry-After", "%s", fault->retry_after);
}

static void fill(struct sb_answer *answer, char byte, uint64_t count)
{
    char block[4096];
    memset(block, byte, sizeof block);
    for (uint64_t left = count; left > 0;) {
        size_t n = left < sizeof block ? (size_t)left : sizeof block;
        if (!wp_buf_add(&answer->body, block, n))
            return;
        left -= n;
    }
}

/* Replaces the body of an answer with nonsense of a kind. */
static void spoil(const struct sb_fault *fault, struct sb_answer *answer)
{
    sb_answer_clear(answer);
    answer->type = "application/json";
    switch ((int)fault->action->kind) {
    case HUGE:
        wp_buf_add_text(&answer->body, "{\"padding\":\"");
        fill(answer, 'x', fault->number << 20);
        wp_buf_add_text(&answer->body, "\"}");
        break;
    case DEEP:
        fill(answer, '[', fault->number);
        fill(answer, ']', fault->number);
        break;
    default:
        wp_buf_add(&answer->body, "\x00\xff{\"output\": \xfe garbage", 22);
        break;
    }
}

static void shorten(const struct sb_fault *fault, struct sb_answer *answer, enum sb_delivery delivery)
{
    answer->delivery = delivery;
    answer->limit = fault->number;
}

void sb_fault_apply(const struct sb_fault *fault, const struct sb_request *request, struct sb_answer *answer)
{
    switch (fault->action->kind) {
    case REFUSE:
    case HTML:
        refuse(fault, request, answer);
        break;
    case DROP_BEFORE:
    case DROP_AFTER:
        answer->delivery = SB_SEND_NOTHING;
        break;
    case HANG: /* longer than anybody waits, but the connection does not stay for ever */
        answer->delivery = SB_SEND_NOTHING;
        answer->delay_ms = 900000;
        break;
    case DELAY:
        answer->delay_ms = (int64_t)fault->number;
        break;
    case TRUNCATE:
        shorten(fault, answer, SB_SEND_TRUNCATED);
        break;
    case WRONG_LENGTH:
        shorten(fault, answer, SB_SEND_WRONG_LENGTH);
        break;
    case GARBAGE:
    case HUGE:
    case DEEP:
        spoil(fault, answer);
        break;
    case OMIT:
        sb_omit_member(&answer->body, fault->name);
        break;
    }
}

void sb_faults_print_actions(FILE *out)
{
    for (size_t i = 0; i < ACTIONS; i++) {
        const struct sb_action *action = &actions[i];
        const char *param = action->param == NO_PARAM ? "" : action->param == NAME ? ":NAME" : ":N";
        fprintf(out, "  %s%-*s %s", action->word, (int)(22 - strlen(action->word)), param, action->help);
        if (action->param == NUMBER || action->param == TIME)
            fprintf(out, " (%llu)", (unsigned long long)action->standard);
        fputc('\n', out);
    }
    fputs(
        "Refusals take retry-after=VALUE, code=CODE, message=TEXT; they and hang take after: the request is\n"
        "carried out first. All others but drop-before carry it out.\n",
        out);
}
