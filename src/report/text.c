/* For people: the verdict, what was measured in a line each, and the findings. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "report/figures.h"
#include "report/prose.h"
#include "report/sight.h"
#include "report/writers.h"

#include "base/banned.h"

/* ECMA-48 8.3.117 (SGR). */
#define RED    "\033[1;31m"
#define YELLOW "\033[1;33m"
#define GREEN  "\033[1;32m"
#define BLUE   "\033[1;34m"
#define PLAIN  "\033[0m"

static void add_colored(struct wp_buf *out, bool color, const char *escape, const char *text)
{
    (void)wp_buf_add_text(out, color ? escape : "");
    (void)wp_buf_add_text(out, text);
    (void)wp_buf_add_text(out, color ? PLAIN : "");
}

static void add_verdict(struct wp_buf *out, const struct wp_preflight *preflight, bool color)
{
    bool accepted = preflight->verdict == WP_VERDICT_ACCEPT;
    size_t errors = wp_findings_count(&preflight->findings, WP_LEVEL_ERROR);
    size_t warnings = wp_findings_count(&preflight->findings, WP_LEVEL_WARNING);
    add_colored(out, color, accepted ? GREEN : RED, accepted ? "ACCEPT" : "REJECT");
    (void)wp_buf_add_text(out, "  ");
    wp_writer_names(out, preflight);
    (void)wp_buf_add_format(out, "  (%s; ", preflight->limits->profile);
    if (errors) {
        wp_writer_count(out, errors, "error");
        (void)wp_buf_add_text(out, ", ");
    }
    wp_writer_count(out, warnings, "warning");
    (void)wp_buf_add_format(out, "; depth %s)\n", wp_depth_name(preflight->depth));
}

/* One of a list of facts; a foreign string in it is made fit for a terminal. */
static void add_fact(struct wp_buf *out, const char *text)
{
    char clean[96];
    wp_text_copy(clean, sizeof clean, text);
    wp_text_sanitize(clean);
    if (clean[0])
        (void)wp_buf_add_format(out, ", %s", clean);
}

static void add_rational(struct wp_buf *out, struct wp_rational value, const char *unit)
{
    (void)wp_buf_add_text(out, ", ");
    wp_figure_decimal(out, value.den > 0 ? (double)value.num / (double)value.den : 0, 3);
    (void)wp_buf_add_text(out, unit);
}

static void add_image_facts(struct wp_buf *out, const struct wp_image_facts *facts)
{
    (void)wp_buf_add_text(out, wp_format_name(facts->format));
    add_fact(out, facts->variant);
    if (facts->has_size)
        (void)wp_buf_add_format(out, ", %" PRIu32 "x%" PRIu32, facts->width, facts->height);
    if (facts->has_bits)
        (void)wp_buf_add_format(out, ", %u bit%s a sample", facts->bits, facts->bits == 1 ? "" : "s");
    if (facts->has_bytes) {
        (void)wp_buf_add_text(out, ", ");
        wp_figure_bytes(out, facts->bytes);
    }
}

static void add_video_facts(struct wp_buf *out, const struct wp_video_facts *facts)
{
    (void)wp_buf_add_text(out, wp_format_name(facts->format));
    add_fact(out, facts->codec);
    if (facts->has_size)
        (void)wp_buf_add_format(out, ", %" PRIu32 "x%" PRIu32, facts->width, facts->height);
    if (facts->has_duration)
        add_rational(out, facts->duration, " s");
    if (facts->has_frame_rate)
        add_rational(out, facts->frame_rate, " fps");
    if (facts->has_bytes) {
        (void)wp_buf_add_text(out, ", ");
        wp_figure_bytes(out, facts->bytes);
    }
}

static void add_more_image_facts(struct wp_buf *out, const struct wp_image_facts *facts)
{
    if (facts->has_size && (facts->coded_width != facts->width || facts->coded_height != facts->height))
        (void)wp_buf_add_format(out, "         stored as %" PRIu32 "x%" PRIu32 "\n", facts->coded_width,
                                facts->coded_height);
    if (facts->sha256[0])
        (void)wp_buf_add_format(out, "         SHA-256 %s\n", facts->sha256);
}

