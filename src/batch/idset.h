/* The ids of the jobs that a batch has counted: a pair that stands in it twice is paid once. */
#ifndef WP_BATCH_IDSET_H
#define WP_BATCH_IDSET_H

#include <stdbool.h>
#include <stddef.h>

typedef char wp_job_id[33];

/** Zero is an empty set; freed with wp_idset_free(). */
struct wp_idset {
    wp_job_id *ids; /* sorted */
    size_t count, cap;
};

bool wp_idset_has(const struct wp_idset *set, const char *id);

/** Adds an id that may be there already. False: memory is out, and the set is as it was. */
bool wp_idset_add(struct wp_idset *set, const char *id);

void wp_idset_free(struct wp_idset *set);

#endif
