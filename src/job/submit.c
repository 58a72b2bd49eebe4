/* The create: the one call that costs money, and must not be made twice. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "job/job.h"
#include "job/list.h"
#include "job/settle.h"

#include "base/banned.h"

/* The lock under which creates of an output folder are sent: see settle.h. No job id or key, by 60 random
 * bits. */
#define CREATE_LOCK    "000000000000000"
#define QUOTA_ATTEMPTS 3
#define SEND_WITHIN_MS 60000 /* of its announcement: its task is looked for around that time */

static const struct wp_retry_policy create_policy = {
    .max_attempts = 12, .base_ms = 2000, .cap_ms = 30000, .budget_ms = 600000};

/* What one create came to. */
enum fate {
    MADE,    /* there is a task and its id is known */
    REFUSED, /* there is none, for good */
    NOTHING, /* there is surely none, and it may be tried again */
    LOST,    /* not known */
    BROKEN,  /* nothing was sent, and not for a reason that passes: no memory, say */
};

struct attempt {
    enum fate fate;
    struct wp_http_answer answer;
    struct wp_task_answer task;   /* if MADE */
    struct wp_service_error said; /* if the answer was an error */
    struct wp_error why;          /* if NOTHING or BROKEN */
};

static enum fate judge_answer(struct attempt *attempt)
{
    const struct wp_http_answer *answer = &attempt->answer;
    if (answer->status == 200 && wp_task_answer_parse(&attempt->task, answer->body.data, answer->body.len))
        return MADE;
    wp_service_error_parse(&attempt->said, answer->body.data, answer->body.len);
    (void)wp_call_refused("the create", answer, &attempt->said, &attempt->why);
    switch (wp_call_judge(WP_CALL_CREATE, answer->status, attempt->said.code)) {
    case WP_CALL_GIVE_UP:
        return REFUSED;
    case WP_CALL_TRY_AGAIN:
        return NOTHING;
    case WP_CALL_UNCERTAIN:
        break;
    }
    return LOST;
}

static enum fate judge(struct attempt *attempt, enum wp_status status)
{
    if (status == WP_OK)
        return judge_answer(attempt);
    if (attempt->answer.stage != WP_STAGE_NOT_SENT)
        return LOST;
    return status == WP_NETWORK ? NOTHING : BROKEN;
}

static enum wp_status send_create(struct wp_job *job, int64_t not_after_ms, struct attempt *attempt)
{
    const struct wp_job_record *record = &job->record;
    struct wp_create_request create = {
        .image_url = record->image_url,
        .video_url = record->video_url,
        .mode = record->mode,
        .watermark = record->watermark,
        .check_image = record->check_image,
    };
    struct wp_buf url = wp_buf_new(1024), body = wp_buf_new((size_t)32 * 1024);
    enum wp_status status;
    if (wp_endpoint_create_url(&job->caller.client->endpoint, &url) && wp_create_body(&create, &body)) {
        struct wp_call_spec spec = {.call = WP_CALL_CREATE,
                                    .url = wp_buf_text(&url),
                                    .body = wp_buf_text(&body),
                                    .body_len = body.len,
                                    .oss_resolve = wp_create_needs_oss(&create),
                                    .has_turn = true,
                                    .not_after_ms = not_after_ms,
                                    .lease = job->site->store};
        status = wp_call_once(&job->caller, &spec, &attempt->answer, &attempt->why);
    } else {
        status = wp_fail_nomem(&attempt->why, "submit");
    }
    wp_buf_free(&body);
    wp_buf_free(&url);
    return status;
}

/* The record says that a create may be on its way, before it is. The window opens with the first create whose
 * fate is not known, and not anew with a second one. */
static enum wp_status announce(struct wp_job *job, struct wp_error *error)
{
    struct wp_job_record *record = &job->record;
    record->submit_last_ms = wp_call_service_ms(&job->caller);
    if (record->creates == 0) {
        record->submit_started_ms = record->submit_last_ms;
        record->submit_service_clock = job->caller.client->service_clock.known;
    }
    record->creates++;
    record->request_id[0] = '\0';
    return wp_job_enter(job, WP_JOB_SUBMITTING, error);
}

static enum wp_status made(struct wp_job *job, const struct wp_task_answer *task, struct wp_error *error)
{
    struct wp_job_record *record = &job->record;
    struct wp_error why = {0};
    (void)wp_text_copy(record->task_id, sizeof record->task_id, task->task_id);
    (void)wp_text_copy(record->request_id, sizeof record->request_id, task->request_id);
    (void)wp_text_copy(record->task_status, sizeof record->task_status, task->status_word);
    record->submitted_ms = job->caller.clock->wall_ms(job->caller.clock->user);
    job->course.watch = (struct wp_watch){0};
    /* It was just made: it need not be asked for at once. */
    wp_job_schedule_look(job, job->caller.clock->now_ms(job->caller.clock->user));
    enum wp_status status = wp_job_enter(job, WP_JOB_SUBMITTED, &why);
    if (status != WP_OK)
        return wp_fail(
            error, status, "submit",
            "the service made the task %s, but it could not be recorded: %.400s; the same command finds "
            "it again when that is mended",
            record->task_id, why.message);
    wp_job_name_task(job);
    return WP_OK;
}

