#include "cli/session.h"

#include <stdlib.h>

#include "base/error.h"
#include "cli/preflight.h"
#include "cli/signals.h"
#include "wanprep/preflight.h"

#include "base/banned.h"

static const char *read_setting(void *user, const char *name)
{
    (void)user;
    return getenv(name);
}

static bool is_interrupted(void *user)
{
    wp_progress_tick(user);
    return wp_signals_seen();
}

static enum wp_status verify_result(void *user, const char *path, struct wp_result_facts *facts,
                                    struct wp_error *error)
{
    const struct wp_session *session = user;
    struct wp_video_facts video;
    const struct wp_preflight_options options = {.no_jail = session->no_sandbox, .log = session->log};
    enum wp_status status = wp_verify_result(&video, path, &options, error);
    if (status == WP_OK)
        *facts = wp_result_facts_of(&video);
    return status;
}

const char *wp_output_dir(const struct wp_service_settings *settings)
{
    return settings->output_dir ? settings->output_dir : wp_setting("OUTPUT_DIR");
}

static const char *find_base_url(const struct wp_service_settings *settings)
{
    if (settings->base_url)
        return settings->base_url;
    const char *url = wp_setting("DASHSCOPE_BASE_URL");
    return url ? url : wp_setting("DASHSCOPE_HTTP_BASE_URL");
}

struct wp_client_options wp_service_options_of(const struct wp_service_settings *settings,
                                               enum wp_region region)
{
    return (struct wp_client_options){
        .base_url = find_base_url(settings), .region = region, .workspace = settings->workspace};
}

enum wp_status wp_client_open(struct wp_client **out, const struct wp_client_options *options,
                              struct wp_error *error)
{
    char folder[4096];
    struct wp_credentials credentials;
    enum wp_status status = wp_credentials_find(&credentials, read_setting, NULL, error);
    if (status != WP_OK)
        return status;
    struct wp_client_options complete = *options;
    complete.api_key = credentials.api_key;
    complete.limiter_dir = wp_shared_folder(folder, sizeof folder) ? folder : NULL;
    status = wp_client_new(out, &complete, error);
    wp_credentials_wipe(&credentials);
    return status;
}

enum wp_status wp_session_open(struct wp_session *out, struct wp_console *console,
                               const struct wp_client_options *service, struct wp_error *error)
{
    *out = (struct wp_session){.console = console,
                               .log = wp_console_log(console),
                               .progress = wp_progress_new(console, wp_clock_system())};
    struct wp_client_options options = *service;
    options.interrupted = is_interrupted;
    options.interrupted_user = &out->progress;
    options.log = out->log;
    return wp_client_open(&out->client, &options, error);
}

void wp_session_close(struct wp_session *session)
{
    wp_client_free(session->client);
    session->client = NULL;
}

struct wp_job_options wp_job_options_of(struct wp_session *session, const struct wp_service_settings *service,
                                        const struct wp_waiting_settings *waiting)
{
    return (struct wp_job_options){
        .output_dir = wp_output_dir(service),
        .store = service->store,
        .timeout_ms = waiting->timeout_ms,
        .poll_interval_ms = waiting->poll_interval_ms,
        .event = wp_progress_event,
        .event_user = &session->progress,
        .verify = verify_result,
        .verify_user = session,
        .log = session->log,
    };
}

enum wp_status wp_session_check_signals(const char *consequence, struct wp_error *error)
{
    return wp_signals_seen() ? wp_fail(error, WP_INTERRUPTED, "run", "interrupted; %s", consequence) : WP_OK;
}
