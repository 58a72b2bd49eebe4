#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "cli/task.h"

#include "base/banned.h"

struct job {
    char id[sizeof((struct wp_job_result *)NULL)->job_id];
};

static bool note_id(void *user, const struct wp_job_result *result)
{
    return wp_buf_add(user, result->job_id, sizeof result->job_id);
}

static void print_task(struct wp_buf *out, const struct wp_job_result *result)
{
    (void)wp_buf_add_format(out, "%s %s\n", result->task_id, result->video_path);
}

static void resume_all(struct wp_errands *errands, const struct job *jobs, size_t count)
{
    bool on = true;
    for (size_t i = 0; on && i < count; i++) {
        struct wp_error why = {0};
        wp_errands_begin(errands);
        enum wp_status status =
            wp_job_resume(errands->result, errands->session.client, jobs[i].id, &errands->options, &why);
        on = wp_errands_end(errands, status, &why);
    }
}

static enum wp_status run_resume(const struct wp_call_line *line, struct wp_error *error)
{
    const struct wp_task_settings *settings = line->settings;
    struct wp_buf jobs = wp_buf_new((size_t)64 << 20);
    const char *folder = wp_output_dir(&settings->service);
    struct wp_errands errands = {.text = print_task};
    enum wp_status status = wp_tasks_local(folder, settings->service.store, true, note_id, &jobs, error);
    if (status == WP_OK && jobs.failed != WP_OK)
        status = wp_fail_nomem(error, "resume");
    size_t count = jobs.len / sizeof(struct job);
    if (status == WP_OK && count == 0 && !line->console->quiet)
        wp_console_line(line->console, "nothing is unfinished in '%s'", folder ? folder : "output");
    if (status == WP_OK && count > 0) {
        if (wp_errands_open(&errands, line, error) == WP_OK) {
            errands.text = print_task;
            resume_all(&errands, (const void *)jobs.data, count);
        }
        status = wp_errands_close(&errands);
    }
    wp_buf_free(&jobs);
    return status;
}

static const struct wp_task_settings defaults = {0};

static const struct wp_option options[] = {
    WP_OUTPUT_OPTION(struct wp_task_settings),
    WP_JSON_LINES_OPTION(offsetof(struct wp_task_settings, json)),
    WP_WAITING_OPTIONS(struct wp_task_settings),
    WP_TASK_SERVICE_OPTIONS,
    WP_PROFILE_OPTION(offsetof(struct wp_task_settings, profile)),
    WP_NO_SANDBOX_OPTION(offsetof(struct wp_task_settings, no_sandbox)),
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_resume = {
    .name = "resume",
    .synopses = (const char *const[]){"[options]", NULL},
    .summary = "carry on everything unfinished in the output folder",
    .description =
        "Takes up every job of the output folder that is not over, however it was left (interrupted, "
        "killed, timed out), and brings it to its end: what was not sent is submitted, what runs is waited "
        "for, what is done is fetched. Results that expire first are fetched first. Prints the id "
        "and the path of each video.\n\n"
        "Nothing is paid twice. A job of which it is uncertain whether it became a task is looked for "
        "again and otherwise left (exit code 7): 'wanprep run --resubmit' of that pair is the way out. "
        "The exit code is 0 if all came to a result, else that of the worst: the first of 70, 7, 4, 3, 5, "
        "6.",
    .examples = (const char *const[]){"wanprep resume -o results", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .flags = WP_COMMAND_WRITES | WP_COMMAND_WAITS,
    .min_operands = 0,
    .max_operands = 0,
    .run = run_resume,
};
