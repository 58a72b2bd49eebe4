/* What the commands on tasks have in common: many operands, one outcome and one document each. */
#ifndef WP_CLI_TASK_H
#define WP_CLI_TASK_H

#include "base/buf.h"
#include "cli/command.h"
#include "cli/preflight.h"
#include "cli/session.h"
#include "wanprep/task.h"

struct wp_task_settings {
    struct wp_common_settings common;
    struct wp_service_settings service;
    struct wp_waiting_settings waiting;
    enum wp_region region;
    const char *profile;
    bool json, no_sandbox, remote;
};

/** The rows of where the service is, for tasks. */
#define WP_TASK_SERVICE_OPTIONS                                                                              \
    WP_SERVICE_OPTIONS(struct wp_task_settings), WP_REGION_OPTION(offsetof(struct wp_task_settings, region))

/** Work on several tasks, one after the other. */
struct wp_errands {
    const struct wp_task_settings *settings;
    struct wp_session session;
    struct wp_job_options options;
    struct wp_profile *profile; /**< owned; NULL: the built-in prices */
    int64_t deadline_ms;        /**< monotonic; 0: none */
    struct wp_job_result *result;
    enum wp_status worst;
    void (*text)(struct wp_buf *out, const struct wp_job_result *result); /**< what a success prints */
};

/** Opens a session. Closed with wp_errands_close() in every case. */
enum wp_status wp_errands_open(struct wp_errands *out, const struct wp_call_line *line,
                               struct wp_error *error);

/** Before each: sets the options to what is left of the time. */
void wp_errands_begin(struct wp_errands *errands);

/** After each, with errands->result: prints what came of it. False: no more are to be done. */
bool wp_errands_end(struct wp_errands *errands, enum wp_status status, struct wp_error *why);

/** The outcome of all. It was told already. */
enum wp_status wp_errands_close(struct wp_errands *errands);

/** One of wp_task_wait(), wp_task_status() … */
typedef enum wp_status wp_task_deed_fn(struct wp_job_result *result, struct wp_client *client,
                                       const char *task_id, const struct wp_job_options *options,
                                       struct wp_error *error);

/** What a command does to tasks. */
struct wp_task_action {
    wp_task_deed_fn *deed;
    void (*text)(struct wp_buf *out, const struct wp_job_result *result);
    bool is_brief; /**< there is no progress worth telling: only what is tried again */
};

/** Does it to every operand. What is no task id is WP_USAGE before anything is asked. */
enum wp_status wp_do_to_tasks(const struct wp_call_line *line, const struct wp_task_action *action,
                              struct wp_error *error);

/** "TASK STATUS" */
void wp_task_text(struct wp_buf *out, const struct wp_job_result *result);

#endif
