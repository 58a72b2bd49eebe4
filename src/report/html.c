/*
 * One self-contained page: no request leaves it (its Content-Security-Policy allows none), and without its
 * script all of it still is readable.
 */
#include "report/html.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/sha256.h"
#include "base/text.h"
#include "report/figures.h"
#include "report/writers.h"

#include "base/banned.h"

/* Made from src/report/page/ when the build is configured. */
static const char style[] = {
#include "page_css.inc"
};
static const char script[] = {
#include "page_js.inc"
};

static unsigned nibble(char hex)
{
    return (unsigned)(hex <= '9' ? hex - '0' : hex - 'a' + 10);
}

/* A hash-source of Content Security Policy Level 3, 2.3.1. */
static void add_hash(struct wp_buf *out, const char *text, size_t len)
{
    wp_sha256_hex hex;
    unsigned char digest[sizeof hex / 2];
    struct wp_sha256 *hash = wp_sha256_new();
    if (!hash) {
        out->failed = WP_NOMEM;
        return;
    }
    wp_sha256_add(hash, text, len);
    wp_sha256_end(hash, hex);
    wp_sha256_free(hash);
    for (size_t i = 0; i < sizeof digest; i++)
        digest[i] = (unsigned char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
    (void)wp_buf_add_text(out, "'sha256-");
    wp_html_base64(out, digest, sizeof digest);
    (void)wp_buf_add_text(out, "'");
}

static const char controls[] =
    "<form id=\"controls\" role=\"search\" aria-label=\"Filter and sort the pairs\" hidden>\n"
    "<label class=\"text\">Search <input id=\"text\" type=\"search\" autocomplete=\"off\" "
    "placeholder=\"name, message, fact\"></label>\n"
    "<label>Verdict <select id=\"verdict\"><option value=\"\">all</option>"
    "<option value=\"accept\">accepted</option><option value=\"reject\">rejected</option></select></label>\n"
    "<label>Level <select id=\"level\"><option value=\"\">all</option><option value=\"error\">with "
    "errors</option>"
    "<option value=\"warning\">with warnings</option><option value=\"note\">with "
    "notes</option></select></label>\n"
    "<label>Rule <select id=\"rule\"><option value=\"\">all</option></select></label>\n"
    "<label>Sort by <select id=\"sort\"><option value=\"given\">order given</option>"
    "<option value=\"rejected\">rejected first</option><option value=\"errors\">most errors</option>"
    "<option value=\"name\">name</option><option value=\"longest\">longest video</option></select></label>\n"
    "<button type=\"reset\">Reset</button>\n"
    "<div id=\"shown\"><span id=\"count\" role=\"status\" aria-live=\"polite\"></span>"
    "<button type=\"button\" class=\"plain\" id=\"open\">Open all details</button>"
    "<button type=\"button\" class=\"plain\" id=\"close\">Close all details</button></div>\n"
    "<span id=\"said\" class=\"unseen\" role=\"status\" aria-live=\"polite\"></span>\n"
    "</form>\n";

static void begin_page(struct wp_report *report)
{
    struct wp_buf *out = &report->buf;
    (void)wp_buf_add_text(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                               "img-src data:; style-src ");
    add_hash(out, style, sizeof style);
    (void)wp_buf_add_text(out, "; script-src ");
    add_hash(out, script, sizeof script);
    (void)wp_buf_add_text(out, "; base-uri 'none'; form-action 'none'\">\n"
                               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                               "<meta name=\"color-scheme\" content=\"light dark\">\n"
                               "<meta name=\"referrer\" content=\"no-referrer\">\n"
                               "<title>Preflight report - wanprep</title>\n<style>");
    (void)wp_buf_add(out, style, sizeof style);
    (void)wp_buf_add_text(out, "</style>\n</head>\n<body>\n"
                               "<a class=\"skip\" href=\"#pairs\">Skip to the pairs</a>\n"
                               "<header>\n<h1>Preflight report</h1>\n"
                               "<p>Would the service take these images and videos?");
    if (report->options.wall_ms > 0) {
        char time[32];
        wp_clock_format_utc(time, report->options.wall_ms);
        (void)wp_buf_add_format(out, " Made <time datetime=\"%s\">%.10s %.5s UTC</time>.", time, time,
                                time + 11);
    }
    (void)wp_buf_add_text(out, "</p>\n</header>\n<main id=\"main\">\n");
    (void)wp_buf_add_text(out, controls);
    (void)wp_buf_add_text(out, "<section id=\"pairs\" aria-labelledby=\"pairs-title\" tabindex=\"-1\">\n"
                               "<h2 id=\"pairs-title\" class=\"unseen\">Pairs</h2>\n<ol id=\"list\">\n");
}

static void add_pair(struct wp_report *report, const struct wp_preflight *preflight)
{
    struct wp_page_sums *sums = &report->page;
    wp_html_pair(&report->buf, preflight, report->totals.pairs);
    wp_text_copy(sums->profile, sizeof sums->profile, preflight->limits->profile);
    sums->depth = preflight->depth;
    if (preflight->verdict != WP_VERDICT_ACCEPT || !preflight->has_cost)
        return;
    wp_text_copy(sums->currency, sizeof sums->currency, preflight->cost.currency);
    sums->has_both_modes = sums->has_both_modes || (sums->milli_total && sums->mode != preflight->cost.mode);
    sums->mode = preflight->cost.mode;
    sums->milli_total += preflight->cost.milli_total;
}

static void add_tile(struct wp_buf *out, const char *tone, size_t count, const char *name)
{
    (void)wp_buf_add_format(out, "<div class=\"%s\"><dt>%s</dt><dd>", count ? tone : "zero", name);
    wp_figure_grouped(out, count);
    (void)wp_buf_add_text(out, "</dd></div>\n");
}

static void add_summary(struct wp_report *report)
{
    struct wp_buf *out = &report->buf;
    const struct wp_report_totals *totals = &report->totals;
    (void)wp_buf_add_text(out,
                          "<section id=\"summary\" aria-labelledby=\"summary-title\">\n"
                          "<h2 id=\"summary-title\" class=\"unseen\">Summary</h2>\n<dl class=\"tiles\">\n");
    add_tile(out, "", totals->pairs, totals->pairs == 1 ? "pair" : "pairs");
    add_tile(out, "good", totals->pairs - totals->rejected, "accepted");
    add_tile(out, "error", totals->rejected, "rejected");
    add_tile(out, "error", totals->errors, totals->errors == 1 ? "error" : "errors");
    add_tile(out, "warning", totals->warnings, totals->warnings == 1 ? "warning" : "warnings");
    add_tile(out, "note", totals->notes, totals->notes == 1 ? "note" : "notes");
    if (report->page.milli_total) {
        (void)wp_buf_add_format(out, "<div class=\"price\"><dt>estimated price%s%s</dt><dd>",
                                report->page.has_both_modes ? "" : ", ",
                                report->page.has_both_modes ? "" : wp_mode_name(report->page.mode));
        wp_figure_money(out, report->page.milli_total);
        (void)wp_buf_add_text(out, " ");
        wp_html_text(out, report->page.currency);
        (void)wp_buf_add_text(out, "</dd></div>\n");
    }
    (void)wp_buf_add_text(out, "</dl>\n</section>\n");
}

static void end_page(struct wp_report *report)
{
    struct wp_buf *out = &report->buf;
    (void)wp_buf_add_text(out, "</ol>\n<p id=\"none\" hidden>No pair fits the filter.</p>\n</section>\n");
    add_summary(report);
    (void)wp_buf_add_format(out, "</main>\n<footer><p>wanprep %s", wp_version());
    if (report->totals.pairs) {
        (void)wp_buf_add_text(out, "; limits of ");
        wp_html_text(out, report->page.profile);
        (void)wp_buf_add_format(out, "; depth %s", wp_depth_name(report->page.depth));
    }
    (void)wp_buf_add_text(out, "</p></footer>\n<script>");
    (void)wp_buf_add(out, script, sizeof script);
    (void)wp_buf_add_text(out, "</script>\n</body>\n</html>\n");
}

const struct wp_writer wp_writer_html = {
    .name = "html", .begin = begin_page, .add = add_pair, .end = end_page};
