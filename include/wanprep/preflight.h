/*
 * The preflight: would the service take this image and this video?
 */
#ifndef WANPREP_PREFLIGHT_H
#define WANPREP_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/client.h"
#include "wanprep/content.h"
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
    int64_t fetch_timeout_ms; /**< gives up reading a URL after this; 0: 60 s; at most 10 min */
    bool pass_remote; /**< a URL whose content this build cannot measure is a warning and no error (run does
                         so) */
    bool hash; /**< compute the SHA-256 of local files even where the depth would not read them whole */
    const struct wp_limits *limits; /**< NULL: wp_limits_default() */
    enum wp_region region;          /**< for the price */
    enum wp_mode mode;              /**< for the price */
    bool no_jail;     /**< read the inputs in this process instead of in children without rights; a face
                         detector then silences OpenCV in it and sets it to one thread */
    unsigned workers; /**< how many inputs are read at the same time; 0: one a core, but two at the least */
    bool thumbnails;  /**< make small pictures for reports (wp_preflight_many() only) */
    struct wp_content_options content; /**< off by default */
    wp_interrupted_fn
        *interrupted; /**< true gives up all reading of URLs; called from any thread; NULL: never */
    void *interrupted_user;
    struct wp_log log;
};

#define WP_PREFLIGHT_DEFAULTS ((struct wp_preflight_options){.depth = WP_DEPTH_FRAME})

/** One small picture, a JPEG with a longer side of at most 320 pixels, as displayed. */
struct wp_thumbnail {
    double time_s; /**< presentation time of the frame; 0 for an image */
    uint32_t width, height;
    const unsigned char *jpeg;
    size_t length;
};

#define WP_MAX_THUMBNAILS 6

/** Small pictures of a pair, for reports. */
struct wp_thumbnails {
    bool has_image;
    struct wp_thumbnail image;
    size_t video_count;
    struct wp_thumbnail video[WP_MAX_THUMBNAILS]; /**< spread over the clip, in the order of their times */
};

/** What came of a preflight. Plain data with nothing in it to free; about 70 KB, so keep it off small stacks.
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
    enum wp_content_mode content; /**< what was asked for */
    bool has_cost;
    struct wp_cost cost;
    int64_t elapsed_us;
    const struct wp_thumbnails
        *thumbnails;             /**< borrowed during the callback of wp_preflight_many(), else NULL */
    struct wp_findings findings; /**< those behind findings.count are undefined */
    struct wp_content_facts image_content, video_content; /**< looks behind look_count are undefined */
};

/**
 * Checks an image, a video, or a pair of them. Each is a path or a URL; NULL leaves it out, but not both.
 *
 * Returns WP_OK if *out was filled: read out->verdict, or wp_preflight_status(). A failure (WP_USAGE,
 * WP_NOMEM, WP_OUTPUT: no room for a temporary file, WP_INTERNAL) leaves out->verdict at WP_VERDICT_REJECT.
 * Inputs that cannot be had or read are findings, no failures: also those that make a decoder crash, hang or
 * run out of memory, since each is read in a child process without rights. levels that name an unknown rule
 * are WP_USAGE.
 *
 * The children are forked from this process during the call, and none is left after it. They run no code of
 * the program's but this library's; a program whose threads use FFmpeg or OpenSSL at that moment is better
 * off with a process of its own for preflights, since a lock that is held during a fork stays locked in the
 * child. Where no such child can be made (a system that forbids seccomp filters) the call fails with
 * WP_INTERNAL and never reads the inputs in this process instead, unless options->no_jail says so.
 */
WP_API enum wp_status wp_preflight_run(struct wp_preflight *out, const char *image, const char *video,
                                       const struct wp_preflight_options *options, struct wp_error *error);

/** A pair to check. Either may be NULL, but not both. */
struct wp_pair {
    const char *image;
    const char *video;
};

/** Takes one result; false stops. The preflight is valid during the call only. */
typedef bool wp_preflight_fn(void *user, size_t index, const struct wp_preflight *preflight);

/**
 * Checks many pairs, as wp_preflight_run() does. Each distinct image and each distinct video is read once,
 * options->workers at the same time, this thread being one of them; each() is called from it, in the order of
 * the pairs, when a pair and all before it are done. What was measured is kept only as long as a pair to come
 * needs it. elapsed_us of a pair is what the slower of its media took. Log lines come from other threads, one
 * at a time.
 */
WP_API enum wp_status wp_preflight_many(const struct wp_pair *pairs, size_t count,
                                        const struct wp_preflight_options *options, wp_preflight_fn *each,
                                        void *user, struct wp_error *error);

/** Copies all that is defined of a preflight, which is much less than all of it. */
WP_API void wp_preflight_copy(struct wp_preflight *out, const struct wp_preflight *in);

/**
 * The status that a verdict stands for: WP_OK (accepted), WP_INPUT (rejected, and an input could not be had)
 * or WP_REJECTED.
 */
WP_API enum wp_status wp_preflight_status(const struct wp_preflight *preflight);

/**
 * Judges a video that the service made: readable, whole, a video stream in it, its first frame decodes. The
 * limits of inputs do not apply, and of the options only no_jail and log count. *facts may be NULL. Fails
 * with WP_BAD_RESULT (the content, also where a decoder crashed on it), WP_INPUT (the file), WP_NOMEM,
 * WP_INTERNAL.
 */
WP_API enum wp_status wp_verify_result(struct wp_video_facts *facts, const char *path,
                                       const struct wp_preflight_options *options, struct wp_error *error);

/** What judges results while other threads are at work. */
struct wp_verifier;

/**
 * Makes what wp_verify_result() makes for each call anew: the process that children are forked from, which is
 * best done before the program has other threads. *out is freed with wp_verifier_free() by this thread, which
 * must outlive it. Fails with WP_NOMEM or WP_INTERNAL.
 */
WP_API enum wp_status wp_verifier_new(struct wp_verifier **out, const struct wp_preflight_options *options,
                                      struct wp_error *error);

/** wp_verify_result(), from any thread. */
WP_API enum wp_status wp_verifier_check(struct wp_verifier *verifier, struct wp_video_facts *facts,
                                        const char *path, struct wp_error *error);

/** Frees a verifier that no thread uses. NULL is fine. */
WP_API void wp_verifier_free(struct wp_verifier *verifier);

#ifdef __cplusplus
}
#endif
#endif
