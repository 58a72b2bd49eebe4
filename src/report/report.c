#include "wanprep/report.h"

#include <string.h>

#include "base/error.h"
#include "report/writers.h"

#include "base/banned.h"

/* Far over what the findings of one pair can come to; a bound on memory all the same. */
enum { CEILING = 16 * 1024 * 1024 };

bool wp_report_format_parse(enum wp_report_format *out, const char *text)
{
    static const char *const names[] = {"text", "json", "junit", "github"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], text) == 0) {
            *out = (enum wp_report_format)i;
            return true;
        }
    }
    return false;
}

enum wp_status wp_report_write(char **out, size_t *length, const struct wp_preflight *preflight,
                               enum wp_report_format format, const struct wp_report_options *options,
                               struct wp_error *error)
{
    struct wp_buf buf = wp_buf_new(CEILING);
    switch (format) {
    case WP_REPORT_TEXT:
        wp_report_text(&buf, preflight, options);
        break;
    case WP_REPORT_JSON:
        wp_report_json(&buf, preflight);
        break;
    case WP_REPORT_JUNIT:
        wp_report_junit(&buf, preflight);
        break;
    case WP_REPORT_GITHUB:
        wp_report_github(&buf, preflight);
        break;
    }
    size_t len = buf.len;
    char *document = buf.failed ? NULL : wp_buf_take(&buf);
    wp_buf_free(&buf);
    if (!document)
        return wp_fail_nomem(error, "report");
    *out = document;
    *length = len;
    return WP_OK;
}