static enum wp_status refused(struct wp_job *job, const struct attempt *attempt, struct wp_error *error)
{
    const struct wp_service_error *said = &attempt->said;
    struct wp_job_record *record = &job->record;
    (void)wp_text_copy(record->code, sizeof record->code, said->code);
    (void)wp_text_copy(record->message, sizeof record->message, said->message);
    (void)wp_text_copy(record->request_id, sizeof record->request_id, said->request_id);
    enum wp_status status = wp_job_enter(job, WP_JOB_REJECTED, error);
    if (status == WP_OK && error)
        *error = attempt->why;
    return status != WP_OK ? status : attempt->why.status;
}

/* The request id of an error that may hide a task helps to find that task; and it was made until now, if it
 * was: the machine may have slept meanwhile. */
static enum wp_status lost(struct wp_job *job, const struct attempt *attempt, struct wp_error *error)
{
    struct wp_job_record *record = &job->record;
    (void)wp_text_copy(record->request_id, sizeof record->request_id, attempt->said.request_id);
    record->submit_last_ms = wp_call_service_ms(&job->caller);
    return wp_job_save(job, error);
}

static bool is_spent(const struct wp_job *job, const struct attempt *attempt)
{
    return attempt->answer.status && job->course.attempts.made + 1 >= QUOTA_ATTEMPTS &&
           wp_error_classify(attempt->answer.status, attempt->said.code) == WP_CLASS_QUOTA;
}

/* Surely no task came of this attempt: WP_OK if another is due later, else why not. */
static enum wp_status put_off(struct wp_job *job, const struct attempt *attempt, struct wp_error *error)
{
    enum wp_status status = attempt->why.status;
    if (attempt->fate == NOTHING && !is_spent(job, attempt))
        status = wp_job_put_off(job, attempt->answer.retry_after, &attempt->why);
    if (status != WP_OK && error)
        *error = attempt->why;
    return status;
}

/* What was announced has not come to pass. */
static enum wp_status take_back(struct wp_job *job, struct wp_error *error)
{
    job->record.creates--;
    return wp_job_enter(job, WP_JOB_UPLOADING, error);
}

/* Everything that can take its time before a create is announced, so that nothing does after. */
static enum wp_status prepare(struct wp_job *job, struct wp_error *error)
{
    enum wp_status status = wp_call_turn(&job->caller, WP_CALL_CREATE, error);
    return status == WP_OK ? wp_list_learn_clock(&job->caller, error) : status;
}

/* One create, and the record of what came of it. */
static enum wp_status create_once(struct wp_job *job, struct attempt *attempt, struct wp_error *error)
{
    const struct wp_clock *clock = job->caller.clock;
    enum wp_status status = prepare(job, &attempt->why);
    int64_t began_ms = clock->boot_ms(clock->user);
    if (status != WP_OK) {
        attempt->fate = status == WP_NETWORK ? NOTHING : BROKEN;
        return put_off(job, attempt, error);
    }
    status = announce(job, error);
    if (status != WP_OK)
        return status;
    attempt->fate = judge(attempt, send_create(job, began_ms + SEND_WITHIN_MS, attempt));
    switch (attempt->fate) {
    case MADE:
        return made(job, &attempt->task, error);
    case REFUSED:
        return refused(job, attempt, error);
    case LOST:
        return lost(job, attempt, error);
    case NOTHING:
    case BROKEN:
        break;
    }
    status = take_back(job, error);
    return status == WP_OK ? put_off(job, attempt, error) : status;
}

/* WP_OK: the state is SUBMITTED, or SUBMITTING with the fate unknown, or it is put off. */
static enum wp_status create(struct wp_job *job, struct wp_error *error)
{
    struct attempt *attempt = wp_calloc(1, sizeof *attempt);
    if (!attempt)
        return wp_fail_nomem(error, "submit");
    wp_job_attempt(job, &create_policy);
    enum wp_status status = create_once(job, attempt, error);
    wp_http_answer_free(&attempt->answer);
    if (status == WP_OK && job->course.due_ms == 0)
        wp_job_got_on(job);
    wp_free(attempt);
    return status;
}

