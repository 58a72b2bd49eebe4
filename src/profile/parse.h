/* From a JSON document to limits. */
#ifndef WP_PROFILE_PARSE_H
#define WP_PROFILE_PARSE_H

#include "wanprep/limits.h"
#include "json/json.h"

#define WP_PROFILE_MAX_PRICES 8

/** Limits, and the memory that their pointers point into: it must not be moved. */
struct wp_profile {
    struct wp_limits limits;
    char name[64];
    char updated[16];
    char source[512];
    char image_formats[64], video_formats[64];
    struct wp_price prices[WP_PROFILE_MAX_PRICES];
    char currencies[WP_PROFILE_MAX_PRICES][4];
};

/** Fills *profile. Fails with WP_USAGE and a message that names the member. */
enum wp_status wp_profile_parse(struct wp_profile *profile, const struct wp_json *document,
                                struct wp_error *error);

/** Refuses members that are not among names (NULL-terminated); where: of the object, for the message. */
enum wp_status wp_profile_check_members(const struct wp_json *object, const char *where,
                                        const char *const *names, struct wp_error *error);

/** Reads the prices, if there are any. */
enum wp_status wp_profile_parse_prices(struct wp_profile *profile, const struct wp_json *document,
                                       struct wp_error *error);

#endif
