/* The names that a manifest knows, and those that it does not. */
#ifndef WP_MANIFEST_COLUMNS_H
#define WP_MANIFEST_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

enum wp_manifest_column {
    WP_COLUMN_IMAGE,
    WP_COLUMN_VIDEO,
    WP_COLUMN_MODE,
    WP_COLUMN_WATERMARK,
    WP_COLUMN_CHECK_IMAGE,
    WP_COLUMNS
};

/** Static storage. */
const char *wp_column_name(enum wp_manifest_column column);

/** What a header, or the members of an object, name. */
struct wp_column_names {
    bool has[WP_COLUMNS];
    char other[48];     /**< the first that is not known; "": none */
    char odd[48];       /**< the first that is none but all but reads like a known one; "": none */
    const char *likely; /**< that known one */
};

/** Takes the next name, as it is known. */
void wp_column_names_know(struct wp_column_names *names, enum wp_manifest_column column);

/** Takes the next name, of which no column is known. Those of a results file are taken for such. */
void wp_column_names_meet(struct wp_column_names *names, const char *name);

/**
 * Whether a value could be left unread that was meant to be read: a name is all but a known one, or one of
 * image and video is missing while there is a name that may stand for it. out then says so, in one sentence
 * that begins behind "it" or "its header"; noun is what is named.
 */
bool wp_column_names_mislead(char *out, size_t size, const struct wp_column_names *names, const char *noun);

#endif
