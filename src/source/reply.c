#include "source/reply.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "net/range.h"

#include "base/banned.h"

static enum wp_status changed(struct wp_fetch *fetch, const char *what)
{
    return wp_fetch_trouble(fetch, WP_DELIVERY_CHANGED,
                            "the file changed while it was read: %s is another one now", what);
}

/* The size and the marks of the file are those of the first good answer, or the file is another one by now.
 */
static enum wp_status check_marks(struct wp_fetch *fetch, const struct wp_http_answer *answer, bool has_size,
                                  uint64_t size)
{
    struct wp_delivery_facts *facts = fetch->facts;
    if (!fetch->is_known) {
        fetch->is_known = true;
        fetch->size = size;
        facts->has_content_length = has_size;
        facts->content_length = size;
        wp_text_copy(fetch->last_modified, sizeof fetch->last_modified, answer->last_modified);
        wp_text_copy(facts->etag, sizeof facts->etag, answer->etag);
        wp_text_copy(facts->content_type, sizeof facts->content_type, answer->content_type);
        return WP_OK;
    }
    if (has_size && size != fetch->size)
        return changed(fetch, "its size");
    char etag[sizeof facts->etag];
    wp_text_copy(etag, sizeof etag, answer->etag);
    if (etag[0] && facts->etag[0] && strcmp(etag, facts->etag) != 0)
        return changed(fetch, "its ETag");
    if (answer->last_modified[0] && fetch->last_modified[0] &&
        strcmp(answer->last_modified, fetch->last_modified) != 0)
        return changed(fetch, "its Last-Modified");
    return WP_OK;
}

enum wp_status wp_fetch_too_large(struct wp_fetch *fetch)
{
    return wp_fetch_trouble(fetch, WP_DELIVERY_TOO_LARGE, "it is over the limit of %" PRIu64 " bytes",
                            fetch->options.max_bytes);
}

/* A 206: the range must be the one that was asked for, up to the end of the file. */
static enum wp_status begin_range(struct wp_reply *reply)
{
    struct wp_fetch *fetch = reply->fetch;
    const struct wp_fetch_part *part = reply->part;
    const struct wp_http_answer *answer = &reply->answer;
    struct wp_range range;
    if (!wp_range_parse(&range, answer->content_range) || !range.satisfied || !range.has_total)
        return wp_fetch_trouble(fetch, WP_DELIVERY_LIES,
                                "its answer 206 does not say which part of the file it holds");
    enum wp_status status = check_marks(fetch, answer, true, range.total);
    if (status != WP_OK)
        return status;
    bool to_end = range.total - 1 - part->first < part->want;
    uint64_t last = to_end ? range.total - 1 : part->first + part->want - 1;
    if (range.first != part->first || range.last != last)
        return wp_fetch_trouble(fetch, WP_DELIVERY_LIES,
                                "bytes %" PRIu64 " to %" PRIu64 " were asked for and it gave %" PRIu64
                                " to %" PRIu64,
                                part->first, last, range.first, range.last);
    reply->due = last - part->first + 1;
    if (answer->has_content_length && answer->content_length != reply->due)
        return wp_fetch_trouble(fetch, WP_DELIVERY_LIES,
                                "its answer 206 promises %" PRIu64
                                " bytes and has a Content-Length of %" PRIu64,
                                reply->due, answer->content_length);
    fetch->facts->ranges = WP_YES;
    bool whole = part->want == UINT64_MAX;
    if (whole && reply->due > fetch->options.max_bytes)
        return wp_fetch_too_large(fetch);
    return whole ? wp_spool_open(part->spool, reply->error) : WP_OK;
}

/* A 200: the whole file, whatever was asked for. */
static enum wp_status begin_whole(struct wp_reply *reply)
{
    struct wp_fetch *fetch = reply->fetch;
    const struct wp_http_answer *answer = &reply->answer;
    bool was_ranged = fetch->facts->ranges == WP_YES;
    enum wp_status status = check_marks(fetch, answer, answer->has_content_length, answer->content_length);
    if (status != WP_OK)
        return status;
    if (was_ranged || !reply->part->spool)
        return wp_fetch_trouble(fetch, WP_DELIVERY_LIES, "it gave ranges before, and the whole file now");
    fetch->facts->ranges = WP_NO;
    reply->due = answer->has_content_length ? answer->content_length : UINT64_MAX;
    if (answer->has_content_length && answer->content_length > fetch->options.max_bytes)
        return wp_fetch_too_large(fetch);
    return wp_spool_open(reply->part->spool, reply->error);
}

static enum wp_status begin_body(struct wp_reply *reply)
{
    const char *encoding = reply->answer.content_encoding;
    reply->begun = true;
    if (encoding[0] && !wp_text_equal_nocase(encoding, "identity"))
        return wp_fetch_trouble(reply->fetch, WP_DELIVERY_LIES,
                                "the server sends it compressed (Content-Encoding %s), though that was not "
                                "asked for",
                                encoding);
    return reply->answer.status == 206 ? begin_range(reply) : begin_whole(reply);
}

static enum wp_status take(struct wp_reply *reply, const void *bytes, size_t len)
{
    struct wp_fetch_part *part = reply->part;
    if (!reply->begun) {
        enum wp_status status = begin_body(reply);
        if (status != WP_OK)
            return status;
    }
    if (len > reply->due - reply->got)
        return wp_fetch_trouble(reply->fetch, WP_DELIVERY_LIES,
                                "its answer holds more bytes than it promised");
    reply->got += len;
    if (part->spool && part->spool->fd >= 0) {
        if (reply->got > reply->fetch->options.max_bytes) /* its length was not told */
            return wp_fetch_too_large(reply->fetch);
        return wp_spool_add(part->spool, bytes, len, reply->error);
    }
    memcpy(part->out + part->got, bytes, len);
    part->got += len;
    return WP_OK;
}

bool wp_reply_sink(void *user, const void *bytes, size_t len)
{
    struct wp_reply *reply = user;
    reply->status = take(reply, bytes, len);
    return reply->status == WP_OK;
}

enum wp_status wp_reply_finish(struct wp_reply *reply)
{
    if (!reply->begun) { /* a body without bytes */
        enum wp_status status = begin_body(reply);
        if (status != WP_OK)
            return status;
    }
    if (reply->due != UINT64_MAX && reply->got != reply->due)
        return wp_fetch_trouble(reply->fetch, WP_DELIVERY_LIES, "its answer ended early");
    return WP_OK;
}

enum wp_status wp_reply_empty(struct wp_reply *reply)
{
    return check_marks(reply->fetch, &reply->answer, true, 0);
}
