#include "sandbox/service.h"

#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/text.h"
#include "sandbox/action.h"

#include "base/banned.h"

#define API "/api/v1"

enum wp_status sb_service_init(struct sb_service *service, const struct sb_config *config, int64_t now_ms,
                               struct wp_error *error)
{
    *service = (struct sb_service){.config = config};
    service->tasks = sb_tasks_new(config);
    service->storage = sb_storage_new();
    service->limiter = sb_limiter_new(now_ms);
    service->books = sb_books_new((size_t)config->keep);
    return sb_video_load(&service->video, config->video, error);
}

void sb_service_free(struct sb_service *service)
{
    sb_tasks_free(&service->tasks);
    sb_storage_free(&service->storage);
    sb_books_free(&service->books);
    sb_video_free(&service->video);
}

enum sb_endpoint sb_service_route(const char *method, const char *path)
{
    /* A path is begin, then a name where the route has one, then end. */
    static const struct {
        const char *method, *begin, *end;
        bool has_name;
        enum sb_endpoint endpoint;
    } routes[] = {
        {"POST", API "/services/aigc/image2video/video-synthesis", "", false, SB_CREATE},
        {"GET", API "/uploads", "", false, SB_POLICY},
        {"GET", API "/tasks", "", false, SB_LIST},
        {"GET", API "/tasks/", "", false, SB_LIST},
        {"GET", API "/tasks/", "", true, SB_QUERY},
        {"POST", API "/tasks/", "/cancel", true, SB_CANCEL},
        {"POST", "/", "", false, SB_UPLOAD},
        {"GET", "/results/", "", true, SB_DOWNLOAD},
        {"GET", "/sandbox/books", "", false, SB_BOOKS},
        {"DELETE", "/sandbox/faults", "", false, SB_LIFT},
    };
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (strcmp(routes[i].method, method) != 0 || !wp_text_starts(path, routes[i].begin))
            continue;
        const char *name = path + strlen(routes[i].begin);
        size_t len = strcspn(name, "/");
        if ((len > 0) == routes[i].has_name && strcmp(name + len, routes[i].end) == 0)
            return routes[i].endpoint;
    }
    return SB_NOWHERE;
}

void sb_path_task_id(char *out, size_t size, const char *path)
{
    const char *begin = path + strlen(API "/tasks/");
    (void)wp_text_format(out, size, "%.*s", (int)strcspn(begin, "/"), begin);
}

void sb_format_time(char out[32], int64_t wall_ms)
{
    wp_clock_format_utc(out, wall_ms + INT64_C(8) * 3600 * 1000);
    out[10] = ' ';
    out[23] = '\0';
}

/* Whether the key is one that the service takes; refuses the request if not. */
static bool check_key(const struct sb_service *service, const struct sb_request *request,
                      struct sb_answer *answer)
{
    const char *value = sb_request_header(request, "Authorization");
    const char *key = value && wp_text_starts(value, "Bearer ") ? value + strlen("Bearer ") : "";
    bool right = service->config->api_key ? strcmp(key, service->config->api_key) == 0
                                          : wp_text_starts(key, "sk-") && key[3] && !strpbrk(key, " \t");
    if (right)
        return true;
    if (!value)
        sb_refuse(answer, request, 401, "InvalidApiKey", "No API-key provided.");
    else
        sb_refuse(answer, request, 401, "InvalidApiKey", "Invalid API-key provided.");
    return false;
}

static void serve(struct sb_service *service, struct sb_request *request, struct sb_answer *answer)
{
    static void (*const handlers[])(struct sb_service *, struct sb_request *, struct sb_answer *) = {
        [SB_CREATE] = sb_serve_create,     [SB_QUERY] = sb_serve_query,   [SB_LIST] = sb_serve_list,
        [SB_CANCEL] = sb_serve_cancel,     [SB_POLICY] = sb_serve_policy, [SB_UPLOAD] = sb_serve_upload,
        [SB_DOWNLOAD] = sb_serve_download, [SB_BOOKS] = sb_serve_books,   [SB_LIFT] = sb_serve_lift,
    };
    bool takes_key = request->endpoint < SB_ENDPOINTS && !sb_endpoint_is_storage(request->endpoint);
    if (!takes_key || check_key(service, request, answer))
        handlers[request->endpoint](service, request, answer);
}

/* Limits and faults around the endpoint itself. Returns the fault that acted. */
static const struct sb_fault *serve_counted(struct sb_service *service, struct sb_request *request,
                                            struct sb_answer *answer)
{
    request->number = ++service->counts[request->endpoint];
    if (service->config->rate_limits &&
        !sb_limiter_take(&service->limiter, request->endpoint, request->now_ms)) {
        sb_refuse(answer, request, 429, "Throttling.RateQuota",
                  "Requests rate limit exceeded, please try again later.");
        return NULL;
    }
    const struct sb_fault *fault =
        service->healed ? NULL
                        : sb_faults_find(&service->config->faults, (uint64_t)service->config->seed, request);
    if (fault && fault->action->kind == SB_FAIL_TASK)
        request->fails_with = fault->name;
    if (!fault || fault->after)
        serve(service, request, answer);
    if (fault)
        sb_fault_apply(fault, request, answer);
    return fault;
}

uint64_t sb_max_body(enum sb_endpoint endpoint)
{
    return endpoint == SB_UPLOAD ? ((uint64_t)SB_MAX_FILE_MB << 20) + SB_MAX_FORM_OVERHEAD : SB_MAX_JSON;
}

bool sb_service_refuse_early(struct sb_service *service, struct sb_request *request, struct sb_answer *answer)
{
    const char *text = sb_request_header(request, "Content-Length");
    bool upload = request->endpoint == SB_UPLOAD;
    uint64_t length = 0, max = sb_max_body(request->endpoint);
    if (upload && !text) /* OSS takes no form of unknown length */
        sb_refuse(answer, request, 411, "MissingContentLength",
                  "You must provide the Content-Length HTTP header.");
    else if (text && (!wp_parse_u64(&length, text, 0, UINT64_MAX) || length > max))
        sb_refuse(answer, request, upload ? 400 : 413, "EntityTooLarge",
                  "The body is larger than %llu bytes.", (unsigned long long)max);
    else
        return false;
    sb_answer_header(answer, "Connection", "close");
    if (request->endpoint < SB_ENDPOINTS)
        service->counts[request->endpoint]++;
    sb_books_record(&service->books, request, answer, service->config->api_key, NULL);
    return true;
}

void sb_service_answer(struct sb_service *service, struct sb_request *request, struct sb_answer *answer)
{
    sb_tasks_advance(&service->tasks, request->now_ms);
    if (request->endpoint == SB_NOWHERE) {
        sb_refuse(answer, request, 404, "NotFound", "There is no %s %s.", request->method, request->path);
    } else if (request->endpoint == SB_BOOKS || request->endpoint == SB_LIFT) {
        serve(service, request, answer);
        return; /* what tests do leaves no trace */
    }
    const struct sb_fault *fault = NULL;
    if (request->endpoint < SB_ENDPOINTS)
        fault = serve_counted(service, request, answer);
    sb_books_record(&service->books, request, answer, service->config->api_key, fault);
}
