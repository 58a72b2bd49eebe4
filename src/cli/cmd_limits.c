#include <inttypes.h>

#include "base/error.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/preflight.h"
#include "wanprep/limits.h"
#include "wanprep/reference.h"

#include "base/banned.h"

enum { CEILING = 1 << 16, COLUMN = 15 };

struct limits_settings {
    struct wp_common_settings common;
    bool json;
    const char *profile;
};

static void add_medium(struct wp_buf *out, const char *name, const struct wp_medium_limits *limits)
{
    (void)wp_buf_add_format(out, "\n%s\n  formats      %s\n", name, limits->formats);
    (void)wp_buf_add_format(out, "  each side    %" PRIu32 " to %" PRIu32 " px, as displayed\n",
                            limits->min_side, limits->max_side);
    (void)wp_buf_add_format(out, "  ratio        1:%" PRIu32 " to %" PRIu32 ":1\n", limits->max_ratio,
                            limits->max_ratio);
    (void)wp_buf_add_format(out,
                            "  size         at most %" PRIu64 " bytes; less than %" PRIu64 " to be sure\n",
                            limits->max_bytes, limits->unsure_bytes);
}

static void add_price(struct wp_buf *out, const struct wp_price *price)
{
    (void)wp_buf_add_format(out, "  %-5s %-8s %" PRIu32 ".%03" PRIu32 " %s a second of output\n",
                            wp_region_name(price->region), wp_mode_name(price->mode),
                            price->milli_per_s / 1000, price->milli_per_s % 1000, price->currency);
}

static void add_limits(struct wp_buf *out, const struct wp_limits *limits)
{
    (void)wp_buf_add_format(out, "%s, as of %s\n", limits->profile, limits->updated);
    wp_help_row(out, "source", limits->source, COLUMN - 2);
    (void)wp_buf_add_text(out, "All ends are allowed.\n");
    add_medium(out, "image", &limits->image);
    add_medium(out, "video", &limits->video);
    (void)wp_buf_add_format(out, "  duration     %" PRIu32 " to %" PRIu32 " s\n", limits->min_duration_s,
                            limits->max_duration_s);
    (void)wp_buf_add_format(out,
                            "  frame rate   %" PRIu32 " to %" PRIu32 " fps, by sibling models: a warning\n",
                            limits->min_frame_rate, limits->max_frame_rate);
    (void)wp_buf_add_text(out, "\nprice, an estimate\n");
    for (size_t i = 0; i < limits->price_count; i++)
        add_price(out, &limits->prices[i]);
}

static enum wp_status print_text(const struct wp_limits *limits, struct wp_error *error)
{
    struct wp_buf out = wp_buf_new(CEILING);
    add_limits(&out, limits);
    enum wp_status status = out.failed ? wp_fail_nomem(error, "limits") : WP_OK;
    if (status == WP_OK)
        wp_console_print(wp_buf_text(&out), out.len);
    wp_buf_free(&out);
    return status;
}

static enum wp_status print_json(const struct wp_limits *limits, struct wp_error *error)
{
    char *document = NULL;
    size_t length = 0;
    enum wp_status status = wp_reference_limits(&document, &length, limits, error);
    if (status == WP_OK)
        wp_console_print(document, length);
    wp_free(document);
    return status;
}

static enum wp_status run_limits(const struct wp_call_line *line, struct wp_error *error)
{
    const struct limits_settings *settings = line->settings;
    struct wp_profile *profile = NULL;
    enum wp_status status = wp_profile_open(&profile, settings->profile, error);
    if (status == WP_OK)
        status = settings->json ? print_json(wp_limits_of(profile), error)
                                : print_text(wp_limits_of(profile), error);
    wp_profile_free(profile);
    return status;
}

static const struct limits_settings defaults;

static const struct wp_option options[] = {
    {.name = "json",
     .set = wp_set_true,
     .offset = offsetof(struct limits_settings, json),
     .help = "as a JSON document, which --profile takes"},
    WP_PROFILE_OPTION(offsetof(struct limits_settings, profile)),
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_limits = {
    .name = "limits",
    .synopses = (const char *const[]){"[--json] [--profile FILE]", NULL},
    .summary = "the limits and prices that are applied, their date and source",
    .description =
        "Prints the limits and prices that check and run apply, the date at which they were read, and "
        "where they come from.\n\n"
        "Limits and prices are data: the document that --json prints can be changed and given to check, "
        "run or limits with --profile. A profile needs schema, profile (a name), updated (a date) and "
        "source; whatever else it leaves out is built in.",
    .examples = (const char *const[]){"wanprep limits", "wanprep limits --json > profile.json",
                                      "wanprep check --profile profile.json person.jpg dance.mp4", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .run = run_limits,
};
