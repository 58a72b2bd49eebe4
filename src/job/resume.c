/* Carrying a job on by its own id. */
#include <string.h>

#include "job/work.h"
#include "wanprep/task.h"

#include "base/banned.h"

enum wp_status wp_job_resume(struct wp_job_result *result, struct wp_client *client, const char *job_id,
                             const struct wp_job_options *options, struct wp_error *error)
{
    struct wp_work work;
    memset(result, 0, sizeof *result);
    result->joined = true;
    enum wp_status status = wp_work_begin(&work, client, options, wp_clock_system(), error);
    if (status == WP_OK)
        status = wp_work_open_site(&work, error);
    if (status == WP_OK)
        status = wp_work_take(&work, job_id, error);
    if (status == WP_OK)
        status = wp_work_go(&work, options->goal, error);
    wp_work_end(&work, result);
    return status;
}
