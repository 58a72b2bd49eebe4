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
#define QUOTA_ATTEMPTS    3

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
static void learn_skew(const struct wp_caller *caller, const struct wp_http_answer *answer)
{
    int64_t date_ms = 0;
    if (!wp_http_date_parse(&date_ms, answer->date))
        return;
    caller->client->has_skew = true;
    caller->client->skew_ms = date_ms - caller->clock->wall_ms(caller->clock->user);
}

int64_t wp_call_service_ms(const struct wp_caller *caller)
{
    int64_t now = caller->clock->wall_ms(caller->clock->user);
    return caller->client->has_skew ? now + caller->client->skew_ms : now;
}

enum wp_status wp_call_once(struct wp_caller *caller, const struct wp_call_spec *spec,
                            struct wp_http_answer *answer, struct wp_error *error)
{
    struct wp_client *client = caller->client;
    struct wp_http_session *session = NULL;
    struct wp_headers headers = {0};
    memset(answer, 0, sizeof *answer);
    enum wp_status status = wp_client_session(client, &session, error);
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
        .interrupted = create ? NULL : client->interrupted,
        .interrupted_user = client->interrupted_user,
    };
    const char *name = wp_call_name(spec->call);
    struct wp_error why = {0};
    wp_evidence_request(caller->evidence, name, request.method, spec->url, spec->body, spec->body_len);
    status = wp_http_perform(session, &request, answer, &why);
    wp_evidence_answer(caller->evidence, name, answer, status == WP_OK ? NULL : &why);
    wp_headers_wipe(&headers);
    learn_skew(caller, answer);
    if (status != WP_OK && error)
        *error = why;
    return status;
}

enum wp_status wp_call_refused(const char *what, const struct wp_http_answer *answer,
                               const struct wp_service_error *said, struct wp_error *error)
{
    const struct wp_error_row *row = wp_error_find(said->code);
    /* 408 and 5xx are the service's trouble, everything else is an answer to what was asked. */
    enum wp_status status = answer->status >= 500 || answer->status == 408 ? WP_NETWORK : WP_REFUSED;
    return wp_fail(error, status, "service", "the service refused %s: HTTP %ld%s%s%s%.300s%s%.200s%s%s", what,
                   answer->status, said->code[0] ? " " : "", said->code, said->message[0] ? ": " : "",
                   said->message, row ? "; " : "", row ? row->advice : "",
                   said->request_id[0] ? "; request id " : "", said->request_id);
}

struct wp_attempts wp_attempts_new(const struct wp_caller *caller, const struct wp_retry_policy *policy)
{
    return (struct wp_attempts){.policy = policy, .started_ms = caller->clock->now_ms(caller->clock->user)};
}

enum wp_status wp_attempts_wait(struct wp_attempts *attempts, struct wp_caller *caller,
                                const char *retry_after, struct wp_error *why)
{
    const struct wp_clock *clock = caller->clock;
    attempts->made++;
    struct wp_retry_decision decision = wp_retry_decide(
        attempts->policy, attempts->made, clock->now_ms(clock->user) - attempts->started_ms,
        wp_retry_after_ms(retry_after, wp_call_service_ms(caller)), wp_random_below(UINT32_MAX));
    if (!decision.again)
        return why->status;
    if (caller->retrying) {
        char message[sizeof why->message + 64];
        (void)wp_text_format(message, sizeof message, "%s; trying again in %.1f s", why->message,
                             (double)decision.wait_ms / 1000);
        caller->retrying(caller->retrying_user, message);
    }
    return wp_call_pause(caller, decision.wait_ms, why);
}

/* What to tell of one attempt. *again: whether it may be repeated. */
static enum wp_status judge(const struct wp_call_spec *spec, enum wp_status status,
                            const struct wp_http_answer *answer, unsigned attempts, bool *again,
                            struct wp_error *error)
{
    struct wp_service_error said;
    char what[32];
    *again = status == WP_NETWORK;
    if (status != WP_OK || answer->status == 200)
        return status;
    wp_service_error_parse(&said, answer->body.data, answer->body.len);
    *again = wp_call_judge(spec->call, answer->status, said.code) == WP_CALL_TRY_AGAIN;
    if (wp_error_classify(answer->status, said.code) == WP_CLASS_QUOTA && attempts + 1 >= QUOTA_ATTEMPTS)
        *again = false;
    (void)wp_text_format(what, sizeof what, "the %s", wp_call_name(spec->call));
    return wp_call_refused(what, answer, &said, error);
}

enum wp_status wp_call_ask(struct wp_caller *caller, const struct wp_call_spec *spec,
                           struct wp_http_answer *answer, struct wp_error *error)
{
    struct wp_attempts attempts = wp_attempts_new(caller, &ask_policy);
    struct wp_error why = {0};
    enum wp_status status;
    for (;;) {
        bool again = false;
        status = wp_call_once(caller, spec, answer, &why);
        status = judge(spec, status, answer, attempts.made, &again, &why);
        if (status == WP_OK || !again)
            break;
        char retry_after[sizeof answer->retry_after];
        (void)wp_text_copy(retry_after, sizeof retry_after, answer->retry_after);
        status = wp_attempts_wait(&attempts, caller, retry_after, &why);
        if (status != WP_OK)
            break;
        wp_http_answer_free(answer);
    }
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
