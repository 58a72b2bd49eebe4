#include <inttypes.h>
#include <string.h>

#include "report/figures.h"
#include "report/html.h"
#include "report/location.h"
#include "report/prose.h"
#include "report/sight.h"
#include "report/writers.h"

#include "base/banned.h"

/* So many pairs have their details open from the beginning. */
#define OPEN_PAIRS 10

static const char *level_title(enum wp_level level)
{
    static const char *const titles[] = {[WP_LEVEL_OFF] = "Off",
                                         [WP_LEVEL_NOTE] = "Note",
                                         [WP_LEVEL_WARNING] = "Warning",
                                         [WP_LEVEL_ERROR] = "Error"};
    return titles[level];
}

/* The name of an input; it is foreign text, which must not turn its neighbours. */
static void add_name(struct wp_buf *out, const struct wp_source_facts *source)
{
    struct wp_buf name = wp_buf_new(out->ceiling);
    wp_location_display(&name, source);
    wp_html_text(out, wp_buf_text(&name));
    if (name.failed)
        out->failed = name.failed;
    wp_buf_free(&name);
}

static void add_names(struct wp_buf *out, const struct wp_preflight *preflight, const char *begin,
                      const char *between, const char *end)
{
    if (preflight->has_image) {
        (void)wp_buf_add_text(out, begin);
        add_name(out, &preflight->image_source);
        (void)wp_buf_add_text(out, end);
    }
    if (preflight->has_image && preflight->has_video)
        (void)wp_buf_add_text(out, between);
    if (preflight->has_video) {
        (void)wp_buf_add_text(out, begin);
        add_name(out, &preflight->video_source);
        (void)wp_buf_add_text(out, end);
    }
}

void wp_html_sums(struct wp_buf *out, const struct wp_preflight *preflight)
{
    static const enum wp_level levels[] = {WP_LEVEL_ERROR, WP_LEVEL_WARNING, WP_LEVEL_NOTE};
    bool is_first = true;
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        size_t count = wp_findings_count(&preflight->findings, levels[i]);
        if (!count)
            continue;
        (void)wp_buf_add_text(out, is_first ? "" : ", ");
        wp_writer_count(out, count, wp_level_name(levels[i]));
        is_first = false;
    }
    if (is_first)
        (void)wp_buf_add_text(out, "no findings");
}

static void add_price(struct wp_buf *out, const struct wp_cost *cost)
{
    (void)wp_buf_add_text(out, "; about ");
    wp_figure_money(out, cost->milli_total);
    (void)wp_buf_add_text(out, " ");
    wp_html_text(out, cost->currency);
}

/* Verdict, names, counts, and the rules that have something to say. */
static void add_header(struct wp_buf *out, const struct wp_preflight *preflight, size_t number)
{
    bool accepted = preflight->verdict == WP_VERDICT_ACCEPT;
    (void)wp_buf_add_format(
        out, "<header>\n<p><span class=\"badge %s\"><span aria-hidden=\"true\">%s</span> %s</span></p>\n",
        accepted ? "good" : "error", accepted ? "&#10003;" : "&#10005;", accepted ? "Accepted" : "Rejected");
    (void)wp_buf_add_format(out, "<h3 id=\"pair-%zu\">", number);
    add_names(out, preflight, "<bdi class=\"name\">", " <span class=\"and\">and</span> ", "</bdi>");
    (void)wp_buf_add_text(out, "</h3>\n<p class=\"sums\">");
    wp_html_sums(out, preflight);
    if (accepted && preflight->has_cost)
        add_price(out, &preflight->cost);
    (void)wp_buf_add_text(out, "</p>\n</header>\n");
    if (!preflight->findings.count)
        return;
    (void)wp_buf_add_text(out, "<ul class=\"rules\" aria-label=\"Rules that found something\">");
    for (size_t i = 0; i < preflight->findings.count; i++) {
        const struct wp_finding *finding = &preflight->findings.items[i];
        (void)wp_buf_add_format(
            out, "<li><a class=\"%s\" href=\"#f-%zu-%zu\"><span class=\"unseen\">%s: </span>%s</a></li>",
            wp_level_name(finding->level), number, i, level_title(finding->level), finding->rule->id);
    }
    (void)wp_buf_add_text(out, "</ul>\n");
}

