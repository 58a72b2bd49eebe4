/* GET …/tasks/?task_id=&start_time=&end_time=&model_name=&status=&page_no=&page_size= */
#include <assert.h>
#include <string.h>
#include <time.h>

#include "base/number.h"
#include "base/text.h"
#include "sandbox/service.h"

#include "base/banned.h"

#define HOUR_MS (INT64_C(3600) * 1000)
#define ZONE_MS (8 * HOUR_MS) /* the service's times are UTC+8 */

struct filter {
    const char *task_id, *model, *status; /* NULL or "": any */
    int64_t begin_ms, end_ms;             /* wall */
    uint64_t page, page_size;
};

/* Reads "YYYYMMDDhhmmss" in the service's zone. */
static bool parse_time(int64_t *out, const char *text)
{
    uint64_t all;
    if (strlen(text) != 14 || !wp_parse_u64(&all, text, 0, UINT64_MAX))
        return false;
    struct tm tm = {.tm_year = (int)(all / 10000000000U) - 1900,
                    .tm_mon = (int)(all / 100000000U % 100) - 1,
                    .tm_mday = (int)(all / 1000000U % 100),
                    .tm_hour = (int)(all / 10000U % 100),
                    .tm_min = (int)(all / 100U % 100),
                    .tm_sec = (int)(all % 100)};
    struct tm given = tm;
    time_t seconds = timegm(&tm); /* brings what is out of range back into it: then it was no time */
    *out = (int64_t)seconds * 1000 - ZONE_MS;
    return tm.tm_year == given.tm_year && tm.tm_mon == given.tm_mon && tm.tm_mday == given.tm_mday &&
           tm.tm_hour == given.tm_hour && tm.tm_min == given.tm_min && tm.tm_sec == given.tm_sec;
}

static const char *argument(const struct sb_request *request, const char *name)
{
    const char *value = sb_request_argument(request, name);
    return value && *value ? value : NULL;
}

static bool read_page(const struct sb_request *request, const char *name, uint64_t standard, uint64_t max,
                      uint64_t *out)
{
    const char *text = argument(request, name);
    *out = standard;
    return !text || wp_parse_u64(out, text, 1, max);
}

static bool read_window(const struct sb_request *request, struct filter *filter)
{
    const char *begin = argument(request, "start_time"), *end = argument(request, "end_time");
    filter->end_ms = request->wall_ms;
    if (end && !parse_time(&filter->end_ms, end))
        return false;
    filter->begin_ms = filter->end_ms - 24 * HOUR_MS;
    if (begin && !parse_time(&filter->begin_ms, begin))
        return false;
    if (begin && !end && filter->begin_ms + 24 * HOUR_MS < filter->end_ms)
        filter->end_ms = filter->begin_ms + 24 * HOUR_MS;
    return filter->begin_ms <= filter->end_ms && filter->end_ms - filter->begin_ms <= 24 * HOUR_MS;
}

static bool read_filter(const struct sb_request *request, struct sb_answer *answer, struct filter *filter)
{
    *filter = (struct filter){.task_id = argument(request, "task_id"),
                              .model = argument(request, "model_name"),
                              .status = argument(request, "status")};
    if (!read_window(request, filter)) {
        sb_refuse(answer, request, 400, "InvalidParameter",
                  "start_time and end_time must be YYYYMMDDhhmmss and at most 24 hours apart.");
        return false;
    }
    if (!read_page(request, "page_no", 1, 1000000, &filter->page) ||
        !read_page(request, "page_size", 10, 100, &filter->page_size)) {
        sb_refuse(answer, request, 400, "InvalidParameter",
                  "page_no must be 1 or more, page_size from 1 to 100.");
        return false;
    }
    return true;
}

static int64_t wall_of(const struct sb_request *request, int64_t ms)
{
    return request->wall_ms - (request->now_ms - ms);
}

static bool fits(const struct sb_service *service, const struct sb_request *request,
                 const struct filter *filter, const struct sb_task *task)
{
    /* The window is in whole seconds: a task of the last second belongs to it. */
    int64_t created = wall_of(request, task->submitted_ms);
    if (created < filter->begin_ms || created >= filter->end_ms + 1000)
        return false;
    if (request->now_ms - task->submitted_ms >= service->config->task_lifetime_ms)
        return false;
    return (!filter->task_id || strcmp(filter->task_id, task->id) == 0) &&
           (!filter->model || strcmp(filter->model, SB_MODEL) == 0) &&
           (!filter->status || strcmp(filter->status, sb_task_status(&service->tasks, task)) == 0);
}

static void put_task(struct wp_json_writer *writer, const struct sb_service *service,
                     const struct sb_request *request, const struct sb_task *task)
{
    wp_json_begin_object(writer, NULL);
    wp_json_put_text(writer, "task_id", task->id);
    wp_json_put_text(writer, "status", sb_task_status(&service->tasks, task));
    wp_json_put_text(writer, "model_name", SB_MODEL);
    wp_json_put_integer(writer, "gmt_create", wall_of(request, task->submitted_ms));
    if (task->scheduled_ms)
        wp_json_put_integer(writer, "start_time", wall_of(request, task->scheduled_ms));
    if (task->ended_ms)
        wp_json_put_integer(writer, "end_time", wall_of(request, task->ended_ms));
    wp_json_put_text(writer, "region", "cn-beijing");
    wp_json_put_text(writer, "request_id", task->request_id);
    wp_json_put_text(writer, "api_key_id", "1");
    wp_json_put_text(writer, "caller_uid", "1000000000000000");
    wp_json_put_text(writer, "user_api_unique_key",
                     "apikey:v1:image2video:video-generation:video-synthesis:" SB_MODEL);
    wp_json_end_object(writer);
}

void sb_serve_list(struct sb_service *service, struct sb_request *request, struct sb_answer *answer)
{
    struct filter filter;
    if (!read_filter(request, answer, &filter))
        return;
    struct wp_json_writer writer = sb_answer_json(answer);
    wp_json_begin_array(&writer, "data");
    assert(filter.page_size > 0);
    uint64_t total = 0, first = (filter.page - 1) * filter.page_size;
    for (size_t i = service->tasks.count; i-- > 0;) { /* the newest first */
        const struct sb_task *task = &service->tasks.items[i];
        if (!fits(service, request, &filter, task))
            continue;
        if (total >= first && total < first + filter.page_size)
            put_task(&writer, service, request, task);
        total++;
    }
    wp_json_end_array(&writer);
    wp_json_put_integer(&writer, "total", (int64_t)total);
    wp_json_put_integer(&writer, "total_page", (int64_t)((total + filter.page_size - 1) / filter.page_size));
    wp_json_put_integer(&writer, "page_no", (int64_t)filter.page);
    wp_json_put_integer(&writer, "page_size", (int64_t)filter.page_size);
    sb_answer_json_end(answer, &writer, request->id);
}
