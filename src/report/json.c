/* The contract for programs: docs/check.schema.json describes every member. */
#include "json/json.h"

#include "base/alloc.h"
#include "base/log.h"
#include "base/text.h"
#include "report/json_content.h"
#include "report/json_facts.h"
#include "report/location.h"
#include "report/prose.h"
#include "report/writers.h"

#include "base/banned.h"

static void put_source(struct wp_json_writer *writer, const struct wp_source_facts *source)
{
    static const char *const kinds[] = {
        [WP_SOURCE_FILE] = "file",
        [WP_SOURCE_HTTP] = "http",
        [WP_SOURCE_OSS] = "oss",
        [WP_SOURCE_OTHER] = "other",
    };
    static const char *const states[] = {
        [WP_SOURCE_READ] = "read",
        [WP_SOURCE_UNAVAILABLE] = "unavailable",
        [WP_SOURCE_UNMEASURED] = "unmeasured",
    };
    char location[sizeof source->location];
    wp_location_redacted(location, sizeof location, source);
    wp_json_put_text(writer, "source", location);
    wp_json_put_text(writer, "kind", kinds[source->kind]);
    wp_json_put_text(writer, "state", states[source->state]);
    if (source->reason[0]) {
        char reason[sizeof source->reason];
        wp_text_copy(reason, sizeof reason, source->reason);
        if (source->kind != WP_SOURCE_FILE)
            wp_redact(reason);
        wp_json_put_text(writer, "reason", reason);
    }
    if (source->extension[0])
        wp_json_put_text(writer, "extension", source->extension);
}

static void put_delivery(struct wp_json_writer *writer, const struct wp_source_facts *source,
                         const struct wp_delivery_facts *delivery)
{
    if (source->kind != WP_SOURCE_HTTP || (delivery->requests == 0 && delivery->trouble == WP_DELIVERY_FINE))
        return;
    wp_json_begin_object(writer, "delivery");
    wp_json_facts_delivery(writer, delivery);
    wp_json_end_object(writer);
}

static void put_media(struct wp_json_writer *writer, const struct wp_preflight *preflight)
{
    if (preflight->has_image) {
        wp_json_begin_object(writer, "image");
        put_source(writer, &preflight->image_source);
        put_delivery(writer, &preflight->image_source, &preflight->image_delivery);
        wp_json_begin_object(writer, "facts");
        if (preflight->image_source.state == WP_SOURCE_READ)
            wp_json_facts_image(writer, &preflight->image);
        wp_json_end_object(writer);
        wp_json_content(writer, &preflight->image_content, &preflight->image_source);
        wp_json_end_object(writer);
    }
    if (preflight->has_video) {
        wp_json_begin_object(writer, "video");
        put_source(writer, &preflight->video_source);
        put_delivery(writer, &preflight->video_source, &preflight->video_delivery);
        wp_json_begin_object(writer, "facts");
        if (preflight->video_source.state == WP_SOURCE_READ)
            wp_json_facts_video(writer, &preflight->video);
        wp_json_end_object(writer);
        wp_json_content(writer, &preflight->video_content, &preflight->video_source);
        wp_json_end_object(writer);
    }
}

static void put_value(struct wp_json_writer *writer, const char *name, const struct wp_value *value)
{
    switch (value->kind) {
    case WP_VALUE_NONE:
        break;
    case WP_VALUE_NUMBER:
        wp_json_put_number(writer, name, value->number[0]);
        break;
    case WP_VALUE_RANGE:
    case WP_VALUE_SIZE:
        wp_json_begin_array(writer, name);
        wp_json_put_number(writer, NULL, value->number[0]);
        wp_json_put_number(writer, NULL, value->number[1]);
        wp_json_end_array(writer);
        break;
    case WP_VALUE_TEXT:
        wp_json_put_text(writer, name, value->text);
        break;
    }
}

