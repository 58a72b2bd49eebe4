/*
 * What must survive a crash: the records of jobs. The SQLite backend keeps WAL and synchronous=FULL, so that
 * a put that returned is on disk.
 */
#ifndef WP_STORE_STORE_H
#define WP_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"
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
};

struct wp_store;

/** Opens or makes the database file, and its tables. Fails with WP_OUTPUT or WP_NOMEM. */
enum wp_status wp_store_open(struct wp_store **out, const char *path, struct wp_error *error);
void wp_store_close(struct wp_store *store);

/** Inserts or replaces the record with this job_id; durable when it returns. updated_ms is the caller's. */
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

/** Calls each() for every record, newest first, until it returns false. */
enum wp_status wp_store_each(struct wp_store *store,
                             bool (*each)(void *user, const struct wp_job_record *record), void *user,
                             struct wp_error *error);

#endif
