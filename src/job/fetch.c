#include "job/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "net/range.h"
#include "net/url.h"

#include "base/banned.h"

#define MAX_BYTES           ((uint64_t)2 * 1024 * 1024 * 1024)
#define PROGRESS_BYTES      ((uint64_t)64 * 1024) /* so many new bytes begin the count of attempts anew */
#define DOWNLOAD_TIMEOUT_MS ((int64_t)2 * 3600 * 1000)

static const struct wp_retry_policy download_policy = {
    .max_attempts = 6, .base_ms = 1000, .cap_ms = 15000, .budget_ms = 600000};

static enum wp_status part_error(const struct wp_fetch *fetch, const char *verb, int code,
                                 struct wp_error *error)
{
    return wp_fail(error, WP_OUTPUT, "download", "cannot %s '%s': %s; the same command carries on from there",
                   verb, fetch->part, strerror(code));
}

/* What is in the .part file counts only with the ETag that its bytes came with. */
enum wp_status wp_fetch_open(struct wp_fetch *fetch, struct wp_job *job, struct wp_error *error)
{
    struct stat info;
    fetch->job = job;
    wp_places_video(fetch->part, &job->site->places, &job->record, ".part");
    wp_places_video(fetch->final, &job->site->places, &job->record, "");
    fetch->fd = open(fetch->part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fetch->fd < 0 || fstat(fetch->fd, &info) != 0)
        return part_error(fetch, "open", errno, error);
    if (!S_ISREG(info.st_mode))
        return part_error(fetch, "open", EEXIST, error);
    fetch->have = (uint64_t)info.st_size;
    return WP_OK;
}

static bool start_over(struct wp_fetch *fetch)
{
    fetch->have = 0;
    if (ftruncate(fetch->fd, 0) == 0)
        return true;
    fetch->write_errno = errno;
    return false;
}

/* The ETag is put before the first byte is written: bytes without their ETag could be continued wrongly. */
static bool remember_etag(struct wp_fetch *fetch)
{
    struct wp_job_record *record = &fetch->job->record;
    const char *etag = wp_range_is_strong(fetch->answer.etag) ? fetch->answer.etag : "";
    if (strcmp(record->result_etag, etag) == 0)
        return true;
    (void)wp_text_copy(record->result_etag, sizeof record->result_etag, etag);
    fetch->save = wp_job_save(fetch->job, &fetch->save_why);
    return fetch->save == WP_OK;
}

/* Looks at the headers before the first byte is taken. */
static bool begin(struct wp_fetch *fetch)
{
    const struct wp_http_answer *answer = &fetch->answer;
    struct wp_range range;
    fetch->begun = true;
    if (answer->status == 206) {
        fetch->mismatched = !wp_range_parse(&range, answer->content_range) || range.first != fetch->have ||
                            !range.has_total || range.total > MAX_BYTES;
        fetch->total = fetch->mismatched ? 0 : range.total;
        return !fetch->mismatched;
    }
    fetch->total = answer->has_content_length ? answer->content_length : 0;
    fetch->too_large = fetch->total > MAX_BYTES;
    return !fetch->too_large && start_over(fetch) && remember_etag(fetch);
}

static bool write_part(struct wp_fetch *fetch, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = pwrite(fetch->fd, bytes, len, (off_t)fetch->have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            fetch->write_errno = errno;
            return false;
        }
        bytes += n;
        len -= (size_t)n;
        fetch->have += (uint64_t)n;
    }
    return true;
}

static bool take_bytes(void *user, const void *bytes, size_t len)
{
    struct wp_fetch *fetch = user;
    if ((!fetch->begun && !begin(fetch)) || !write_part(fetch, bytes, len))
        return false;
    wp_job_tell(fetch->job, &(struct wp_job_event){.kind = WP_EVENT_DOWNLOAD,
                                                   .path = fetch->final,
                                                   .bytes = fetch->have,
                                                   .total = fetch->total});
    return true;
}

