/* Temporary upload: a policy of the service, and a form post to the host that it names. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "job/input.h"
#include "job/job.h"
#include "net/url.h"

#include "base/banned.h"

#define LIFE_MS           ((int64_t)47 * 3600 * 1000) /* of an upload: 48 h, less one to be sure */
#define UPLOAD_TIMEOUT_MS ((int64_t)3600 * 1000)
#define MAX_REFUSALS      3 /* of policies */
#define POLICY_MARGIN_S   30
#define MIB               ((uint64_t)1024 * 1024)

/* Of a file, with the asking for a policy. */
static const struct wp_retry_policy upload_policy = {
    .max_attempts = 8, .base_ms = 1000, .cap_ms = 15000, .budget_ms = 300000};

/* The uploads of one run: both media go out under one policy as long as it lasts. */
struct uploads {
    struct wp_job *job;
    struct wp_upload_policy policy;
    bool has_policy;
    int64_t policy_ms; /* when it was asked for */
};

/* A file on its way out. */
struct source {
    struct uploads *uploads;
    const char *path;
    int fd;
    uint64_t size, sent;
    struct wp_sha256 *hash;
};

static bool read_policy(void *out, const char *body, size_t len)
{
    return wp_upload_policy_parse(out, body, len);
}

static enum wp_status ask_policy(struct uploads *uploads, struct wp_http_answer *answer, bool *again,
                                 struct wp_error *error)
{
    struct wp_caller *caller = &uploads->job->caller;
    struct wp_buf url = wp_buf_new(1024);
    struct wp_call_spec spec = {.call = WP_CALL_POLICY};
    enum wp_status status;
    uploads->policy_ms = caller->clock->now_ms(caller->clock->user);
    if (wp_endpoint_policy_url(&caller->client->endpoint, &url)) {
        spec.url = wp_buf_text(&url);
        status = wp_call_try(caller, &spec, read_policy, &uploads->policy, answer, again, error);
    } else {
        status = wp_fail_nomem(error, "upload");
    }
    uploads->has_policy = status == WP_OK;
    wp_buf_free(&url);
    return status;
}

static bool policy_is_good(const struct uploads *uploads)
{
    const struct wp_clock *clock = uploads->job->caller.clock;
    int64_t age_s = (clock->now_ms(clock->user) - uploads->policy_ms) / 1000;
    int64_t life_s = uploads->policy.expire_in_seconds;
    return uploads->has_policy && (life_s < 0 || age_s + POLICY_MARGIN_S < life_s);
}

static int64_t read_source(void *user, void *out, size_t len)
{
    struct source *source = user;
    uint64_t left = source->size - source->sent;
    if (len > left)
        len = (size_t)left;
    if (len == 0)
        return 0;
    ssize_t n;
    do {
        n = read(source->fd, out, len);
    } while (n < 0 && errno == EINTR);
    if (n <= 0)
        return -1; /* shorter than it was, or unreadable now */
    wp_sha256_add(source->hash, out, (size_t)n);
    source->sent += (uint64_t)n;
    return n;
}

static void tell_progress(void *user, uint64_t done, uint64_t total)
{
    const struct source *source = user;
    (void)done;
    (void)total; /* these count the form around the file too */
    wp_job_tell(source->uploads->job, &(struct wp_job_event){.kind = WP_EVENT_UPLOAD,
                                                             .path = source->path,
                                                             .bytes = source->sent,
                                                             .total = source->size});
}

/* Both the host of the policy and the reach that it may have: public and https, but an emulator on loopback
 * may name a loopback host too. */
static enum wp_status choose_reach(enum wp_http_reach *out, const struct uploads *uploads,
                                   struct wp_error *error)
{
    struct wp_url url;
    const char *host = uploads->policy.upload_host;
    enum wp_status status = wp_url_parse(&url, host, error);
    if (status != WP_OK)
        return wp_fail(error, WP_NETWORK, "upload",
                       "the service names an upload host that is no URL: '%.200s'", host);
    bool loopback = uploads->job->caller.client->endpoint.loopback && wp_url_is_loopback(&url);
    *out = loopback ? WP_REACH_LOOPBACK : WP_REACH_PUBLIC;
    if (!loopback && strcmp(url.scheme, "https") != 0)
        return wp_fail(error, WP_NETWORK, "upload",
                       "the service names an upload host without TLS, '%.200s'; the media are not sent there",
                       host);
    return WP_OK;
}

/* A name that no other upload has (the policy forbids to overwrite), with the true extension: the service
 * looks at it. */
