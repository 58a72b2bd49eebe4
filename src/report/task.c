#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "report/job.h"
#include "wanprep/report.h"

#include "base/banned.h"

/* Paths and messages are bounded by their arrays; each byte may become six. */
enum { CEILING = 1 << 18 };

static void put_time(struct wp_json_writer *json, const char *name, int64_t ms)
{
    char text[32];
    if (ms <= 0)
        return;
    wp_clock_format_utc(text, ms);
    wp_json_put_text(json, name, text);
}

static void put_inputs(struct wp_json_writer *json, const struct wp_job_result *result)
{
    wp_json_begin_object(json, "inputs");
    wp_json_put_text(json, "image", result->image);
    wp_json_put_text(json, "video", result->video);
    wp_json_put_text(json, "mode", wp_mode_name(result->mode));
    wp_json_end_object(json);
}

/* What so many seconds of output come to. */
static void put_cost(struct wp_json_writer *json, const char *name, const struct wp_task_report *task,
                     bool known, double seconds)
{
    const struct wp_job_result *result = task->result;
    struct wp_cost cost;
    if (!known || !result->has_inputs ||
        !wp_cost_estimate(&cost, task->limits ? task->limits : wp_limits_default(), result->region,
                          result->mode, seconds))
        return;
    wp_begin_cost(json, name, &cost);
    wp_json_end_object(json);
}

/* A task that nobody knows has no state. */
static void put_local(struct wp_json_writer *json, const struct wp_task_report *task)
{
    const struct wp_job_result *result = task->result;
    if (!result->job_id[0]) {
        wp_put_text(json, "task_id", result->task_id);
        wp_put_text(json, "task_status", result->task_status);
        return;
    }
    wp_json_put_text(json, "state", wp_job_state_name(result->state));
    wp_put_result(json, result);
    if (result->has_inputs)
        put_inputs(json, result);
    wp_put_text(json, "service", result->base_url);
    put_time(json, "created", result->created_ms);
    put_time(json, "submitted", result->submitted_ms);
    put_time(json, "scheduled", result->scheduled_ms);
    put_time(json, "ended", result->ended_ms);
    put_time(json, "expires", result->expires_ms);
    put_cost(json, "predicted", task, result->has_predicted_seconds, result->predicted_seconds);
    put_cost(json, "billed", task, result->has_billed_seconds, result->billed_seconds);
}

static void put_remote(struct wp_json_writer *json, const struct wp_remote_task *remote)
{
    wp_json_put_text(json, "task_id", remote->task_id);
    wp_put_text(json, "task_status", remote->task_status);
    wp_put_text(json, "request_id", remote->request_id);
    wp_json_put_bool(json, "ours", remote->is_ours);
    if (remote->is_ours)
        wp_json_put_text(json, "state", wp_job_state_name(remote->state));
    put_time(json, "submitted", remote->created_ms);
    put_time(json, "scheduled", remote->started_ms);
    put_time(json, "ended", remote->ended_ms);
}

enum wp_status wp_report_task(char **out, size_t *length, const struct wp_task_report *task,
                              struct wp_error *error)
{
    struct wp_buf buf = wp_buf_new(CEILING);
    struct wp_json_writer json = wp_json_writer_new(&buf, 0);
    wp_json_begin_object(&json, NULL);
    wp_json_put_text(&json, "schema", "wanprep.task/1");
    if (task->has_status) {
        wp_json_put_text(&json, "status", wp_status_name(task->status));
        wp_json_put_integer(&json, "exit_code", wp_status_exit_code(task->status));
        if (task->status != WP_OK)
            wp_put_text(&json, "message", task->message);
    }
    if (task->result)
        put_local(&json, task);
    if (task->remote)
        put_remote(&json, task->remote);
    wp_json_end_object(&json);
    (void)wp_buf_add_text(&buf, "\n");
    size_t len = buf.len;
    *out = wp_buf_take(&buf);
    if (!*out)
        return wp_fail_nomem(error, "report");
    *length = len;
    return WP_OK;
}
