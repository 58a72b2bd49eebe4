/* The video that every task "generates". */
#ifndef WP_SANDBOX_VIDEO_H
#define WP_SANDBOX_VIDEO_H

#include "base/buf.h"
#include "wanprep/facts.h"
#include "wanprep/status.h"

struct sb_video {
    struct wp_buf bytes;
    wp_sha256_hex sha256;
    char etag[40]; /**< with its quotes */
};

/** Reads path, or, where it is NULL, the one that was made with the program: beside it, or in the installed
 * share folder. Fails with WP_INPUT or WP_NOMEM. */
enum wp_status sb_video_load(struct sb_video *video, const char *path, struct wp_error *error);
void sb_video_free(struct sb_video *video);

#endif
