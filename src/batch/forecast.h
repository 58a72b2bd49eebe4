/*
 * When the service will be through with what is queued. It works on one task of the model at a time, so the
 * end is the sum of all of them. How long a task takes is its predicted length times a factor of its mode;
 * the factor begins as field reports have it and follows what is seen.
 */
#ifndef WP_BATCH_FORECAST_H
#define WP_BATCH_FORECAST_H

#include <stdint.h>

#include "wanprep/limits.h"

enum { WP_FORECAST_MODES = 2 };

struct wp_forecast {
    double factor[WP_FORECAST_MODES]; /**< by enum wp_mode: seconds of work for a second of output */
    double queued[WP_FORECAST_MODES]; /**< seconds of output that are asked for and not made yet */
};

/** 9 in wan-std and 16 in wan-pro: dashscope.md, field report. */
struct wp_forecast wp_forecast_new(void);

/** A task was submitted; seconds is the length that is expected of it, over 0. */
void wp_forecast_add(struct wp_forecast *forecast, enum wp_mode mode, double seconds);

/** It is over, or was given up. The same seconds as when it was added. */
void wp_forecast_remove(struct wp_forecast *forecast, enum wp_mode mode, double seconds);

/** A task of so many seconds was worked on for so long: the factor moves a fifth of the way there. What is
 * not over 0 teaches nothing. */
void wp_forecast_learn(struct wp_forecast *forecast, enum wp_mode mode, double seconds, int64_t worked_ms);

/** How long what is queued will take; ms, at least 0. */
int64_t wp_forecast_ms(const struct wp_forecast *forecast);

#endif
