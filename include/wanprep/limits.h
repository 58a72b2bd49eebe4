/*
 * Limits and prices of the service, as data: dated and with their source.
 */
#ifndef WANPREP_LIMITS_H
#define WANPREP_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Speed and quality class of a task. */
enum wp_mode {
    WP_MODE_STD, /**< wan-std */
    WP_MODE_PRO, /**< wan-pro */
};

/** The service's regions. Keys and hosts of the two are separate. */
enum wp_region {
    WP_REGION_CHINA,         /**< Beijing */
    WP_REGION_INTERNATIONAL, /**< Singapore */
};

/** Limits that image and video both have. Both ends of every range are allowed. */
struct wp_medium_limits {
    const char *formats; /**< of JPEG, PNG, BMP, WEBP or of MP4, MOV, AVI; ", " between them */
    uint32_t min_side;   /**< pixels, as displayed */
    uint32_t max_side;
    uint32_t max_ratio; /**< the longer side is at most this many times the shorter */
    uint64_t max_bytes; /**< over this is refused however MB is read (2^20) */
    uint64_t
        unsure_bytes; /**< from here to max_bytes it depends on how the service reads MB (10^6 or 2^20) */
};

/** A price a second of output. An estimate: prices drift. */
struct wp_price {
    enum wp_region region;
    enum wp_mode mode;
    const char *currency; /**< "CNY", "USD" */
    uint32_t milli_per_s; /**< thousandths of the currency unit a second */
};

/** A limits profile. */
struct wp_limits {
    const char *profile; /**< "wan2.2-animate-move" */
    const char *updated; /**< ISO 8601 date at which the numbers were read */
    const char *source;
    struct wp_medium_limits image;
    struct wp_medium_limits video;
    uint32_t min_duration_s, max_duration_s; /**< both ends in */
    uint32_t min_frame_rate, max_frame_rate; /**< published for sibling models only: a warning */
    const struct wp_price *prices;
    size_t price_count;
};

/** What a task is estimated to cost. */
struct wp_cost {
    const char *currency;
    enum wp_mode mode;
    double seconds;       /**< of output */
    uint64_t milli_total; /**< thousandths of the currency unit, rounded up */
};

/** The built-in profile. Static storage. */
WP_API const struct wp_limits *wp_limits_default(void);

/** A profile that was read from a file. */
struct wp_profile;

/**
 * Reads a limits profile, a JSON document as docs/profile.schema.json describes. It must have a name, a date
 * and a source; limits and prices that it leaves out are those of the built-in profile. *out is freed with
 * wp_profile_free(). Fails with WP_INPUT (the file), WP_USAGE (the content: the message names the member) or
 * WP_NOMEM.
 */
WP_API enum wp_status wp_profile_read(struct wp_profile **out, const char *path, struct wp_error *error);

/** The limits of a profile. Borrowed until it is freed. */
WP_API const struct wp_limits *wp_profile_limits(const struct wp_profile *profile);

/** Frees a profile. NULL is fine. */
WP_API void wp_profile_free(struct wp_profile *profile);

/** "wan-std" or "wan-pro". Static storage. */
WP_API const char *wp_mode_name(enum wp_mode mode);

/** Reads "wan-std" or "wan-pro". False if text is neither; *out is then untouched. */
WP_API bool wp_mode_parse(enum wp_mode *out, const char *text);

/** "cn" or "intl". Static storage. */
WP_API const char *wp_region_name(enum wp_region region);

/** Reads "cn", "intl" and their usual other names (cn-beijing, ap-southeast-1). False if it is none. */
WP_API bool wp_region_parse(enum wp_region *out, const char *text);

/**
 * The estimated price of seconds of output. False, and *out untouched, if the limits have no such price or
 * seconds is not a positive finite number up to 10^9.
 */
WP_API bool wp_cost_estimate(struct wp_cost *out, const struct wp_limits *limits, enum wp_region region,
                             enum wp_mode mode, double seconds);

#ifdef __cplusplus
}
#endif
#endif
