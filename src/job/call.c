#include "job/call.h"

#include <string.h>

#include "base/error.h"
#include "base/random.h"
#include "base/text.h"

#include "base/banned.h"

#define SLICE_MS          250
#define ANSWER_CEILING    ((size_t)1024 * 1024)
#define CREATE_TIMEOUT_MS 60000
#define ASK_TIMEOUT_MS    30000
#define THROTTLED_MS      1000
#define FRESH_MS          60000
#define JUMP_MS           2000

static const enum wp_limit limits[] = {
    [WP_CALL_CREATE] = WP_LIMIT_CREATE, [WP_CALL_QUERY] = WP_LIMIT_QUERY,   [WP_CALL_LIST] = WP_LIMIT_LIST,
    [WP_CALL_CANCEL] = WP_LIMIT_CANCEL, [WP_CALL_POLICY] = WP_LIMIT_POLICY,
};

static const struct wp_retry_policy ask_policy = {
    .max_attempts = 6, .base_ms = 1000, .cap_ms = 15000, .budget_ms = 120000};

const char *wp_call_name(enum wp_call call)
{
    static const char *const names[] = {
        [WP_CALL_CREATE] = "create", [WP_CALL_QUERY] = "query",   [WP_CALL_LIST] = "list",
        [WP_CALL_CANCEL] = "cancel", [WP_CALL_POLICY] = "policy",
    };
    return names[call];
}

static bool is_post(enum wp_call call)
{
    return call == WP_CALL_CREATE || call == WP_CALL_CANCEL;
}

/* Every answer tells the service's time; the latest is believed. RFC 9110 6.6.1: whole seconds. */
static void learn_clock(const struct wp_caller *caller, const struct wp_http_answer *answer)
{
    int64_t date_ms = 0;
    if (!wp_http_date_parse(&date_ms, answer->date))
        return;
    caller->client->service_clock = (struct wp_service_clock){
        .known = true,
        .date_ms = date_ms,
        .boot_ms = caller->clock->boot_ms(caller->clock->user),
        .wall_ms = caller->clock->wall_ms(caller->clock->user),
    };
}

int64_t wp_call_service_ms(const struct wp_caller *caller)
{
    const struct wp_service_clock *seen = &caller->client->service_clock;
    const struct wp_clock *clock = caller->clock;
    return seen->known ? seen->date_ms + clock->boot_ms(clock->user) - seen->boot_ms
                       : clock->wall_ms(clock->user);
}

/* A machine that was frozen as a whole (a virtual machine, say) may not have counted that: then its wall
 * clock is set right some time after, and tells. */
bool wp_call_clock_is_fresh(const struct wp_caller *caller)
{
    const struct wp_service_clock *seen = &caller->client->service_clock;
    const struct wp_clock *clock = caller->clock;
    int64_t age_ms = clock->boot_ms(clock->user) - seen->boot_ms;
    int64_t jump_ms = clock->wall_ms(clock->user) - seen->wall_ms - age_ms;
    return seen->known && age_ms <= FRESH_MS && jump_ms >= -JUMP_MS && jump_ms <= JUMP_MS;
}

static struct wp_limiter *limiter_of(const struct wp_caller *caller)
{
    return caller->limiter ? caller->limiter : caller->client->limiter;
}

enum wp_status wp_call_turn(const struct wp_caller *caller, enum wp_call call, struct wp_error *error)
{
    enum wp_status status = WP_OK;
    int64_t wait_ms;
    while (status == WP_OK &&
           (wait_ms = wp_limiter_take(limiter_of(caller), limits[call], caller->clock)) > 0)
        status = wp_call_pause(caller, wait_ms, error);
    return status;
}

/* "Too many": nobody of this account asks before the time that the service names, or a little while. */
static void heed_throttle(const struct wp_caller *caller, enum wp_limit limit,
                          const struct wp_http_answer *answer)
{
    if (answer->status != 429)
        return;
    int64_t ms = wp_retry_after_ms(answer->retry_after, wp_call_service_ms(caller));
    wp_limiter_slow(limiter_of(caller), limit, ms >= 0 ? ms : THROTTLED_MS, caller->clock);
}

