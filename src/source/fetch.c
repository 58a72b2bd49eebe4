#include "source/fetch.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "net/range.h"
#include "net/url.h"
#include "source/reply.h"

#include "base/banned.h"

#define MAX_ERROR_BODY 65536u /* of answers that are no media */
#define RATE_BYTES     (UINT64_C(1) << 20)
#define RATE_US        INT64_C(2000000)

/* What the transfer itself tells, however it ended. */
static void note_transfer(struct wp_fetch *fetch, const struct wp_http_answer *answer)
{
    static const enum wp_address_kind kinds[] = {
        [WP_ADDRESS_PUBLIC] = WP_ADDRESS_KIND_PUBLIC,
        [WP_ADDRESS_LOOPBACK] = WP_ADDRESS_KIND_LOOPBACK,
        [WP_ADDRESS_PRIVATE] = WP_ADDRESS_KIND_PRIVATE,
        [WP_ADDRESS_LINK_LOCAL] = WP_ADDRESS_KIND_LINK_LOCAL,
        [WP_ADDRESS_RESERVED] = WP_ADDRESS_KIND_RESERVED,
    };
    struct wp_delivery_facts *facts = fetch->facts;
    facts->requests += answer->stage != WP_STAGE_NOT_SENT;
    facts->bytes_read += answer->sink_bytes + answer->body.len;
    facts->has_status = answer->status > 0;
    facts->status = (uint16_t)answer->status;
    facts->address_kind = WP_ADDRESS_KIND_UNKNOWN;
    facts->address[0] = '\0';
    if (answer->peer[0] && !answer->proxied) {
        wp_text_copy(facts->address, sizeof facts->address, answer->peer);
        facts->address_kind = kinds[wp_address_classify(answer->peer)];
    }
    if (!fetch->date[0])
        wp_text_copy(fetch->date, sizeof fetch->date, answer->date);
}

/* The times of a good answer. */
static void note_times(struct wp_fetch *fetch, const struct wp_http_answer *answer)
{
    struct wp_delivery_facts *facts = fetch->facts;
    if (!answer->has_first_byte)
        return;
    if (!facts->has_first_byte) {
        facts->has_first_byte = true;
        facts->first_byte_s = (double)(fetch->waited_us + answer->first_byte_us) / 1e6;
    }
    fetch->body_us += answer->body_us;
    fetch->body_bytes += answer->sink_bytes;
    if (fetch->body_us > 0 && (fetch->body_bytes >= RATE_BYTES || fetch->body_us >= RATE_US)) {
        facts->has_rate = true;
        facts->bytes_per_s = (double)fetch->body_bytes * 1e6 / (double)fetch->body_us;
    }
}

static enum wp_status finish(struct wp_reply *reply)
{
    enum wp_status status = wp_reply_finish(reply);
    if (status == WP_OK)
        note_times(reply->fetch, &reply->answer);
    return status;
}

