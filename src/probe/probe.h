/* From bytes to facts. */
#ifndef WP_PROBE_PROBE_H
#define WP_PROBE_PROBE_H

#include "base/reader.h"
#include "wanprep/facts.h"
#include "wanprep/log.h"

#define WP_PROBE_DEADLINE_MS 60000

struct wp_probe_options {
    enum wp_depth depth;
    bool hash;                /**< fill sha256 (reads everything); depth full does so anyway */
    int64_t deadline_ms;      /**< of the whole probe, from its begin; 0: WP_PROBE_DEADLINE_MS */
    const struct wp_log *log; /**< NULL: none */
};

/**
 * Measures an image. WP_OK: *facts was filled, whatever the content is (read unreadable, decode, complete …).
 * Fails with WP_INPUT or WP_NETWORK (read_at failed), WP_NOMEM.
 */
enum wp_status wp_probe_image(struct wp_image_facts *facts, const struct wp_reader *reader,
                              const struct wp_probe_options *options, struct wp_error *error);

/** Measures a video; as wp_probe_image(). */
enum wp_status wp_probe_video(struct wp_video_facts *facts, const struct wp_reader *reader,
                              const struct wp_probe_options *options, struct wp_error *error);

#endif
