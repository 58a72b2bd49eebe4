#include "cli/preflight.h"

#include <string.h>

#include "base/text.h"
#include "wanprep/findings.h"

#include "base/banned.h"

bool wp_set_depth(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    for (enum wp_depth depth = WP_DEPTH_HEADER; depth <= WP_DEPTH_FULL; depth++) {
        if (strcmp(text, wp_depth_name(depth)) == 0) {
            *(enum wp_depth *)field = depth;
            return true;
        }
    }
    return false;
}

bool wp_set_content(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    return wp_content_mode_parse(field, text);
}

/* The rule's own id is kept: it outlives the arguments. */
static bool add_change(struct wp_level_settings *levels, const char *id, enum wp_level level)
{
    const struct wp_rule *rule = wp_rule_find(id);
    if (!rule || levels->count == sizeof levels->items / sizeof levels->items[0])
        return false;
    levels->items[levels->count++] = (struct wp_level_change){rule->id, level};
    return true;
}

bool wp_set_level(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    char id[64];
    enum wp_level level = WP_LEVEL_OFF;
    const char *equals = strchr(text, '=');
    if (!equals || !wp_text_format(id, sizeof id, "%.*s", (int)(equals - text), text))
        return false;
    return wp_level_parse(&level, equals + 1) && add_change(field, id, level);
}

bool wp_set_ignore(void *field, const struct wp_option *option, const char *text)
{
    (void)option;
    return add_change(field, text, WP_LEVEL_OFF);
}

enum wp_status wp_profile_open(struct wp_profile **out, const char *path, struct wp_error *error)
{
    *out = NULL;
    enum wp_status status = path ? wp_profile_read(out, path, error) : WP_OK;
    /* Where nothing was checked there is no document, and that is so for usage errors only. */
    return status == WP_INPUT ? WP_USAGE : status;
}

const struct wp_limits *wp_limits_of(const struct wp_profile *profile)
{
    return profile ? wp_profile_limits(profile) : wp_limits_default();
}

static double quotient(bool known, struct wp_rational value)
{
    return known && value.den > 0 ? (double)value.num / (double)value.den : 0;
}

struct wp_result_facts wp_result_facts_of(const struct wp_video_facts *video)
{
    return (struct wp_result_facts){
        .width = video->has_size ? video->width : 0,
        .height = video->has_size ? video->height : 0,
        .frame_rate = quotient(video->has_frame_rate, video->frame_rate),
        .duration = quotient(video->has_duration, video->duration),
    };
}

struct wp_preflight_options wp_preflight_options_of(const struct wp_preflight_settings *settings,
                                                    const struct wp_profile *profile,
                                                    struct wp_detector *detector)
{
    struct wp_preflight_options options = WP_PREFLIGHT_DEFAULTS;
    options.limits = wp_limits_of(profile);
    options.depth = settings->depth;
    options.strict = settings->strict;
    options.no_jail = settings->no_sandbox;
    options.allow_private = settings->allow_private;
    options.fetch_timeout_ms = settings->fetch_timeout_ms;
    options.levels = settings->levels.items;
    options.level_count = settings->levels.count;
    options.mode = settings->mode;
    options.region = settings->region;
    options.content.mode = settings->content;
    if (settings->content != WP_CONTENT_OFF) {
        wp_detector_find(detector, settings->models);
        options.content.module = wp_detector_module(detector);
        options.content.models = wp_detector_models(detector);
    }
    return options;
}
