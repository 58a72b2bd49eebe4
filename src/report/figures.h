/* Numbers as people read them, whatever the locale of the process. */
#ifndef WP_REPORT_FIGURES_H
#define WP_REPORT_FIGURES_H

#include <stdint.h>

#include "base/buf.h"
#include "wanprep/findings.h"

/** "31.2": at most `places` (to 9) digits behind the point, without zeros at the end. */
void wp_figure_decimal(struct wp_buf *out, double value, unsigned places);

/** "5,243,000". */
void wp_figure_grouped(struct wp_buf *out, uint64_t value);

/** "5,243,000 bytes (5.24 MB)"; MB and kB are powers of ten. */
void wp_figure_bytes(struct wp_buf *out, uint64_t bytes);

/** "4.00", from thousandths: at least two digits behind the point. */
void wp_figure_money(struct wp_buf *out, uint64_t milli);

/**
 * A value with its unit, e.g. "31.2 s", "2 to 30 s", "1080x1920", "1:3 to 3:1"; nothing for WP_VALUE_NONE.
 * A number gets as many digits as it takes to tell it from the ends of other (a limit), so that nothing reads
 * "30 s is over 30 s".
 */
void wp_figure_value(struct wp_buf *out, const struct wp_value *value, const struct wp_value *other,
                     const char *unit);

#endif
