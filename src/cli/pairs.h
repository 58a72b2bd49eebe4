/* Which pairs a command line means. */
#ifndef WP_CLI_PAIRS_H
#define WP_CLI_PAIRS_H

#include "cli/command.h"
#include "wanprep/manifest.h"
#include "wanprep/preflight.h"

#define WP_MAX_INPUTS 1024

/** Values of an option that may be repeated. */
struct wp_text_list {
    size_t count;
    const char *items[WP_MAX_INPUTS];
};

bool wp_set_list(void *field, const struct wp_option *option, const char *text); /**< struct wp_text_list */

/** What --image, --video and --manifest said. */
struct wp_pair_settings {
    struct wp_text_list images, videos;
    const char *manifest; /**< NULL: none */
};

/** Pairs; row i of the manifest, if there is one, is pair i. */
struct wp_pairs {
    struct wp_pair *items;
    size_t count;
    struct wp_manifest *manifest;
};

/**
 * Finds the pairs: the operands two by two; or every image with every video, each image's pairs together; or
 * the rows of a manifest. Freed with wp_pairs_free(), also after a failure. Fails with WP_USAGE (also for a
 * manifest of which a row is bad: all bad rows were told on the console) or WP_NOMEM.
 */
enum wp_status wp_pairs_find(struct wp_pairs *out, const struct wp_pair_settings *settings,
                             const struct wp_call_line *line, struct wp_error *error);

void wp_pairs_free(struct wp_pairs *pairs);

#endif
