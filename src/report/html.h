/* Parts of the HTML report. All append to a buffer, whose failures stick (base/buf.h). */
#ifndef WP_REPORT_HTML_H
#define WP_REPORT_HTML_H

#include <stddef.h>

#include "base/buf.h"
#include "wanprep/preflight.h"

/** Text or the value of a quoted attribute, whatever it holds: nothing in it is markup, and nothing in it
 * hides or turns what stands around it (see wp_text_plain_length()). */
void wp_html_text(struct wp_buf *out, const char *text);

/** Base64 (RFC 4648 4). */
void wp_html_base64(struct wp_buf *out, const void *bytes, size_t len);

/** "2 errors, 1 warning" or "no findings". */
void wp_html_sums(struct wp_buf *out, const struct wp_preflight *preflight);

/** The list item of a pair; number counts from 1. */
void wp_html_pair(struct wp_buf *out, const struct wp_preflight *preflight, size_t number);

/** The tables of what was measured. */
void wp_html_facts(struct wp_buf *out, const struct wp_preflight *preflight);

#endif
