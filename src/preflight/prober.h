/* Probing bytes, in a child process without rights or in this one. */
#ifndef WP_PREFLIGHT_PROBER_H
#define WP_PREFLIGHT_PROBER_H

#include <stdbool.h>

#include "jail/jail.h"
#include "media/load.h"
#include "probe/probe.h"
#include "source/source.h"
#include "wanprep/facts.h"

/** What one thread probes with. */
struct wp_prober {
    struct wp_cell *cell; /**< owned; NULL: probe in this process */
    enum wp_jail_end end; /**< of the last probe: WP_INPUT is about the content if it is not WP_JAIL_DONE */
};

/** Opens the jail that probers share; see wp_jail_open() and struct wp_jail_limits. load is for all of them:
 * wp_media_loader(). */
enum wp_status wp_prober_jail(struct wp_jail **out, wp_media_load_fn *load, bool no_warden,
                              struct wp_error *error);

/** jail NULL: probe in this process. load is for what this one probes. Closed with wp_prober_close(). Fails
 * with WP_NOMEM. */
enum wp_status wp_prober_open(struct wp_prober *out, struct wp_jail *jail, wp_media_load_fn *load,
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

/**
 * Packs small pictures (media/thumbnail.h) of a source that was measured onto blob, which is empty. It is a
 * task of its own: what goes wrong in it leaves no pictures, and the facts as they are. WP_OK, or WP_NOMEM.
 */
enum wp_status wp_prober_picture(struct wp_prober *prober, struct wp_buf *blob,
                                 const struct wp_image_facts *image, const struct wp_video_facts *video,
                                 const struct wp_source *source);

#endif
