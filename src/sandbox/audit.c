/* What tests ask for: GET /sandbox/books, DELETE /sandbox/faults */
#include "sandbox/service.h"

#include "base/banned.h"

static void put_tasks(struct wp_json_writer *writer, const struct sb_tasks *tasks)
{
    wp_json_begin_array(writer, "tasks");
    for (size_t i = 0; i < tasks->count; i++) {
        const struct sb_task *task = &tasks->items[i];
        wp_json_begin_object(writer, NULL);
        wp_json_put_text(writer, "task_id", task->id);
        wp_json_put_text(writer, "request_id", task->request_id);
        wp_json_put_text(writer, "image_url", task->image_url);
        wp_json_put_text(writer, "video_url", task->video_url);
        wp_json_put_text(writer, "mode", task->pro ? "wan-pro" : "wan-std");
        wp_json_put_bool(writer, "watermark", task->watermark);
        wp_json_put_bool(writer, "check_image", task->check_image);
        wp_json_put_text(writer, "status", sb_task_status(tasks, task));
        wp_json_put_integer(writer, "submitted_ms", task->submitted_ms);
        wp_json_put_integer(writer, "scheduled_ms", task->scheduled_ms);
        wp_json_put_integer(writer, "ended_ms", task->ended_ms);
        wp_json_put_number(writer, "billed_seconds", (double)sb_task_billed_ms(tasks, task) / 1000);
        wp_json_end_object(writer);
    }
    wp_json_end_array(writer);
}

static void put_uploads(struct wp_json_writer *writer, const struct sb_storage *storage)
{
    wp_json_begin_array(writer, "uploads");
    for (size_t i = 0; i < storage->object_count; i++) {
        const struct sb_object *object = &storage->objects[i];
        wp_json_begin_object(writer, NULL);
        wp_json_put_text(writer, "key", object->key);
        wp_json_put_integer(writer, "bytes", (int64_t)object->bytes);
        wp_json_put_text(writer, "sha256", object->sha256);
        wp_json_end_object(writer);
    }
    wp_json_end_array(writer);
}

void sb_serve_books(struct sb_service *service, struct sb_request *request, struct sb_answer *answer)
{
    struct wp_json_writer writer = sb_answer_json(answer);
    wp_json_begin_object(&writer, "counts");
    for (int i = 0; i < SB_ENDPOINTS; i++)
        wp_json_put_integer(&writer, sb_endpoint_name((enum sb_endpoint)i), (int64_t)service->counts[i]);
    wp_json_end_object(&writer);
    int64_t billed_ms = 0, billed = 0;
    for (size_t i = 0; i < service->tasks.count; i++) {
        int64_t ms = sb_task_billed_ms(&service->tasks, &service->tasks.items[i]);
        billed_ms += ms;
        billed += ms > 0;
    }
    wp_json_put_integer(&writer, "tasks_made", (int64_t)service->tasks.count);
    wp_json_put_integer(&writer, "tasks_billed", billed);
    wp_json_put_number(&writer, "billed_seconds", (double)billed_ms / 1000);
    put_tasks(&writer, &service->tasks);
    put_uploads(&writer, &service->storage);
    wp_json_put_text(&writer, "result_sha256", service->video.sha256);
    sb_books_put(&service->books, &writer);
    sb_answer_json_end(answer, &writer, request->id);
}

void sb_serve_lift(struct sb_service *service, struct sb_request *request, struct sb_answer *answer)
{
    service->healed = true;
    struct wp_json_writer writer = sb_answer_json(answer);
    sb_answer_json_end(answer, &writer, request->id);
}
