#include "cli/task.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/error.h"
#include "cli/signals.h"
#include "wanprep/report.h"

#include "base/banned.h"

static int64_t now_ms(void)
{
    const struct wp_clock *clock = wp_clock_system();
    return clock->now_ms(clock->user);
}

enum wp_status wp_errands_open(struct wp_errands *out, const struct wp_call_line *line,
                               struct wp_error *error)
{
    const struct wp_task_settings *settings = line->settings;
    const struct wp_client_options service = wp_service_options_of(&settings->service, settings->region);
    *out = (struct wp_errands){.settings = settings};
    out->result = wp_calloc(1, sizeof *out->result);
    if (!out->result)
        return out->worst = wp_fail_nomem(error, line->command->name);
    enum wp_status status = wp_profile_open(&out->profile, settings->profile, error);
    if (status == WP_OK)
        status = wp_session_open(&out->session, line->console, &service, error);
    out->session.no_sandbox = settings->no_sandbox;
    out->options = wp_job_options_of(&out->session, &settings->service, &settings->waiting);
    if (settings->waiting.timeout_ms > 0)
        out->deadline_ms = now_ms() + settings->waiting.timeout_ms;
    return out->worst = status;
}

void wp_errands_begin(struct wp_errands *errands)
{
    int64_t left = errands->deadline_ms - now_ms();
    if (errands->deadline_ms > 0)
        errands->options.timeout_ms = left > 1 ? left : 1; /* each is asked for at least once */
}

static enum wp_status print_document(struct wp_errands *errands, enum wp_status status,
                                     const struct wp_error *why, struct wp_error *error)
{
    char *text = NULL;
    size_t length = 0;
    const struct wp_task_report report = {.has_status = true,
                                          .status = status,
                                          .message = why->message,
                                          .result = errands->result,
                                          .limits = wp_limits_of(errands->profile)};
    enum wp_status written = wp_report_task(&text, &length, &report, error);
    if (written == WP_OK)
        (void)wp_console_print(text, length);
    wp_free(text);
    return written;
}

/* Something about a result that people should know; its path stays alone on standard output. */
static void print_notes(const struct wp_errands *errands)
{
    struct wp_job_note notes[WP_MAX_JOB_NOTES];
    struct wp_console *console = errands->session.console;
    size_t count = errands->result->state == WP_JOB_DONE ? wp_job_notes(notes, errands->result) : 0;
    for (size_t i = 0; i < count && !console->quiet; i++)
        wp_console_line(console, "note: %s", notes[i].message);
}

static void print_text(struct wp_errands *errands)
{
    print_notes(errands);
    struct wp_buf out = wp_buf_new(1 << 16);
    errands->text(&out, errands->result);
    (void)wp_console_print(wp_buf_text(&out), out.len);
    wp_buf_free(&out);
}

bool wp_errands_end(struct wp_errands *errands, enum wp_status status, struct wp_error *why)
{
    struct wp_console *console = errands->session.console;
    struct wp_error error = {0};
    wp_console_clear(console);
    if (status != WP_OK)
        wp_console_line(console, "wanprep: %s", why->message);
    if (errands->settings->json) {
        enum wp_status written = print_document(errands, status, why, &error);
        if (written != WP_OK)
            wp_console_line(console, "wanprep: %s", error.message);
        status = wp_status_worse(written, status);
    } else if (status == WP_OK) {
        print_text(errands);
    }
    errands->worst = wp_status_worse(errands->worst, status);
    return fflush(stdout) == 0 && status != WP_INTERRUPTED && !wp_signals_seen();
}

enum wp_status wp_errands_close(struct wp_errands *errands)
{
    wp_session_close(&errands->session);
    wp_profile_free(errands->profile);
    wp_free(errands->result);
    return errands->worst;
}

static enum wp_status check_ids(const struct wp_call_line *line, struct wp_error *error)
{
    for (int i = 0; i < line->operand_count; i++) {
        if (!wp_task_id_is_valid(line->operands[i]))
            return wp_fail(error, WP_USAGE, line->command->name,
                           "'%.200s' is no task id: that is up to 127 letters, digits, '-', '_' and '.'",
                           line->operands[i]);
    }
    return WP_OK;
}

/* Of a brief command people see what it prints. */
static void tell_retries(void *user, const struct wp_job_event *event)
{
    if (event->kind == WP_EVENT_RETRY)
        wp_progress_event(user, event);
}

enum wp_status wp_do_to_tasks(const struct wp_call_line *line, const struct wp_task_action *action,
                              struct wp_error *error)
{
    struct wp_errands errands;
    enum wp_status status = check_ids(line, error);
    if (status != WP_OK)
        return status;
    if (wp_errands_open(&errands, line, error) != WP_OK)
        return wp_errands_close(&errands);
    errands.text = action->text;
    if (action->is_brief)
        errands.options.event = tell_retries;
    bool on = true;
    for (int i = 0; on && i < line->operand_count; i++) {
        struct wp_error why = {0};
        wp_errands_begin(&errands);
        status =
            action->deed(errands.result, errands.session.client, line->operands[i], &errands.options, &why);
        on = wp_errands_end(&errands, status, &why);
    }
    return wp_errands_close(&errands);
}

void wp_task_text(struct wp_buf *out, const struct wp_job_result *result)
{
    (void)wp_buf_add_format(out, "%s %s\n", result->task_id, result->task_status);
}
