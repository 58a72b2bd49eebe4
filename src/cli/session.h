/* What the commands that speak to the service have in common: their options, a client, and how jobs are
 * shown. */
#ifndef WP_CLI_SESSION_H
#define WP_CLI_SESSION_H

#include "cli/command.h"
#include "cli/progress.h"
#include "wanprep/client.h"
#include "wanprep/job.h"

/** Where the service and the results are. */
struct wp_service_settings {
    const char *output_dir, *store, *base_url, *workspace;
};

/** How a task is waited for. */
struct wp_waiting_settings {
    int64_t timeout_ms, poll_interval_ms;
};

/** The rows of the output folder and the job records, of a member `service` of the settings of that type. */
#define WP_OUTPUT_OPTION(type)                                                                               \
    {.name = "output-dir",                                                                                   \
     .letter = 'o',                                                                                          \
     .value = "DIR",                                                                                         \
     .set = wp_set_text,                                                                                     \
     .offset = offsetof(type, service.output_dir),                                                           \
     .allowed = "a folder",                                                                                  \
     .fallback = "$OUTPUT_DIR, else output",                                                                 \
     .help = "where aliyun-wan-animate-move/ with the results and the evidence is"},                         \
    {                                                                                                        \
        .name = "store", .value = "PLACE", .set = wp_set_text, .offset = offsetof(type, service.store),      \
        .allowed = "the path of a SQLite database, or postgresql://USER@HOST/DATABASE",                      \
        .fallback = "a SQLite database in the output folder",                                                \
        .help = "where the job records are: with PostgreSQL, workers on many machines share them"            \
    }

/** The rows of the service, of a member `service` of the settings of that type. */
#define WP_SERVICE_OPTIONS(type)                                                                             \
    {.name = "base-url",                                                                                     \
     .value = "URL",                                                                                         \
     .set = wp_set_text,                                                                                     \
     .offset = offsetof(type, service.base_url),                                                             \
     .allowed = "an https URL, or a plain http one of this machine",                                         \
     .fallback = "$DASHSCOPE_BASE_URL, else the region's",                                                   \
     .help = "where the service is"},                                                                        \
    {                                                                                                        \
        .name = "workspace", .value = "ID", .set = wp_set_text, .offset = offsetof(type, service.workspace), \
        .allowed = "a workspace's id", .help = "the workspace that the task is for"                          \
    }

/** The rows of a member `waiting` of the settings of that type. */
#define WP_WAITING_OPTIONS(type)                                                                             \
    {.name = "timeout",                                                                                      \
     .value = "DURATION",                                                                                    \
     .set = wp_set_duration,                                                                                 \
     .offset = offsetof(type, waiting.timeout_ms),                                                           \
     .min = 1000,                                                                                            \
     .max = INT64_C(7) * 24 * 3600 * 1000,                                                                   \
     .allowed = "1s to 168h, such as 90s, 15m or 2h",                                                        \
     .fallback = "none",                                                                                     \
     .help = "stop waiting after this; the task goes on, and the same command carries on"},                  \
    {                                                                                                        \
        .name = "poll-interval", .value = "DURATION", .set = wp_set_duration,                                \
        .offset = offsetof(type, waiting.poll_interval_ms), .min = 100, .max = INT64_C(600) * 1000,          \
        .allowed = "100ms to 10m", .fallback = "2s, growing to 15s",                                         \
        .help = "how long to wait between two questions for the task's status"                               \
    }

/** The rows of a flag at this offset of the settings. */
#define WP_JSON_LINES_OPTION(at)                                                                             \
    {                                                                                                        \
        .name = "json", .set = wp_set_true, .offset = (at),                                                  \
        .help = "write one JSON document a line to standard output"                                          \
    }

/** A client, and what jobs have to tell. */
struct wp_session {
    struct wp_console *console;
    struct wp_log log;
    struct wp_progress progress;
    struct wp_client *client;
    bool no_sandbox; /**< results are read in this process, not in a child without rights */
};

/** The folder of the results: the option's, else that of the environment; NULL: the library's. */
const char *wp_output_dir(const struct wp_service_settings *settings);

/** The library's options for these settings, without the key. */
struct wp_client_options wp_service_options_of(const struct wp_service_settings *settings,
                                               enum wp_region region);

/** Finds the key and makes a client of the options, which lack it; freed with wp_client_free(). Fails as
 * wp_credentials_find() and wp_client_new(). */
enum wp_status wp_client_open(struct wp_client **out, const struct wp_client_options *options,
                              struct wp_error *error);

/**
 * Finds the key and makes a client that a signal interrupts. The session stays where it is from then on, and
 * is closed with wp_session_close(). Fails as wp_credentials_find() and wp_client_new().
 */
enum wp_status wp_session_open(struct wp_session *out, struct wp_console *console,
                               const struct wp_client_options *service, struct wp_error *error);

/** Fine also on one that failed to open. */
void wp_session_close(struct wp_session *session);

/** How jobs are run in a session: what they tell is shown as progress, their results are verified. */
struct wp_job_options wp_job_options_of(struct wp_session *session, const struct wp_service_settings *service,
                                        const struct wp_waiting_settings *waiting);

/** WP_INTERRUPTED if a signal has come. consequence is the end of the sentence. */
enum wp_status wp_session_check_signals(const char *consequence, struct wp_error *error);

#endif
