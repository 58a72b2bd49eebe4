#include "report/job.h"

#include "base/banned.h"

void wp_put_text(struct wp_json_writer *json, const char *name, const char *text)
{
    if (text && text[0])
        wp_json_put_text(json, name, text);
}

void wp_begin_cost(struct wp_json_writer *json, const char *name, const struct wp_cost *cost)
{
    wp_json_begin_object(json, name);
    wp_json_put_text(json, "currency", cost->currency);
    wp_json_put_text(json, "mode", wp_mode_name(cost->mode));
    wp_json_put_number(json, "seconds", cost->seconds);
    wp_json_put_number(json, "amount", (double)cost->milli_total / 1000.0);
}

void wp_put_result(struct wp_json_writer *json, const struct wp_job_result *result)
{
    wp_put_text(json, "job_id", result->job_id);
    wp_put_text(json, "task_id", result->task_id);
    wp_put_text(json, "task_status", result->task_status);
    wp_put_text(json, "request_id", result->request_id);
    wp_put_text(json, "video", result->video_path);
    wp_json_begin_object(json, "evidence");
    wp_put_text(json, "answer", result->answer_path);
    wp_put_text(json, "log", result->log_path);
    wp_json_end_object(json);
    wp_put_text(json, "code", result->code);
    wp_put_text(json, "service_message", result->message);
}