static void add_more_video_facts(struct wp_buf *out, const struct wp_video_facts *facts)
{
    if (facts->has_size && (facts->coded_width != facts->width || facts->coded_height != facts->height))
        (void)wp_buf_add_format(out, "         stored as %" PRIu32 "x%" PRIu32 ", rotation %d degrees\n",
                                facts->coded_width, facts->coded_height, facts->rotation);
    if (facts->has_stream_counts) {
        (void)wp_buf_add_text(out, "         ");
        wp_writer_count(out, facts->video_streams, "video stream");
        (void)wp_buf_add_text(out, ", ");
        wp_writer_count(out, facts->audio_streams, "audio stream");
        if (facts->has_frame_count)
            (void)wp_buf_add_format(out, ", %" PRIu64 " frames", facts->frame_count);
        add_fact(out, facts->profile);
        add_fact(out, facts->pixel_format);
        (void)wp_buf_add_text(out, "\n");
    }
    if (facts->sha256[0])
        (void)wp_buf_add_format(out, "         SHA-256 %s\n", facts->sha256);
}

static void add_delivery(struct wp_buf *out, const struct wp_source_facts *source,
                         const struct wp_delivery_facts *facts)
{
    if (source->kind != WP_SOURCE_HTTP || facts->requests == 0)
        return;
    (void)wp_buf_add_text(out, "         delivered in ");
    wp_writer_count(out, facts->requests, "request");
    (void)wp_buf_add_text(out, ", ");
    wp_figure_bytes(out, facts->bytes_read);
    if (facts->has_first_byte) {
        (void)wp_buf_add_text(out, ", first byte after ");
        wp_figure_decimal(out, facts->first_byte_s, 3);
        (void)wp_buf_add_text(out, " s");
    }
    if (facts->has_rate) {
        (void)wp_buf_add_text(out, ", ");
        wp_figure_decimal(out, facts->bytes_per_s / 1e6, 3);
        (void)wp_buf_add_text(out, " MB/s");
    }
    add_fact(out, facts->content_type);
    (void)wp_buf_add_text(out, "\n");
}

/* What was seen in a line; verbose, a line for each picture of a video, too. */
static void add_content(struct wp_buf *out, const struct wp_content_facts *facts, bool is_video, bool verbose)
{
    if (facts->state != WP_CONTENT_LOOKED)
        return; /* why there is nothing to be said is a finding */
    (void)wp_buf_add_text(out, "         shows ");
    wp_sight_medium(out, facts, is_video);
    (void)wp_buf_add_text(out, "\n");
    for (uint32_t i = 0; verbose && i < facts->look_count; i++) {
        const struct wp_look *look = &facts->looks[i];
        (void)wp_buf_add_text(out, "         ");
        if (is_video) {
            (void)wp_buf_add_text(out, "at ");
            wp_figure_decimal(out, look->time_s, 2);
            (void)wp_buf_add_text(out, " s ");
            wp_sight_look(out, look);
            (void)wp_buf_add_text(out, "; ");
        }
        wp_sight_light(out, look);
        (void)wp_buf_add_text(out, "\n");
    }
}