static bool make_object_key(char out[768], const struct uploads *uploads, const char *path)
{
    char name[33], extension[16];
    const char *folder = uploads->policy.upload_dir;
    size_t len = strlen(folder);
    wp_random_hex(name, sizeof name);
    wp_text_extension(extension, sizeof extension, path, false);
    return wp_text_format(out, 768, "%s%s%s%s%s", folder, len && folder[len - 1] == '/' ? "" : "/", name,
                          extension[0] ? "." : "", extension);
}

/* One form post of a file. As wp_http_perform(). */
static enum wp_status post_once(struct source *source, const char *key, enum wp_http_reach reach,
                                struct wp_http_answer *answer, struct wp_error *error)
{
    struct wp_caller *caller = &source->uploads->job->caller;
    const struct wp_upload_policy *policy = &source->uploads->policy;
    const char *slash = strrchr(key, '/');
    /* The order is the service's; `file` must be last (dashscope.md, temporary upload). */
    const struct wp_http_part parts[] = {
        {.name = "OSSAccessKeyId", .value = policy->oss_access_key_id},
        {.name = "Signature", .value = policy->signature},
        {.name = "policy", .value = policy->policy},
        {.name = "x-oss-object-acl", .value = policy->x_oss_object_acl},
        {.name = "x-oss-forbid-overwrite", .value = policy->x_oss_forbid_overwrite},
        {.name = "key", .value = key},
        {.name = "success_action_status", .value = "200"},
        {.name = "file",
         .file_name = slash ? slash + 1 : key,
         .content_type = "application/octet-stream",
         .size = source->size,
         .read = read_source,
         .user = source},
    };
    struct wp_http_request request = {
        .method = "POST",
        .url = policy->upload_host,
        .parts = parts,
        .part_count = sizeof parts / sizeof parts[0],
        .reach = reach,
        .max_body = (size_t)64 * 1024,
        .timeout_ms = UPLOAD_TIMEOUT_MS,
        .progress = tell_progress,
        .progress_user = source,
        .interrupted = caller->client->interrupted,
        .interrupted_user = caller->client->interrupted_user,
    };
    struct wp_http_session *session = NULL;
    struct wp_error why = {0};
    memset(answer, 0, sizeof *answer);
    enum wp_status status = wp_client_session(caller->client, &session, error);
    if (status != WP_OK)
        return status;
    char form[1024];
    (void)wp_text_format(form, sizeof form, "{\"key\":\"%s\",\"file_bytes\":%llu}", key,
                         (unsigned long long)source->size);
    wp_evidence_request(caller->evidence, "upload", "POST", policy->upload_host, form, strlen(form));
    status = wp_http_perform(session, &request, answer, &why);
    wp_evidence_answer(caller->evidence, "upload", answer, status == WP_OK ? NULL : &why);
    if (status != WP_OK && error)
        *error = why;
    return status;
}

static enum wp_status changed(const struct source *source, struct wp_error *error)
{
    return wp_fail(
        error, WP_INPUT, "upload",
        "'%s' changed while it was uploaded; nothing was submitted: run the command again when the file "
        "is finished",
        source->path);
}

/* Whether the bytes that went out are those that were planned. */
static enum wp_status check_sent(struct source *source, const char *planned, struct wp_error *error)
{
    wp_sha256_hex sent;
    wp_sha256_end(source->hash, sent);
    char more;
    bool longer = source->sent == source->size && read(source->fd, &more, 1) > 0;
    return longer || strcmp(sent, planned) != 0 ? changed(source, error) : WP_OK;
}

/* What an attempt came to; *again: it may pass. A refusal may be an expired policy: then the policy is
 * dropped. */
static enum wp_status judge_post(struct source *source, enum wp_status status,
                                 const struct wp_http_answer *answer, bool *again, struct wp_error *error)
{
    struct uploads *uploads = source->uploads;
    struct wp_service_error said;
    *again = status == WP_NETWORK;
    if (status == WP_INPUT)
        return changed(source, error);
    if (status != WP_OK || (answer->status >= 200 && answer->status < 300))
        return status;
    wp_service_error_parse(&said, answer->body.data, answer->body.len);
    if (answer->status == 403) {
        /* OSS words an expired policy as AccessDenied or InvalidPolicyDocument, "Policy expired". */
        uploads->has_policy = false;
        *again = ++uploads->job->course.policy_refusals < MAX_REFUSALS;
    } else {
        *again =
            answer->status >= 500 || answer->status == 429 || answer->status == 408 || answer->status == 409;
    }
    return wp_call_storage_refused("the upload", answer, &said, error);
}

