/* A whole job in one call. */
#include <string.h>

#include "job/work.h"

#include "base/banned.h"

enum wp_status wp_job_run_with(struct wp_job_result *result, struct wp_client *client,
                               const struct wp_job_request *request, const struct wp_job_options *options,
                               const struct wp_clock *clock, struct wp_error *error)
{
    struct wp_work work;
    memset(result, 0, sizeof *result);
    enum wp_status status = wp_work_begin(&work, client, options, clock, error);
    if (status == WP_OK) /* first: where an input cannot be read, no folder is made */
        status = wp_job_plan(&work.job->record, request, client, error);
    if (status == WP_OK)
        status = wp_work_open_site(&work, error);
    if (status == WP_OK)
        status = wp_work_open(&work, &result->joined, error);
    if (status == WP_OK)
        status = wp_work_go(&work, options->goal, error);
    wp_work_end(&work, result);
    return status;
}

enum wp_status wp_job_run(struct wp_job_result *result, struct wp_client *client,
                          const struct wp_job_request *request, const struct wp_job_options *options,
                          struct wp_error *error)
{
    return wp_job_run_with(result, client, request, options, wp_clock_system(), error);
}
