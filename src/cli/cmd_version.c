#include <string.h>

#include "base/text.h"
#include "cli/command.h"

#include "base/banned.h"

struct version_settings {
    struct wp_common_settings common;
    bool json;
};

static enum wp_status run_version(const struct wp_call_line *line, struct wp_error *error)
{
    (void)error;
    const struct version_settings *settings = line->settings;
    char text[128];
    (void)wp_text_format(text, sizeof text,
                         settings->json ? "{\"schema\": \"wanprep.version/1\", \"version\": \"%s\"}\n"
                                        : "wanprep %s\n",
                         wp_version());
    wp_console_print(text, strlen(text));
    return WP_OK;
}

static const struct version_settings defaults;
static const struct wp_option options[] = {
    {.name = "json",
     .set = wp_set_true,
     .offset = offsetof(struct version_settings, json),
     .help = "as a JSON document"},
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_version = {
    .name = "version",
    .synopses = (const char *const[]){"[--json]", NULL},
    .summary = "print the version",
    .description = "Prints the version of wanprep.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .run = run_version,
};