/* Another record that a dead process left in the midst of a create. */
struct orphan {
    const char *job_id; /* ours: not this one */
    struct wp_job_record record;
    bool found;
};

static bool is_orphan(void *user, const struct wp_job_record *record)
{
    struct orphan *orphan = user;
    orphan->found = strcmp(record->job_id, orphan->job_id) != 0;
    if (orphan->found)
        orphan->record = *record;
    return !orphan->found;
}

/* Under the lock nobody else can be in the midst of a create, so such records are settled here: then a task
 * that has no owner can only be ours. */
static enum wp_status settle_orphans(struct wp_job *job, struct wp_error *error)
{
    struct orphan *orphan = wp_calloc(1, sizeof *orphan);
    if (!orphan)
        return wp_fail_nomem(error, "submit");
    orphan->job_id = job->record.job_id;
    struct wp_error why = {0};
    enum wp_status status;
    do {
        orphan->found = false;
        status = wp_store_each(job->site->store, WP_STORE_SUBMITTING, is_orphan, orphan, &why);
        if (status == WP_OK && orphan->found)
            status = wp_settle(job, &orphan->record, false, &why);
    } while (status == WP_OK && orphan->found);
    wp_free(orphan);
    if (status == WP_UNCERTAIN)
        return wp_fail(error, WP_NETWORK, "submit",
                       "an earlier job of this output folder comes first: %.600s", why.message);
    if (status != WP_OK && error)
        *error = why;
    return status;
}

static enum wp_status uncertain(const struct wp_job *job, struct wp_error *error)
{
    char when[32];
    wp_clock_format_utc(when, job->record.submit_started_ms);
    return wp_fail(
        error, WP_UNCERTAIN, "submit",
        "whether the create of %s made a task cannot be told from the service's list: none in it is "
        "surely ours, or several could be; look at the service's console, and if there is no task of this "
        "pair use --resubmit (if there is one, that pays a second time)",
        when);
}

/* Tells what settling came to. WP_OK unless a person has to decide. */
static enum wp_status conclude(struct wp_job *job, struct wp_error *error)
{
    wp_job_tell(job, &(struct wp_job_event){.kind = WP_EVENT_STATE});
    if (job->record.state == WP_JOB_UNCERTAIN)
        return uncertain(job, error);
    if (job->record.state == WP_JOB_SUBMITTED)
        wp_job_name_task(job);
    return WP_OK;
}

static enum wp_status lock_creates(struct wp_job *job, struct wp_lock *lock, struct wp_error *error)
{
    return wp_job_lock(job, lock, CREATE_LOCK, "another job of this output folder is being submitted", error);
}

enum wp_status wp_job_submit(struct wp_job *job, struct wp_error *error)
{
    struct wp_lock lock;
    enum wp_status status = lock_creates(job, &lock, error);
    if (status != WP_OK)
        return status;
    status = settle_orphans(job, error);
    bool unsettled = status == WP_OK;
    while (unsettled) {
        status = create(job, error);
        unsettled = status == WP_OK && job->record.state == WP_JOB_SUBMITTING;
        if (unsettled)
            status = wp_settle(job, &job->record, true, error);
        if (unsettled && status == WP_OK)
            status = conclude(job, error);
        unsettled = unsettled && status == WP_OK && job->record.state == WP_JOB_UPLOADING;
    }
    wp_store_unlock(&lock);
    return status;
}

/* The user has looked: what was sent before does not count any more. */
static enum wp_status forget_creates(struct wp_job *job, struct wp_error *error)
{
    job->course.resends++;
    job->record.creates = 0;
    job->record.request_id[0] = '\0';
    return wp_job_enter(job, WP_JOB_UPLOADING, error);
}

static bool is_unsettled(const struct wp_job_record *record)
{
    return record->state == WP_JOB_SUBMITTING || record->state == WP_JOB_UNCERTAIN;
}

enum wp_status wp_job_resolve(struct wp_job *job, struct wp_error *error)
{
    bool may_resend = job->options->resubmit && job->course.resends == 0, found = false;
    struct wp_lock lock;
    enum wp_status status = lock_creates(job, &lock, error);
    if (status != WP_OK)
        return status;
    /* Whoever submits in this folder settles the records of others: it may have been done already. */
    status = wp_store_find_job(job->site->store, job->record.job_id, &job->record, &found, error);
    if (status == WP_OK && !(job->record.state == WP_JOB_UNCERTAIN && may_resend) &&
        is_unsettled(&job->record))
        status = wp_settle(job, &job->record, false, error);
    if (status == WP_OK && job->record.state == WP_JOB_UNCERTAIN && may_resend)
        status = forget_creates(job, error);
    else if (status == WP_OK)
        status = conclude(job, error);
    wp_store_unlock(&lock);
    return status;
}