static void add_media(struct wp_buf *out, const struct wp_preflight *preflight, bool verbose)
{
    if (preflight->has_image && preflight->image_source.state == WP_SOURCE_READ) {
        (void)wp_buf_add_text(out, "  image  ");
        add_image_facts(out, &preflight->image);
        (void)wp_buf_add_text(out, "\n");
        add_content(out, &preflight->image_content, false, verbose);
        if (verbose)
            add_more_image_facts(out, &preflight->image);
        if (verbose)
            add_delivery(out, &preflight->image_source, &preflight->image_delivery);
    }
    if (preflight->has_video && preflight->video_source.state == WP_SOURCE_READ) {
        (void)wp_buf_add_text(out, "  video  ");
        add_video_facts(out, &preflight->video);
        (void)wp_buf_add_text(out, "\n");
        add_content(out, &preflight->video_content, true, verbose);
        if (verbose)
            add_more_video_facts(out, &preflight->video);
        if (verbose)
            add_delivery(out, &preflight->video_source, &preflight->video_delivery);
    }
    if (preflight->has_cost && preflight->verdict == WP_VERDICT_ACCEPT) {
        (void)wp_buf_add_text(out, "  price  about ");
        wp_figure_money(out, preflight->cost.milli_total);
        (void)wp_buf_add_format(out, " %s for ", preflight->cost.currency);
        wp_figure_decimal(out, preflight->cost.seconds, 3);
        (void)wp_buf_add_format(out, " s (%s)\n", wp_mode_name(preflight->cost.mode));
    }
}

/* Notes are for who asks for them, but this one: that nobody looked must never be taken for that all is well.
 */
static void add_not_seen(struct wp_buf *out, const struct wp_preflight *preflight)
{
    for (size_t i = 0; i < preflight->findings.count; i++) {
        const struct wp_finding *finding = &preflight->findings.items[i];
        if (finding->level != WP_LEVEL_NOTE || strcmp(finding->rule->id, "content.skipped") != 0)
            continue;
        (void)wp_buf_add_text(out, "  faces  ");
        wp_prose_message(out, preflight, finding);
        (void)wp_buf_add_text(out, "\n");
    }
}

static void add_finding(struct wp_buf *out, const struct wp_preflight *preflight,
                        const struct wp_finding *finding, bool color)
{
    static const char *const escapes[] = {
        [WP_LEVEL_OFF] = "", [WP_LEVEL_NOTE] = BLUE, [WP_LEVEL_WARNING] = YELLOW, [WP_LEVEL_ERROR] = RED};
    add_colored(out, color, escapes[finding->level], wp_level_name(finding->level));
    (void)wp_buf_add_format(out, "  %s\n  ", finding->rule->id);
    wp_prose_message(out, preflight, finding);
    (void)wp_buf_add_text(out, "\n  ");
    wp_prose_fix(out, preflight, finding);
    (void)wp_buf_add_text(out, "\n");
}

/* Appends the block of a pair. */
static void add_block(struct wp_buf *out, const struct wp_preflight *preflight,
                      const struct wp_report_options *options)
{
    size_t begin = out->len;
    if (!options->quiet) {
        add_verdict(out, preflight, options->color);
        add_media(out, preflight, options->verbose);
        if (!options->verbose)
            add_not_seen(out, preflight);
    }
    for (size_t i = 0; i < preflight->findings.count; i++) {
        const struct wp_finding *finding = &preflight->findings.items[i];
        if (finding->level == WP_LEVEL_NOTE && !options->verbose)
            continue;
        if (out->len > begin)
            (void)wp_buf_add_text(out, "\n");
        add_finding(out, preflight, finding, options->color);
    }
}

/* Blocks are apart by an empty line; a quiet block may be empty itself. */
static void add_pair(struct wp_report *report, const struct wp_preflight *preflight)
{
    struct wp_buf block = wp_buf_new(report->buf.ceiling);
    add_block(&block, preflight, &report->options);
    if (block.len && report->has_blocks)
        (void)wp_buf_add_text(&report->buf, "\n");
    report->has_blocks = report->has_blocks || block.len;
    (void)wp_buf_add(&report->buf, wp_buf_text(&block), block.len);
    if (block.failed)
        report->buf.failed = block.failed;
    wp_buf_free(&block);
}

static void end_text(struct wp_report *report)
{
    if (report->options.quiet || report->totals.pairs < 2)
        return;
    (void)wp_buf_add_text(&report->buf, "\n");
    wp_writer_totals(&report->buf, &report->totals);
    (void)wp_buf_add_text(&report->buf, "\n");
}

const struct wp_writer wp_writer_text = {.name = "text", .add = add_pair, .end = end_text};
