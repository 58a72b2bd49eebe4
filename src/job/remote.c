/* The tasks that the service lists. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "job/list.h"
#include "job/work.h"
#include "wanprep/task.h"

#include "base/banned.h"

/* A list that is being read. */
struct reading {
    struct wp_work work;
    bool has_site; /* there is an output folder to look into */
    struct wp_task_list *page;
    struct wp_job_record *owner;
    char (*seen)[128]; /* rows move from page to page while tasks are made */
    size_t seen_count;
    wp_task_remote_fn *each;
    void *user;
    bool stopped;
};

static bool is_new(struct reading *reading, const char *task_id)
{
    for (size_t i = 0; i < reading->seen_count; i++) {
        if (strcmp(reading->seen[i], task_id) == 0)
            return false;
    }
    memcpy(reading->seen[reading->seen_count++], task_id, sizeof *reading->seen);
    return true;
}

static int64_t known(int64_t ms)
{
    return ms > 0 ? ms : 0;
}

static enum wp_status tell(struct reading *reading, const struct wp_listed_task *row, struct wp_error *error)
{
    bool ours = false;
    enum wp_status status = WP_OK;
    if (reading->has_site)
        status = wp_store_find_task(reading->work.site.store, row->task_id, reading->owner, &ours, error);
    if (status != WP_OK)
        return status;
    struct wp_remote_task task = {
        .task_id = row->task_id,
        .task_status = row->status_word,
        .request_id = row->request_id,
        .created_ms = known(row->created_ms),
        .started_ms = known(row->start_ms),
        .ended_ms = known(row->end_ms),
        .is_ours = ours,
        .state = ours ? reading->owner->state : WP_JOB_PLANNED,
    };
    reading->stopped = !reading->each(reading->user, &task);
    return WP_OK;
}

static enum wp_status read_pages(struct reading *reading, bool *more, struct wp_error *error)
{
    int64_t pages = 1;
    enum wp_status status = WP_OK;
    for (unsigned page = 1; page <= pages && page <= WP_LIST_MAX_PAGES; page++) {
        status = wp_list_ask(reading->page, &reading->work.job->caller, -1, -1, page, true, error);
        for (size_t i = 0; status == WP_OK && !reading->stopped && i < reading->page->count; i++) {
            if (is_new(reading, reading->page->rows[i].task_id))
                status = tell(reading, &reading->page->rows[i], error);
        }
        if (status != WP_OK || reading->stopped)
            return status;
        pages = reading->page->total_page;
    }
    *more = pages > WP_LIST_MAX_PAGES;
    return WP_OK;
}

enum wp_status wp_tasks_remote(struct wp_client *client, const char *output_dir, const char *store,
                               wp_task_remote_fn *each, void *user, bool *more, struct wp_error *error)
{
    const struct wp_job_options options = {.output_dir = output_dir, .log = client->log};
    struct reading reading = {.each = each, .user = user};
    _Static_assert(WP_MAX_REMOTE_TASKS == WP_LIST_MAX_PAGES * WP_LIST_PAGE, "what the header promises");
    *more = false;
    enum wp_status status = wp_work_begin(&reading.work, client, &options, wp_clock_system(), error);
    reading.page = wp_malloc(sizeof *reading.page);
    reading.owner = wp_malloc(sizeof *reading.owner);
    reading.seen = wp_calloc(WP_MAX_REMOTE_TASKS, sizeof *reading.seen);
    if (status == WP_OK && !(reading.page && reading.owner && reading.seen))
        status = wp_fail_nomem(error, "list");
    if (status == WP_OK)
        status = wp_site_open_old(&reading.work.site, output_dir, store, client, wp_clock_system(),
                                  &reading.has_site, error);
    if (status == WP_OK)
        reading.work.job->caller.limiter = reading.work.site.limiter;
    if (status == WP_OK)
        status = read_pages(&reading, more, error);
    wp_free(reading.seen);
    wp_free(reading.owner);
    wp_free(reading.page);
    wp_work_end(&reading.work, NULL);
    return status;
}
