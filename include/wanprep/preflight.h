/*
 * The preflight: would the service take this image and this video?
 */
#ifndef WANPREP_PREFLIGHT_H
#define WANPREP_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/facts.h"
#include "wanprep/findings.h"
#include "wanprep/limits.h"
#include "wanprep/log.h"
#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum wp_verdict {
    WP_VERDICT_REJECT, /**< 0 on purpose: what was never judged is rejected */
    WP_VERDICT_ACCEPT,
};

/** What to check and how. Zero is the default everywhere but in depth: start from WP_PREFLIGHT_DEFAULTS. */
struct wp_preflight_options {
    enum wp_depth depth;
    bool strict;                          /**< warnings become errors */
    const struct wp_level_change *levels; /**< applied in order, after strict; later ones win */
    size_t level_count;
    bool allow_private;       /**< read URLs whose address is not public, too: for tests */
    int64_t fetch_timeout_ms; /**< gives up reading a URL after this; 0: 60 s */
    bool pass_remote; /**< a URL whose content this build cannot measure is a warning and no error (run does
                         so) */
    bool hash; /**< compute the SHA-256 of local files even where the depth would not read them whole */
    const struct wp_limits *limits; /**< NULL: wp_limits_default() */
    enum wp_region region;          /**< for the price */
    enum wp_mode mode;              /**< for the price */
    struct wp_log log;
};

#define WP_PREFLIGHT_DEFAULTS ((struct wp_preflight_options){.depth = WP_DEPTH_FRAME})

/** What came of a preflight. Plain data with nothing in it to free; about 60 KB, so keep it off small stacks.
 */
struct wp_preflight {
    enum wp_verdict verdict;
    enum wp_depth depth;
    const struct wp_limits *limits;
    bool has_image, has_video; /**< which media were asked for */
    struct wp_source_facts image_source, video_source;
    struct wp_delivery_facts image_delivery,
        video_delivery;          /**< of URLs that were asked: requests or trouble */
    struct wp_image_facts image; /**< meaningful if image_source.state is WP_SOURCE_READ */
    struct wp_video_facts video;
    struct wp_findings findings;
    bool has_cost;
    struct wp_cost cost;
    int64_t elapsed_us;
};

/**
 * Checks an image, a video, or a pair of them. Each is a path or a URL; NULL leaves it out, but not both.
 *
 * Returns WP_OK if *out was filled: read out->verdict, or wp_preflight_status(). A failure (WP_USAGE,
 * WP_NOMEM, WP_OUTPUT: no room for a temporary file, WP_INTERNAL) leaves out->verdict at WP_VERDICT_REJECT.
 * Inputs that cannot be had or read are findings, no failures. levels that name an unknown rule are WP_USAGE.
 */
WP_API enum wp_status wp_preflight_run(struct wp_preflight *out, const char *image, const char *video,
                                       const struct wp_preflight_options *options, struct wp_error *error);

/**
 * The status that a verdict stands for: WP_OK (accepted), WP_INPUT (rejected, and an input could not be had)
 * or WP_REJECTED.
 */
WP_API enum wp_status wp_preflight_status(const struct wp_preflight *preflight);

/**
 * Judges a video that the service made: readable, whole, a video stream in it, its first frame decodes. The
 * limits of inputs do not apply. *facts may be NULL. Fails with WP_BAD_RESULT (the content), WP_INPUT (the
 * file), WP_NOMEM.
 */
WP_API enum wp_status wp_verify_result(struct wp_video_facts *facts, const char *path,
                                       const struct wp_log *log, struct wp_error *error);

#ifdef __cplusplus
}
#endif
#endif
