#include "profile/parse.h"

#include <inttypes.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

#include "base/banned.h"

/* A whole number of the limits. */
struct number {
    const char *name;
    size_t offset; /* within the struct that `where` stands for */
    bool is_wide;  /* uint64_t, else uint32_t */
    int64_t min, max;
};

#define MEDIUM(member) offsetof(struct wp_medium_limits, member)
#define LIMITS(member) offsetof(struct wp_limits, member)

static const struct number medium_numbers[] = {
    {"min_side", MEDIUM(min_side), false, 1, 1000000},
    {"max_side", MEDIUM(max_side), false, 1, 1000000},
    {"max_ratio", MEDIUM(max_ratio), false, 1, 1000},
    {"max_bytes", MEDIUM(max_bytes), true, 1, INT64_C(1) << 50},
    {"unsure_bytes", MEDIUM(unsure_bytes), true, 1, (INT64_C(1) << 50) + 1},
};

static const struct number video_numbers[] = {
    {"min_duration", LIMITS(min_duration_s), false, 1, 86400},
    {"max_duration", LIMITS(max_duration_s), false, 1, 86400},
    {"min_frame_rate", LIMITS(min_frame_rate), false, 1, 1000},
    {"max_frame_rate", LIMITS(max_frame_rate), false, 1, 1000},
};

enum wp_status wp_profile_check_members(const struct wp_json *object, const char *where,
                                        const char *const *names, struct wp_error *error)
{
    const char *name;
    for (size_t i = 0; (name = wp_json_name_at(object, i)) != NULL; i++) {
        const char *const *known = names;
        while (*known && strcmp(*known, name) != 0)
            known++;
        if (!*known)
            return wp_fail(error, WP_USAGE, "profile", "'%s'%s%s is no member that a profile has", name,
                           where[0] ? " in " : "", where);
    }
    return WP_OK;
}

/* Stores the numbers that are there. */
static enum wp_status parse_numbers(void *out, const struct number *numbers, size_t count,
                                    const struct wp_json *object, const char *where, struct wp_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const struct number *number = &numbers[i];
        int64_t value = 0;
        if (!wp_json_member(object, number->name))
            continue;
        if (!wp_json_integer(object, number->name, &value) || value < number->min || value > number->max)
            return wp_fail(error, WP_USAGE, "profile",
                           "%s.%s must be a whole number from %" PRId64 " to %" PRId64, where, number->name,
                           number->min, number->max);
        char *field = (char *)out + number->offset;
        if (number->is_wide)
            *(uint64_t *)(void *)field = (uint64_t)value;
        else
            *(uint32_t *)(void *)field = (uint32_t)value;
    }
    return WP_OK;
}

/* Whether word is one of a list with ", " between its words. */
static bool list_has(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = list; *p; p += strspn(p, ", ")) {
        size_t n = strcspn(p, ",");
        if (n == len && memcmp(p, word, len) == 0)
            return true;
        p += n;
    }
    return false;
}

/* Joins the formats that are taken; each must be one of those that the rules know. */
static enum wp_status parse_formats(char *out, size_t size, struct wp_medium_limits *limits,
                                    const struct wp_json *object, const char *where, struct wp_error *error)
{
    const struct wp_json *formats = wp_json_member(object, "formats");
    size_t count = wp_json_count(formats), used = 0;
    bool good = count > 0;
    if (!formats)
        return WP_OK;
    for (size_t i = 0; i < count && good; i++) {
        const char *name = wp_json_as_text(wp_json_at(formats, i));
        good = name && list_has(limits->formats, name) && !(used > 0 && list_has(out, name)) &&
               wp_text_format(out + used, size - used, "%s%s", used ? ", " : "", name);
        used += good ? strlen(out + used) : 0;
    }
    if (!good)
        return wp_fail(error, WP_USAGE, "profile", "%s.formats must be an array of some of %s, each once",
                       where, limits->formats);
    limits->formats = out;
    return WP_OK;
}

static enum wp_status parse_medium(struct wp_medium_limits *limits, char *formats, size_t size,
                                   const struct wp_json *object, const char *where, struct wp_error *error)
{
    enum wp_status status = parse_formats(formats, size, limits, object, where, error);
    if (status == WP_OK)
        status = parse_numbers(limits, medium_numbers, sizeof medium_numbers / sizeof medium_numbers[0],
                               object, where, error);
    if (status != WP_OK)
        return status;
    /* A limit that is stated anew is taken as it stands. */
    if (wp_json_member(object, "max_bytes") && !wp_json_member(object, "unsure_bytes"))
        limits->unsure_bytes = limits->max_bytes + 1;
    if (limits->min_side > limits->max_side)
        return wp_fail(error, WP_USAGE, "profile", "%s.min_side is over %s.max_side", where, where);
    if (limits->unsure_bytes > limits->max_bytes + 1)
        return wp_fail(error, WP_USAGE, "profile", "%s.unsure_bytes is over %s.max_bytes", where, where);
    return WP_OK;
}