/* Whoever slept may have lost its locks: looked at here, and once more when the request is about to leave. */
static enum wp_status check_lease(const struct wp_caller *caller, const struct wp_call_spec *spec,
                                  struct wp_http_request *request, struct wp_error *error)
{
    int64_t sure_ms = spec->lease ? wp_store_sure_ms(spec->lease) : INT64_MAX;
    if (sure_ms == INT64_MAX)
        return WP_OK;
    if (sure_ms < request->timeout_ms)
        return wp_fail(error, WP_NETWORK, "store",
                       "the database of the job records has not been heard of for a while, and without it "
                       "another worker might do the same; nothing was sent");
    int64_t last_ms = caller->clock->boot_ms(caller->clock->user) + sure_ms - request->timeout_ms;
    if (!request->not_after_ms || last_ms < request->not_after_ms)
        request->not_after_ms = last_ms;
    return WP_OK;
}

enum wp_status wp_call_once(struct wp_caller *caller, const struct wp_call_spec *spec,
                            struct wp_http_answer *answer, struct wp_error *error)
{
    struct wp_client *client = caller->client;
    struct wp_http_session *session = NULL;
    struct wp_headers headers = {0};
    memset(answer, 0, sizeof *answer);
    enum wp_status status = wp_client_session(client, &session, error);
    if (status == WP_OK && !spec->has_turn)
        status = wp_call_turn(caller, spec->call, error);
    if (status != WP_OK)
        return status;
    if (!wp_headers_set(&headers, spec->call, client->api_key,
                        client->workspace[0] ? client->workspace : NULL, spec->oss_resolve))
        return wp_fail(error, WP_INTERNAL, "client", "the headers of a %s do not fit",
                       wp_call_name(spec->call));
    bool create = spec->call == WP_CALL_CREATE;
    struct wp_http_request request = {
        .method = is_post(spec->call) ? "POST" : "GET",
        .url = spec->url,
        .headers = headers.list,
        .body = spec->body,
        .body_len = spec->body_len,
        .reach = WP_REACH_ANY,
        .max_body = ANSWER_CEILING,
        .timeout_ms = create ? CREATE_TIMEOUT_MS : ASK_TIMEOUT_MS,
        .not_after_ms = spec->not_after_ms,
        .interrupted = create ? NULL : client->interrupted,
        .interrupted_user = client->interrupted_user,
    };
    status = check_lease(caller, spec, &request, error);
    if (status != WP_OK) {
        wp_headers_wipe(&headers);
        return status;
    }
    const char *name = wp_call_name(spec->call);
    struct wp_error why = {0};
    wp_evidence_request(caller->evidence, name, request.method, spec->url, spec->body, spec->body_len);
    status = wp_http_perform(session, &request, answer, &why);
    wp_evidence_answer(caller->evidence, name, answer, status == WP_OK ? NULL : &why);
    wp_headers_wipe(&headers);
    learn_clock(caller, answer);
    heed_throttle(caller, limits[spec->call], answer);
    if (status != WP_OK && error)
        *error = why;
    return status;
}

/* How much of a sentence to print before more follows: all but its full stop. */
static int without_stop(const char *sentence, size_t most)
{
    size_t len = strlen(sentence);
    if (len > 0 && sentence[len - 1] == '.')
        len--;
    return (int)(len < most ? len : most);
}

static enum wp_status tell_refusal(const char *who, const char *what, const struct wp_http_answer *answer,
                                   const struct wp_service_error *said, const char *advice,
                                   struct wp_error *error)
{
    /* 408 and 5xx are the service's trouble, everything else is an answer to what was asked. */
    enum wp_status status = answer->status >= 500 || answer->status == 408 ? WP_NETWORK : WP_REFUSED;
    return wp_fail(error, status, "service", "%s refused %s: HTTP %ld%s%s%s%.*s%s%.*s%s%s", who, what,
                   answer->status, said->code[0] ? " " : "", said->code, said->message[0] ? ": " : "",
                   without_stop(said->message, 300), said->message, advice ? "; " : "",
                   advice ? without_stop(advice, 200) : 0, advice ? advice : "",
                   said->request_id[0] ? "; request id " : "", said->request_id);
}

enum wp_status wp_call_refused(const char *what, const struct wp_http_answer *answer,
                               const struct wp_service_error *said, struct wp_error *error)
{
    const struct wp_error_row *row = wp_error_find(said->code);
    return tell_refusal("the service", what, answer, said, row ? row->advice : NULL, error);
}

