/*
 * A service in memory, behind the functions of net/http.h, with a clock that tests own: hours pass at once,
 * and a child process can be made to die at any instant while the service lives on.
 */
#ifndef TEST_JOB_FAKE_H
#define TEST_JOB_FAKE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "job/job.h"
#include "net/http.h"

#define FAKE_BASE         "http://127.0.0.1:9/api/v1"
#define FAKE_KEY          "sk-secret0123456789"
#define FAKE_RESULT_BYTES 700000
#define FAKE_SCRIPT       8
#define FAKE_CRASH_CODE   77

/* What a call does; scripts are lists of these, and FINE once the list is over. */
enum fake_act {
    FINE,
    NO_CONNECTION, /* not a byte was sent */
    LOST_BEFORE,   /* sent, no answer, nothing done */
    LOST_AFTER,    /* done, and the answer lost */
    HTTP_400,
    HTTP_403,
    HTTP_429,       /* with Retry-After: 3 */
    HTTP_500,       /* nothing done */
    HTTP_500_AFTER, /* done; the error carries the create's request id */
    HTTP_503,
    GARBAGE, /* 200, done, unreadable */
    CUT,     /* a download that ends after 100,000 bytes */
};

enum fake_call {
    FAKE_CREATE,
    FAKE_QUERY,
    FAKE_LIST,
    FAKE_CANCEL,
    FAKE_POLICY,
    FAKE_UPLOAD,
    FAKE_DOWNLOAD,
    FAKE_CALLS,
};

struct fake_task {
    char id[32], request_id[32];
    int64_t created_ms; /* by the service's clock */
    bool foreign;       /* not made by a create of ours */
    bool canceled;
};

struct fake {
    int64_t now_ms, wall_ms, skew_ms; /* skew: the service's clock minus ours */
    int64_t slept_ms;                 /* how long the machine was asleep: now_ms stands still then */
    bool no_date;                     /* answers carry no Date */
    int64_t list_lag_ms;              /* a task stands in the list only so long after it was made */
    enum fake_act script[FAKE_CALLS][FAKE_SCRIPT];
    unsigned calls[FAKE_CALLS];
    int64_t called_ms[FAKE_CALLS][FAKE_SCRIPT];
    struct fake_task tasks[16];
    unsigned made, foreign;
    const char *outcome;     /* static text: "SUCCEEDED" … */
    int64_t running_ms;      /* from made to outcome */
    unsigned unknown;        /* so many first queries say UNKNOWN */
    const char *end_time;    /* of a task that has succeeded; NULL: when it did */
    unsigned without_url;    /* so many first SUCCEEDED have no URL */
    bool foreign_meanwhile;  /* somebody else makes a task during each create */
    unsigned signature;      /* of the result URL: each query signs anew */
    unsigned good_signature; /* URLs signed before this are refused */
    char etag[16];
    bool no_ranges;
    char last_url[512];
    char last_create[2048];
    int64_t not_after_ms;                                 /* of the latest create */
    uint64_t served;                                      /* bytes of results */
    bool shared;                                          /* several processes at a time */
    void (*before)(enum fake_call call, unsigned number); /* NULL, or told of each call */
    unsigned instants, crash_at;                          /* crash_at 0: never */
    unsigned happens_at;                                  /* the instant of what follows */
    int64_t jump_ms, sleep_ms;                            /* our wall clock jumps; the machine sleeps */
};

/* The service that the fake HTTP functions below speak to; in memory shared with forked children. */
static struct fake *fake;

/* An instant at which a process can die. */
static void fake_instant(void)
{
    fake->instants++;
    if (fake->crash_at && fake->instants == fake->crash_at)
        _exit(FAKE_CRASH_CODE);
    if (fake->instants == fake->happens_at) {
        fake->wall_ms += fake->jump_ms;
        fake->skew_ms -= fake->jump_ms; /* the service's clock does not jump */
        fake->slept_ms += fake->sleep_ms;
    }
}

static int64_t fake_now(void *user)
{
    (void)user;
    return fake->now_ms;
}

static int64_t fake_wall(void *user)
{
    (void)user;
    return fake->wall_ms + fake->slept_ms + fake->now_ms;
}

