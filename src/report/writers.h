/* One writer a format. Each appends a whole document to a buffer, whose failures stick (base/buf.h). */
#ifndef WP_REPORT_WRITERS_H
#define WP_REPORT_WRITERS_H

#include "base/buf.h"
#include "wanprep/report.h"

void wp_report_text(struct wp_buf *out, const struct wp_preflight *preflight,
                    const struct wp_report_options *options);
void wp_report_json(struct wp_buf *out, const struct wp_preflight *preflight);
void wp_report_junit(struct wp_buf *out, const struct wp_preflight *preflight);
void wp_report_github(struct wp_buf *out, const struct wp_preflight *preflight);

#endif
