/* The reports of one command: one on standard output, and any number in files. */
#ifndef WP_CLI_OUTPUTS_H
#define WP_CLI_OUTPUTS_H

#include "cli/console.h"
#include "cli/options.h"
#include "wanprep/report.h"

#define WP_MAX_OUTPUTS 16

/** Reports into files, in the order given. */
struct wp_output_settings {
    size_t count;
    struct {
        enum wp_report_format format;
        const char *path;
    } items[WP_MAX_OUTPUTS];
};

/** "FORMAT=FILE" onto struct wp_output_settings. */
bool wp_set_output(void *field, const struct wp_option *option, const char *text);

/** "FILE" for an HTML report onto struct wp_output_settings. */
bool wp_set_html_output(void *field, const struct wp_option *option, const char *text);

/** Whether one of the reports shows small pictures of the inputs. */
bool wp_outputs_show_pictures(enum wp_report_format format, const struct wp_output_settings *settings);

/** Makes sure that no report is to be written over this input; NULL and a URL are fine. Fails with WP_USAGE.
 */
enum wp_status wp_outputs_spare(const struct wp_output_settings *settings, const char *input,
                                struct wp_error *error);

struct wp_outputs;

/**
 * Begins all reports. The files get their names only with wp_outputs_finish(). *out is freed with
 * wp_outputs_free(). Fails with WP_USAGE (two of one file), WP_OUTPUT or WP_NOMEM.
 */
enum wp_status wp_outputs_new(struct wp_outputs **out, struct wp_console *console,
                              enum wp_report_format format, const struct wp_output_settings *settings,
                              struct wp_error *error);

/** Adds a pair to every report. Fails with WP_OUTPUT or WP_NOMEM; they can then only be freed. */
enum wp_status wp_outputs_add(struct wp_outputs *outputs, const struct wp_preflight *preflight,
                              struct wp_error *error);

/** Ends every report and puts the files in their places. Fails as wp_outputs_add(). */
enum wp_status wp_outputs_finish(struct wp_outputs *outputs, struct wp_error *error);

/** Frees everything; files that were not finished are gone, and what had their names is as it was. NULL is
 * fine. */
void wp_outputs_free(struct wp_outputs *outputs);

#endif
