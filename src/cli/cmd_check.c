#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "cli/command.h"
#include "cli/preflight.h"
#include "wanprep/preflight.h"
#include "wanprep/report.h"

#include "base/banned.h"

struct check_settings {
    struct wp_common_settings common;
    struct wp_preflight_settings preflight;
    enum wp_report_format format;
    const char *image, *video;
    unsigned workers;
};

static bool set_format(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    return wp_report_format_parse(field, text ? text : "json");
}

static bool set_workers(void *field, const struct wp_option *option, const char *text)
{
    uint64_t value = 0;
    if (!wp_parse_u64(&value, text, (uint64_t)option->min, (uint64_t)option->max))
        return false;
    *(unsigned *)field = (unsigned)value;
    return true;
}

/* The inputs are two operands, or named by options. */
static enum wp_status find_inputs(const struct wp_call_line *line, const char **image, const char **video,
                                  struct wp_error *error)
{
    const struct check_settings *settings = line->settings;
    bool named = settings->image || settings->video;
    if (named && line->operand_count > 0)
        return wp_fail(error, WP_USAGE, "check", "'%s' is one input too many beside --image or --video",
                       line->operands[0]);
    if (!named && line->operand_count < 2)
        return wp_fail(
            error, WP_USAGE, "check",
            "an image and a video are needed; to check one of them alone use --image FILE or --video FILE");
    *image = named ? settings->image : line->operands[0];
    *video = named ? settings->video : line->operands[1];
    return WP_OK;
}

static enum wp_status run_check(const struct wp_call_line *line, struct wp_error *error)
{
    const struct check_settings *settings = line->settings;
    struct wp_console *console = line->console;
    const char *image = NULL, *video = NULL;
    char *report = NULL;
    size_t length = 0;
    struct wp_preflight *preflight = NULL;
    struct wp_profile *profile = NULL;
    enum wp_status status = find_inputs(line, &image, &video, error);
    if (status == WP_OK)
        status = wp_profile_open(&profile, settings->preflight.profile, error);
    if (status != WP_OK)
        goto out;
    preflight = wp_calloc(1, sizeof *preflight);
    if (!preflight) {
        status = wp_fail_nomem(error, "check");
        goto out;
    }
    struct wp_preflight_options options = wp_preflight_options_of(&settings->preflight, profile);
    options.workers = settings->workers;
    options.log = wp_console_log(console);
    status = wp_preflight_run(preflight, image, video, &options, error);
    if (status != WP_OK)
        goto out;
    struct wp_report_options look = {
        .color = console->color, .verbose = console->verbose > 0, .quiet = console->quiet};
    status = wp_report_write(&report, &length, preflight, settings->format, &look, error);
    if (status != WP_OK)
        goto out;
    wp_console_print(report, length);
    status = wp_preflight_status(preflight);
out:
    wp_free(report);
    wp_free(preflight);
    wp_profile_free(profile);
    return status;
}

static const struct check_settings defaults = {.preflight = WP_PREFLIGHT_SETTINGS_DEFAULTS};

static const struct wp_option options[] = {
    {.name = "image",
     .value = "FILE",
     .set = wp_set_text,
     .offset = offsetof(struct check_settings, image),
     .allowed = "a path or a URL",
     .help = "the image, in place of an argument; alone: check no video"},
    {.name = "video",
     .value = "FILE",
     .set = wp_set_text,
     .offset = offsetof(struct check_settings, video),
     .allowed = "a path or a URL",
     .help = "the video, in place of an argument; alone: check no image"},
    {.name = "json",
     .set = set_format,
     .offset = offsetof(struct check_settings, format),
     .help = "the same as --format json"},
    {.name = "format",
     .value = "FORMAT",
     .set = set_format,
     .offset = offsetof(struct check_settings, format),
     .allowed = "text, json, junit or github",
     .fallback = "text",
     .help = "what to write to standard output"},
    {.name = "workers",
     .value = "NUMBER",
     .set = set_workers,
     .offset = offsetof(struct check_settings, workers),
     .min = 1,
     .max = 64,
     .allowed = "1 to 64",
     .fallback = "one a core",
     .help = "how many inputs to read at the same time"},
    WP_PREFLIGHT_OPTIONS(struct check_settings),
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_check = {
    .name = "check",
    .synopses = (const char *const[]){"[options] IMAGE VIDEO", "[options] --image FILE | --video FILE", NULL},
    .summary = "would the service take this image and this video?",
    .description = "Measures the image and the video and compares them with what the service publishes and "
                   "with what makes real "
                   "submissions fail. Nothing is sent and no key is needed.\n\n"
                   "Exits with 0 if the service would take them, 1 if it would not, and 3 if an input could "
                   "not be had. The "
                   "report is written in each of these cases.",
    .examples = (const char *const[]){"wanprep check person.jpg dance.mp4",
                                      "wanprep check --json person.jpg dance.mp4 | jq .verdict",
                                      "wanprep check --video dance.mp4 --depth full",
                                      "wanprep check --strict --ignore video.hdr person.jpg dance.mp4", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .max_operands = 2,
    .run = run_check,
};
