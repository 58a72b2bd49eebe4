/* What the commands that check have in common: the options of a preflight. */
#ifndef WP_CLI_PREFLIGHT_H
#define WP_CLI_PREFLIGHT_H

#include "cli/detector.h"
#include "cli/options.h"
#include "wanprep/job.h"
#include "wanprep/preflight.h"

/** The user's changes of levels, in the order given. */
struct wp_level_settings {
    struct wp_level_change items[WP_MAX_FINDINGS];
    size_t count;
};

/** Options of a preflight. */
struct wp_preflight_settings {
    enum wp_depth depth;
    bool strict;
    bool no_sandbox;
    bool allow_private;
    int64_t fetch_timeout_ms;
    struct wp_level_settings levels;
    enum wp_mode mode;
    enum wp_region region;
    const char *profile; /**< a file; NULL: the built-in one */
    enum wp_content_mode content;
    const char *models; /**< a folder; NULL: where they are installed */
};

#define WP_PREFLIGHT_SETTINGS_DEFAULTS                                                                       \
    {                                                                                                        \
        .depth = WP_DEPTH_FRAME, .content = WP_CONTENT_AUTO                                                  \
    }

bool wp_set_depth(void *field, const struct wp_option *option, const char *text); /**< enum wp_depth */
bool wp_set_content(void *field, const struct wp_option *option,
                    const char *text); /**< enum wp_content_mode */
bool wp_set_level(void *field, const struct wp_option *option,
                  const char *text); /**< struct wp_level_settings */
bool wp_set_ignore(void *field, const struct wp_option *option,
                   const char *text); /**< struct wp_level_settings */

/** The row of a file's name at this offset of the settings. */
#define WP_PROFILE_OPTION(at)                                                                                \
    {                                                                                                        \
        .name = "profile", .value = "FILE", .set = wp_set_text, .offset = (at),                              \
        .allowed = "a JSON document as 'wanprep limits --json' prints it",                                   \
        .help = "apply the limits and prices of this file; what it leaves out is built in"                   \
    }

/** The row of a region at this offset of the settings. */
#define WP_REGION_OPTION(at)                                                                                 \
    {                                                                                                        \
        .name = "region", .value = "REGION", .set = wp_set_region, .offset = (at), .allowed = "cn or intl",  \
        .fallback = "cn", .help = "the service's region: price and host"                                     \
    }

/** The row of the way of decoding at this offset of the settings. */
#define WP_NO_SANDBOX_OPTION(at)                                                                             \
    {                                                                                                        \
        .name = "no-sandbox", .set = wp_set_true, .offset = (at),                                            \
        .help = "decode in this process, not in child processes without rights: only for files that you "    \
                "trust, where the system forbids such children"                                              \
    }

/** The row of a folder's name at this offset of the settings. */
#define WP_MODELS_OPTION(at)                                                                                 \
    {                                                                                                        \
        .name = "models", .value = "FOLDER", .set = wp_set_text, .offset = (at), .allowed = "a path",        \
        .help = "where the face detector's models are, if not where they are installed; see doctor"          \
    }

/** The rows of a member `preflight` of the settings of that type. */
#define WP_PREFLIGHT_OPTIONS(type)                                                                           \
    {.name = "depth",                                                                                        \
     .value = "DEPTH",                                                                                       \
     .set = wp_set_depth,                                                                                    \
     .offset = offsetof(type, preflight.depth),                                                              \
     .allowed = "header, frame or full",                                                                     \
     .fallback = "frame",                                                                                    \
     .help = "how deep to look: at headers only; also decode the image and the video's first frame; or "     \
             "decode every frame"},                                                                          \
        {.name = "strict",                                                                                   \
         .set = wp_set_true,                                                                                 \
         .offset = offsetof(type, preflight.strict),                                                         \
         .help = "warnings become errors"},                                                                  \
        WP_NO_SANDBOX_OPTION(offsetof(type, preflight.no_sandbox)),                                          \
        {.name = "level",                                                                                    \
         .value = "RULE=LEVEL",                                                                              \
         .set = wp_set_level,                                                                                \
         .offset = offsetof(type, preflight.levels),                                                         \
         .allowed = "a rule of wanprep(1), '=', and off, note, warning or error",                            \
         .help = "change the level of a rule; may be repeated, the last one counts"},                        \
        {.name = "ignore",                                                                                   \
         .value = "RULE",                                                                                    \
         .set = wp_set_ignore,                                                                               \
         .offset = offsetof(type, preflight.levels),                                                         \
         .allowed = "a rule of wanprep(1), such as video.hdr",                                               \
         .help = "do not report a rule; may be repeated"},                                                   \
        {.name = "content",                                                                                  \
         .value = "HOW",                                                                                     \
         .set = wp_set_content,                                                                              \
         .offset = offsetof(type, preflight.content),                                                        \
         .allowed = "off, auto, warn or error",                                                              \
         .fallback = "auto",                                                                                 \
         .help = "look for one person who faces the camera: what is amiss is a warning or an error. auto "   \
                 "warns where the face detector is installed, and looks at nothing at depth header"},        \
        WP_MODELS_OPTION(offsetof(type, preflight.models)),                                                  \
        {.name = "fetch-timeout",                                                                            \
         .value = "DURATION",                                                                                \
         .set = wp_set_duration,                                                                             \
         .offset = offsetof(type, preflight.fetch_timeout_ms),                                               \
         .min = 100,                                                                                         \
         .max = INT64_C(600) * 1000,                                                                         \
         .allowed = "100ms to 10m, such as 5s",                                                              \
         .fallback = "60s",                                                                                  \
         .help = "give up reading a URL after this"},                                                        \
        {.name = "allow-private",                                                                            \
         .set = wp_set_true,                                                                                 \
         .offset = offsetof(type, preflight.allow_private),                                                  \
         .help = "read URLs of addresses that are not public, too; for tests: the service cannot"},          \
        {.name = "mode",                                                                                     \
         .value = "MODE",                                                                                    \
         .set = wp_set_mode,                                                                                 \
         .offset = offsetof(type, preflight.mode),                                                           \
         .allowed = "wan-std or wan-pro",                                                                    \
         .fallback = "wan-std",                                                                              \
         .help = "speed and quality class of the task"},                                                     \
        WP_PROFILE_OPTION(offsetof(type, preflight.profile)),                                                \
        WP_REGION_OPTION(offsetof(type, preflight.region))

/**
 * Reads the profile that a path names; *out is NULL, and all is well, if path is. Freed with
 * wp_profile_free().
 */
enum wp_status wp_profile_open(struct wp_profile **out, const char *path, struct wp_error *error);

/** The limits of a profile, or of none the built-in ones. */
const struct wp_limits *wp_limits_of(const struct wp_profile *profile);

/** What of a result is kept. */
struct wp_result_facts wp_result_facts_of(const struct wp_video_facts *video);

/** The library's options for these settings, under the limits of a profile (NULL: the built-in ones).
 * detector is filled with where it is, and borrowed by the options. */
struct wp_preflight_options wp_preflight_options_of(const struct wp_preflight_settings *settings,
                                                    const struct wp_profile *profile,
                                                    struct wp_detector *detector);

#endif
