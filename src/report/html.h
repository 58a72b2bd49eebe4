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

/** What was seen in the frame of this time, or NULL. */
const struct wp_look *wp_html_look_at(const struct wp_content_facts *facts, double time_s);

/** The boxes of faces, to lie over the picture in an element of the class "shot"; nothing if there are none.
 */
void wp_html_boxes(struct wp_buf *out, const struct wp_look *look);

/** The table of what was seen in a medium; nothing if no look was asked for. */
void wp_html_seen(struct wp_buf *out, const struct wp_content_facts *facts,
                  const struct wp_source_facts *source, bool is_video);

/** The tables of what was measured, and of what was seen. */
void wp_html_facts(struct wp_buf *out, const struct wp_preflight *preflight);

#endif
