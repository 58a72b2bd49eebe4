/*
 * Bytes of a URL for who could do with fewer: no more than so many are read, and where reading fails they
 * end.
 *
 * So what was made of those that came is not lost with those that did not come.
 */
#ifndef WP_PREFLIGHT_RATION_H
#define WP_PREFLIGHT_RATION_H

#include "base/reader.h"

struct wp_ration {
    struct wp_reader reader;        /**< to read from; stays where the ration is */
    const struct wp_reader *behind; /**< borrowed */
    uint64_t left;
    char end[256]; /**< why they ended too early, for people; "" if they did not */
};

/** Of what is behind, most bytes may be read. What is behind may fail with WP_NOMEM, which reading it fails
 * with, too. */
void wp_ration_open(struct wp_ration *out, const struct wp_reader *behind, uint64_t most);

#endif