/* A small picture with its name, and the boxes of what was seen in it; look NULL: it was not looked at. */
static void add_picture(struct wp_buf *out, const struct wp_thumbnail *picture,
                        const struct wp_source_facts *source, bool is_video, const struct wp_look *look)
{
    (void)wp_buf_add_format(out, "%s<img alt=\"", look ? "<span class=\"shot\">" : "");
    add_name(out, source);
    if (is_video) {
        (void)wp_buf_add_text(out, " at ");
        wp_figure_decimal(out, picture->time_s, 2);
        (void)wp_buf_add_text(out, " s");
    }
    if (look) {
        (void)wp_buf_add_text(out, ": ");
        wp_sight_look(out, look);
    }
    (void)wp_buf_add_format(out,
                            "\" width=\"%" PRIu32 "\" height=\"%" PRIu32
                            "\" decoding=\"async\" src=\"data:image/jpeg;base64,",
                            picture->width, picture->height);
    wp_html_base64(out, picture->jpeg, picture->length);
    (void)wp_buf_add_text(out, "\">");
    if (!look)
        return;
    wp_html_boxes(out, look);
    (void)wp_buf_add_text(out, "</span>");
}

static void add_strip(struct wp_buf *out, const struct wp_preflight *preflight,
                      const struct wp_thumbnails *pictures)
{
    (void)wp_buf_add_text(
        out, "<figure class=\"strip\" tabindex=\"0\" role=\"group\" aria-label=\"Frames of the video\">"
             "<ol class=\"frames\">\n");
    for (size_t i = 0; i < pictures->video_count; i++) {
        const struct wp_thumbnail *picture = &pictures->video[i];
        (void)wp_buf_add_text(out, "<li>");
        add_picture(out, picture, &preflight->video_source, true,
                    wp_html_look_at(&preflight->video_content, picture->time_s));
        (void)wp_buf_add_text(out, "<span aria-hidden=\"true\">");
        wp_figure_decimal(out, picture->time_s, 2);
        (void)wp_buf_add_text(out, " s</span></li>\n");
    }
    (void)wp_buf_add_text(out, "</ol></figure>\n");
}

static void add_media(struct wp_buf *out, const struct wp_preflight *preflight)
{
    const struct wp_thumbnails *pictures = preflight->thumbnails;
    if (!pictures || (!pictures->has_image && !pictures->video_count))
        return;
    (void)wp_buf_add_text(out, "<div class=\"media\">\n");
    if (pictures->has_image) {
        (void)wp_buf_add_text(out, "<figure class=\"image\">");
        add_picture(out, &pictures->image, &preflight->image_source, false,
                    wp_html_look_at(&preflight->image_content, 0));
        (void)wp_buf_add_text(out, "<figcaption>image</figcaption></figure>\n");
    }
    if (pictures->video_count)
        add_strip(out, preflight, pictures);
    (void)wp_buf_add_text(out, "</div>\n");
}

static void add_fix(struct wp_buf *out, const struct wp_preflight *preflight,
                    const struct wp_finding *finding)
{
    struct wp_buf fix = wp_buf_new(out->ceiling), words = wp_buf_new(out->ceiling);
    wp_prose_fix(&fix, preflight, finding);
    size_t command = wp_prose_command(wp_buf_text(&fix));
    (void)wp_buf_add(&words, wp_buf_text(&fix), command);
    (void)wp_buf_add_text(out, "<p class=\"fix\">");
    wp_html_text(out, wp_buf_text(&words));
    (void)wp_buf_add_text(out, "</p>\n");
    if (command < fix.len) {
        (void)wp_buf_add_text(out, "<div class=\"command\"><pre><code>");
        wp_html_text(out, fix.data + command);
        (void)wp_buf_add_text(out, "</code></pre></div>\n");
    }
    if (fix.failed || words.failed)
        out->failed = WP_NOMEM;
    wp_buf_free(&fix);
    wp_buf_free(&words);
}

