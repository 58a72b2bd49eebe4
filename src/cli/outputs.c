#include "cli/outputs.h"

#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file_writer.h"
#include "base/text.h"
#include "cli/places.h"

#include "base/banned.h"

/* One report. */
struct output {
    struct wp_console *console;   /* standard output; NULL: the file */
    struct wp_file_writer writer; /* not open: standard output */
    struct wp_report *report;
    struct wp_error reason; /* why the file could not be written */
};

struct wp_outputs {
    size_t count;
    struct output items[1 + WP_MAX_OUTPUTS]; /* standard output first */
};

static bool add_output(struct wp_output_settings *settings, enum wp_report_format format, const char *path)
{
    if (settings->count == WP_MAX_OUTPUTS || !path[0])
        return false;
    settings->items[settings->count].format = format;
    settings->items[settings->count++].path = path;
    return true;
}

bool wp_set_output(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    enum wp_report_format format = WP_REPORT_TEXT;
    char name[16];
    const char *equals = strchr(text, '=');
    if (!equals || !wp_text_format(name, sizeof name, "%.*s", (int)(equals - text), text))
        return false;
    return wp_report_format_parse(&format, name) && add_output(field, format, equals + 1);
}

bool wp_set_html_output(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    return add_output(field, WP_REPORT_HTML, text);
}

bool wp_outputs_show_pictures(enum wp_report_format format, const struct wp_output_settings *settings)
{
    bool found = format == WP_REPORT_HTML;
    for (size_t i = 0; i < settings->count; i++)
        found = found || settings->items[i].format == WP_REPORT_HTML;
    return found;
}

static bool take(void *user, const char *bytes, size_t length)
{
    struct output *output = user;
    if (output->console) {
        wp_console_clear(output->console);
        return wp_console_print(bytes, length);
    }
    return wp_file_writer_add(&output->writer, bytes, length, &output->reason) == WP_OK;
}

/* The report says that its sink failed; the sink knows why. For standard output wp_console_close() tells. */
static enum wp_status fail_output(const struct output *output, enum wp_status status, struct wp_error *error)
{
    if (status == WP_OUTPUT && output->reason.status != WP_OK && error)
        *error = output->reason;
    return status;
}

static enum wp_status begin(struct output *output, enum wp_report_format format,
                            const struct wp_report_options *look, struct wp_error *error)
{
    return fail_output(output, wp_report_new(&output->report, format, look, take, output, error), error);
}

/* Two reports of one name, however it is written, would each overwrite the other. */
static enum wp_status check_names(const struct wp_output_settings *settings, struct wp_error *error)
{
    struct wp_place places[WP_MAX_OUTPUTS];
    for (size_t i = 0; i < settings->count; i++) {
        const char *path = settings->items[i].path;
        places[i] = wp_place_of(path);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(settings->items[j].path, path) == 0 || wp_place_is_same(&places[j], &places[i]))
                return wp_fail(error, WP_USAGE, "output", "two reports cannot both be written to '%s'", path);
        }
    }
    return WP_OK;
}

enum wp_status wp_outputs_spare(const struct wp_output_settings *settings, const char *input,
                                struct wp_error *error)
{
    if (!input || settings->count == 0)
        return WP_OK;
    const struct wp_place place = wp_place_of(input);
    for (size_t i = 0; i < settings->count; i++) {
        const struct wp_place other = wp_place_of(settings->items[i].path);
        if (wp_place_is_same(&place, &other))
            return wp_fail(error, WP_USAGE, "output", "'%s' is an input; a report would overwrite it",
                           settings->items[i].path);
    }
    return WP_OK;
}

static enum wp_status begin_all(struct wp_outputs *outputs, struct wp_console *console,
                                enum wp_report_format format, const struct wp_output_settings *settings,
                                struct wp_error *error)
{
    const struct wp_clock *clock = wp_clock_system();
    const struct wp_report_options plain = {
        .verbose = console->verbose > 0, .quiet = console->quiet, .wall_ms = clock->wall_ms(clock->user)};
    struct wp_report_options look = plain;
    look.color = console->color;
    enum wp_status status = check_names(settings, error);
    for (size_t i = 0; i < settings->count && status == WP_OK; i++) {
        struct output *output = &outputs->items[1 + i];
        status = wp_file_writer_open(&output->writer, settings->items[i].path, WP_FILE_SHARED, error);
        outputs->count = 2 + i;
        if (status == WP_OK)
            status = begin(output, settings->items[i].format, &plain, error);
    }
    outputs->items[0].console = console;
    return status == WP_OK ? begin(&outputs->items[0], format, &look, error) : status;
}

enum wp_status wp_outputs_new(struct wp_outputs **out, struct wp_console *console,
                              enum wp_report_format format, const struct wp_output_settings *settings,
                              struct wp_error *error)
{
    struct wp_outputs *outputs = wp_calloc(1, sizeof *outputs);
    if (!outputs)
        return wp_fail_nomem(error, "output");
    outputs->count = 1;
    enum wp_status status = begin_all(outputs, console, format, settings, error);
    if (status == WP_OK)
        *out = outputs;
    else
        wp_outputs_free(outputs);
    return status;
}

enum wp_status wp_outputs_add(struct wp_outputs *outputs, const struct wp_preflight *preflight,
                              struct wp_error *error)
{
    for (size_t i = 0; i < outputs->count; i++) {
        struct output *output = &outputs->items[i];
        enum wp_status status = fail_output(output, wp_report_add(output->report, preflight, error), error);
        if (status != WP_OK)
            return status;
    }
    return WP_OK;
}

enum wp_status wp_outputs_finish(struct wp_outputs *outputs, struct wp_error *error)
{
    enum wp_status status = WP_OK;
    for (size_t i = 0; i < outputs->count && status == WP_OK; i++) {
        struct output *output = &outputs->items[i];
        status = fail_output(output, wp_report_end(output->report, error), error);
    }
    for (size_t i = 0; i < outputs->count && status == WP_OK; i++) {
        if (outputs->items[i].writer.open)
            status = wp_file_writer_commit(&outputs->items[i].writer, error);
    }
    return status;
}

void wp_outputs_free(struct wp_outputs *outputs)
{
    if (!outputs)
        return;
    for (size_t i = 0; i < outputs->count; i++) {
        wp_report_free(outputs->items[i].report);
        wp_file_writer_close(&outputs->items[i].writer);
    }
    wp_free(outputs);
}
