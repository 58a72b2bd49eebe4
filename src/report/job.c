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

static void put_known(struct wp_json_writer *json, const char *name, double value)
{
    if (value > 0)
        wp_json_put_number(json, name, value);
}

static void put_facts(struct wp_json_writer *json, const struct wp_result_facts *facts)
{
    if (facts->width == 0 && facts->frame_rate <= 0 && facts->duration <= 0)
        return;
    wp_json_begin_object(json, "result");
    put_known(json, "width", facts->width);
    put_known(json, "height", facts->height);
    put_known(json, "frame_rate", facts->frame_rate);
    put_known(json, "duration", facts->duration);
    wp_json_end_object(json);
}

static void put_notes(struct wp_json_writer *json, const struct wp_job_result *result)
{
    struct wp_job_note notes[WP_MAX_JOB_NOTES];
    size_t count = wp_job_notes(notes, result);
    if (count == 0)
        return;
    wp_json_begin_array(json, "notes");
    for (size_t i = 0; i < count; i++) {
        wp_json_begin_object(json, NULL);
        wp_json_put_text(json, "about", notes[i].about);
        wp_json_put_number(json, "expected", notes[i].expected);
        wp_json_put_number(json, "actual", notes[i].actual);
        wp_json_put_text(json, "message", notes[i].message);
        wp_json_end_object(json);
    }
    wp_json_end_array(json);
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
    put_facts(json, &result->facts);
    put_notes(json, result);
    wp_put_text(json, "code", result->code);
    wp_put_text(json, "service_message", result->message);
}