static enum wp_status check_size(const struct source *source, struct wp_error *error)
{
    int64_t max_mb = source->uploads->policy.max_file_size_mb;
    if (max_mb < 0 || source->size <= (uint64_t)max_mb * MIB)
        return WP_OK;
    return wp_fail(
        error, WP_INPUT, "upload",
        "'%s' has %.1f MB, and the service's temporary storage takes at most %lld MB a file; make it "
        "smaller or give it as an https URL",
        source->path, (double)source->size / (double)MIB, (long long)max_mb);
}

/* One attempt, from the policy to the answer of the storage. */
static enum wp_status attempt(struct uploads *uploads, const char *path, const char *planned, char key[768],
                              struct wp_http_answer *answer, bool *again, struct wp_error *error)
{
    struct source source = {.uploads = uploads, .path = path, .fd = -1};
    enum wp_http_reach reach = WP_REACH_PUBLIC;
    *again = false;
    enum wp_status status = policy_is_good(uploads) ? WP_OK : ask_policy(uploads, answer, again, error);
    if (status == WP_OK) {
        wp_http_answer_free(answer);
        *again = false;
    }
    if (status == WP_OK)
        status = choose_reach(&reach, uploads, error);
    if (status == WP_OK)
        status = wp_input_open(&source.fd, &source.size, path, error);
    if (status == WP_OK)
        status = check_size(&source, error);
    if (status == WP_OK && !make_object_key(key, uploads, path))
        status = wp_fail(error, WP_NETWORK, "upload", "the service names an upload folder that is too long");
    if (status == WP_OK && !(source.hash = wp_sha256_new()))
        status = wp_fail_nomem(error, "upload");
    if (status == WP_OK) {
        status = post_once(&source, key, reach, answer, error);
        status = judge_post(&source, status, answer, again, error);
        if (status == WP_OK)
            status = check_sent(&source, planned, error);
    }
    wp_sha256_free(source.hash);
    if (source.fd >= 0)
        (void)close(source.fd);
    return status;
}

/* One attempt to bring a file there: *url is its URL, or "" where it is put off. */
static enum wp_status upload_file(struct uploads *uploads, const char *path, const char *planned,
                                  char url[2048], struct wp_error *error)
{
    struct wp_job *job = uploads->job;
    struct wp_http_answer answer = {0};
    struct wp_error why = {0};
    char key[768];
    bool again = false;
    wp_job_attempt(job, &upload_policy);
    enum wp_status status = attempt(uploads, path, planned, key, &answer, &again, &why);
    if (status == WP_OK) {
        wp_job_got_on(job);
        (void)wp_text_format(url, 2048, "oss://%s", key);
        status = wp_job_save(job, &why);
    } else if (again) {
        status = wp_job_put_off(job, answer.retry_after, &why);
    }
    wp_http_answer_free(&answer);
    if (status != WP_OK && error)
        *error = why;
    return status;
}

/* Whether URLs of uploads have grown old, or the clock says what cannot be. */
static bool is_stale(const struct wp_job_record *record, int64_t wall_ms)
{
    bool uploads = wp_job_is_local(record->image) || wp_job_is_local(record->video);
    return uploads && (wall_ms - record->uploaded_ms > LIFE_MS || wall_ms < record->uploaded_ms);
}

bool wp_job_wants_upload(const struct wp_job_record *record, int64_t wall_ms)
{
    return !record->image_url[0] || !record->video_url[0] || is_stale(record, wall_ms);
}

enum wp_status wp_job_upload(struct wp_job *job, struct wp_error *error)
{
    struct wp_job_record *record = &job->record;
    const struct wp_clock *clock = job->caller.clock;
    int64_t now = clock->wall_ms(clock->user);
    if (is_stale(record, now)) {
        /* The older of the two counts: the clock is started before the first is sent. */
        record->uploaded_ms = now;
        if (wp_job_is_local(record->image))
            record->image_url[0] = '\0';
        if (wp_job_is_local(record->video))
            record->video_url[0] = '\0';
    }
    struct uploads *uploads = wp_calloc(1, sizeof *uploads);
    if (!uploads)
        return wp_fail_nomem(error, "upload");
    uploads->job = job;
    enum wp_status status = wp_job_enter(job, WP_JOB_UPLOADING, error);
    if (status == WP_OK && !record->image_url[0])
        status = upload_file(uploads, record->image, record->image_sha256, record->image_url, error);
    if (status == WP_OK && record->image_url[0] && !record->video_url[0])
        status = upload_file(uploads, record->video, record->video_sha256, record->video_url, error);
    wp_free(uploads);
    return status;
}
