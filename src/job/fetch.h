/* Getting the bytes of a result into its .part file, continued by ranges. */
#ifndef WP_JOB_FETCH_H
#define WP_JOB_FETCH_H

#include "job/job.h"

/* A download under way. */
struct wp_fetch {
    struct wp_job *job;
    char part[WP_PATH_SIZE], final[WP_PATH_SIZE];
    int fd;
    uint64_t have;       /* bytes in the file */
    uint64_t total;      /* of the whole result; 0: not known */
    bool begun;          /* the answer at hand was looked at */
    bool too_large;      /* it is over MAX_BYTES */
    bool mismatched;     /* it is not the continuation that was asked for */
    int write_errno;     /* 0: none */
    enum wp_status save; /* of putting the ETag */
    struct wp_error save_why;
    struct wp_http_answer answer;
};

/* Begins with the .part file that is there, if its bytes are known to be good. WP_OUTPUT. */
enum wp_status wp_fetch_open(struct wp_fetch *fetch, struct wp_job *job, struct wp_error *error);

/* Requests until the .part file is whole. *refresh: the URL is refused, and a fresh one is needed. */
enum wp_status wp_fetch_all(struct wp_fetch *fetch, bool *refresh, struct wp_error *error);

/* On disk, or WP_OUTPUT. */
enum wp_status wp_fetch_sync(struct wp_fetch *fetch, struct wp_error *error);

void wp_fetch_close(struct wp_fetch *fetch);

#endif
