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

/* What a request came to. */
enum wp_fetched {
    WP_FETCHED_ALL,
    WP_FETCHED_PUT_OFF, /* the rest is due later */
    WP_FETCHED_REFRESH, /* the URL is refused, as *why tells, and a fresh one is needed */
};

/* One request for what the .part file lacks. */
enum wp_status wp_fetch_some(struct wp_fetch *fetch, enum wp_fetched *came, struct wp_error *why);

/* On disk, or WP_OUTPUT. */
enum wp_status wp_fetch_sync(struct wp_fetch *fetch, struct wp_error *error);

void wp_fetch_close(struct wp_fetch *fetch);

#endif
