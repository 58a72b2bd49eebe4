#include "wanprep/limits.h"

#include <math.h>

#include "base/banned.h"

/* Input limits and prices as the service publishes them; where sources disagree on an end, the end is in. */
static const struct wp_price prices[] = {
    {WP_REGION_CHINA, WP_MODE_STD, "CNY", 400},
    {WP_REGION_CHINA, WP_MODE_PRO, "CNY", 600},
    {WP_REGION_INTERNATIONAL, WP_MODE_STD, "USD", 120},
    {WP_REGION_INTERNATIONAL, WP_MODE_PRO, "USD", 180},
};

static const struct wp_limits built_in = {
    .profile = "wan2.2-animate-move",
    .updated = "2026-11-22",
    .source = "API reference of wan2.2-animate-move (Alibaba Cloud Model Studio); prices: field reports",
    .image = {.formats = "JPEG, PNG, BMP, WEBP",
              .min_side = 200,
              .max_side = 4096,
              .max_ratio = 3,
              .max_bytes = 5242880,
              .unsure_bytes = 5000000},
    .video = {.formats = "MP4, MOV, AVI",
              .min_side = 200,
              .max_side = 2048,
              .max_ratio = 3,
              .max_bytes = 209715200,
              .unsure_bytes = 200000000},
    .min_duration_s = 2,
    .max_duration_s = 30,
    .min_frame_rate = 15,
    .max_frame_rate = 60,
    .prices = prices,
    .price_count = sizeof prices / sizeof prices[0],
};

const struct wp_limits *wp_limits_default(void)
{
    return &built_in;
}

/* Thousandths for seconds of output, rounded up: seconds are cut to the nanosecond, and all that follows is
 * in integers, so that 5.2 s at 0.40 are 2.080 and not 2.081. */
static uint64_t total_milli(double seconds, uint32_t milli_per_s)
{
    const uint64_t nano = 1000000000;
    double whole = floor(seconds);
    uint64_t fraction = (uint64_t)((seconds - whole) * (double)nano);
    uint64_t total = (uint64_t)whole * milli_per_s + (fraction * milli_per_s + nano - 1) / nano;
    return total ? total : 1;
}

bool wp_cost_estimate(struct wp_cost *out, const struct wp_limits *limits, enum wp_region region,
                      enum wp_mode mode, double seconds)
{
    const double longest = 1e9; /* some thirty years: what is over is no duration, and nothing overflows */
    if (!isfinite(seconds) || seconds <= 0 || seconds > longest)
        return false;
    for (size_t i = 0; i < limits->price_count; i++) {
        const struct wp_price *price = &limits->prices[i];
        if (price->region != region || price->mode != mode)
            continue;
        *out = (struct wp_cost){.currency = price->currency,
                                .mode = mode,
                                .seconds = seconds,
                                .milli_total = total_milli(seconds, price->milli_per_s)};
        return true;
    }
    return false;
}
