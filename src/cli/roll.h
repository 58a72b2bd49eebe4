/* The rows of a batch, or the jobs of a worker: what each is doing, and what came of it. */
#ifndef WP_CLI_ROLL_H
#define WP_CLI_ROLL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/tally.h"
#include "wanprep/job.h"
#include "wanprep/limits.h"

/** What a row is doing; what is further on its way comes later. */
enum wp_stage {
    WP_STAGE_IDLE, /**< not begun, or at rest */
    WP_STAGE_PENDING,
    WP_STAGE_SUBMITTING,
    WP_STAGE_UPLOADING,
    WP_STAGE_RUNNING,
    WP_STAGE_DOWNLOADING,
    WP_STAGE_COUNT
};

/** One row. What is owned is freed with the roll. */
struct wp_roll_row {
    const char *name; /**< borrowed, for people: an input's; NULL: the task's id will do */
    enum wp_stage stage;
    bool retrying;
    int percent; /**< of a transfer; below 0: not known */
    int64_t since_ms;
    bool at_rest;
    enum wp_status status; /**< at rest */
    bool has_state;
    enum wp_job_state state;
    char *task_id, *result, *code, *message; /**< owned; NULL: none */
    bool has_billed_seconds;
    double billed_seconds;
    bool has_mode;
    enum wp_mode mode;
    bool has_cost, cost_is_ceiling;
    struct wp_cost cost; /**< the estimate */
};

struct wp_roll {
    struct wp_roll_row *rows;
    size_t count, cap;
    size_t at_rest;
    struct wp_tally tally; /**< of what is at rest */
};

struct wp_roll wp_roll_new(void);

/** Makes room for rows up to and with this index. False: out of memory. */
bool wp_roll_reserve(struct wp_roll *roll, size_t index);

/** A row did something, at this monotonic time. */
void wp_roll_event(struct wp_roll *roll, size_t index, const struct wp_job_event *event, int64_t now_ms);

/** A row is at rest, once for each. result NULL: no job was begun; code NULL: that of the result; message
 * NULL or "": nothing to say. */
void wp_roll_rest(struct wp_roll *roll, size_t index, enum wp_status status,
                  const struct wp_job_result *result, const char *code, const char *message);

/** "uploading", "running", …; "" for WP_STAGE_IDLE. */
const char *wp_stage_name(enum wp_stage stage);

void wp_roll_free(struct wp_roll *roll);

#endif
