#include <limits.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/outputs.h"
#include "cli/pairs.h"
#include "cli/preflight.h"
#include "cli/signals.h"
#include "wanprep/preflight.h"
#include "wanprep/report.h"

#include "base/banned.h"

struct check_settings {
    struct wp_common_settings common;
    struct wp_preflight_settings preflight;
    struct wp_pair_settings inputs;
    enum wp_report_format format;
    struct wp_output_settings outputs;
    unsigned workers;
};

/* A check that goes on. */
struct check {
    const struct check_settings *settings;
    struct wp_console *console;
    struct wp_pairs pairs;
    struct wp_outputs *outputs;
    struct wp_preflight *repriced; /* owned: for rows of a manifest that name a mode */
    enum wp_status status;         /* why to stop */
    struct wp_error error;
    enum wp_status verdict; /* of all pairs so far */
};

static bool set_format(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    return wp_report_format_parse(field, text ? text : "json");
}

/* An input that could not be had outweighs a rejection, as it does within a pair. */
static void weigh(struct check *check, enum wp_status status)
{
    if (status == WP_INPUT || check->verdict == WP_OK)
        check->verdict = status;
}

/* The preflight as it is with the mode of its row. */
static const struct wp_preflight *reprice(struct check *check, size_t index,
                                          const struct wp_preflight *preflight)
{
    if (!check->pairs.manifest || !preflight->has_cost)
        return preflight;
    const struct wp_manifest_row *row = wp_manifest_row(check->pairs.manifest, index);
    if (!row->has_mode || row->mode == preflight->cost.mode)
        return preflight;
    wp_preflight_copy(check->repriced, preflight);
    check->repriced->has_cost =
        wp_cost_estimate(&check->repriced->cost, preflight->limits, check->settings->preflight.region,
                         row->mode, preflight->cost.seconds);
    return check->repriced;
}

static void show_progress(struct check *check, size_t done)
{
    char text[64];
    /* With -v lines of the log come from other threads, and would cross the status. */
    if (check->console->verbose || check->pairs.count < 2)
        return;
    (void)wp_text_format(text, sizeof text, "checked %zu of %zu", done, check->pairs.count);
    wp_console_status(check->console, text);
}

static bool take_pair(void *user, size_t index, const struct wp_preflight *preflight)
{
    struct check *check = user;
    if (wp_signals_seen())
        check->status = wp_fail(&check->error, WP_INTERRUPTED, "check", "interrupted; no file was written");
    else
        check->status = wp_outputs_add(check->outputs, reprice(check, index, preflight), &check->error);
    weigh(check, wp_preflight_status(preflight));
    show_progress(check, index + 1);
    return check->status == WP_OK;
}

static enum wp_status check_all(struct check *check, const struct wp_preflight_options *options,
                                struct wp_error *error)
{
    enum wp_status status =
        wp_preflight_many(check->pairs.items, check->pairs.count, options, take_pair, check, error);
    wp_console_clear(check->console);
    if (status == WP_OK && check->status != WP_OK) {
        status = check->status;
        if (error)
            *error = check->error;
    }
    if (status == WP_OK)
        status = wp_outputs_finish(check->outputs, error);
    return status == WP_OK ? check->verdict : status;
}

/* A report never takes the place of what it is about. */
static enum wp_status spare_inputs(const struct check_settings *settings, const struct wp_pairs *pairs,
                                   struct wp_error *error)
{
    const struct wp_output_settings *outputs = &settings->outputs;
    enum wp_status status = wp_outputs_spare(outputs, settings->inputs.manifest, error);
    if (status == WP_OK)
        status = wp_outputs_spare(outputs, settings->preflight.profile, error);
    for (size_t i = 0; i < pairs->count && status == WP_OK; i++) {
        status = wp_outputs_spare(outputs, pairs->items[i].image, error);
        if (status == WP_OK)
            status = wp_outputs_spare(outputs, pairs->items[i].video, error);
    }
    return status;
}

