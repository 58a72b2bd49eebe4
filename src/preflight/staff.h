/* What the workers of a pool work with: a prober and a viewer each, and the jails and the detector behind
 * them. */
#ifndef WP_PREFLIGHT_STAFF_H
#define WP_PREFLIGHT_STAFF_H

#include "preflight/inputs.h"
#include "preflight/pool.h"
#include "preflight/prober.h"
#include "preflight/viewer.h"

#define WP_MAX_WORKERS 64

struct wp_staff {
    const struct wp_inputs *inputs;             /**< borrowed */
    const struct wp_preflight_options *options; /**< borrowed */
    const struct wp_log *log;                   /**< borrowed; takes lines of any thread */
    size_t worker_count;

    struct wp_decoding all, images, videos;
    struct wp_jail *jail; /**< NULL: in this process */
    struct wp_prober probers[WP_MAX_WORKERS];

    bool looks_for_faces;
    char no_detector[256]; /**< why that cannot be done; "" if it can */
    struct wp_content_parts parts;
    struct wp_view view;
    struct wp_jail *view_jail; /**< NULL: in this process, or there is nobody who looks */
    struct wp_viewer *viewers; /**< owned; NULL: there is nobody who looks */
};

/** Whether anybody looks at pictures, or at faces in them. */
bool wp_staff_looks(const struct wp_preflight_options *options);

/** Whether any input is of this kind. */
bool wp_staff_has(const struct wp_inputs *inputs, enum wp_source_kind kind);

/**
 * Makes what so many workers (1 to WP_MAX_WORKERS, at most one an input) need, before there are threads. The
 * members above the blank line are set. Fails with WP_NOMEM or WP_INTERNAL (no process can be made). Closed
 * with wp_staff_close() either way.
 */
enum wp_status wp_staff_open(struct wp_staff *staff, struct wp_error *error);

void wp_staff_close(struct wp_staff *staff);

/** Measures an input, as the worker of that number. Fails as wp_measure(). */
enum wp_status wp_staff_measure(struct wp_staff *staff, size_t worker, size_t input,
                                struct wp_outcome *outcome, struct wp_error *error);

#endif
