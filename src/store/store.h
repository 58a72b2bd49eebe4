/*
 * What must survive a crash: the records of jobs, and who is at work on which.
 *
 * Two backends: a SQLite file with WAL and synchronous=FULL, for one machine, and a PostgreSQL database, for
 * many. With both a put that returned is durable, and a lock vanishes with its holder. A store may be used by
 * several threads at a time.
 */
#ifndef WP_STORE_STORE_H
#define WP_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"
#include "store/limiter.h"
#include "wanprep/job.h"
#include "wanprep/status.h"

/** One job, as it is kept. Text fields are "" where nothing is known; times are ms since the epoch, 0
 * unknown. */
struct wp_job_record {
    char job_id[33];   /**< random hex, made by us */
    wp_sha256_hex key; /**< identity of pair and parameters */
    enum wp_job_state state;
    char image[2048]; /**< an absolute path, or the URL as the user gave it */
    char video[2048];
    wp_sha256_hex image_sha256, video_sha256; /**< of the bytes; of the URL's text where it is a URL */
    char image_url[2048];                     /**< what was or will be sent: oss:// or http(s) */
    char video_url[2048];
    int64_t uploaded_ms; /**< when image_url and video_url were ready; oss:// URLs live 48 h from then */
    enum wp_mode mode;
    bool watermark, check_image;
    char base_url[512];
    int64_t submit_started_ms; /**< just before the first create whose fate is not known */
    int64_t submit_last_ms;    /**< just before the latest of them */
    bool submit_service_clock; /**< both are by the service's clock, not by ours */
    int64_t creates;           /**< how many creates were sent and may have made a task */
    int64_t submitted_ms;
    char task_id[128];
    char request_id[128];
    char task_status[32];
    char result_url[4096];
    char result_etag[256]; /**< of the bytes in the .part file: they may be continued only where it matches */
    char video_path[4096];
    char code[128];
    char message[512];
    bool has_billed_seconds;
    double billed_seconds;
    int64_t created_ms, updated_ms;
    bool has_predicted_seconds;
    double predicted_seconds;       /**< of output that will be billed, by the preflight */
    int64_t scheduled_ms, ended_ms; /**< when the task began to run and ended, by the service */
    int64_t expires_ms;             /**< when the result is gone from the service's storage */
    int64_t width, height;          /**< of the result, as measured; 0 unknown */
    double frame_rate, duration;    /**< the same; duration in seconds */
};

struct wp_store;

/**
 * Opens a store: location is the path of a SQLite database, which is made if there is none, or a URL
 * postgresql://… (postgres://…). A layout of an older version is brought up to date. Fails with WP_OUTPUT,
 * WP_USAGE (a URL of another kind) or WP_NOMEM. No message of a store holds the password of a URL.
 */
enum wp_status wp_store_open(struct wp_store **out, const char *location, struct wp_error *error);

/** Closes a store. Its locks are to be released before. NULL is fine. */
void wp_store_close(struct wp_store *store);

/** Inserts or replaces the record with this job_id; durable when it returns. updated_ms is the caller's.
 * Fails where another record owns the task id. */
enum wp_status wp_store_put(struct wp_store *store, const struct wp_job_record *record,
                            struct wp_error *error);

/** The newest record with this key that is not REJECTED, FAILED, CANCELED or EXPIRED. *found tells whether
 * there is one. */
enum wp_status wp_store_find_key(struct wp_store *store, const char *key, struct wp_job_record *out,
                                 bool *found, struct wp_error *error);

/** The record with this job_id. */
enum wp_status wp_store_find_job(struct wp_store *store, const char *job_id, struct wp_job_record *out,
                                 bool *found, struct wp_error *error);

/** The record that owns this task id. */
enum wp_status wp_store_find_task(struct wp_store *store, const char *task_id, struct wp_job_record *out,
                                  bool *found, struct wp_error *error);

/** Which records. What is filtered out costs nothing: there is an index for each. */
enum wp_store_filter {
    WP_STORE_ALL,        /**< newest first */
    WP_STORE_UNFINISHED, /**< in no end state (UNCERTAIN is none), oldest first */
    WP_STORE_SUBMITTING, /**< in this very state, oldest first */
};

/**
 * Calls each() for every record of a filter, until it returns false. It may use the store meanwhile: what it
 * puts in the past of the walk is not seen, what it moves out of the filter is neither.
 */
enum wp_status wp_store_each(struct wp_store *store, enum wp_store_filter filter,
                             bool (*each)(void *user, const struct wp_job_record *record), void *user,
                             struct wp_error *error);

/** A lock that is held, or was tried. Zero: not held. */
struct wp_lock {
    struct wp_store *store; /**< NULL: not held */
    char name[65];
};

/**
 * Tries to take the lock with this name (15 to 64 hex digits, of which with SQLite the first 15 count).
 * *taken is false where somebody has it: another process, or another holder in this one. Fails with WP_OUTPUT
 * or WP_NOMEM.
 */
enum wp_status wp_store_lock(struct wp_store *store, const char *name, struct wp_lock *out, bool *taken,
                             struct wp_error *error);

/** Releases a lock; one that is not held is fine. */
void wp_store_unlock(struct wp_lock *lock);

/**
 * The oldest job to work on that nobody holds, its record and its lock (name: the job id): one of
 * WP_STORE_UNFINISHED that is not UNCERTAIN, since that waits for a person. *found is false where there is
 * none.
 */
enum wp_status wp_store_claim(struct wp_store *store, struct wp_job_record *out, struct wp_lock *lock,
                              bool *found, struct wp_error *error);

/**
 * Waits up to ms, less where another process may have put something or released a lock: then it returns true,
 * also where that was since the last wait. For one thread of the process, and in slices where a wait must end
 * with a signal.
 */
bool wp_store_wait(struct wp_store *store, int64_t ms);

/**
 * The limiter of an account (see store/limiter.h) that all who use this store share, with PostgreSQL; else
 * *out is NULL. It is to be freed before the store is closed. Fails with WP_NOMEM.
 */
enum wp_status wp_store_limiter(struct wp_store *store, struct wp_limiter **out, const char *account,
                                const struct wp_log *log, struct wp_error *error);

/** How long from now the locks are surely ours, whatever happens to this process: INT64_MAX for SQLite. */
int64_t wp_store_sure_ms(struct wp_store *store);

#endif
