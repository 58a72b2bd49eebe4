/*
 * A job: one pair from upload to the finished video, with a durable record before every side effect.
 */
#ifndef WANPREP_JOB_H
#define WANPREP_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wanprep/client.h"
#include "wanprep/limits.h"
#include "wanprep/log.h"
#include "wanprep/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The life of a job. Each state is durable before the side effect that follows it. Values are stored: never
 * renumber. */
enum wp_job_state {
    WP_JOB_PLANNED = 0,
    WP_JOB_CHECKED = 1,
    WP_JOB_UPLOADING = 2,
    WP_JOB_SUBMITTING = 3, /**< a create may be on its way */
    WP_JOB_SUBMITTED = 4,  /**< the service has a task: pending or running */
    WP_JOB_SUCCEEDED = 5,  /**< the task is done, the result is not here yet */
    WP_JOB_DOWNLOADING = 6,
    WP_JOB_DONE = 7,
    WP_JOB_REJECTED = 8, /**< the service refused the create: no task was made */
    WP_JOB_FAILED = 9,   /**< the task failed */
    WP_JOB_CANCELED = 10,
    WP_JOB_EXPIRED = 11,
    WP_JOB_UNCERTAIN = 12, /**< whether a task was made is not known */
};

/** "planned", …, "uncertain". Static storage. */
WP_API const char *wp_job_state_name(enum wp_job_state state);

/** What to submit. Strings are borrowed for the call. */
struct wp_job_request {
    const char *image; /**< a local path, an http(s) URL or an oss:// URL */
    const char *video;
    enum wp_mode mode;
    bool watermark;
    bool check_image; /**< the service's default is true */
    bool has_predicted_seconds;
    double predicted_seconds; /**< of output, as the preflight foresees it: for money and times */
};

#define WP_JOB_REQUEST_DEFAULTS ((struct wp_job_request){.mode = WP_MODE_STD, .check_image = true})

enum wp_job_event_kind {
    WP_EVENT_STATE,    /**< state changed */
    WP_EVENT_JOINED,   /**< an earlier job of the same pair and parameters is carried on or already done */
    WP_EVENT_TASK,     /**< the task id is known and on disk */
    WP_EVENT_STATUS,   /**< a poll was answered: task_status */
    WP_EVENT_UPLOAD,   /**< bytes of total sent of path */
    WP_EVENT_DOWNLOAD, /**< bytes of total received; total 0 is unknown */
    WP_EVENT_RETRY,    /**< message says what is tried again and when */
};

/** Something that happened to a job. Valid during the callback. */
struct wp_job_event {
    enum wp_job_event_kind kind;
    enum wp_job_state state;
    const char *task_id;     /**< "" until known */
    const char *task_status; /**< as the service says it: "PENDING", … */
    const char *path;
    uint64_t bytes, total;
    const char *message;
};

typedef void wp_job_event_fn(void *user, const struct wp_job_event *event);

/** What was measured of a result. 0: not known. */
struct wp_result_facts {
    uint32_t width, height; /**< as displayed */
    double frame_rate;
    double duration; /**< of the video stream, in seconds */
};

/** Judges a downloaded result before it gets its final name, and fills *facts (all 0 before) with what it
 * measured. */
typedef enum wp_status wp_job_verify_fn(void *user, const char *path, struct wp_result_facts *facts,
                                        struct wp_error *error);

/** How far a job is taken. */
enum wp_job_goal {
    WP_GOAL_DONE = 0,
    WP_GOAL_SUBMITTED, /**< the service has a task, and its id is on disk */
    WP_GOAL_SUCCEEDED, /**< the task has succeeded, and its result can be fetched */
};

/** How to run a job. Zero is the default everywhere. */
struct wp_job_options {
    const char *output_dir; /**< gets aliyun-wan-animate-move/ in it; NULL: "output" */
    /**
     * Where the records of jobs are: the path of a SQLite database, or postgresql://USER@HOST/DATABASE for
     * workers on many machines, whose inputs and output folder are then to be URLs or on shared storage.
     * libpq's own places for a password (~/.pgpass) keep it out of the URL. NULL: a SQLite database in the
     * output folder.
     */
    const char *store;
    enum wp_job_goal goal;
    int64_t timeout_ms;       /**< of the waiting for the task; 0: none */
    int64_t poll_interval_ms; /**< 0: 2 s growing to 15 s, with jitter */
    bool force;    /**< a new task even where the same pair and parameters are running or done here */
    bool resubmit; /**< of an uncertain job: send it again (the user has looked and takes the risk) */
    wp_job_event_fn *event;
    void *event_user;
    wp_job_verify_fn *verify; /**< NULL: any non-empty download of the right length is a result */
    void *verify_user;
    struct wp_log log;
};