static enum wp_status parse_image(struct wp_profile *profile, const struct wp_json *document,
                                  struct wp_error *error)
{
    static const char *const names[] = {"formats",   "min_side",     "max_side", "max_ratio",
                                        "max_bytes", "unsure_bytes", NULL};
    const struct wp_json *image = wp_json_member(document, "image");
    if (!image)
        return WP_OK;
    if (!wp_json_is_object(image))
        return wp_fail(error, WP_USAGE, "profile", "image must be an object");
    enum wp_status status = wp_profile_check_members(image, "image", names, error);
    return status != WP_OK ? status
                           : parse_medium(&profile->limits.image, profile->image_formats,
                                          sizeof profile->image_formats, image, "image", error);
}

static enum wp_status parse_video(struct wp_profile *profile, const struct wp_json *document,
                                  struct wp_error *error)
{
    static const char *const names[] = {
        "formats",      "min_side",     "max_side",       "max_ratio",      "max_bytes", "unsure_bytes",
        "min_duration", "max_duration", "min_frame_rate", "max_frame_rate", NULL};
    const struct wp_json *video = wp_json_member(document, "video");
    struct wp_limits *limits = &profile->limits;
    if (!video)
        return WP_OK;
    if (!wp_json_is_object(video))
        return wp_fail(error, WP_USAGE, "profile", "video must be an object");
    enum wp_status status = wp_profile_check_members(video, "video", names, error);
    if (status == WP_OK)
        status = parse_medium(&limits->video, profile->video_formats, sizeof profile->video_formats, video,
                              "video", error);
    if (status == WP_OK)
        status = parse_numbers(limits, video_numbers, sizeof video_numbers / sizeof video_numbers[0], video,
                               "video", error);
    if (status != WP_OK)
        return status;
    if (limits->min_duration_s > limits->max_duration_s)
        return wp_fail(error, WP_USAGE, "profile", "video.min_duration is over video.max_duration");
    if (limits->min_frame_rate > limits->max_frame_rate)
        return wp_fail(error, WP_USAGE, "profile", "video.min_frame_rate is over video.max_frame_rate");
    return WP_OK;
}

/* ISO 8601: YYYY-MM-DD. */
static bool is_date(const char *text)
{
    static const char pattern[] = "dddd-dd-dd";
    for (size_t i = 0; i < sizeof pattern; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (pattern[i] == 'd' ? !digit : text[i] != pattern[i])
            return false;
    }
    return true;
}

static enum wp_status take_text(char *out, size_t size, const struct wp_json *document, const char *name,
                                struct wp_error *error)
{
    const char *text = wp_json_text(document, name);
    if (!text || !text[0] || strlen(text) >= size)
        return wp_fail(error, WP_USAGE, "profile", "%s is needed, a text of at most %zu bytes", name,
                       size - 1);
    wp_text_copy(out, size, text);
    wp_text_sanitize(out); /* it is shown on terminals */
    return WP_OK;
}

/* What a profile must say of itself: numbers without a date and a source are worth little. */
static enum wp_status parse_identity(struct wp_profile *profile, const struct wp_json *document,
                                     struct wp_error *error)
{
    enum wp_status status = take_text(profile->name, sizeof profile->name, document, "profile", error);
    if (status == WP_OK)
        status = take_text(profile->updated, sizeof profile->updated, document, "updated", error);
    if (status == WP_OK && !is_date(profile->updated))
        status = wp_fail(error, WP_USAGE, "profile", "updated must be a date such as \"2026-11-22\"");
    if (status == WP_OK)
        status = take_text(profile->source, sizeof profile->source, document, "source", error);
    profile->limits.profile = profile->name;
    profile->limits.updated = profile->updated;
    profile->limits.source = profile->source;
    return status;
}

enum wp_status wp_profile_parse(struct wp_profile *profile, const struct wp_json *document,
                                struct wp_error *error)
{
    static const char *const names[] = {"$schema", "schema", "profile", "updated", "source",
                                        "image",   "video",  "prices",  NULL};
    profile->limits = *wp_limits_default();
    const char *schema = wp_json_text(document, "schema");
    if (!schema || strcmp(schema, "wanprep.profile/1") != 0)
        return wp_fail(error, WP_USAGE, "profile", "schema must be \"wanprep.profile/1\"");
    enum wp_status status = wp_profile_check_members(document, "", names, error);
    if (status == WP_OK)
        status = parse_identity(profile, document, error);
    if (status == WP_OK)
        status = parse_image(profile, document, error);
    if (status == WP_OK)
        status = parse_video(profile, document, error);
    return status == WP_OK ? wp_profile_parse_prices(profile, document, error) : status;
}