static enum wp_status run_check(const struct wp_call_line *line, struct wp_error *error)
{
    const struct check_settings *settings = line->settings;
    struct check check = {.settings = settings, .console = line->console};
    struct wp_profile *profile = NULL;
    enum wp_status status = wp_profile_open(&profile, settings->preflight.profile, error);
    if (status == WP_OK)
        status = wp_pairs_find(&check.pairs, &settings->inputs, line, error);
    if (status == WP_OK)
        status = spare_inputs(settings, &check.pairs, error);
    if (status != WP_OK)
        goto out;
    check.repriced = wp_malloc(sizeof *check.repriced);
    if (!check.repriced) {
        status = wp_fail_nomem(error, "check");
        goto out;
    }
    if (settings->outputs.count > 0)
        wp_signals_catch(); /* so that no half-written file stays behind */
    status = wp_outputs_new(&check.outputs, line->console, settings->format, &settings->outputs, error);
    if (status != WP_OK)
        goto out;
    struct wp_detector detector;
    struct wp_preflight_options options = wp_preflight_options_of(&settings->preflight, profile, &detector);
    options.workers = settings->workers;
    options.thumbnails = wp_outputs_show_pictures(settings->format, &settings->outputs);
    options.log = wp_console_log(line->console);
    status = check_all(&check, &options, error);
out:
    wp_outputs_free(check.outputs);
    wp_free(check.repriced);
    wp_pairs_free(&check.pairs);
    wp_profile_free(profile);
    return status;
}

static const struct check_settings defaults = {.preflight = WP_PREFLIGHT_SETTINGS_DEFAULTS};

#define FIELD(name) .offset = offsetof(struct check_settings, name)

static const struct wp_option options[] = {
    {.name = "image",
     .value = "FILE",
     .set = wp_set_list,
     FIELD(inputs.images),
     .allowed = "a path or a URL, at most 1024 times",
     .help = "an image, in place of arguments; may be repeated. Every image is checked with every video; "
             "without a video each is checked alone"},
    {.name = "video",
     .value = "FILE",
     .set = wp_set_list,
     FIELD(inputs.videos),
     .allowed = "a path or a URL, at most 1024 times",
     .help = "a video, likewise"},
    {.name = "manifest",
     .value = "FILE",
     .set = wp_set_text,
     FIELD(inputs.manifest),
     .allowed = "a CSV or JSON Lines file",
     .help = "check the pairs of a file: columns or members image, video and mode; paths are relative to its "
             "folder. Names that may stand for one of these are refused; an empty video is none"},
    {.name = "json", .set = set_format, FIELD(format), .help = "the same as --format json"},
    {.name = "format",
     .value = "FORMAT",
     .set = set_format,
     FIELD(format),
     .allowed = "text, json, jsonl, junit, github, sarif or html",
     .fallback = "text",
     .help = "what to write to standard output; json gives JSON Lines if there are several pairs"},
    {.name = "output",
     .value = "FORMAT=FILE",
     .set = wp_set_output,
     FIELD(outputs),
     .allowed = "a format, '=' and a path, at most 16 times",
     .help = "write another report into a file; may be repeated. The file is whole or as it was before"},
    {.name = "report",
     .value = "FILE",
     .set = wp_set_html_output,
     FIELD(outputs),
     .allowed = "a path",
     .help = "the same as --output html=FILE: one page for people, with small pictures of the inputs"},
    {.name = "workers",
     .value = "NUMBER",
     .set = wp_set_unsigned,
     FIELD(workers),
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
    .synopses = (const char *const[]){"[options] IMAGE VIDEO [IMAGE VIDEO ...]",
                                      "[options] [--image FILE ...] [--video FILE ...]",
                                      "[options] --manifest FILE", NULL},
    .summary = "would the service take this image and this video?",
    .description =
        "Measures the image and the video and compares them with what the service publishes and "
        "with what makes real "
        "submissions fail. Nothing is uploaded and no key is needed.\n\n"
        "IMAGE and VIDEO are paths or http(s) URLs. Of a URL only what is needed is fetched, and how it is "
        "delivered is judged, too.\n\n"
        "Several pairs are given as arguments in turn, as a manifest, or with --image and --video, "
        "which pair every image with every video. Each file is read once, several at the same time; "
        "the report has the pairs in the order in which they were given.\n\n"
        "Exits with 0 if the service would take them all, 3 if an input could not be had, else 1 if "
        "it would not take one. The report is written in each of these cases. A manifest in which a "
        "row is of no use is a usage error, 2: each such row is told and nothing is checked.",
    .examples =
        (const char *const[]){
            "wanprep check person.jpg dance.mp4", "wanprep check --json person.jpg dance.mp4 | jq .verdict",
            "wanprep check --video dance.mp4 --depth full",
            "wanprep check --image a.jpg --image b.jpg --video dance.mp4",
            "wanprep check --manifest pairs.csv --report check.html --output junit=check.xml",
            "wanprep check --strict --ignore video.hdr person.jpg dance.mp4", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .max_operands = INT_MAX,
    .run = run_check,
};
