/* The identity of a job: the same pair with the same parameters at the same service. */
#ifndef WP_JOB_KEY_H
#define WP_JOB_KEY_H

#include <stdbool.h>

#include "base/sha256.h"
#include "wanprep/limits.h"
#include "wanprep/status.h"

struct wp_key_input {
    const char *sha256; /* of a file's bytes, or of a URL's text */
    bool is_url;
};

struct wp_key_parts {
    struct wp_key_input image, video;
    enum wp_mode mode;
    bool watermark, check_image;
    const char *base_url;
};

/* WP_OK or WP_NOMEM. */
enum wp_status wp_job_key(wp_sha256_hex out, const struct wp_key_parts *parts, struct wp_error *error);

#endif