/* One request to one URL. */
static enum wp_status request(struct wp_fetch *fetch, const char *url, enum wp_http_reach reach,
                              struct wp_error *error)
{
    struct wp_job *job = fetch->job;
    struct wp_client *client = job->caller.client;
    struct wp_http_session *session = NULL;
    char range[64], if_range[300];
    const char *headers[3] = {NULL};
    if (fetch->have > 0 && (!job->record.result_etag[0] || fetch->have >= MAX_BYTES) && !start_over(fetch))
        return part_error(fetch, "empty", fetch->write_errno, error);
    if (fetch->have > 0) {
        (void)wp_text_format(range, sizeof range, "Range: bytes=%llu-", (unsigned long long)fetch->have);
        (void)wp_text_format(if_range, sizeof if_range, "If-Range: %s", job->record.result_etag);
        headers[0] = range;
        headers[1] = if_range;
    }
    fetch->begun = fetch->mismatched = false;
    wp_http_answer_free(&fetch->answer);
    memset(&fetch->answer, 0, sizeof fetch->answer);
    enum wp_status status = wp_client_session(client, &session, error);
    if (status != WP_OK)
        return status;
    struct wp_http_request get = {
        .method = "GET",
        .url = url,
        .headers = headers,
        .reach = reach,
        .max_body = (size_t)64 * 1024,
        .sink = take_bytes,
        .sink_user = fetch,
        .max_sink = MAX_BYTES - fetch->have,
        .timeout_ms = DOWNLOAD_TIMEOUT_MS,
        .interrupted = client->interrupted,
        .interrupted_user = client->interrupted_user,
    };
    struct wp_error why = {0};
    wp_evidence_request(job->caller.evidence, "download", "GET", url, NULL, 0);
    status = wp_http_perform(session, &get, &fetch->answer, &why);
    wp_evidence_answer(job->caller.evidence, "download", &fetch->answer, status == WP_OK ? NULL : &why);
    if (status != WP_OK && error)
        *error = why;
    return status;
}

/* Requests the result: a plain http URL is tried as https first. An emulator on loopback may name loopback.
 */
static enum wp_status request_result(struct wp_fetch *fetch, struct wp_error *error)
{
    const char *given = fetch->job->record.result_url;
    char secure[sizeof fetch->job->record.result_url + 1];
    struct wp_url url;
    enum wp_status status = wp_url_parse(&url, given, error);
    if (status != WP_OK)
        return wp_fail(error, WP_BAD_RESULT, "download",
                       "the service names a result at something that is no URL");
    if (fetch->job->caller.client->endpoint.loopback && wp_url_is_loopback(&url))
        return request(fetch, given, WP_REACH_LOOPBACK, error);
    if (strcmp(url.scheme, "https") == 0)
        return request(fetch, given, WP_REACH_PUBLIC, error);
    (void)wp_text_format(secure, sizeof secure, "https%s", given + strlen("http"));
    status = request(fetch, secure, WP_REACH_PUBLIC, error);
    if (status == WP_NETWORK && fetch->answer.stage == WP_STAGE_NOT_SENT) {
        wp_log_line(&fetch->job->options->log, WP_LOG_WARN, "job",
                    "the result's host %s cannot be reached by https; fetching it by plain http, as the "
                    "service named it",
                    url.host);
        status = request(fetch, given, WP_REACH_PUBLIC, error);
    }
    return status;
}

/* What an attempt came to. */
enum outcome {
    WHOLE,
    AGAIN,   /* it may pass */
    REFRESH, /* the URL is refused: a fresh one is needed */
    STOP,
};

