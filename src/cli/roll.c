#include "cli/roll.h"

#include <string.h>

#include "base/alloc.h"

#include "base/banned.h"

struct wp_roll wp_roll_new(void)
{
    return (struct wp_roll){.tally = wp_tally_new()};
}

bool wp_roll_reserve(struct wp_roll *roll, size_t index)
{
    if (index >= roll->cap) {
        size_t cap = roll->cap ? 2 * roll->cap : 64;
        while (cap <= index)
            cap *= 2;
        struct wp_roll_row *rows = wp_realloc(roll->rows, cap * sizeof *rows);
        if (!rows)
            return false;
        roll->rows = rows;
        roll->cap = cap;
    }
    while (roll->count <= index)
        roll->rows[roll->count++] = (struct wp_roll_row){.percent = -1};
    return true;
}

const char *wp_stage_name(enum wp_stage stage)
{
    static const char *const names[] = {
        [WP_STAGE_IDLE] = "",
        [WP_STAGE_PENDING] = "pending",
        [WP_STAGE_SUBMITTING] = "submitting",
        [WP_STAGE_UPLOADING] = "uploading",
        [WP_STAGE_RUNNING] = "running",
        [WP_STAGE_DOWNLOADING] = "downloading",
    };
    return names[stage];
}

/* The stage that a state belongs to; that of the row where it says nothing new. */
static enum wp_stage stage_of(const struct wp_roll_row *row, enum wp_job_state state)
{
    switch (state) {
    case WP_JOB_PLANNED:
    case WP_JOB_CHECKED:
        return row->stage;
    case WP_JOB_UPLOADING:
        return WP_STAGE_UPLOADING;
    case WP_JOB_SUBMITTING:
    case WP_JOB_UNCERTAIN:
        return WP_STAGE_SUBMITTING;
    case WP_JOB_SUBMITTED:
        return row->stage == WP_STAGE_RUNNING ? WP_STAGE_RUNNING : WP_STAGE_PENDING;
    case WP_JOB_SUCCEEDED:
    case WP_JOB_DOWNLOADING:
        return WP_STAGE_DOWNLOADING;
    case WP_JOB_DONE:
    case WP_JOB_REJECTED:
    case WP_JOB_FAILED:
    case WP_JOB_CANCELED:
    case WP_JOB_EXPIRED:
        return WP_STAGE_IDLE;
    }
    return row->stage;
}

/* What the service says of a task; what is not known of says nothing new. */
static enum wp_stage stage_of_status(const struct wp_roll_row *row, const struct wp_job_event *event)
{
    const char *status = event->task_status ? event->task_status : "";
    if (strcmp(status, "RUNNING") == 0)
        return WP_STAGE_RUNNING;
    return strcmp(status, "PENDING") == 0 ? WP_STAGE_PENDING : stage_of(row, event->state);
}

static void set_stage(struct wp_roll_row *row, enum wp_stage stage, int64_t now_ms)
{
    if (row->stage == stage)
        return;
    row->stage = stage;
    row->since_ms = now_ms;
    row->percent = -1;
}

/* A copy of text in place of what was there; one that memory is out for is not known. */
static void set_text(char **out, const char *text)
{
    if (!text || !text[0] || (*out && strcmp(*out, text) == 0))
        return;
    wp_free(*out);
    *out = wp_strdup(text);
}

static void set_percent(struct wp_roll_row *row, const struct wp_job_event *event)
{
    row->percent = event->total > 0 && event->bytes <= event->total
                       ? (int)((double)event->bytes * 100 / (double)event->total)
                       : -1;
}

void wp_roll_event(struct wp_roll *roll, size_t index, const struct wp_job_event *event, int64_t now_ms)
{
    struct wp_roll_row *row = &roll->rows[index];
    if (row->at_rest)
        return;
    row->has_state = true;
    row->state = event->state;
    row->retrying = event->kind == WP_EVENT_RETRY;
    set_text(&row->task_id, event->task_id);
    switch (event->kind) {
    case WP_EVENT_STATE:
    case WP_EVENT_JOINED:
    case WP_EVENT_TASK:
        set_stage(row, stage_of(row, event->state), now_ms);
        break;
    case WP_EVENT_STATUS:
        set_stage(row, stage_of_status(row, event), now_ms);
        break;
    case WP_EVENT_UPLOAD:
        set_stage(row, WP_STAGE_UPLOADING, now_ms);
        set_percent(row, event);
        break;
    case WP_EVENT_DOWNLOAD:
        set_stage(row, WP_STAGE_DOWNLOADING, now_ms);
        set_percent(row, event);
        break;
    case WP_EVENT_RETRY:
        break;
    }
}

void wp_roll_rest(struct wp_roll *roll, size_t index, enum wp_status status,
                  const struct wp_job_result *result, const char *code, const char *message)
{
    struct wp_roll_row *row = &roll->rows[index];
    if (row->at_rest)
        return;
    row->at_rest = true;
    row->stage = WP_STAGE_IDLE;
    row->status = status;
    if (result) {
        row->has_state = true;
        row->state = result->state;
        set_text(&row->task_id, result->task_id);
        set_text(&row->code, result->code);
        if (status == WP_OK)
            set_text(&row->result, result->video_path);
        if (result->has_inputs && !row->has_mode) {
            row->has_mode = true;
            row->mode = result->mode;
        }
        row->has_billed_seconds = result->has_billed_seconds;
        row->billed_seconds = result->billed_seconds;
    }
    set_text(&row->code, code);
    set_text(&row->message, message);
    roll->at_rest++;
    wp_tally_add(&roll->tally, status);
}

void wp_roll_free(struct wp_roll *roll)
{
    for (size_t i = 0; i < roll->count; i++) {
        struct wp_roll_row *row = &roll->rows[i];
        wp_free(row->task_id);
        wp_free(row->result);
        wp_free(row->code);
        wp_free(row->message);
    }
    wp_free(roll->rows);
    *roll = wp_roll_new();
}
