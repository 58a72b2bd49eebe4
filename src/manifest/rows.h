/* The rows of a manifest while they are made. */
#ifndef WP_MANIFEST_ROWS_H
#define WP_MANIFEST_ROWS_H

#include "base/buf.h"
#include "wanprep/manifest.h"

/** Memory for strings, freed as a whole. */
struct wp_manifest_block;

/** A part of the file. */
struct wp_manifest_span {
    size_t line; /**< at which it begins */
    const char *text;
    size_t len; /**< with the line break behind it, if there is one */
};

struct wp_manifest_entry {
    struct wp_manifest_row row;
    const char *text; /**< as it stands in the file */
    size_t len;
};

struct wp_manifest {
    struct wp_manifest_entry *entries;
    size_t count, cap;
    struct wp_manifest_block *blocks;
    char *bytes;                    /**< owned: the file; NULL: borrowed */
    bool marked;                    /**< it begins with a byte order mark */
    struct wp_manifest_span header; /**< of CSV; text NULL: it is JSON Lines */
    const char *folder;             /**< with '/' at its end, or ""; while rows are made */
    size_t folder_len;
};

/** A value of a row, as the file has it. */
struct wp_manifest_values {
    const char *image, *video, *mode; /**< NULL or "": not given */
    bool has_watermark, watermark;
    bool has_check_image, check_image;
};

/** Parses the content of a manifest whose paths are relative to folder ("" or with '/' at its end). bytes are
 * borrowed until it is freed. For the rest see wp_manifest_read(). */
enum wp_status wp_manifest_parse(struct wp_manifest **out, const char *bytes, size_t len, const char *folder,
                                 struct wp_error *error);

/** Adds the row of a part of the file. Fails with WP_USAGE (too many) or WP_NOMEM. */
enum wp_status wp_manifest_add(struct wp_manifest *manifest, const struct wp_manifest_span *at,
                               const struct wp_manifest_values *values, struct wp_error *error);

/** Adds a row that is of no use. Fails as wp_manifest_add(). */
enum wp_status wp_manifest_add_problem(struct wp_manifest *manifest, const struct wp_manifest_span *at,
                                       struct wp_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** Adds the rows of one form. Fails as wp_manifest_parse(). */
enum wp_status wp_manifest_parse_csv(struct wp_manifest *manifest, const char *bytes, size_t len,
                                     struct wp_error *error);
enum wp_status wp_manifest_parse_jsonl(struct wp_manifest *manifest, const char *bytes, size_t len,
                                       struct wp_error *error);

#endif