static void add_finding(struct wp_buf *out, const struct wp_preflight *preflight, size_t number, size_t index)
{
    const struct wp_finding *finding = &preflight->findings.items[index];
    const struct wp_rule *rule = finding->rule;
    struct wp_buf message = wp_buf_new(out->ceiling);
    wp_prose_message(&message, preflight, finding);
    (void)wp_buf_add_format(
        out,
        "<li class=\"finding %s\" id=\"f-%zu-%zu\" data-rule=\"%s\">\n<h4><span class=\"badge\">%s"
        "</span> %s <code>%s</code></h4>\n<p>",
        wp_level_name(finding->level), number, index, rule->id, level_title(finding->level), rule->title,
        rule->id);
    wp_html_text(out, wp_buf_text(&message));
    (void)wp_buf_add_text(out, "</p>\n");
    if (rule->predicts[0])
        (void)wp_buf_add_format(out, "<p class=\"predicts\">The service %s answer <code>%s</code>.</p>\n",
                                finding->level == WP_LEVEL_ERROR ? "would" : "may", rule->predicts);
    add_fix(out, preflight, finding);
    (void)wp_buf_add_text(out, "</li>\n");
    if (message.failed)
        out->failed = message.failed;
    wp_buf_free(&message);
}

static void add_details(struct wp_buf *out, const struct wp_preflight *preflight, size_t number)
{
    size_t count = preflight->findings.count;
    (void)wp_buf_add_format(out,
                            "<details%s>\n<summary>%s<span class=\"unseen\"> of pair %zu</span></summary>\n"
                            "<div class=\"more\">\n",
                            count && number <= OPEN_PAIRS ? " open" : "",
                            count ? "Findings and facts" : "Facts", number);
    if (count)
        (void)wp_buf_add_text(out, "<ul class=\"findings\">\n");
    for (size_t i = 0; i < count; i++)
        add_finding(out, preflight, number, i);
    if (count)
        (void)wp_buf_add_text(out, "</ul>\n");
    wp_html_facts(out, preflight);
    (void)wp_buf_add_text(out, "</div>\n</details>\n");
}

void wp_html_pair(struct wp_buf *out, const struct wp_preflight *preflight, size_t number)
{
    const struct wp_video_facts *video = &preflight->video;
    (void)wp_buf_add_format(
        out, "<li class=\"pair %s\" data-index=\"%zu\" data-errors=\"%zu\" data-warnings=\"%zu\"",
        preflight->verdict == WP_VERDICT_ACCEPT ? "accept" : "reject", number,
        wp_findings_count(&preflight->findings, WP_LEVEL_ERROR),
        wp_findings_count(&preflight->findings, WP_LEVEL_WARNING));
    if (preflight->has_video && video->has_duration && video->duration.den > 0) {
        (void)wp_buf_add_text(out, " data-seconds=\"");
        wp_figure_decimal(out, (double)video->duration.num / (double)video->duration.den, 3);
        (void)wp_buf_add_text(out, "\"");
    }
    (void)wp_buf_add_text(out, " data-name=\"");
    add_names(out, preflight, "", " ", "");
    (void)wp_buf_add_format(out, "\">\n<article aria-labelledby=\"pair-%zu\">\n", number);
    add_header(out, preflight, number);
    add_media(out, preflight);
    add_details(out, preflight, number);
    (void)wp_buf_add_text(out, "</article>\n</li>\n");
}
