/* GET …/tasks/{task_id} and POST …/tasks/{task_id}/cancel */
#include <string.h>

#include "sandbox/service.h"

#include "base/banned.h"

static void put_time(struct wp_json_writer *writer, const struct sb_request *request, const char *name,
                     int64_t ms)
{
    char text[32];
    if (ms == 0)
        return;
    sb_format_time(text, request->wall_ms - (request->now_ms - ms));
    wp_json_put_text(writer, name, text);
}

static void put_results(struct wp_json_writer *writer, enum sb_result_shape shape, const char *url)
{
    switch (shape) {
    case SB_RESULT_OBJECT:
        wp_json_begin_object(writer, "results");
        wp_json_put_text(writer, "video_url", url);
        wp_json_end_object(writer);
        break;
    case SB_RESULT_FLAT:
        wp_json_put_text(writer, "video_url", url);
        break;
    case SB_RESULT_ARRAY:
        wp_json_begin_array(writer, "results");
        wp_json_begin_object(writer, NULL);
        wp_json_put_text(writer, "url", url);
        wp_json_end_object(writer);
        wp_json_end_array(writer);
        break;
    }
}

static void put_usage(struct wp_json_writer *writer, const struct sb_config *config,
                      const struct sb_task *task)
{
    if (config->usage_shape == SB_USAGE_MISSING)
        return;
    wp_json_begin_object(writer, "usage");
    if (config->usage_shape == SB_USAGE_INTEGER)
        wp_json_put_integer(writer, "video_duration", (config->seconds_ms + 500) / 1000);
    else
        wp_json_put_number(writer, "video_duration", (double)config->seconds_ms / 1000);
    wp_json_put_integer(writer, "video_count", 1);
    const char *documented = task->pro ? "pro" : "standard";
    wp_json_put_text(writer, "video_ratio", config->ratio ? config->ratio : documented);
    wp_json_end_object(writer);
}

void sb_serve_query(struct sb_service *service, struct sb_request *request, struct sb_answer *answer)
{
    char id[sizeof request->path];
    sb_path_task_id(id, sizeof id, request->path);
    const struct sb_config *config = service->config;
    const struct sb_task *task = sb_tasks_find(&service->tasks, id, request->now_ms);
    const char *status = sb_task_status(&service->tasks, task);
    bool known = strcmp(status, "UNKNOWN") != 0;
    bool succeeded = strcmp(status, "SUCCEEDED") == 0;

    struct wp_json_writer writer = sb_answer_json(answer);
    wp_json_begin_object(&writer, "output");
    wp_json_put_text(&writer, "task_id", id);
    wp_json_put_text(&writer, "task_status", status);
    if (known) {
        put_time(&writer, request, "submit_time", task->submitted_ms);
        put_time(&writer, request, "scheduled_time", task->scheduled_ms);
        put_time(&writer, request, "end_time", task->ended_ms);
    }
    if (strcmp(status, "FAILED") == 0) {
        wp_json_put_text(&writer, "code", task->fails_with ? task->fails_with : config->code);
        wp_json_put_text(&writer, "message", config->message);
    }
    if (succeeded) {
        char url[512];
        sb_result_url(service, url, sizeof url, id, request->wall_ms);
        put_results(&writer, (enum sb_result_shape)config->result_shape, url);
    }
    wp_json_end_object(&writer);
    if (succeeded)
        put_usage(&writer, config, task);
    sb_answer_json_end(answer, &writer, request->id);
}

void sb_serve_cancel(struct sb_service *service, struct sb_request *request, struct sb_answer *answer)
{
    char id[sizeof request->path];
    sb_path_task_id(id, sizeof id, request->path);
    struct sb_task *task = sb_tasks_find(&service->tasks, id, request->now_ms);
    if (!task || task->phase != SB_PENDING) {
        sb_refuse(answer, request, 400, "UnsupportedOperation",
                  "Failed to cancel the task, please confirm if the task is in PENDING status.");
        return;
    }
    task->phase = SB_CANCELED;
    task->ended_ms = request->now_ms;
    struct wp_json_writer writer = sb_answer_json(answer);
    sb_answer_json_end(answer, &writer, request->id);
}
