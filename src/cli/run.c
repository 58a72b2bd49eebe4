/* From a pair to a task or its result: check, price, question, job, report. */
#include "cli/run.h"
#include "base/alloc.h"
#include "base/error.h"
#include "cli/session.h"
#include "cli/signals.h"

#include "base/banned.h"

/* Called from any thread. */
static bool is_signalled(void *user)
{
    (void)user;
    return wp_signals_seen();
}

static enum wp_status check_pair(struct wp_run *run, struct wp_error *error)
{
    if (run->settings->skip_preflight)
        return WP_OK;
    struct wp_detector detector;
    struct wp_preflight_options options =
        wp_preflight_options_of(&run->settings->preflight, run->profile, &detector);
    options.pass_remote = true;
    options.interrupted = is_signalled;
    options.log = run->log;
    enum wp_status status =
        wp_preflight_run(&run->preflight, run->request.image, run->request.video, &options, error);
    if (status == WP_OK)
        status = wp_session_check_signals("nothing was sent",
                                          error); /* what was given up half way is no verdict */
    if (status != WP_OK)
        return status;
    run->has_preflight = true;
    enum wp_status verdict = wp_preflight_status(&run->preflight);
    /* With --quiet standard output is the result's path alone, for $(…). */
    if (verdict != WP_OK || !run->console->quiet)
        status = wp_run_show_preflight(run, error);
    if (status != WP_OK)
        return status;
    if (verdict != WP_OK)
        return wp_fail(error, verdict, "run", "the preflight rejected the pair; nothing was sent");
    return wp_session_check_signals("nothing was sent", error);
}

/* What a user can do about a job that is not over. */
static enum wp_status explain(const struct wp_run *run, enum wp_status status, struct wp_error *error)
{
    if (status != WP_INTERRUPTED)
        return status;
    const char *task = run->result.task_id;
    return wp_fail(error, status, "run",
                   "interrupted; %s%s%sthe same command again carries on and pays nothing twice",
                   task[0] ? "the task " : "", task, task[0] ? " goes on, and " : "");
}

static enum wp_status do_job(struct wp_run *run, struct wp_session *session, struct wp_error *error)
{
    const struct wp_run_settings *settings = run->settings;
    struct wp_job_options options = wp_job_options_of(session, &settings->service, &settings->waiting);
    options.goal = run->goal;
    options.force = settings->force;
    options.resubmit = settings->resubmit;
    session->no_sandbox = settings->preflight.no_sandbox;
    run->request.has_predicted_seconds = run->has_cost && !run->cost_is_ceiling;
    run->request.predicted_seconds = run->request.has_predicted_seconds ? run->cost.seconds : 0;
    run->has_result = true;
    enum wp_status status = wp_job_run(&run->result, session->client, &run->request, &options, error);
    wp_console_clear(run->console);
    return explain(run, status, error);
}

/* Everything that may cost money: only reached when the pair and the price were found good. */
static enum wp_status spend(struct wp_run *run, struct wp_error *error)
{
    struct wp_session session;
    enum wp_status status = wp_session_open(&session, run->console, &run->service, error);
    if (status == WP_OK)
        status = wp_run_ask(run, error);
    if (status == WP_OK)
        status = do_job(run, &session, error);
    wp_session_close(&session);
    return status;
}

static enum wp_status take_steps(struct wp_run *run, struct wp_error *error)
{
    /* Described in any case, and first: a wrong base URL or workspace is told before any work is done. */
    enum wp_status status = wp_job_describe(&run->description, &run->service, &run->request, error);
    if (status == WP_OK)
        status = check_pair(run, error);
    if (status != WP_OK)
        return status;
    wp_run_estimate(run);
    status = wp_run_check_price(run, error);
    if (status != WP_OK)
        return status;
    run->show_request = run->settings->dry_run; /* only a request that would really be sent */
    return run->settings->dry_run ? WP_OK : spend(run, error);
}

enum wp_status wp_run_command(const struct wp_call_line *line, enum wp_job_goal goal, struct wp_error *error)
{
    const struct wp_run_settings *settings = line->settings;
    struct wp_run *run = wp_calloc(1, sizeof *run);
    if (!run)
        return wp_fail_nomem(error, "run");
    run->settings = settings;
    run->goal = goal;
    run->console = line->console;
    run->log = wp_console_log(line->console);
    run->request = (struct wp_job_request){.image = line->operands[0],
                                           .video = line->operands[1],
                                           .mode = settings->preflight.mode,
                                           .watermark = settings->watermark,
                                           .check_image = settings->check_image};
    run->service = wp_service_options_of(&settings->service, settings->preflight.region);
    enum wp_status status = wp_profile_open(&run->profile, settings->preflight.profile, error);
    if (status == WP_OK)
        status = take_steps(run, error);
    if (status != WP_USAGE) {
        enum wp_status written = wp_run_show(run, status, error);
        if (written != WP_OK)
            status = written;
    }
    wp_free(run->description);
    wp_profile_free(run->profile);
    wp_free(run);
    return status;
}
