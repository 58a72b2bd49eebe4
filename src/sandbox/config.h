/* What the command line sets. */
#ifndef WP_SANDBOX_CONFIG_H
#define WP_SANDBOX_CONFIG_H

#include <stdint.h>

#include "sandbox/faults.h"
#include "wanprep/status.h"

enum sb_result_shape { SB_RESULT_OBJECT, SB_RESULT_FLAT, SB_RESULT_ARRAY };
enum sb_usage_shape { SB_USAGE_FRACTION, SB_USAGE_INTEGER, SB_USAGE_MISSING };
enum sb_policy_shape { SB_POLICY_DATA, SB_POLICY_OUTPUT };

enum { SB_MAX_PARALLEL = 1000 };

struct sb_config {
    int64_t port;        /**< 0: any free one */
    const char *api_key; /**< the only key that is taken; NULL: any that looks like one */
    char made_key[48];   /**< what api_key points to where a command needs a key and none was given */

    int64_t pending_ms;
    int64_t running_ms;
    int64_t parallel; /**< how many tasks run at the same time; 1 to SB_MAX_PARALLEL */
    const char *outcome;
    const char *code; /**< of a FAILED task */
    const char *message;

    int64_t result_shape; /**< enum sb_result_shape */
    int64_t usage_shape;  /**< enum sb_usage_shape */
    int64_t policy_shape; /**< enum sb_policy_shape */
    const char *ratio;    /**< usage.video_ratio; NULL: by the mode */
    int64_t seconds_ms;   /**< billed a task */
    const char *video;    /**< NULL: the generated one */

    int64_t policy_lifetime_ms;
    int64_t url_lifetime_ms;
    int64_t task_lifetime_ms;
    int64_t rate_limits; /**< 0 or 1 */
    int64_t keep;        /**< requests in the books */
    int64_t seed;        /**< of the faults by chance */
    struct sb_faults faults;

    char **command; /**< what to run; NULL: serve until a signal. Borrowed from argv */
};

enum sb_options_result { SB_OPTIONS_RUN, SB_OPTIONS_DONE, SB_OPTIONS_WRONG };

/** Reads the command line. DONE: help or version was printed. WRONG: the error was printed. */
enum sb_options_result sb_options_read(struct sb_config *out, int argc, char **argv);

#endif