static bool is_redirect(long status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static enum wp_status follow(struct wp_reply *reply)
{
    struct wp_fetch *fetch = reply->fetch;
    struct wp_delivery_facts *facts = fetch->facts;
    struct wp_url url;
    char next[sizeof fetch->url];
    fetch->waited_us += reply->answer.elapsed_ms * 1000;
    if (facts->redirects == WP_MAX_REDIRECTS)
        return wp_fetch_trouble(fetch, WP_DELIVERY_REDIRECTS, "it is redirected more than %d times",
                                WP_MAX_REDIRECTS);
    if (!reply->answer.location[0] || !wp_url_resolve(next, sizeof next, fetch->url, reply->answer.location))
        return wp_fetch_trouble(fetch, WP_DELIVERY_REDIRECTS, "it is redirected without a usable address");
    wp_text_copy(fetch->visited[facts->redirects], sizeof next, fetch->url);
    facts->redirects++;
    wp_text_copy(fetch->url, sizeof fetch->url, next);
    for (uint32_t i = 0; i < facts->redirects; i++) {
        if (strcmp(fetch->visited[i], next) == 0)
            return wp_fetch_trouble(fetch, WP_DELIVERY_REDIRECTS, "it is redirected in a circle");
    }
    if (wp_url_parse(&url, next, NULL) != WP_OK || url.has_userinfo)
        return wp_fetch_trouble(fetch, WP_DELIVERY_REDIRECTS,
                                "it leads to something that is no plain http(s) URL");
    wp_text_copy(facts->final_url, sizeof facts->final_url, next);
    wp_redact(facts->final_url);
    return WP_OK;
}

static enum wp_status judge_answer(struct wp_reply *reply)
{
    struct wp_fetch *fetch = reply->fetch;
    const struct wp_http_answer *answer = &reply->answer;
    struct wp_range range;
    if (answer->status == 200 || answer->status == 206)
        return finish(reply);
    /* No range of an empty file can be given (RFC 9110 14.4, 15.5.17). */
    if (answer->status == 416 && !fetch->is_known && wp_range_parse(&range, answer->content_range) &&
        !range.satisfied && range.total == 0)
        return wp_reply_empty(reply);
    if (answer->status == 416)
        return wp_fetch_trouble(fetch, WP_DELIVERY_LIES,
                                "it has no bytes at %" PRIu64 ", where its own size puts some",
                                reply->part->first);
    return wp_fetch_trouble(fetch, WP_DELIVERY_STATUS, "the server answers with HTTP status %ld",
                            answer->status);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static enum wp_status perform(struct wp_reply *reply)
{
    struct wp_fetch *fetch = reply->fetch;
    const struct wp_http_options *options = &fetch->options;
    const struct wp_fetch_part *part = reply->part;
    int64_t left_ms = fetch->deadline_ms - options->clock->now_ms(options->clock->user);
    if (left_ms <= 0)
        return wp_fetch_trouble(fetch, WP_DELIVERY_TIMEOUT, "reading it took longer than %" PRId64 " ms",
                                options->total_ms);
    char range[64];
    if (part->want == UINT64_MAX)
        (void)wp_text_format(range, sizeof range, "Range: bytes=%" PRIu64 "-", part->first);
    else
        (void)wp_text_format(range, sizeof range, "Range: bytes=%" PRIu64 "-%" PRIu64, part->first,
                             part->first + part->want - 1);
    const char *const headers[] = {range, "Accept: */*", "Accept-Encoding: identity", NULL};
    const struct wp_http_request http = {
        .method = "GET",
        .url = fetch->url,
        .headers = headers,
        .reach = options->allow_private ? WP_REACH_ANY : WP_REACH_PUBLIC,
        .max_body = MAX_ERROR_BODY,
        .sink = wp_reply_sink,
        .sink_user = reply,
        .max_sink = UINT64_MAX, /* the reply knows better */
        .connect_timeout_ms = least(options->first_byte_ms, left_ms),
        .first_byte_timeout_ms = options->first_byte_ms,
        .timeout_ms = left_ms,
        .stall_timeout_ms = options->stall_ms,
        .interrupted = options->interrupted,
        .interrupted_user = options->interrupted_user,
    };
    struct wp_error ignored;
    enum wp_status status = wp_http_perform(fetch->session, &http, &reply->answer, &ignored);
    note_transfer(fetch, &reply->answer);
    bool is_answered = reply->answer.status > 200 && reply->answer.status != 206;
    if (status != WP_OK && !is_answered) { /* the page that comes with a refusal does not matter */
        if (status == WP_NOMEM)
            return wp_fail_nomem(reply->error, "source");
        return reply->status != WP_OK ? reply->status : wp_fetch_explain(fetch, &reply->answer);
    }
    return is_redirect(reply->answer.status) ? follow(reply) : judge_answer(reply);
}

enum wp_status wp_fetch_begin(struct wp_fetch *fetch, const char *url, struct wp_delivery_facts *facts,
                              const struct wp_http_options *options, struct wp_error *error)
{
    memset(fetch, 0, sizeof *fetch);
    fetch->facts = facts;
    fetch->options = *options;
    if (!fetch->options.clock)
        fetch->options.clock = wp_clock_system();
    if (fetch->options.total_ms <= 0)
        fetch->options.total_ms = WP_HTTP_TOTAL_MS;
    if (fetch->options.first_byte_ms <= 0)
        fetch->options.first_byte_ms = 15000;
    if (fetch->options.stall_ms <= 0)
        fetch->options.stall_ms = 10000;
    fetch->deadline_ms = fetch->options.clock->now_ms(fetch->options.clock->user) + fetch->options.total_ms;
    wp_text_copy(fetch->url, sizeof fetch->url, url);
    return wp_http_session_new(&fetch->session, options->log, error);
}

enum wp_status wp_fetch_get(struct wp_fetch *fetch, struct wp_fetch_part *part, struct wp_error *error)
{
    assert(part->want > 0 && (part->out || part->want == UINT64_MAX));
    enum wp_status status = WP_NETWORK;
    bool again = fetch->facts->trouble == WP_DELIVERY_FINE;
    while (again) {
        struct wp_reply reply = {
            .fetch = fetch, .part = part, .due = UINT64_MAX, .status = WP_OK, .error = error};
        part->got = 0;
        status = perform(&reply);
        again = status == WP_OK && is_redirect(reply.answer.status);
        wp_http_answer_free(&reply.answer);
    }
    return status == WP_NETWORK ? wp_fail(error, WP_NETWORK, "source", "%s", fetch->facts->trouble_reason)
                                : status;
}

void wp_fetch_end(struct wp_fetch *fetch)
{
    wp_http_session_free(fetch->session);
    fetch->session = NULL;
}
