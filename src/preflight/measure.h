/* From a location to the facts of one medium. */
#ifndef WP_PREFLIGHT_MEASURE_H
#define WP_PREFLIGHT_MEASURE_H

#include "preflight/prober.h"
#include "preflight/viewer.h"
#include "probe/probe.h"
#include "source/source.h"
#include "wanprep/facts.h"
#include "wanprep/limits.h"
#include "wanprep/status.h"

/** Where the facts of one medium go: image or video is NULL. */
struct wp_measured {
    struct wp_source_facts *source;
    struct wp_delivery_facts *delivery;
    struct wp_image_facts *image;
    struct wp_video_facts *video;
    struct wp_seen seen;
};

/** How one is measured. */
struct wp_measure_options {
    struct wp_probe_options probe;
    struct wp_http_options http; /**< max_bytes and whole are set for the medium by wp_measure() */
    const struct wp_limits *limits;
};

/**
 * Opens what location names, has the prober measure its bytes and the viewer (NULL: nobody looks) look at
 * them, and closes it. WP_OK: the facts were filled; what could not be had or read is told by source->state.
 * Fails with WP_NOMEM, WP_OUTPUT or WP_INTERNAL.
 */
enum wp_status wp_measure(struct wp_measured medium, const char *location, struct wp_prober *prober,
                          struct wp_viewer *viewer, const struct wp_measure_options *options,
                          struct wp_error *error);

#endif
