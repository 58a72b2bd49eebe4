/* Preflights as the rules would leave them, made from facts that tests set. */
#ifndef WP_TESTS_REPORT_PREFLIGHTS_H
#define WP_TESTS_REPORT_PREFLIGHTS_H

#include <string.h>

#include "unit/rules/good.h"
#include "wanprep/report.h"

/* Judges a pair and puts everything into a preflight; the elapsed time is fixed. */
static inline void preflight_of(struct wp_preflight *out, struct pair *pair)
{
    pair_evaluate(pair);
    memset(out, 0, sizeof *out);
    out->depth = pair->depth;
    out->limits = wp_limits_default();
    out->has_image = out->has_video = true;
    out->image_source = pair->image_source;
    out->video_source = pair->video_source;
    out->image_delivery = pair->image_delivery;
    out->video_delivery = pair->video_delivery;
    out->image = pair->image;
    out->video = pair->video;
    out->content = pair->content;
    out->image_content = pair->image_content;
    out->video_content = pair->video_content;
    out->findings = pair->findings;
    out->verdict = wp_findings_count(&out->findings, WP_LEVEL_ERROR) ? WP_VERDICT_REJECT : WP_VERDICT_ACCEPT;
    if (out->video_source.state == WP_SOURCE_READ && out->video.has_duration)
        out->has_cost = wp_cost_estimate(&out->cost, out->limits, WP_REGION_CHINA, WP_MODE_STD,
                                         (double)out->video.duration.num / (double)out->video.duration.den);
    out->elapsed_us = 12345;
}

#endif