static enum outcome judge_transport(struct wp_fetch *fetch, enum wp_status status, struct wp_error *error)
{
    if (fetch->write_errno) {
        (void)part_error(fetch, "write", fetch->write_errno, error);
        return STOP;
    }
    if (fetch->save != WP_OK) {
        *error = fetch->save_why;
        return STOP;
    }
    if (fetch->too_large || fetch->have >= MAX_BYTES) {
        (void)wp_fail(error, WP_BAD_RESULT, "download",
                      "the result has over %llu MB, far more than any video of 30 s",
                      (unsigned long long)(MAX_BYTES >> 20));
        (void)start_over(fetch);
        return STOP;
    }
    if (fetch->mismatched) {
        (void)wp_fail(error, WP_NETWORK, "download",
                      "the host answered with another part of the result than was asked");
        return start_over(fetch) ? AGAIN : STOP;
    }
    return status == WP_NETWORK ? AGAIN : STOP;
}

static enum outcome judge_length(struct wp_fetch *fetch, struct wp_error *error)
{
    /* A body of no bytes never reaches the sink. */
    if (!fetch->begun || fetch->have == 0 || (fetch->total && fetch->have < fetch->total)) {
        (void)wp_fail(error, WP_NETWORK, "download", "the result ended after %llu of %llu bytes",
                      (unsigned long long)fetch->have, (unsigned long long)fetch->total);
        return AGAIN;
    }
    if (fetch->total && fetch->have > fetch->total) {
        (void)wp_fail(error, WP_NETWORK, "download", "more bytes came than the result has");
        return start_over(fetch) ? AGAIN : STOP;
    }
    return WHOLE;
}

static enum outcome judge(struct wp_fetch *fetch, enum wp_status status, struct wp_error *error)
{
    const struct wp_http_answer *answer = &fetch->answer;
    struct wp_service_error said;
    struct wp_range range;
    if (status != WP_OK)
        return judge_transport(fetch, status, error);
    if (answer->status == 200 || answer->status == 206)
        return judge_length(fetch, error);
    if (answer->status == 416) { /* RFC 9110 15.5.17: there is nothing behind what we have */
        if (wp_range_parse(&range, answer->content_range) && range.has_total && range.total == fetch->have)
            return WHOLE;
        (void)wp_fail(error, WP_NETWORK, "download",
                      "the result is shorter than what was received of it before");
        return start_over(fetch) ? AGAIN : STOP;
    }
    wp_service_error_parse(&said, answer->body.data, answer->body.len);
    (void)wp_call_storage_refused("the download of the result", answer, &said, error);
    if (answer->status == 401 || answer->status == 403 || answer->status == 404 || answer->status == 410)
        return REFRESH;
    return answer->status >= 500 || answer->status == 408 || answer->status == 429 ? AGAIN : STOP;
}

enum wp_status wp_fetch_some(struct wp_fetch *fetch, enum wp_fetched *came, struct wp_error *why)
{
    struct wp_job *job = fetch->job;
    uint64_t before = fetch->have;
    wp_job_attempt(job, &download_policy);
    enum outcome outcome = judge(fetch, request_result(fetch, why), why);
    if (fetch->have >= before + PROGRESS_BYTES) {
        wp_job_got_on(job);
        wp_job_attempt(job, &download_policy);
    }
    switch (outcome) {
    case WHOLE:
        *came = WP_FETCHED_ALL;
        return WP_OK;
    case AGAIN:
        *came = WP_FETCHED_PUT_OFF;
        return wp_job_put_off(job, fetch->answer.retry_after, why);
    case REFRESH:
        *came = WP_FETCHED_REFRESH;
        return WP_OK;
    case STOP:
        break;
    }
    return why->status;
}

enum wp_status wp_fetch_sync(struct wp_fetch *fetch, struct wp_error *error)
{
    return fsync(fetch->fd) == 0 ? WP_OK : part_error(fetch, "sync", errno, error);
}

void wp_fetch_close(struct wp_fetch *fetch)
{
    if (fetch->fd >= 0)
        (void)close(fetch->fd);
    fetch->fd = -1;
    wp_http_answer_free(&fetch->answer);
}
