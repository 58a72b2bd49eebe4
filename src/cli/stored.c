#include "cli/stored.h"

#include "base/error.h"

#include "base/banned.h"

static enum wp_status do_jobs(struct wp_many *many, struct wp_client *client,
                              const struct wp_stored_settings *settings, wp_stored_fill_fn *fill,
                              struct wp_error *error)
{
    const struct wp_job_options job = {
        .output_dir = wp_output_dir(&settings->service),
        .store = settings->service.store,
        .timeout_ms = settings->waiting.timeout_ms,
        .poll_interval_ms = settings->waiting.poll_interval_ms,
    };
    enum wp_status status = wp_many_open(many, client, &job, settings->no_sandbox, error);
    if (status != WP_OK)
        return status;
    status = fill(many, settings, error);
    struct wp_error why = {.status = WP_OK};
    enum wp_status finished = wp_many_close(many, &why);
    if (status == WP_OK && finished != WP_OK) {
        status = finished;
        *error = why;
    }
    return status;
}

/* What the whole came to. */
static enum wp_status conclude(struct wp_many *many, const char *name, enum wp_status status,
                               struct wp_error *error)
{
    if (status != WP_OK && status != WP_INTERRUPTED)
        return status;
    wp_many_rest_all(many, WP_INTERRUPTED, "not finished");
    if (status == WP_INTERRUPTED || wp_many_interrupted(many))
        return wp_fail(error, WP_INTERRUPTED, name,
                       "interrupted; tasks that were made go on, and 'wanprep resume' or any worker carries "
                       "on with them");
    size_t done = wp_tally_of(&many->roll.tally, WP_OK);
    status = wp_tally_worst(&many->roll.tally);
    if (status == WP_OK)
        return WP_OK;
    return wp_fail(error, status, name, "%zu of %zu jobs have no result", many->roll.count - done,
                   many->roll.count);
}

enum wp_status wp_stored_run(const struct wp_call_line *line, wp_stored_fill_fn *fill, struct wp_error *error)
{
    const struct wp_stored_settings *settings = line->settings;
    struct wp_profile *profile = NULL;
    struct wp_client *client = NULL;
    enum wp_status status = wp_profile_open(&profile, settings->profile, error);
    if (status != WP_OK)
        return status;
    struct wp_many many = {
        .console = line->console,
        .log = wp_console_log(line->console),
        .limits = wp_limits_of(profile),
        .region = settings->region,
        .json = settings->json,
        .fail_fast = settings->fail_fast,
    };
    wp_many_begin(&many);
    status = wp_many_client(&client, &many, &settings->service, error);
    if (status == WP_OK)
        status = do_jobs(&many, client, settings, fill, error);
    status = conclude(&many, line->command->name, status, error);
    if (status != WP_USAGE) {
        struct wp_error why = {.status = WP_OK};
        enum wp_status written = wp_many_show(&many, status, error->message, NULL, &why);
        if (written != WP_OK) {
            status = written;
            *error = why;
        }
    }
    wp_many_end(&many);
    wp_client_free(client);
    wp_profile_free(profile);
    return status;
}
