/* Names and URLs of inputs: as people may see them, and as a shell takes them. */
#ifndef WP_REPORT_LOCATION_H
#define WP_REPORT_LOCATION_H

#include <stddef.h>

#include "base/buf.h"
#include "wanprep/facts.h"

/** The location without what signs or authorises in a URL. size: sizeof source->location will do. */
void wp_location_redacted(char *out, size_t size, const struct wp_source_facts *source);

/** wp_location_redacted() made fit for a terminal, without the query of a URL. */
void wp_location_display(struct wp_buf *out, const struct wp_source_facts *source);

/** The percent-encoded form of a URL, redacted. */
void wp_location_encoded(struct wp_buf *out, const struct wp_source_facts *source);

/**
 * A URI reference (RFC 3986) in ASCII: file:///… for an absolute path, a relative one for a relative path, a
 * URL as wp_location_encoded() has it.
 */
void wp_location_uri(struct wp_buf *out, const struct wp_source_facts *source);

/**
 * One word of a POSIX shell that stands for text, in printable ASCII or UTF-8: pasting it is safe whatever
 * text holds. A name that a program would take for an option or a protocol gets "./" in front.
 */
void wp_shell_word(struct wp_buf *out, const char *text);

/** The shell word of the local file that a fix reads: the path, or for a URL the name that a copy would have.
 */
void wp_location_input(struct wp_buf *out, const struct wp_source_facts *source);

/** The shell word of a file beside the input: its name with `mark` and another extension: with ".fixed" and
 * "jpg", dir/a.png gives dir/a.fixed.jpg. */
void wp_location_output(struct wp_buf *out, const struct wp_source_facts *source, const char *mark,
                        const char *extension);

#endif
