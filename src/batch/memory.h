/*
 * What a store remembers of pairs that are done, by the names of their inputs and not by their bytes: for
 * those rows of a batch for which there is no time left to read them.
 */
#ifndef WP_BATCH_MEMORY_H
#define WP_BATCH_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batch/idset.h"
#include "job/site.h"
#include "wanprep/job.h"

struct wp_trace {
    uint64_t name; /* hash of what a pair is called */
    wp_job_id job_id;
};

/** Zero is one that was not asked yet; freed with wp_memory_free(). */
struct wp_memory {
    struct wp_trace *traces; /* sorted by name */
    size_t count, cap;
    bool filled;
};

/**
 * The job of this request that is done, its video where it was put, and its local inputs unchanged since the
 * job was made. False: there is none, or it cannot be told. The first question reads the whole store.
 */
bool wp_memory_find(struct wp_memory *memory, const struct wp_site *site, const struct wp_client *client,
                    const struct wp_job_request *request, struct wp_job_record *out);

void wp_memory_free(struct wp_memory *memory);

#endif