/* Writes what a template of the finding expands to. */
static void put_prose(struct wp_json_writer *writer, const char *name, wp_prose_fn *expand,
                      const struct wp_preflight *preflight, const struct wp_finding *finding)
{
    struct wp_buf prose = wp_buf_new(writer->out->ceiling);
    expand(&prose, preflight, finding);
    wp_json_put_text(writer, name, wp_buf_text(&prose));
    if (prose.failed)
        writer->out->failed = prose.failed;
    wp_buf_free(&prose);
}

static void put_finding(struct wp_json_writer *writer, const struct wp_preflight *preflight,
                        const struct wp_finding *finding)
{
    const struct wp_rule *rule = finding->rule;
    wp_json_begin_object(writer, NULL);
    wp_json_put_text(writer, "rule", rule->id);
    wp_json_put_text(writer, "level", wp_level_name(finding->level));
    wp_json_put_text(writer, "subject", wp_subject_name(finding->subject));
    put_value(writer, "actual", &finding->actual);
    put_value(writer, "limit", &finding->limit);
    if (rule->unit[0])
        wp_json_put_text(writer, "unit", rule->unit);
    put_prose(writer, "message", wp_prose_message, preflight, finding);
    if (rule->predicts[0])
        wp_json_put_text(writer, "predicts", rule->predicts);
    put_prose(writer, "fix", wp_prose_fix, preflight, finding);
    wp_json_end_object(writer);
}

static void put_cost(struct wp_json_writer *writer, const struct wp_cost *cost)
{
    wp_json_begin_object(writer, "cost");
    wp_json_put_text(writer, "currency", cost->currency);
    wp_json_put_text(writer, "mode", wp_mode_name(cost->mode));
    wp_json_put_number(writer, "seconds", cost->seconds);
    wp_json_put_number(writer, "amount", (double)cost->milli_total / 1000);
    wp_json_end_object(writer);
}

static void add_document(struct wp_buf *out, const struct wp_preflight *preflight, int indent)
{
    struct wp_json_writer writer = wp_json_writer_new(out, indent);
    wp_json_begin_object(&writer, NULL);
    wp_json_put_text(&writer, "schema", "wanprep.check/1");
    wp_json_put_text(&writer, "verdict", preflight->verdict == WP_VERDICT_ACCEPT ? "accept" : "reject");
    wp_json_put_text(&writer, "profile", preflight->limits->profile);
    wp_json_put_text(&writer, "depth", wp_depth_name(preflight->depth));
    put_media(&writer, preflight);
    wp_json_begin_array(&writer, "findings");
    for (size_t i = 0; i < preflight->findings.count; i++)
        put_finding(&writer, preflight, &preflight->findings.items[i]);
    wp_json_end_array(&writer);
    if (preflight->has_cost)
        put_cost(&writer, &preflight->cost);
    wp_json_put_number(&writer, "elapsed_ms", (double)preflight->elapsed_us / 1000);
    wp_json_end_object(&writer);
    (void)wp_buf_add_text(out, "\n");
}

static void add_line(struct wp_report *report, const struct wp_preflight *preflight)
{
    add_document(&report->buf, preflight, 0);
}

/* One pair makes a document for people, more make lines: the first waits until it is known which. */
static void add_pair(struct wp_report *report, const struct wp_preflight *preflight)
{
    if (report->totals.pairs == 1) {
        report->first = wp_malloc(sizeof *report->first);
        if (report->first)
            wp_preflight_copy(report->first, preflight);
        else
            report->buf.failed = WP_NOMEM;
        return;
    }
    if (report->first)
        add_line(report, report->first);
    wp_free(report->first);
    report->first = NULL;
    add_line(report, preflight);
}

static void end_json(struct wp_report *report)
{
    if (report->first)
        add_document(&report->buf, report->first, 2);
}

const struct wp_writer wp_writer_json = {.name = "json", .add = add_pair, .end = end_json};
const struct wp_writer wp_writer_jsonl = {.name = "jsonl", .add = add_line};
