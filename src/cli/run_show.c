#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "cli/run.h"
#include "wanprep/report.h"

#include "base/banned.h"

enum wp_status wp_run_show_preflight(const struct wp_run *run, struct wp_error *error)
{
    char *text = NULL;
    size_t length = 0;
    if (run->settings->json)
        return WP_OK;
    bool to_stdout = run->goal == WP_GOAL_DONE;
    const struct wp_report_options look = {.color = run->console->color && to_stdout,
                                           .verbose = run->console->verbose > 0,
                                           .quiet = run->console->quiet};
    enum wp_status status = wp_report_write(&text, &length, &run->preflight, WP_REPORT_TEXT, &look, error);
    if (status == WP_OK) {
        FILE *to = to_stdout ? stdout : stderr;
        (void)fwrite(text, 1, length, to); /* a failure on standard output is told at the end */
        (void)fflush(to);                  /* a person reads it while the job runs */
    }
    wp_free(text);
    return status;
}

static enum wp_status show_document(const struct wp_run *run, enum wp_status status, struct wp_error *error)
{
    char *text = NULL;
    size_t length = 0;
    struct wp_cost billed;
    bool has_billed = run->has_result && run->result.has_billed_seconds &&
                      wp_cost_estimate(&billed, wp_limits_of(run->profile), run->settings->preflight.region,
                                       run->request.mode, run->result.billed_seconds);
    const struct wp_run_report report = {
        .status = status,
        .message = error->message,
        .dry_run = run->settings->dry_run,
        .preflight = run->has_preflight ? &run->preflight : NULL,
        .request = run->show_request ? run->description : NULL,
        .cost = run->has_cost ? &run->cost : NULL,
        .cost_is_ceiling = run->cost_is_ceiling,
        .result = run->has_result ? &run->result : NULL,
        .billed = has_billed ? &billed : NULL,
    };
    enum wp_status written = wp_report_run(&text, &length, &report, error);
    if (written == WP_OK)
        wp_console_print(text, length);
    wp_free(text);
    return written;
}

static void add_row(struct wp_buf *out, const char *name, const char *text)
{
    if (text[0])
        (void)wp_buf_add_format(out, "%-9s %s\n", name, text);
}

static void add_facts(struct wp_buf *out, const struct wp_result_facts *facts)
{
    if (facts->width > 0)
        (void)wp_buf_add_format(out, "%-9s %ux%u, %.6g frames a second, %.6g s\n", "result", facts->width,
                                facts->height, facts->frame_rate, facts->duration);
}

static void add_notes(struct wp_buf *out, const struct wp_job_result *result)
{
    struct wp_job_note notes[WP_MAX_JOB_NOTES];
    size_t count = wp_job_notes(notes, result);
    for (size_t i = 0; i < count; i++)
        add_row(out, "note", notes[i].message);
}

static void add_text(struct wp_buf *out, const struct wp_run *run, enum wp_status status)
{
    const struct wp_job_result *result = &run->result;
    char price[128];
    wp_run_price_text(price, sizeof price, run);
    if (run->show_request)
        (void)wp_buf_add_format(out,
                                "This request would be sent, and the task would cost %s, an estimate:\n%s\n",
                                price, run->description);
    if (!run->has_result)
        return;
    if (run->goal == WP_GOAL_SUBMITTED) {
        if (status == WP_OK)
            (void)wp_buf_add_format(out, "%s\n", result->task_id);
        return;
    }
    if (run->console->quiet) {
        if (status == WP_OK)
            (void)wp_buf_add_format(out, "%s\n", result->video_path);
        return;
    }
    add_row(out, "task", result->task_id);
    if (result->has_billed_seconds)
        (void)wp_buf_add_format(out, "%-9s %.6g s; the estimate was %s\n", "billed", result->billed_seconds,
                                price);
    add_facts(out, &result->facts);
    add_notes(out, result);
    add_row(out, "video", status == WP_OK ? result->video_path : "");
    add_row(out, "answer", result->answer_path);
    add_row(out, "log", result->log_path);
}

enum wp_status wp_run_show(const struct wp_run *run, enum wp_status status, struct wp_error *error)
{
    if (run->settings->json)
        return show_document(run, status, error);
    struct wp_buf out = wp_buf_new(1 << 20);
    add_text(&out, run, status);
    enum wp_status written =
        out.failed ? wp_fail(error, out.failed, "run", "the report does not fit into memory") : WP_OK;
    wp_console_print(wp_buf_text(&out), out.len);
    wp_buf_free(&out);
    return written;
}
