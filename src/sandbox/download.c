/* The signed result URL. Error codes and their texts are those of Alibaba Cloud OSS, GetObject. */
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "base/sha256.h"
#include "base/text.h"
#include "sandbox/range.h"
#include "sandbox/service.h"

#include "base/banned.h"

#define LAST_MODIFIED "Thu, 18 Sep 2025 11:32:00 GMT"

/* The query of a result URL. The signature has escapes in it, which a client must pass on as they are. */
static void sign(char *out, size_t size, const char *task_id, int64_t expires_s)
{
    char text[128];
    wp_sha256_hex hash;
    (void)wp_text_format(text, sizeof text, "wanprep-sandbox %s %" PRId64, task_id, expires_s);
    (void)wp_sha256_text(hash, text, NULL); /* out of memory leaves "": a signature like any other */
    (void)wp_text_format(out, size, "Expires=%" PRId64 "&OSSAccessKeyId=%s&Signature=%.13s%%2B%.13s%%3D",
                         expires_s, SB_ACCESS_KEY_ID, hash, hash[0] ? hash + 13 : hash);
}

void sb_result_url(const struct sb_service *service, char *out, size_t size, const char *task_id,
                   int64_t wall_ms)
{
    char query[192];
    sign(query, sizeof query, task_id, (wall_ms + service->config->url_lifetime_ms) / 1000);
    (void)wp_text_format(out, size, "%s/results/%s.mp4?%s", service->root, task_id, query);
}

/* The task that the path names; NULL if it names none. */
static const struct sb_task *find_task(const struct sb_service *service, const struct sb_request *request)
{
    char id[SB_UUID_SIZE];
    const char *name = request->path + strlen("/results/");
    if (!wp_text_ends(name, ".mp4") || strlen(name) != SB_UUID_SIZE - 1 + strlen(".mp4"))
        return NULL;
    (void)wp_text_format(id, sizeof id, "%.36s", name);
    const struct sb_task *task = sb_tasks_find(&service->tasks, id, request->now_ms);
    return task && strcmp(sb_task_status(&service->tasks, task), "SUCCEEDED") == 0 ? task : NULL;
}

static bool check_access(const struct sb_service *service, const struct sb_request *request,
                         struct sb_answer *answer)
{
    if (sb_request_header(request, "Authorization")) {
        sb_refuse(answer, request, 400, "InvalidArgument",
                  "Only one auth mechanism allowed: the URL's signature or the Authorization header.");
        return false;
    }
    const struct sb_task *task = find_task(service, request);
    if (!task) {
        sb_refuse(answer, request, 404, "NoSuchKey", "The specified key does not exist.");
        return false;
    }
    const char *query = sb_request_query(request);
    char number[24] = "", signature[192];
    uint64_t expires = 0;
    if (wp_text_starts(query, "Expires="))
        (void)wp_text_format(number, sizeof number, "%.*s", (int)strcspn(query + 8, "&"), query + 8);
    bool dated = wp_parse_u64(&expires, number, 0, INT64_MAX / 1000);
    sign(signature, sizeof signature, task->id, (int64_t)expires);
    if (!dated || strcmp(query, signature) != 0) {
        sb_refuse(answer, request, 403, "SignatureDoesNotMatch",
                  "The request signature we calculated does not match the signature you provided.");
        return false;
    }
    if (request->wall_ms >= (int64_t)expires * 1000) {
        sb_refuse(answer, request, 403, "AccessDenied", "Request has expired.");
        return false;
    }
    return true;
}

/* Whether a Range header counts: only if what the client has is still this object (RFC 9110, 13.1.5). */
static bool if_range_holds(const struct sb_service *service, const struct sb_request *request)
{
    const char *value = sb_request_header(request, "If-Range");
    return !value || strcmp(value, service->video.etag) == 0 || strcmp(value, LAST_MODIFIED) == 0;
}

void sb_serve_download(struct sb_service *service, struct sb_request *request, struct sb_answer *answer)
{
    if (!check_access(service, request, answer))
        return;
    uint64_t size = service->video.bytes.len, first = 0, last = 0;
    const char *range = if_range_holds(service, request) ? sb_request_header(request, "Range") : NULL;
    enum sb_range_kind kind = sb_range_read(range, size, &first, &last);
    if (kind == SB_RANGE_UNSATISFIABLE) {
        sb_refuse(answer, request, 416, "InvalidRange", "The requested range cannot be satisfied.");
        sb_answer_header(answer, "Content-Range", "bytes */%" PRIu64, size);
        return;
    }
    answer->type = "video/mp4";
    answer->bytes = wp_buf_text(&service->video.bytes);
    answer->len = size;
    if (kind == SB_RANGE_PART) {
        answer->status = 206;
        answer->bytes += first;
        answer->len = last - first + 1;
        sb_answer_header(answer, "Content-Range", "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, first, last,
                         size);
    }
    sb_answer_header(answer, "Accept-Ranges", "bytes");
    sb_answer_header(answer, "ETag", "%s", service->video.etag);
    sb_answer_header(answer, "Last-Modified", LAST_MODIFIED);
}