/** What came of a job. Plain data. */
struct wp_job_result {
    enum wp_job_state state;
    bool joined;
    char job_id[40];
    char task_id[128];
    char task_status[32];  /**< as the service last said it; "" if it was never asked */
    char request_id[128];  /**< of the create */
    char base_url[512];    /**< of the service that has the task */
    enum wp_region region; /**< of base_url; a base URL that is not the service's own counts as China */
    bool has_inputs;       /**< false: the task was made elsewhere, and of what is not known here */
    enum wp_mode mode; /**< with has_inputs, as the next two: an absolute path, or the URL as it was given */
    char image[2048];
    char video[2048];
    char video_path[4096];  /**< the result, if state is WP_JOB_DONE */
    char answer_path[4096]; /**< tasks/<task_id>.json, if written */
    char log_path[4096];    /**< tasks/<task_id>.log.jsonl */
    char code[128];         /**< the service's error code, if it gave one */
    char message[512];      /**< the service's own words, control bytes removed */
    bool has_billed_seconds;
    double billed_seconds; /**< usage.video_duration */
    int64_t created_ms;    /**< of the record, since the epoch; 0: there is none */
    int64_t submitted_ms;  /**< when the task was made; 0: not known, as for the next ones */
    int64_t scheduled_ms;  /**< when it began to run, by the service */
    int64_t ended_ms;      /**< when it ended, by the service */
    int64_t expires_ms;    /**< when its result is gone from the service's storage */
    bool has_predicted_seconds;
    double predicted_seconds;     /**< what request->predicted_seconds was */
    struct wp_result_facts facts; /**< of the result */
};

/** Something about a result that is not as expected. That is no failure. */
struct wp_job_note {
    const char *about; /**< "billed_seconds", "duration", "frame_rate" or "short_side". Static storage. */
    double expected, actual;
    char message[256]; /**< for people */
};

#define WP_MAX_JOB_NOTES 6

/**
 * Compares what was billed and measured with what was predicted and with what the mode makes (wan-std 15 and
 * wan-pro 25 frames a second, 720P). What is not known is not compared. Returns the number of notes.
 */
WP_API size_t wp_job_notes(struct wp_job_note out[WP_MAX_JOB_NOTES], const struct wp_job_result *result);

/**
 * Does a whole job: joins or plans, uploads what is local, submits, polls, downloads, verifies, records.
 *
 * Returns WP_OK if the video is on disk (or options->goal is reached before). Otherwise result->state says
 * how far it came and the error why: WP_INPUT, WP_NETWORK, WP_REFUSED, WP_TASK_FAILED, WP_TASK_CANCELED,
 * WP_TASK_EXPIRED, WP_BAD_RESULT, WP_TIMEOUT, WP_UNCERTAIN, WP_OUTPUT, WP_INTERRUPTED, WP_NOMEM, WP_INTERNAL.
 * Whatever it returns, the same call again carries on where this one stopped and pays nothing twice.
 */
WP_API enum wp_status wp_job_run(struct wp_job_result *result, struct wp_client *client,
                                 const struct wp_job_request *request, const struct wp_job_options *options,
                                 struct wp_error *error);

/**
 * The create request that a job would send, for people and dry runs: method, URL, headers (the key as "***")
 * and body as one JSON document {"method", "url", "headers", "body"}. A local input stands as the oss:// URL
 * that it would get, with the parts that only the service knows in angle brackets. Sends nothing. *out is
 * freed with wp_free().
 */
WP_API enum wp_status wp_job_describe(char **out, const struct wp_client_options *client,
                                      const struct wp_job_request *request, struct wp_error *error);

#ifdef __cplusplus
}
#endif
#endif
