/*
 * Looking at the pictures of a medium that was measured: small ones for reports, and what a face detector
 * sees.
 *
 * It is done in children of their own: what goes wrong in them leaves no pictures, and the facts as they are.
 */
#ifndef WP_PREFLIGHT_VIEWER_H
#define WP_PREFLIGHT_VIEWER_H

#include <stdbool.h>

#include "base/buf.h"
#include "jail/jail.h"
#include "preflight/view.h"
#include "source/source.h"
#include "wanprep/content.h"
#include "wanprep/facts.h"

/** What one thread looks with. */
struct wp_viewer {
    struct wp_view view;
    struct wp_cell *cell; /**< owned; NULL: look in this process */
};

/** What is to be seen of one medium. */
struct wp_seen {
    struct wp_buf *thumbnails;        /**< packed (media/thumbnail.h); NULL: none are wanted */
    struct wp_content_facts *content; /**< NULL: no faces are looked for */
};

/** Opens the jail that viewers share. view is borrowed until it is closed. Fails as wp_jail_open(). */
enum wp_status wp_viewer_jail(struct wp_jail **out, struct wp_view *view, bool no_warden,
                              struct wp_error *error);

/** jail NULL: look in this process. Stays where it is until wp_viewer_close(). Fails with WP_NOMEM or
 * WP_INTERNAL. */
enum wp_status wp_viewer_open(struct wp_viewer *out, struct wp_jail *jail, const struct wp_view *view,
                              struct wp_error *error);

void wp_viewer_close(struct wp_viewer *viewer);

/** Whether what a medium shows is a question: what is no picture of a kind that is decoded here is rejected
 * for that. One of image and video is not NULL. */
bool wp_viewer_is_asked(const struct wp_image_facts *image, const struct wp_video_facts *video);

/**
 * Looks at a source whose facts are the one of image and video that is not NULL. WP_OK, also where there was
 * nothing to be had (content tells why), or WP_NOMEM.
 */
enum wp_status wp_viewer_look(struct wp_viewer *viewer, const struct wp_seen *seen,
                              const struct wp_image_facts *image, const struct wp_video_facts *video,
                              const struct wp_source *source);

#endif
