/* What is told of a job. */
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "job/step.h"

#include "base/banned.h"

static void take_path(char out[WP_PATH_SIZE], const char *path)
{
    (void)wp_text_copy(out, WP_PATH_SIZE, access(path, F_OK) == 0 ? path : "");
}

void wp_job_fill_result(struct wp_job_result *result, const struct wp_places *places,
                        const struct wp_job_record *record)
{
    char path[WP_PATH_SIZE];
    result->state = record->state;
    (void)wp_text_copy(result->job_id, sizeof result->job_id, record->job_id);
    (void)wp_text_copy(result->task_id, sizeof result->task_id, record->task_id);
    (void)wp_text_copy(result->task_status, sizeof result->task_status, record->task_status);
    (void)wp_text_copy(result->request_id, sizeof result->request_id, record->request_id);
    (void)wp_text_copy(result->code, sizeof result->code, record->code);
    (void)wp_text_copy(result->message, sizeof result->message, record->message);
    (void)wp_text_copy(result->image, sizeof result->image, record->image);
    (void)wp_text_copy(result->video, sizeof result->video, record->video);
    (void)wp_text_copy(result->base_url, sizeof result->base_url, record->base_url);
    result->has_inputs = wp_record_has_inputs(record);
    result->mode = record->mode;
    result->region = wp_endpoint_region(record->base_url);
    result->created_ms = record->created_ms;
    result->submitted_ms = record->submitted_ms;
    result->scheduled_ms = record->scheduled_ms;
    result->ended_ms = record->ended_ms;
    result->expires_ms = record->expires_ms;
    result->has_predicted_seconds = record->has_predicted_seconds;
    result->predicted_seconds = record->predicted_seconds;
    result->facts = (struct wp_result_facts){.width = (uint32_t)record->width,
                                             .height = (uint32_t)record->height,
                                             .frame_rate = record->frame_rate,
                                             .duration = record->duration};
    result->has_billed_seconds = record->has_billed_seconds;
    result->billed_seconds = record->billed_seconds;
    if (!record->job_id[0])
        return; /* it never came to a record */
    if (record->state == WP_JOB_DONE)
        wp_places_video(result->video_path, places, record, "");
    wp_places_answer(path, places, record);
    take_path(result->answer_path, path);
    wp_places_log(path, places, record);
    take_path(result->log_path, path);
}
