/* The only way from text to numbers: the whole text must be the number, and in range. Independent of the
 * locale. */
#ifndef WP_BASE_NUMBER_H
#define WP_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/** Decimal digits only: no sign, space or prefix. False, and *out untouched, if text is no number in [min,
 * max]. */
bool wp_parse_u64(uint64_t *out, const char *text, uint64_t min, uint64_t max);

/**
 * A decimal number such as "12", "0.40" with at most `places` digits behind the point, as an integer in units
 * of 10^-places: wp_parse_fixed(&x, "0.4", 3, …) gives 400. False, and *out untouched, if it is none or out
 * of [min, max].
 */
bool wp_parse_fixed(uint64_t *out, const char *text, unsigned places, uint64_t min, uint64_t max);

/** A duration such as "90", "90s", "500ms", "15m", "2h", in ms. False if it is none or out of [min_ms,
 * max_ms]. */
bool wp_parse_duration_ms(int64_t *out, const char *text, int64_t min_ms, int64_t max_ms);

#endif
