/* Comparisons of fractions and products without rounding and without overflow. */
#ifndef WP_RULES_EXACT_H
#define WP_RULES_EXACT_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "wanprep/facts.h"

/** Below 0, 0 or above 0 as the fraction is less than, equal to or more than a whole number. */
static inline int wp_exact_compare(struct wp_rational fraction, uint32_t whole)
{
    assert(fraction.den > 0);
    int64_t quotient = fraction.num / fraction.den, rest = fraction.num % fraction.den;
    if (quotient != (int64_t)whole)
        return quotient < (int64_t)whole ? -1 : 1;
    return (rest > 0) - (rest < 0);
}

/** Whether two fractions that are not negative lie more than a tenth apart. */
static inline bool wp_exact_over_tenth_apart(struct wp_rational a, struct wp_rational b)
{
    assert(a.num >= 0 && b.num >= 0 && a.den > 0 && b.den > 0);
    __extension__ typedef __int128 wide; /* each product stays under 2^126 */
    wide difference = (wide)a.num * b.den - (wide)b.num * a.den;
    if (difference < 0)
        difference = -difference;
    return difference > (wide)a.den * b.den / 10;
}

/** Whether the longer of two sides is at most `most` times the shorter. */
static inline bool wp_exact_ratio_within(uint32_t width, uint32_t height, uint32_t most)
{
    return (uint64_t)most * width >= height && (uint64_t)most * height >= width;
}

/** Whether two aspect ratios differ by more than the factor num/den; all are positive. */
static inline bool wp_exact_ratios_apart(const uint32_t a[2], const uint32_t b[2], uint32_t num, uint32_t den)
{
    __extension__ typedef unsigned __int128 wide;
    wide left = (wide)a[0] * b[1], right = (wide)b[0] * a[1];
    return den * left > num * right || den * right > num * left;
}

#endif
