#include "job/settle.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "job/list.h"

#include "base/banned.h"

#define LOOKS_FOR_NONE 2
#define LOOK_PAUSE_MS  10000
#define SLACK_MS       5000                      /* between the service's clock and its Date, and rounding */
#define LATE_MS        ((int64_t)10 * 60 * 1000) /* a create can take effect this long after it was sent */
#define REACH_MS       ((int64_t)23 * 3600 * 1000) /* tasks and their listing live 24 h */
#define MAX_CREATES    3
#define MAX_CANDIDATES 4 /* from two on the number does not matter */

enum wp_settle_verdict wp_settle_decide(const struct wp_settle_view *view)
{
    if (view->matched || (view->unowned == 1 && !view->claimed))
        return WP_SETTLE_ADOPT;
    if (view->too_old || view->unowned > 1 || view->claimed)
        return WP_SETTLE_GIVE_UP;
    if (view->looks < LOOKS_FOR_NONE)
        return WP_SETTLE_LOOK_AGAIN;
    return view->creates < MAX_CREATES ? WP_SETTLE_NONE_MADE : WP_SETTLE_GIVE_UP;
}

/* Tasks that may be the one. */
struct candidates {
    size_t count;
    struct wp_listed_task rows[MAX_CANDIDATES];
    bool claimed; /* a further one is followed by its id, which does not tell whose it is */
    bool matched; /* rows[0] is the task of the create's own request id: surely ours */
};

struct look {
    struct wp_job *job;
    const struct wp_job_record *record;
    bool just_sent;
    int64_t from_ms, to_ms; /* the window, by the service's clock */
    struct wp_task_list *page;
    struct candidates found;
};

static bool is_known(const struct candidates *found, const char *task_id)
{
    for (size_t i = 0; i < found->count; i++) {
        if (strcmp(found->rows[i].task_id, task_id) == 0)
            return true; /* rows move from page to page while tasks are made */
    }
    return false;
}

static bool is_possible(const struct look *look, const struct wp_listed_task *row)
{
    bool in_window =
        row->created_ms < 0 || (row->created_ms >= look->from_ms && row->created_ms <= look->to_ms);
    bool our_model = !row->model[0] || strcmp(row->model, WP_MODEL) == 0;
    return in_window && our_model && !look->found.matched && !is_known(&look->found, row->task_id);
}

static enum wp_status take_row(struct look *look, const struct wp_listed_task *row, struct wp_error *error)
{
    if (!is_possible(look, row))
        return WP_OK;
    struct candidates *found = &look->found;
    struct wp_job_record *owner = wp_malloc(sizeof *owner);
    bool owned = false;
    enum wp_status status =
        owner ? wp_store_find_task(look->job->site->store, row->task_id, owner, &owned, error)
              : wp_fail_nomem(error, "settle");
    /* Where a lost create was answered with an error, its request id is known. It only ever proves that a
     * task is ours: an error page of a gateway may carry an id of the gateway's own. */
    bool matches = look->record->request_id[0] && strcmp(look->record->request_id, row->request_id) == 0;
    if (status == WP_OK && owned && !wp_record_has_inputs(owner)) {
        found->claimed = true;
    } else if (status == WP_OK && !owned && matches) {
        found->matched = true;
        found->rows[0] = *row;
        found->count = 1;
    } else if (status == WP_OK && !owned && found->count < MAX_CANDIDATES) {
        found->rows[found->count++] = *row;
    }
    wp_free(owner);
    return status;
}

/* The window in which the task was made, if it was. */
static void set_window(struct look *look)
{
    const struct wp_caller *caller = &look->job->caller;
    int64_t now = wp_call_service_ms(caller);
    int64_t shift =
        look->record->submit_service_clock ? 0 : now - caller->clock->wall_ms(caller->clock->user);
    look->from_ms = look->record->submit_started_ms + shift - SLACK_MS;
    look->to_ms = look->record->submit_last_ms + shift + LATE_MS;
    if (look->just_sent || look->to_ms > now + SLACK_MS)
        look->to_ms = now + SLACK_MS;
}

