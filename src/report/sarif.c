/*
 * SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"): one run; the catalogue as its rules, a
 * result for each finding.
 */
#include "report/location.h"
#include "report/prose.h"
#include "report/writers.h"

#include "base/banned.h"

#define SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

/* 3.27.10 and 3.50.3: the names of levels. */
static const char *level_name(enum wp_level level)
{
    return level == WP_LEVEL_OFF ? "none" : wp_level_name(level);
}

/* A multiformatMessageString or a message (3.12, 3.11); what text holds is moved out of it. */
static void put_message(struct wp_json_writer *json, const char *name, struct wp_buf *text)
{
    wp_json_begin_object(json, name);
    wp_json_put_text(json, "text", wp_buf_text(text));
    wp_json_end_object(json);
    if (text->failed)
        json->out->failed = text->failed;
    wp_buf_free(text);
}

static void put_sentence(struct wp_json_writer *json, const char *name, const char *sentence)
{
    struct wp_buf text = wp_buf_new(json->out->ceiling);
    (void)wp_buf_add_text(&text, sentence);
    put_message(json, name, &text);
}

static void put_rule(struct wp_json_writer *json, const struct wp_rule *rule)
{
    struct wp_buf help = wp_buf_new(json->out->ceiling);
    (void)wp_buf_add_format(&help, "%s\n\nLimit: %s.", rule->why, rule->limit);
    if (rule->predicts[0])
        (void)wp_buf_add_format(&help, "\n\nThe service would answer %s.", rule->predicts);
    wp_json_begin_object(json, NULL);
    wp_json_put_text(json, "id", rule->id);
    put_sentence(json, "shortDescription", rule->title);
    put_sentence(json, "fullDescription", rule->why);
    put_message(json, "help", &help);
    wp_json_begin_object(json, "defaultConfiguration");
    wp_json_put_text(json, "level", level_name(rule->level));
    wp_json_end_object(json);
    wp_json_end_object(json);
}

static void begin_sarif(struct wp_report *report)
{
    size_t count;
    const struct wp_rule *rules = wp_rules(&count);
    report->json = wp_json_writer_new(&report->buf, 2);
    struct wp_json_writer *json = &report->json;
    wp_json_begin_object(json, NULL);
    wp_json_put_text(json, "$schema", SCHEMA);
    wp_json_put_text(json, "version", "2.1.0");
    wp_json_begin_array(json, "runs");
    wp_json_begin_object(json, NULL);
    wp_json_begin_object(json, "tool");
    wp_json_begin_object(json, "driver");
    wp_json_put_text(json, "name", "wanprep");
    wp_json_put_text(json, "version", wp_version());
    wp_json_begin_array(json, "rules");
    for (size_t i = 0; i < count; i++)
        put_rule(json, &rules[i]);
    wp_json_end_array(json);
    wp_json_end_object(json);
    wp_json_end_object(json);
    wp_json_begin_array(json, "results");
}

/* A location (3.28), the whole of a file. */
static void put_location(struct wp_json_writer *json, const char *list, const struct wp_source_facts *source)
{
    struct wp_buf uri = wp_buf_new(json->out->ceiling);
    wp_location_uri(&uri, source);
    wp_json_begin_array(json, list);
    wp_json_begin_object(json, NULL);
    wp_json_begin_object(json, "physicalLocation");
    wp_json_begin_object(json, "artifactLocation");
    wp_json_put_text(json, "uri", wp_buf_text(&uri));
    wp_json_end_object(json);
    wp_json_end_object(json);
    wp_json_end_object(json);
    wp_json_end_array(json);
    if (uri.failed)
        json->out->failed = uri.failed;
    wp_buf_free(&uri);
}

static void put_result(struct wp_json_writer *json, const struct wp_preflight *preflight,
                       const struct wp_finding *finding)
{
    size_t count;
    struct wp_buf text = wp_buf_new(json->out->ceiling);
    wp_prose_message(&text, preflight, finding);
    (void)wp_buf_add_text(&text, "\n");
    wp_prose_fix(&text, preflight, finding);
    wp_json_begin_object(json, NULL);
    wp_json_put_text(json, "ruleId", finding->rule->id);
    wp_json_put_integer(json, "ruleIndex", finding->rule - wp_rules(&count));
    wp_json_put_text(json, "level", level_name(finding->level));
    put_message(json, "message", &text);
    put_location(json, "locations",
                 finding->subject == WP_SUBJECT_VIDEO ? &preflight->video_source : &preflight->image_source);
    if (finding->subject == WP_SUBJECT_PAIR)
        put_location(json, "relatedLocations", &preflight->video_source);
    wp_json_end_object(json);
}

static void add_pair(struct wp_report *report, const struct wp_preflight *preflight)
{
    for (size_t i = 0; i < preflight->findings.count; i++)
        put_result(&report->json, preflight, &preflight->findings.items[i]);
}

static void end_sarif(struct wp_report *report)
{
    struct wp_json_writer *json = &report->json;
    wp_json_end_array(json);
    wp_json_end_object(json);
    wp_json_end_array(json);
    wp_json_end_object(json);
    (void)wp_buf_add_text(&report->buf, "\n");
}

const struct wp_writer wp_writer_sarif = {
    .name = "sarif", .begin = begin_sarif, .add = add_pair, .end = end_sarif};
