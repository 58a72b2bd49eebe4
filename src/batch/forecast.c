#include "batch/forecast.h"

#include <assert.h>

#include "base/banned.h"

#define LEARNS  0.2 /* how much of a surprise is believed */
#define MOST_MS 1e15

struct wp_forecast wp_forecast_new(void)
{
    return (struct wp_forecast){.factor = {[WP_MODE_STD] = 9, [WP_MODE_PRO] = 16}};
}

void wp_forecast_add(struct wp_forecast *forecast, enum wp_mode mode, double seconds)
{
    assert(seconds > 0);
    forecast->queued[mode] += seconds;
}

void wp_forecast_remove(struct wp_forecast *forecast, enum wp_mode mode, double seconds)
{
    double left = forecast->queued[mode] - seconds;
    forecast->queued[mode] =
        left > 1e-6 ? left : 0; /* sums of fractions do not come back to 0 by themselves */
}

void wp_forecast_learn(struct wp_forecast *forecast, enum wp_mode mode, double seconds, int64_t worked_ms)
{
    if (!(seconds > 0) || worked_ms <= 0)
        return;
    double seen = (double)worked_ms / 1000 / seconds;
    forecast->factor[mode] += LEARNS * (seen - forecast->factor[mode]);
}

int64_t wp_forecast_ms(const struct wp_forecast *forecast)
{
    double ms = 0;
    for (int mode = 0; mode < WP_FORECAST_MODES; mode++)
        ms += forecast->queued[mode] * forecast->factor[mode] * 1000;
    return ms < MOST_MS ? (int64_t)ms : (int64_t)MOST_MS;
}