enum wp_status wp_call_storage_refused(const char *what, const struct wp_http_answer *answer,
                                       const struct wp_service_error *said, struct wp_error *error)
{
    return tell_refusal("the service's storage", what, answer, said, NULL, error);
}

struct wp_attempts wp_attempts_new(const struct wp_caller *caller, const struct wp_retry_policy *policy)
{
    return (struct wp_attempts){.policy = policy, .started_ms = caller->clock->now_ms(caller->clock->user)};
}

void wp_call_tell_retry(const struct wp_caller *caller, const struct wp_error *why, int64_t wait_ms)
{
    if (!caller->retrying)
        return;
    char message[sizeof why->message + 64];
    (void)wp_text_format(message, sizeof message, "%s; trying again in %.1f s", why->message,
                         (double)wait_ms / 1000);
    caller->retrying(caller->retrying_user, message);
}

enum wp_status wp_attempts_next(struct wp_attempts *attempts, const struct wp_caller *caller,
                                const char *retry_after, const struct wp_error *why, int64_t *wait_ms)
{
    const struct wp_clock *clock = caller->clock;
    attempts->made++;
    struct wp_retry_decision decision = wp_retry_decide(
        attempts->policy, attempts->made, clock->now_ms(clock->user) - attempts->started_ms,
        wp_retry_after_ms(retry_after, wp_call_service_ms(caller)), wp_random_below(UINT32_MAX));
    if (!decision.again)
        return why->status;
    wp_call_tell_retry(caller, why, decision.wait_ms);
    *wait_ms = decision.wait_ms;
    return WP_OK;
}

enum wp_status wp_attempts_wait(struct wp_attempts *attempts, struct wp_caller *caller,
                                const char *retry_after, struct wp_error *why)
{
    int64_t wait_ms = 0;
    enum wp_status status = wp_attempts_next(attempts, caller, retry_after, why, &wait_ms);
    return status == WP_OK ? wp_call_pause(caller, wait_ms, why) : status;
}

enum wp_status wp_call_try(struct wp_caller *caller, const struct wp_call_spec *spec, wp_call_read_fn *read,
                           void *out, struct wp_http_answer *answer, bool *again, struct wp_error *why)
{
    struct wp_service_error said;
    char what[32];
    enum wp_status status = wp_call_once(caller, spec, answer, why);
    *again = status == WP_NETWORK;
    if (status != WP_OK)
        return status;
    (void)wp_text_format(what, sizeof what, "the %s", wp_call_name(spec->call));
    if (answer->status == 200) {
        *again = true; /* a proxy in between, say */
        return read(out, answer->body.data, answer->body.len)
                   ? WP_OK
                   : wp_fail(why, WP_NETWORK, "service", "the service's answer to %s cannot be read", what);
    }
    wp_service_error_parse(&said, answer->body.data, answer->body.len);
    *again = wp_call_judge(spec->call, answer->status, said.code) == WP_CALL_TRY_AGAIN;
    return wp_call_refused(what, answer, &said, why);
}

enum wp_status wp_call_ask(struct wp_caller *caller, const struct wp_call_spec *spec, wp_call_read_fn *read,
                           void *out, struct wp_error *error)
{
    struct wp_attempts attempts = wp_attempts_new(caller, &ask_policy);
    struct wp_error why = {0};
    bool again;
    enum wp_status status;
    do {
        struct wp_http_answer answer = {0};
        again = false;
        status = wp_call_try(caller, spec, read, out, &answer, &again, &why);
        if (status != WP_OK && again) {
            status = wp_attempts_wait(&attempts, caller, answer.retry_after, &why);
            again = status == WP_OK;
        } else {
            again = false;
        }
        wp_http_answer_free(&answer);
    } while (again);
    if (status != WP_OK && error)
        *error = why;
    return status;
}

enum wp_status wp_call_pause(const struct wp_caller *caller, int64_t ms, struct wp_error *error)
{
    const struct wp_clock *clock = caller->clock;
    int64_t end = clock->now_ms(clock->user) + ms;
    for (;;) {
        if (wp_client_interrupted(caller->client))
            return wp_fail(error, WP_INTERRUPTED, "job",
                           "interrupted; the same command carries on from here");
        int64_t left = end - clock->now_ms(clock->user);
        if (left <= 0)
            return WP_OK;
        clock->sleep_ms(clock->user, left < SLICE_MS ? left : SLICE_MS);
    }
}
