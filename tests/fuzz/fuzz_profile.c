/* Limits profiles: what is taken has limits that the rules can compute with. */
#include "fuzz/fuzz.h"
#include "profile/parse.h"

#include "base/banned.h"

static void check_medium(const struct wp_medium_limits *limits, const char *formats, size_t size)
{
    MUST(limits->formats && (limits->formats != formats || fuzz_is_clean(formats, size)));
    MUST(limits->min_side > 0 && limits->min_side <= limits->max_side && limits->max_ratio > 0);
    MUST(limits->max_bytes > 0 &&
         limits->unsure_bytes <= limits->max_bytes + 1); /* one more: nothing is unsure */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wp_json *document = wp_json_parse((const char *)data, size);
    struct wp_profile *profile = calloc(1, sizeof *profile);
    struct wp_error error;
    struct wp_cost cost;
    MUST(profile != NULL);
    if (document && wp_profile_parse(profile, document, &error) == WP_OK) {
        const struct wp_limits *limits = &profile->limits;
        MUST_BE_CLEAN(profile->name);
        MUST_BE_CLEAN(profile->updated);
        MUST_BE_CLEAN(profile->source);
        check_medium(&limits->image, profile->image_formats, sizeof profile->image_formats);
        check_medium(&limits->video, profile->video_formats, sizeof profile->video_formats);
        MUST(limits->min_duration_s <= limits->max_duration_s);
        MUST(limits->min_frame_rate <= limits->max_frame_rate);
        if (wp_cost_estimate(&cost, limits, WP_REGION_CHINA, WP_MODE_PRO, 29.97))
            MUST(cost.currency && strlen(cost.currency) == 3);
    } else if (document) {
        MUST(error.status == WP_USAGE);
        MUST_BE_CLEAN(error.message);
    }
    free(profile);
    wp_json_free(document);
    return 0;
}
