#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/preflight.h"
#include "wanprep/client.h"
#include "wanprep/reference.h"

#include "base/banned.h"

enum {
    CEILING = 1 << 16,
    MAX_CHECKS = 3 + WP_DETECTOR_MODULES + WP_DETECTOR_FOLDERS,
};

struct doctor_settings {
    struct wp_common_settings common;
    bool json;
    const char *models;
};

/* All that was looked at. */
struct doctor {
    struct wp_health items[MAX_CHECKS];
    size_t count;
    struct wp_error sandbox, detector, key; /* why something does not work */
    struct wp_credentials credentials;
    struct wp_detector places;
    struct wp_preflight preflight;
};

static void add(struct doctor *doctor, const char *check, const char *path, bool ok, const char *detail)
{
    doctor->items[doctor->count++] = (struct wp_health){check, path, ok, detail};
}

/* A file that is always there is given to a child without rights; what that makes of it does not matter. */
static enum wp_status check_sandbox(struct doctor *doctor)
{
    const struct wp_preflight_options options = WP_PREFLIGHT_DEFAULTS;
    enum wp_status status =
        wp_preflight_run(&doctor->preflight, "/proc/self/exe", NULL, &options, &doctor->sandbox);
    add(doctor, "sandbox", NULL, status == WP_OK,
        status == WP_OK ? "inputs are read in processes without rights" : doctor->sandbox.message);
    return status;
}

static const char *get_setting(void *user, const char *name)
{
    (void)user;
    return wp_setting(name);
}

static void check_key(struct doctor *doctor)
{
    enum wp_status status = wp_credentials_find(&doctor->credentials, get_setting, NULL, &doctor->key);
    add(doctor, "key", NULL, status == WP_OK,
        status == WP_OK ? doctor->credentials.origin : doctor->key.message);
    wp_credentials_wipe(&doctor->credentials);
}

static void check_detector(struct doctor *doctor, const char *models)
{
    struct wp_detector *places = &doctor->places;
    wp_detector_find(places, models);
    const struct wp_content_options options = {.module = wp_detector_module(places),
                                               .models = wp_detector_models(places)};
    enum wp_status status = wp_content_try(&options, &doctor->detector);
    add(doctor, "detector", NULL, status == WP_OK,
        status == WP_OK ? "faces can be looked for (--content)" : doctor->detector.message);
    for (size_t i = 0; i < places->module_count; i++)
        add(doctor, "detector.module", places->modules[i].path, places->modules[i].is_there,
            places->modules[i].is_there ? "is there" : "is not there");
    for (size_t i = 0; i < places->folder_count; i++)
        add(doctor, "detector.models", places->folders[i].path, places->folders[i].is_there,
            places->folders[i].is_there ? "has the models" : "does not have the models");
}

static enum wp_status print(const struct doctor *doctor, bool as_json, struct wp_error *error)
{
    if (as_json) {
        char *document = NULL;
        size_t length = 0;
        enum wp_status status = wp_reference_health(&document, &length, doctor->items, doctor->count, error);
        if (status == WP_OK)
            wp_console_print(document, length);
        wp_free(document);
        return status;
    }
    struct wp_buf out = wp_buf_new(CEILING);
    (void)wp_buf_add_format(&out, "wanprep %s\n", wp_version());
    for (size_t i = 0; i < doctor->count; i++) {
        const struct wp_health *item = &doctor->items[i];
        (void)wp_buf_add_format(&out, "%-3s  %-15s  %s%s%s\n", item->ok ? "ok" : "no", item->check,
                                item->path ? item->path : "", item->path ? " " : "", item->detail);
    }
    enum wp_status status = out.failed ? wp_fail_nomem(error, "doctor") : WP_OK;
    if (status == WP_OK)
        wp_console_print(wp_buf_text(&out), out.len);
    wp_buf_free(&out);
    return status;
}

static enum wp_status run_doctor(const struct wp_call_line *line, struct wp_error *error)
{
    const struct doctor_settings *settings = line->settings;
    struct doctor *doctor = wp_calloc(1, sizeof *doctor);
    if (!doctor)
        return wp_fail_nomem(error, "doctor");
    enum wp_status works = check_sandbox(doctor);
    check_key(doctor);
    check_detector(doctor, settings->models);
    enum wp_status status = print(doctor, settings->json, error);
    if (status == WP_OK && works != WP_OK) {
        status = works;
        *error = doctor->sandbox;
    }
    wp_free(doctor);
    return status;
}

static const struct doctor_settings defaults;
static const struct wp_option options[] = {
    {.name = "json",
     .set = wp_set_true,
     .offset = offsetof(struct doctor_settings, json),
     .help = "as a JSON document"},
    WP_MODELS_OPTION(offsetof(struct doctor_settings, models)),
    WP_COMMON_OPTIONS,
};

const struct wp_command wp_command_doctor = {
    .name = "doctor",
    .synopses = (const char *const[]){"[--json] [--models FOLDER]", NULL},
    .summary = "what works here, and where things are looked for",
    .description =
        "Says whether inputs can be read in processes without rights, whether there is an API key and where "
        "it "
        "comes from (the key itself is never shown), and whether faces can be looked for: where the "
        "detector's module and models may be, and what is there.\n\n"
        "Exits with 0 if inputs can be read in processes without rights; a key and the detector are not "
        "needed for that.",
    .examples = (const char *const[]){"wanprep doctor", "wanprep doctor --json", NULL},
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .defaults = &defaults,
    .settings_size = sizeof defaults,
    .run = run_doctor,
};
