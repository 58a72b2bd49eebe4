#include "wanprep/report.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "report/location.h"
#include "report/writers.h"

#include "base/banned.h"

/* Far over what the findings and the thumbnails of one pair can come to; a bound on memory all the same. */
enum { CEILING = 16 * 1024 * 1024 };

static const struct wp_writer *const writers[] = {
    [WP_REPORT_TEXT] = &wp_writer_text,     [WP_REPORT_JSON] = &wp_writer_json,
    [WP_REPORT_JUNIT] = &wp_writer_junit,   [WP_REPORT_JSONL] = &wp_writer_jsonl,
    [WP_REPORT_SARIF] = &wp_writer_sarif,   [WP_REPORT_HTML] = &wp_writer_html,
    [WP_REPORT_GITHUB] = &wp_writer_github,
};

bool wp_report_format_parse(enum wp_report_format *out, const char *text)
{
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        if (strcmp(writers[i]->name, text) == 0) {
            *out = (enum wp_report_format)i;
            return true;
        }
    }
    return false;
}

/* A failure sticks: what comes after a gap would be no report. */
static enum wp_status refuse(const struct wp_report *report, struct wp_error *error)
{
    return wp_fail(error, report->failed, "report", "a part of the report could not be written before");
}

/* Hands over what was written. */
static enum wp_status hand_over(struct wp_report *report, struct wp_error *error)
{
    if (report->buf.failed) {
        report->failed = WP_NOMEM;
        return wp_fail_nomem(error, "report");
    }
    if (report->buf.len && !report->sink(report->user, report->buf.data, report->buf.len)) {
        report->failed = WP_OUTPUT;
        return wp_fail(error, WP_OUTPUT, "report", "the report could not be written");
    }
    wp_buf_clear(&report->buf);
    return WP_OK;
}

enum wp_status wp_report_new(struct wp_report **out, enum wp_report_format format,
                             const struct wp_report_options *options, wp_report_sink_fn *sink, void *user,
                             struct wp_error *error)
{
    assert((size_t)format < sizeof writers / sizeof writers[0]);
    struct wp_report *report = wp_calloc(1, sizeof *report);
    if (!report)
        return wp_fail_nomem(error, "report");
    report->writer = writers[format];
    report->options = *options;
    report->sink = sink;
    report->user = user;
    report->buf = wp_buf_new(CEILING);
    if (report->writer->begin)
        report->writer->begin(report);
    enum wp_status status = hand_over(report, error);
    if (status == WP_OK)
        *out = report;
    else
        wp_report_free(report);
    return status;
}

static void tally(struct wp_report_totals *totals, const struct wp_preflight *preflight)
{
    totals->pairs++;
    totals->rejected += preflight->verdict != WP_VERDICT_ACCEPT;
    totals->errors += wp_findings_count(&preflight->findings, WP_LEVEL_ERROR);
    totals->warnings += wp_findings_count(&preflight->findings, WP_LEVEL_WARNING);
    totals->notes += wp_findings_count(&preflight->findings, WP_LEVEL_NOTE);
}

enum wp_status wp_report_add(struct wp_report *report, const struct wp_preflight *preflight,
                             struct wp_error *error)
{
    if (report->failed)
        return refuse(report, error);
    tally(&report->totals, preflight);
    report->writer->add(report, preflight);
    return hand_over(report, error);
}

enum wp_status wp_report_end(struct wp_report *report, struct wp_error *error)
{
    if (report->failed)
        return refuse(report, error);
    if (report->writer->end)
        report->writer->end(report);
    return hand_over(report, error);
}

void wp_report_free(struct wp_report *report)
{
    if (!report)
        return;
    wp_buf_free(&report->buf);
    wp_free(report->first);
    wp_free(report);
}

static bool collect(void *user, const char *bytes, size_t length)
{
    return wp_buf_add(user, bytes, length);
}

enum wp_status wp_report_write(char **out, size_t *length, const struct wp_preflight *preflight,
                               enum wp_report_format format, const struct wp_report_options *options,
                               struct wp_error *error)
{
    struct wp_buf document = wp_buf_new(CEILING);
    struct wp_report *report = NULL;
    enum wp_status status = wp_report_new(&report, format, options, collect, &document, error);
    assert(report || status != WP_OK);
    if (status == WP_OK)
        status = wp_report_add(report, preflight, error);
    if (status == WP_OK)
        status = wp_report_end(report, error);
    wp_report_free(report);
    size_t len = document.len;
    char *text = status == WP_OK ? wp_buf_take(&document) : NULL;
    wp_buf_free(&document);
    if (!text) /* a buffer that takes no more is the only sink here */
        return wp_fail_nomem(error, "report");
    *out = text;
    *length = len;
    return WP_OK;
}

void wp_writer_names(struct wp_buf *out, const struct wp_preflight *preflight)
{
    if (preflight->has_image)
        wp_location_display(out, &preflight->image_source);
    if (preflight->has_image && preflight->has_video)
        (void)wp_buf_add_text(out, " and ");
    if (preflight->has_video)
        wp_location_display(out, &preflight->video_source);
}

void wp_writer_count(struct wp_buf *out, size_t count, const char *noun)
{
    (void)wp_buf_add_format(out, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

void wp_writer_totals(struct wp_buf *out, const struct wp_report_totals *totals)
{
    wp_writer_count(out, totals->pairs, "pair");
    (void)wp_buf_add_format(out, ": %zu accepted, %zu rejected; ", totals->pairs - totals->rejected,
                            totals->rejected);
    wp_writer_count(out, totals->errors, "error");
    (void)wp_buf_add_text(out, ", ");
    wp_writer_count(out, totals->warnings, "warning");
}