static int64_t fake_boot(void *user)
{
    (void)user;
    return fake->slept_ms + fake->now_ms;
}

static void fake_sleep(void *user, int64_t ms)
{
    (void)user;
    fake_instant();
    if (fake->shared)
        (void)usleep(1000); /* else one process that waits would make hours pass for another that works */
    fake->now_ms += ms;
}

static const struct wp_clock fake_clock = {fake_now, fake_boot, fake_wall, fake_sleep, NULL};

static void fake_new(void)
{
    if (!fake)
        fake = mmap(NULL, sizeof *fake, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (fake == MAP_FAILED)
        abort();
    memset(fake, 0, sizeof *fake);
    fake->now_ms = 1000;
    fake->wall_ms = 1795000000000;
    fake->outcome = "SUCCEEDED";
    fake->running_ms = 60000;
    (void)wp_text_copy(fake->etag, sizeof fake->etag, "\"v1\"");
}

static int64_t fake_service_ms(void)
{
    return fake_wall(NULL) + fake->skew_ms;
}

static struct fake_task *fake_make_task(bool foreign)
{
    struct fake_task *task = &fake->tasks[fake->made + fake->foreign];
    if (foreign)
        fake->foreign++;
    else
        fake->made++;
    (void)wp_text_format(task->id, sizeof task->id, "%s-%u", foreign ? "foreign" : "task",
                         fake->made + fake->foreign);
    (void)wp_text_format(task->request_id, sizeof task->request_id, "request-%s", task->id);
    task->created_ms = fake_service_ms();
    task->foreign = foreign;
    return task;
}

static void fake_body(struct wp_http_answer *answer, long status, const char *text)
{
    answer->status = status;
    answer->stage = WP_STAGE_ANSWERED;
    answer->body = wp_buf_new(1024 * 1024);
    (void)wp_buf_add_text(&answer->body, text);
    time_t now = (time_t)(fake_service_ms() / 1000);
    struct tm tm;
    if (!fake->no_date && gmtime_r(&now, &tm))
        (void)strftime(answer->date, sizeof answer->date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

static void fake_create(struct wp_http_answer *answer, enum fake_act act)
{
    char text[512];
    const struct fake_task *task = fake_make_task(false);
    if (act == HTTP_500_AFTER)
        (void)wp_text_format(text, sizeof text,
                             "{\"code\":\"InternalError\",\"message\":\"m\",\"request_id\":\"%s\"}",
                             task->request_id);
    else
        (void)wp_text_format(
            text, sizeof text,
            "{\"output\":{\"task_id\":\"%s\",\"task_status\":\"PENDING\"},\"request_id\":\"%s\"}", task->id,
            task->request_id);
    fake_body(answer, act == HTTP_500_AFTER ? 500 : 200, act == GARBAGE ? "<html>" : text);
}

static const struct fake_task *fake_find(const char *id)
{
    for (unsigned i = 0; i < fake->made + fake->foreign; i++) {
        if (strcmp(fake->tasks[i].id, id) == 0)
            return &fake->tasks[i];
    }
    return NULL;
}

/* A time as the service says it: UTC+8. */
static void fake_time(char out[40], int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000 + 8 * 3600);
    struct tm tm;
    if (!gmtime_r(&seconds, &tm) || strftime(out, 30, "%Y-%m-%d %H:%M:%S", &tm) == 0)
        abort();
    (void)wp_text_format(out + strlen(out), 10, ".%03d", (int)(ms % 1000));
}

static void fake_times(char *out, size_t size, const struct fake_task *task, const char *status)
{
    char submitted[40], ended[40];
    fake_time(submitted, task->created_ms);
    fake_time(ended, task->created_ms + fake->running_ms);
    (void)wp_text_format(out, size, ",\"submit_time\":\"%s\"", submitted);
    if (strcmp(status, "PENDING") != 0)
        (void)wp_text_format(out + strlen(out), size - strlen(out), ",\"scheduled_time\":\"%s\"", submitted);
    if (strcmp(status, "SUCCEEDED") == 0)
        (void)wp_text_format(out + strlen(out), size - strlen(out), ",\"end_time\":\"%s\"",
                             fake->end_time ? fake->end_time : ended);
}

static void fake_query(struct wp_http_answer *answer, const char *url)
{
    char text[1024], result[256] = "", times[256] = "";
    const char *id = strrchr(url, '/') + 1;
    const struct fake_task *task = fake_find(id);
    const char *status = "UNKNOWN";
    if (task && fake->unknown == 0) {
        int64_t age = fake_service_ms() - task->created_ms;
        status = task->canceled               ? "CANCELED"
                 : age < fake->running_ms / 2 ? "PENDING"
                 : age < fake->running_ms     ? "RUNNING"
                                              : fake->outcome;
    }
    if (fake->unknown)
        fake->unknown--;
    if (strcmp(status, "SUCCEEDED") == 0 && fake->without_url)
        fake->without_url--;
    else if (strcmp(status, "SUCCEEDED") == 0)
        (void)wp_text_format(result, sizeof result,
                             ",\"results\":{\"video_url\":\"http://127.0.0.1:9/result/%s.mp4?Expires=1\\u0026"
                             "Signature=%u\"}",
                             id, ++fake->signature);
    if (strcmp(status, "FAILED") == 0)
        (void)wp_text_copy(result, sizeof result,
                           ",\"code\":\"InvalidVideo.NoHuman\",\"message\":\"nobody there\"");
    if (strcmp(status, "UNKNOWN") != 0)
        fake_times(times, sizeof times, task, status);
    (void)wp_text_format(text, sizeof text,
                         "{\"request_id\":\"q\",\"output\":{\"task_id\":\"%s\",\"task_status\":\"%s\"%s%s},"
                         "\"usage\":{\"video_duration\":5.2,\"video_ratio\":\"standard\"}}",
                         id, status, times, result);
    fake_body(answer, 200, text);
}

/* Only what is PENDING can be cancelled. */
static void fake_cancel(struct wp_http_answer *answer, const char *url)
{
    char id[128];
    const char *begin = strstr(url, "/tasks/") + strlen("/tasks/");
    (void)wp_text_format(id, sizeof id, "%.*s", (int)strcspn(begin, "/"), begin);
    struct fake_task *task = NULL;
    for (unsigned i = 0; i < fake->made + fake->foreign; i++) {
        if (strcmp(fake->tasks[i].id, id) == 0)
            task = &fake->tasks[i];
    }
    if (task && !task->canceled && fake_service_ms() - task->created_ms < fake->running_ms / 2) {
        task->canceled = true;
        fake_body(answer, 200, "{\"request_id\":\"c\"}");
    } else {
        fake_body(
            answer, 400,
            "{\"code\":\"UnsupportedOperation\",\"message\":\"Failed to cancel the task, please confirm "
            "if the task is in PENDING status.\",\"request_id\":\"c\"}");
    }
}

static void fake_list(struct wp_http_answer *answer)
{
    struct wp_buf text = wp_buf_new(65536);
    unsigned count = 0;
    (void)wp_buf_add_text(&text, "{\"data\":[");
    for (unsigned i = 0; i < fake->made + fake->foreign; i++) {
        const struct fake_task *task = &fake->tasks[i];
        if (fake_service_ms() - task->created_ms < fake->list_lag_ms)
            continue;
        (void)wp_buf_add_format(
            &text,
            "%s{\"task_id\":\"%s\",\"status\":\"PENDING\",\"model_name\":\"wan2.2-animate-move\","
            "\"gmt_create\":%lld,\"request_id\":\"%s\"}",
            count++ ? "," : "", task->id, (long long)task->created_ms, task->request_id);
    }
    (void)wp_buf_add_format(&text, "],\"total\":%u,\"total_page\":1,\"page_no\":1,\"page_size\":100}", count);
    fake_body(answer, 200, wp_buf_text(&text));
    wp_buf_free(&text);
}

static enum wp_status fake_upload(const struct wp_http_request *request, struct wp_http_answer *answer,
                                  struct wp_error *error)
{
    const struct wp_http_part *file = &request->parts[request->part_count - 1];
    char block[1000];
    uint64_t got = 0;
    for (int64_t n; (n = file->read(file->user, block, sizeof block)) != 0; got += (uint64_t)n) {
        if (n < 0)
            return wp_fail(error, WP_INPUT, "fake", "the part cannot be read");
    }
    if (got != file->size)
        return wp_fail(error, WP_INPUT, "fake", "the part is short");
    fake_body(answer, 200, "");
    return WP_OK;
}

/* The byte of the result at a place. */
static unsigned char fake_byte(uint64_t at)
{
    return (unsigned char)(at * 31 + at / 251);
}

static enum wp_status fake_download(const struct wp_http_request *request, struct wp_http_answer *answer,
                                    enum fake_act act, struct wp_error *error)
{
    unsigned long long first = 0;
    bool same = false;
    const char *signature = strstr(request->url, "Signature=");
    if (!signature || strtoul(signature + strlen("Signature="), NULL, 10) < fake->good_signature) {
        fake_body(answer, 403,
                  "<Error><Code>AccessDenied</Code><Message>Request has expired.</Message></Error>");
        return WP_OK;
    }
    for (const char *const *line = request->headers; line && *line; line++) {
        if (wp_text_starts(*line, "Range: bytes="))
            first = strtoull(*line + strlen("Range: bytes="), NULL, 10);
        if (wp_text_starts(*line, "If-Range: "))
            same = strcmp(*line + strlen("If-Range: "), fake->etag) == 0;
    }
    if (!same || fake->no_ranges)
        first = 0;
    fake_body(answer, first ? 206 : 200, "");
    (void)wp_text_copy(answer->etag, sizeof answer->etag, fake->etag);
    if (first >= FAKE_RESULT_BYTES) {
        answer->status = 416;
        (void)wp_text_format(answer->content_range, sizeof answer->content_range, "bytes */%d",
                             FAKE_RESULT_BYTES);
        return WP_OK;
    }
    if (first)
        (void)wp_text_format(answer->content_range, sizeof answer->content_range, "bytes %llu-%d/%d", first,
                             FAKE_RESULT_BYTES - 1, FAKE_RESULT_BYTES);
    answer->has_content_length = true;
    answer->content_length = FAKE_RESULT_BYTES - first;
    uint64_t end = act == CUT ? first + 100000 : FAKE_RESULT_BYTES;
    for (uint64_t at = first; at < end && at < FAKE_RESULT_BYTES;) {
        unsigned char block[50000];
        size_t n = 0;
        while (n < sizeof block && at < end && at < FAKE_RESULT_BYTES)
            block[n++] = fake_byte(at++);
        fake->served += n;
        fake_instant();
        if (!request->sink(request->sink_user, block, n))
            return wp_fail(error, WP_OUTPUT, "fake", "the sink said no");
    }
    if (act == CUT) {
        answer->stage = WP_STAGE_SENT;
        return wp_fail(error, WP_NETWORK, "fake", "the connection broke");
    }
    return WP_OK;
}

static enum fake_call fake_which(const struct wp_http_request *request)
{
    if (strstr(request->url, "/video-synthesis"))
        return FAKE_CREATE;
    if (strstr(request->url, "/tasks/?"))
        return FAKE_LIST;
    if (strstr(request->url, "/tasks/"))
        return wp_text_ends(request->url, "/cancel") ? FAKE_CANCEL : FAKE_QUERY;
    if (strstr(request->url, "getPolicy"))
        return FAKE_POLICY;
    return request->part_count ? FAKE_UPLOAD : FAKE_DOWNLOAD;
}

static enum wp_status fake_do(enum fake_call call, const struct wp_http_request *request, enum fake_act act,
                              struct wp_http_answer *answer, struct wp_error *error)
{
    switch (call) {
    case FAKE_CREATE:
        if (fake->foreign_meanwhile)
            (void)fake_make_task(true);
        fake->not_after_ms = request->not_after_ms;
        (void)wp_text_copy(fake->last_create, sizeof fake->last_create, request->body);
        fake_create(answer, act);
        return WP_OK;
    case FAKE_QUERY:
        fake_query(answer, request->url);
        return WP_OK;
    case FAKE_LIST:
        fake_list(answer);
        return WP_OK;
    case FAKE_CANCEL:
        fake_cancel(answer, request->url);
        return WP_OK;
    case FAKE_POLICY:
        fake_body(
            answer, 200,
            "{\"data\":{\"policy\":\"cG9saWN5\",\"signature\":\"c2ln\",\"upload_dir\":\"dir\","
            "\"upload_host\":\"http://127.0.0.1:9/upload\",\"expire_in_seconds\":300,\"max_file_size_mb\":1,"
            "\"oss_access_key_id\":\"id\",\"x_oss_object_acl\":\"private\",\"x_oss_forbid_overwrite\":"
            "\"true\"}}");
        return WP_OK;
    case FAKE_UPLOAD:
        return fake_upload(request, answer, error);
    case FAKE_DOWNLOAD:
        (void)wp_text_copy(fake->last_url, sizeof fake->last_url, request->url);
        return fake_download(request, answer, act, error);
    case FAKE_CALLS:
        break;
    }
    abort();
}

enum wp_status wp_http_session_new(struct wp_http_session **out, const struct wp_log *log,
                                   struct wp_error *error)
{
    (void)log;
    (void)error;
    *out = wp_malloc(1);
    return *out ? WP_OK : WP_NOMEM;
}

void wp_http_session_free(struct wp_http_session *session)
{
    wp_free(session);
}

void wp_http_answer_free(struct wp_http_answer *answer)
{
    wp_buf_free(&answer->body);
}

enum wp_status wp_http_perform(struct wp_http_session *session, const struct wp_http_request *request,
                               struct wp_http_answer *answer, struct wp_error *error)
{
    (void)session;
    memset(answer, 0, sizeof *answer);
    enum fake_call call = fake_which(request);
    unsigned number = fake->calls[call]++;
    enum fake_act act = number < FAKE_SCRIPT ? fake->script[call][number] : FINE;
    if (number < FAKE_SCRIPT)
        fake->called_ms[call][number] = fake->now_ms;
    if (fake->before)
        fake->before(call, number);
    fake_instant();
    if (request->not_after_ms && fake_boot(NULL) > request->not_after_ms)
        return wp_fail(error, WP_NETWORK, "fake", "its time was over");
    fake->now_ms += 100;
    if (request->interrupted && request->interrupted(request->interrupted_user))
        return wp_fail(error, WP_INTERRUPTED, "fake", "interrupted");
    static const char refusal[] = "{\"code\":\"\",\"message\":\"scripted\",\"request_id\":\"r\"}";
    enum wp_status status = WP_OK;
    switch (act) {
    case NO_CONNECTION:
        return wp_fail(error, WP_NETWORK, "fake", "no connection");
    case LOST_BEFORE:
        answer->stage = WP_STAGE_SENT;
        return wp_fail(error, WP_NETWORK, "fake", "no answer");
    case LOST_AFTER:
        status = fake_do(call, request, act, answer, error);
        wp_http_answer_free(answer);
        memset(answer, 0, sizeof *answer);
        answer->stage = WP_STAGE_SENT;
        (void)status;
        status = wp_fail(error, WP_NETWORK, "fake", "no answer");
        break;
    case HTTP_400:
        fake_body(answer, 400,
                  "{\"code\":\"InvalidParameter\",\"message\":\"scripted\",\"request_id\":\"r\"}");
        break;
    case HTTP_403:
        fake_body(answer, 403, "<Error><Code>AccessDenied</Code><Message>Policy expired</Message></Error>");
        break;
    case HTTP_429:
        fake_body(answer, 429,
                  "{\"code\":\"Throttling.RateQuota\",\"message\":\"slow\",\"request_id\":\"r\"}");
        (void)wp_text_copy(answer->retry_after, sizeof answer->retry_after, "3");
        break;
    case HTTP_500:
        fake_body(answer, 500, refusal);
        break;
    case HTTP_503:
        fake_body(answer, 503, refusal);
        break;
    case FINE:
    case GARBAGE:
    case CUT:
    case HTTP_500_AFTER:
        status = fake_do(call, request, act, answer, error);
        if (act == GARBAGE && call != FAKE_CREATE) {
            wp_http_answer_free(answer);
            fake_body(answer, 200, "<html>");
        }
        break;
    }
    fake_instant();
    return status;
}

#endif
