/*
 * Manifests: many pairs from one file, as CSV (RFC 4180, with a header line) or JSON Lines.
 */
#ifndef WANPREP_MANIFEST_H
#define WANPREP_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "wanprep/limits.h"
#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One row. Strings are owned by the manifest. */
struct wp_manifest_row {
    size_t line;         /**< at which it begins in the file, from 1 */
    const char *problem; /**< why it is of no use, for people; the other members then say nothing. NULL: it is
                            fine */
    const char *image;   /**< a URL, or a path: one that is not absolute was relative to the manifest's folder
                            and has that folder in front; NULL: none */
    const char *video;   /**< as image; one of the two is there */
    bool has_mode;
    enum wp_mode mode;
    bool has_watermark;
    bool watermark;
    bool has_check_image;
    bool check_image;
};

/** The rows of a file. */
struct wp_manifest;

/**
 * Reads a manifest: JSON Lines if the first byte that is no white space is '{', else CSV. Members or columns:
 * image, video, mode, watermark, check_image; an empty or missing value is not given. What has another name
 * is not looked at, unless it is all but one of these, or there is no image or no video for which it may
 * stand and which is not given as empty (CSV: the column, JSON: null) either: then the header, or the row, is
 * bad. Lines that hold nothing are no rows. *out is freed with wp_manifest_free(). At most 64 MiB and
 * 1,000,000 rows. Fails with WP_INPUT (the file), WP_USAGE (a header that is bad or names neither image nor
 * video, no rows, too many) or WP_NOMEM; a bad row is a row with a problem.
 */
WP_API enum wp_status wp_manifest_read(struct wp_manifest **out, const char *path, struct wp_error *error);

/** How many rows there are. */
WP_API size_t wp_manifest_count(const struct wp_manifest *manifest);

/** Row number index, from 0. Borrowed until the manifest is freed. */
WP_API const struct wp_manifest_row *wp_manifest_row(const struct wp_manifest *manifest, size_t index);

/** Frees a manifest. NULL is fine. */
WP_API void wp_manifest_free(struct wp_manifest *manifest);

#ifdef __cplusplus
}
#endif
#endif
