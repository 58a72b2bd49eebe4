#include "report/figures.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/text.h"

#include "base/banned.h"

enum { MOST_PLACES = 9 };

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;
    while (exponent--)
        power *= 10;
    return power;
}

/* value in units of 10^-places, or false if it is too big for that. */
static bool scaled(uint64_t *out, double value, unsigned places)
{
    double exact = fabs(value) * (double)power_of_ten(places) + 0.5;
    if (!(exact < 1e18))
        return false;
    *out = (uint64_t)exact;
    return true;
}

void wp_figure_decimal(struct wp_buf *out, double value, unsigned places)
{
    assert(places <= MOST_PLACES);
    uint64_t units = 0;
    if (!scaled(&units, value, places)) {
        (void)wp_buf_add_format(out, "%.0f", value);
        return;
    }
    while (places > 0 && units % 10 == 0) {
        units /= 10;
        places--;
    }
    uint64_t one = power_of_ten(places);
    (void)wp_buf_add_format(out, "%s%" PRIu64, value < 0 && units ? "-" : "", units / one);
    if (places)
        (void)wp_buf_add_format(out, ".%0*" PRIu64, (int)places, units % one);
}

void wp_figure_grouped(struct wp_buf *out, uint64_t value)
{
    char digits[24];
    wp_text_format(digits, sizeof digits, "%" PRIu64, value);
    size_t len = strlen(digits);
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            (void)wp_buf_add(out, ",", 1);
        (void)wp_buf_add(out, &digits[i], 1);
    }
}

void wp_figure_bytes(struct wp_buf *out, uint64_t bytes)
{
    const uint64_t kilo = 1000, mega = 1000000;
    wp_figure_grouped(out, bytes);
    (void)wp_buf_add_text(out, bytes == 1 ? " byte" : " bytes");
    if (bytes < 10 * kilo)
        return;
    uint64_t unit = bytes < mega ? kilo : mega;
    (void)wp_buf_add_text(out, " (");
    wp_figure_decimal(out, (double)bytes / (double)unit, 2);
    (void)wp_buf_add_text(out, unit == kilo ? " kB)" : " MB)");
}

void wp_figure_money(struct wp_buf *out, uint64_t milli)
{
    (void)wp_buf_add_format(out, "%" PRIu64 ".%02" PRIu64, milli / 1000, milli % 1000 / 10);
    if (milli % 10)
        (void)wp_buf_add_format(out, "%" PRIu64, milli % 10);
}

/* Whether value rounds to bound although it is another number. */
static bool reads_like(double value, double bound, unsigned places)
{
    uint64_t a, b;
    return value != bound && scaled(&a, value, places) && scaled(&b, bound, places) && a == b;
}

/* How many digits tell value from the ends of other. */
static unsigned places_for(double value, const struct wp_value *other)
{
    unsigned places = 3;
    if (!other || (other->kind != WP_VALUE_NUMBER && other->kind != WP_VALUE_RANGE))
        return places;
    size_t ends = other->kind == WP_VALUE_RANGE ? 2 : 1;
    for (size_t i = 0; i < ends; i++) {
        while (places < MOST_PLACES && reads_like(value, other->number[i], places))
            places++;
    }
    return places;
}

/* Width over height as "3:1" or "1:3". */
static void add_ratio(struct wp_buf *out, double ratio, const struct wp_value *other)
{
    bool tall = ratio > 0 && ratio < 1;
    struct wp_value bounds = {.kind = WP_VALUE_NONE};
    if (other && other->kind == WP_VALUE_RANGE) {
        bounds = *other;
        for (size_t i = 0; i < 2 && tall; i++)
            bounds.number[i] = 1 / other->number[i];
    }
    double factor = tall ? 1 / ratio : ratio;
    (void)wp_buf_add_text(out, tall ? "1:" : "");
    wp_figure_decimal(out, factor, places_for(factor, &bounds));
    (void)wp_buf_add_text(out, tall ? "" : ":1");
}

static void add_number(struct wp_buf *out, double number, const struct wp_value *other, const char *unit)
{
    if (strcmp(unit, "bytes") == 0)
        wp_figure_bytes(out, number < (double)UINT64_MAX ? (uint64_t)number : UINT64_MAX);
    else if (strcmp(unit, "w/h") == 0)
        add_ratio(out, number, other);
    else
        wp_figure_decimal(out, number, places_for(number, other));
}

void wp_figure_value(struct wp_buf *out, const struct wp_value *value, const struct wp_value *other,
                     const char *unit)
{
    switch (value->kind) {
    case WP_VALUE_NONE:
        return;
    case WP_VALUE_TEXT: {
        char text[sizeof value->text];
        wp_text_copy(text, sizeof text, value->text);
        wp_text_sanitize(text);
        (void)wp_buf_add_text(out, text);
        return;
    }
    case WP_VALUE_SIZE:
        wp_figure_decimal(out, value->number[0], 0);
        (void)wp_buf_add_text(out, "x");
        wp_figure_decimal(out, value->number[1], 0);
        return;
    case WP_VALUE_RANGE:
        add_number(out, value->number[0], other, unit);
        (void)wp_buf_add_text(out, " to ");
        add_number(out, value->number[1], other, unit);
        break;
    case WP_VALUE_NUMBER:
        add_number(out, value->number[0], other, unit);
        break;
    }
    bool has_own_unit = strcmp(unit, "bytes") == 0 || strcmp(unit, "w/h") == 0;
    if (unit[0] && !has_own_unit)
        (void)wp_buf_add_format(out, " %s", unit);
}
