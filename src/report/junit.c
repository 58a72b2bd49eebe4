/* JUnit XML, as CI servers read it: a suite for every pair, in it a test case for every rule that ran, failed
 * where the finding is an error. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "report/prose.h"
#include "report/writers.h"

#include "base/banned.h"

/* Text of XML 1.0; control bytes and what is no UTF-8 have no place in it and become '?'. */
static void add_escaped(struct wp_buf *out, const char *text)
{
    for (const char *p = text; *p;) {
        size_t n = wp_text_utf8_length(p);
        unsigned char c = (unsigned char)*p;
        bool is_noncharacter =
            n == 3 && c == 0xef && (unsigned char)p[1] == 0xbf && (unsigned char)p[2] >= 0xbe;
        if (n == 0 || c < 0x20 || c == 0x7f || is_noncharacter)
            (void)wp_buf_add_text(out, "?");
        else if (c == '&')
            (void)wp_buf_add_text(out, "&amp;");
        else if (c == '<')
            (void)wp_buf_add_text(out, "&lt;");
        else if (c == '>')
            (void)wp_buf_add_text(out, "&gt;");
        else if (c == '"')
            (void)wp_buf_add_text(out, "&quot;");
        else
            (void)wp_buf_add(out, p, n);
        p += n ? n : 1;
    }
}

static void add_prose(struct wp_buf *out, wp_prose_fn *expand, const struct wp_preflight *preflight,
                      const struct wp_finding *finding)
{
    struct wp_buf prose = wp_buf_new(out->ceiling);
    expand(&prose, preflight, finding);
    add_escaped(out, wp_buf_text(&prose));
    if (prose.failed)
        out->failed = prose.failed;
    wp_buf_free(&prose);
}

static const struct wp_finding *find(const struct wp_preflight *preflight, const struct wp_rule *rule,
                                     enum wp_subject subject)
{
    for (size_t i = 0; i < preflight->findings.count; i++) {
        const struct wp_finding *finding = &preflight->findings.items[i];
        if (finding->rule == rule && finding->subject == subject)
            return finding;
    }
    return NULL;
}

/* Whether the content of a medium was judged by all rules: it was read, and nothing kept them from it. */
static bool was_judged(const struct wp_preflight *preflight, enum wp_subject subject)
{
    bool is_video = subject == WP_SUBJECT_VIDEO;
    const struct wp_source_facts *source = is_video ? &preflight->video_source : &preflight->image_source;
    const struct wp_rule *unreadable = wp_rule_find(is_video ? "video.unreadable" : "image.unreadable");
    const struct wp_rule *format = wp_rule_find(is_video ? "video.format" : "image.format");
    return source->state == WP_SOURCE_READ && !find(preflight, unreadable, subject) &&
           !find(preflight, format, subject);
}

/* Whether what a rule of content is about was seen. */
static bool was_looked_at(const struct wp_preflight *preflight, const struct wp_rule *rule,
                          enum wp_subject subject)
{
    bool image = preflight->image_content.state == WP_CONTENT_LOOKED;
    bool video = preflight->video_content.state == WP_CONTENT_LOOKED;
    if (rule->subject != subject)
        return false;
    if (subject == WP_SUBJECT_PAIR)
        return image && video && !wp_text_starts(rule->id, "content.");
    return subject == WP_SUBJECT_VIDEO ? video : image;
}

/* Whether a rule ran on a medium, or on the pair. */
static bool ran(const struct wp_preflight *preflight, const struct wp_rule *rule, enum wp_subject subject)
{
    bool is_url = wp_text_starts(rule->id, "url.");
    if (rule->is_content)
        return find(preflight, rule, subject) || was_looked_at(preflight, rule, subject);
    if (subject == WP_SUBJECT_PAIR)
        return rule->subject == WP_SUBJECT_PAIR && preflight->has_image && preflight->has_video &&
               was_judged(preflight, WP_SUBJECT_IMAGE) && was_judged(preflight, WP_SUBJECT_VIDEO);
    bool is_video = subject == WP_SUBJECT_VIDEO;
    if (!(is_video ? preflight->has_video : preflight->has_image))
        return false;
    const struct wp_source_facts *source = is_video ? &preflight->video_source : &preflight->image_source;
    if (is_url)
        return source->kind != WP_SOURCE_FILE;
    return rule->subject == subject &&
           (was_judged(preflight, subject) || find(preflight, rule, subject) != NULL);
}

static void add_case(struct wp_buf *out, const struct wp_preflight *preflight, const struct wp_rule *rule,
                     enum wp_subject subject)
{
    const struct wp_finding *finding = find(preflight, rule, subject);
    (void)wp_buf_add_format(out, "    <testcase classname=\"wanprep.%s\" name=\"%s\"",
                            wp_subject_name(subject), rule->id);
    if (!finding) {
        (void)wp_buf_add_text(out, "/>\n");
        return;
    }
    bool failed = finding->level == WP_LEVEL_ERROR;
    if (failed) {
        (void)wp_buf_add_format(out, ">\n      <failure type=\"%s\" message=\"", rule->id);
        add_prose(out, wp_prose_message, preflight, finding);
        (void)wp_buf_add_text(out, "\">");
    } else {
        (void)wp_buf_add_format(out, ">\n      <system-out>%s: ", wp_level_name(finding->level));
        add_prose(out, wp_prose_message, preflight, finding);
        (void)wp_buf_add_text(out, " ");
    }
    add_prose(out, wp_prose_fix, preflight, finding);
    (void)wp_buf_add_text(out, failed ? "</failure>\n" : "</system-out>\n");
    (void)wp_buf_add_text(out, "    </testcase>\n");
}

static void begin_junit(struct wp_report *report)
{
    (void)wp_buf_add_text(&report->buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
}

static void add_suite(struct wp_report *report, const struct wp_preflight *preflight)
{
    struct wp_buf *out = &report->buf;
    struct wp_buf cases = wp_buf_new(out->ceiling), names = wp_buf_new(out->ceiling);
    size_t tests = 0, count;
    const struct wp_rule *rules = wp_rules(&count);
    for (enum wp_subject subject = WP_SUBJECT_IMAGE; subject <= WP_SUBJECT_PAIR; subject++) {
        for (size_t i = 0; i < count; i++) {
            if (!ran(preflight, &rules[i], subject))
                continue;
            add_case(&cases, preflight, &rules[i], subject);
            tests++;
        }
    }
    size_t failures = wp_findings_count(&preflight->findings, WP_LEVEL_ERROR);
    int64_t ms = preflight->elapsed_us / 1000;
    wp_writer_names(&names, preflight);
    (void)wp_buf_add_text(out, "  <testsuite package=\"wanprep.check\" name=\"");
    add_escaped(out, wp_buf_text(&names));
    (void)wp_buf_add_format(out,
                            "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\" time=\"%" PRId64
                            ".%03" PRId64 "\">\n",
                            tests, failures, ms / 1000, ms % 1000);
    (void)wp_buf_add(out, wp_buf_text(&cases), cases.len);
    (void)wp_buf_add_text(out, "  </testsuite>\n");
    if (cases.failed || names.failed)
        out->failed = WP_NOMEM;
    wp_buf_free(&cases);
    wp_buf_free(&names);
}

static void end_junit(struct wp_report *report)
{
    (void)wp_buf_add_text(&report->buf, "</testsuites>\n");
}

const struct wp_writer wp_writer_junit = {
    .name = "junit", .begin = begin_junit, .add = add_suite, .end = end_junit};
