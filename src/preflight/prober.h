/* Probing bytes, in a child process without rights or in this one. */
#ifndef WP_PREFLIGHT_PROBER_H
#define WP_PREFLIGHT_PROBER_H

#include <stdbool.h>

#include "jail/jail.h"
#include "probe/probe.h"
#include "source/source.h"
#include "wanprep/facts.h"

/** What will be decoded, so that it is loaded in time. */
struct wp_decoding {
    bool images, videos;
};

/** What one thread probes with. */
struct wp_prober {
    struct wp_cell *cell; /**< owned; NULL: probe in this process */
    enum wp_jail_end end; /**< of the last probe: WP_INPUT is about the content if it is not WP_JAIL_DONE */
};

/** Opens the jail that probers share; see wp_jail_open() and struct wp_jail_limits. decoding is borrowed
 * until it is closed. */
enum wp_status wp_prober_jail(struct wp_jail **out, struct wp_decoding *decoding, bool no_warden,
                              struct wp_error *error);

/** jail NULL: probe in this process. decoding is what this one does, borrowed until wp_prober_close(). Fails
 * with WP_NOMEM or WP_INTERNAL. */
enum wp_status wp_prober_open(struct wp_prober *out, struct wp_jail *jail, struct wp_decoding *decoding,
                              struct wp_error *error);

void wp_prober_close(struct wp_prober *prober);

/**
 * Measures the content of a source, into the one of image and video that is not NULL. Fails as
 * wp_probe_image() does, and with WP_INPUT where the child crashed, took too long or too much memory, with
 * WP_INTERNAL where there can be no child.
 */
enum wp_status wp_prober_measure(struct wp_prober *prober, struct wp_image_facts *image,
                                 struct wp_video_facts *video, const struct wp_source *source,
                                 const struct wp_probe_options *options, struct wp_error *error);

#endif