/* One complete look at the list. */
static enum wp_status look_once(struct look *look, struct wp_error *error)
{
    look->found = (struct candidates){0};
    set_window(look);
    int64_t pages = 1;
    for (unsigned page = 1; page <= pages; page++) {
        enum wp_status status =
            wp_list_ask(look->page, &look->job->caller, look->from_ms, look->to_ms, page, true, error);
        for (size_t i = 0; status == WP_OK && i < look->page->count; i++)
            status = take_row(look, &look->page->rows[i], error);
        if (status != WP_OK)
            return status;
        pages = look->page->total_page;
        if (pages > WP_LIST_MAX_PAGES)
            return wp_fail(
                error, WP_NETWORK, "settle",
                "the service lists over %d tasks of these minutes, too many to find one among them",
                WP_LIST_MAX_PAGES * WP_LIST_PAGE);
    }
    return WP_OK;
}

static bool is_off(int64_t ms, int64_t was_ms)
{
    return ms > was_ms + SLACK_MS || ms < was_ms - SLACK_MS;
}

/* Looks; and once more at once where the answer taught that the window was set by a clock that is wrong. */
static enum wp_status look_well(struct look *look, struct wp_error *error)
{
    int64_t from, to;
    enum wp_status status;
    int tries = 0;
    do {
        status = look_once(look, error);
        from = look->from_ms;
        to = look->to_ms;
        set_window(look);
    } while (status == WP_OK && ++tries < 2 && (is_off(look->from_ms, from) || is_off(look->to_ms, to)));
    return status;
}

static enum wp_status put(struct wp_job *job, struct wp_job_record *record, enum wp_job_state state,
                          struct wp_error *error)
{
    record->state = state;
    record->updated_ms = job->caller.clock->wall_ms(job->caller.clock->user);
    return wp_store_put(job->site->store, record, error);
}

static enum wp_status adopt(struct wp_job *job, struct wp_job_record *record,
                            const struct wp_listed_task *row, struct wp_error *error)
{
    (void)wp_text_copy(record->task_id, sizeof record->task_id, row->task_id);
    (void)wp_text_copy(record->task_status, sizeof record->task_status, row->status_word);
    if (row->request_id[0])
        (void)wp_text_copy(record->request_id, sizeof record->request_id, row->request_id);
    record->submitted_ms = job->caller.clock->wall_ms(job->caller.clock->user);
    return put(job, record, WP_JOB_SUBMITTED, error);
}

static enum wp_status none_made(struct wp_job *job, struct wp_job_record *record, struct wp_error *error)
{
    record->request_id[0] = '\0';
    return put(job, record, WP_JOB_UPLOADING, error);
}

static bool is_too_old(const struct look *look)
{
    return wp_call_service_ms(&look->job->caller) - look->from_ms > REACH_MS;
}

enum wp_status wp_settle(struct wp_job *job, struct wp_job_record *record, bool just_sent,
                         struct wp_error *error)
{
    struct look *look = wp_calloc(1, sizeof *look);
    struct wp_settle_view view = {.creates = (unsigned)record->creates};
    enum wp_status status = WP_OK;
    if (look)
        look->page = wp_malloc(sizeof *look->page);
    if (!look || !look->page) {
        status = wp_fail_nomem(error, "settle");
        goto out;
    }
    look->job = job;
    look->record = record;
    look->just_sent = just_sent;
    for (;;) {
        struct wp_error why = {0};
        status = look_well(look, &why);
        if (status == WP_NETWORK || status == WP_REFUSED) {
            status =
                wp_fail(error, WP_UNCERTAIN, "submit",
                        "the answer to the create was lost, and whether a task was made could not be asked: "
                        "%.400s; run the same command again to find out, nothing will be paid twice",
                        why.message);
            goto out;
        }
        if (status != WP_OK) {
            if (error)
                *error = why;
            goto out;
        }
        view.looks++;
        view.unowned = look->found.count;
        view.matched = look->found.matched;
        view.claimed = look->found.claimed;
        view.too_old = is_too_old(look);
        enum wp_settle_verdict verdict = wp_settle_decide(&view);
        if (verdict == WP_SETTLE_LOOK_AGAIN) {
            status = wp_call_pause(&job->caller, LOOK_PAUSE_MS, error);
            if (status != WP_OK)
                goto out;
            continue;
        }
        if (verdict == WP_SETTLE_ADOPT)
            status = adopt(job, record, &look->found.rows[0], error);
        else if (verdict == WP_SETTLE_NONE_MADE)
            status = none_made(job, record, error);
        else
            status = put(job, record, WP_JOB_UNCERTAIN, error);
        goto out;
    }
out:
    if (look)
        wp_free(look->page);
    wp_free(look);
    return status;
}
