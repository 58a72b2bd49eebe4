/*
 * Workflow commands of GitHub Actions ("Workflow commands for GitHub Actions", Setting an error message): one
 * line a finding, and one that sums up.
 */
#include <string.h>

#include "base/text.h"
#include "report/location.h"
#include "report/prose.h"
#include "report/writers.h"

#include "base/banned.h"

/* Escapes data of a command, or with is_property the value of one of its properties. */
static void add_escaped(struct wp_buf *out, const char *text, bool is_property)
{
    for (const char *p = text; *p; p++) {
        bool special = *p == '%' || *p == '\r' || *p == '\n' || (is_property && (*p == ':' || *p == ','));
        if (special)
            (void)wp_buf_add_format(out, "%%%02X", (unsigned)*p);
        else
            (void)wp_buf_add(out, p, 1);
    }
}

static void add_prose(struct wp_buf *out, wp_prose_fn *expand, const struct wp_preflight *preflight,
                      const struct wp_finding *finding)
{
    struct wp_buf prose = wp_buf_new(out->ceiling);
    expand(&prose, preflight, finding);
    add_escaped(out, wp_buf_text(&prose), false);
    if (prose.failed)
        out->failed = prose.failed;
    wp_buf_free(&prose);
}

static void add_finding(struct wp_buf *out, const struct wp_preflight *preflight,
                        const struct wp_finding *finding)
{
    static const char *const commands[] = {[WP_LEVEL_OFF] = "debug",
                                           [WP_LEVEL_NOTE] = "notice",
                                           [WP_LEVEL_WARNING] = "warning",
                                           [WP_LEVEL_ERROR] = "error"};
    const struct wp_source_facts *source =
        finding->subject == WP_SUBJECT_VIDEO ? &preflight->video_source : &preflight->image_source;
    (void)wp_buf_add_format(out, "::%s ", commands[finding->level]);
    if (source->kind == WP_SOURCE_FILE) {
        char path[sizeof source->location];
        wp_text_copy(path, sizeof path, source->location);
        wp_text_sanitize(path);
        (void)wp_buf_add_text(out, "file=");
        add_escaped(out, path, true);
        (void)wp_buf_add_text(out, ",");
    }
    (void)wp_buf_add_format(out, "title=%s::", finding->rule->id);
    add_prose(out, wp_prose_message, preflight, finding);
    (void)wp_buf_add_text(out, "%0A");
    add_prose(out, wp_prose_fix, preflight, finding);
    (void)wp_buf_add_text(out, "\n");
}

static void add_pair(struct wp_report *report, const struct wp_preflight *preflight)
{
    for (size_t i = 0; i < preflight->findings.count; i++)
        add_finding(&report->buf, preflight, &preflight->findings.items[i]);
}

/* Names are foreign: in a line that is no command nothing of them is said. */
static void end_github(struct wp_report *report)
{
    const struct wp_report_totals *totals = &report->totals;
    (void)wp_buf_add_text(&report->buf, "wanprep: ");
    if (totals->pairs == 1)
        (void)wp_buf_add_format(&report->buf, "%s (%zu errors, %zu warnings)",
                                totals->rejected ? "reject" : "accept", totals->errors, totals->warnings);
    else
        wp_writer_totals(&report->buf, totals);
    (void)wp_buf_add_text(&report->buf, "\n");
}

const struct wp_writer wp_writer_github = {.name = "github", .add = add_pair, .end = end_github};
