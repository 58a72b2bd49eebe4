/* Small strings in fixed arrays. */
#ifndef WP_BASE_TEXT_H
#define WP_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/** Copies as much of text as fits, never half a UTF-8 character. False if it was cut. text NULL counts as "".
 */
bool wp_text_copy(char *out, size_t size, const char *text);

/** snprintf() into out; false if it was cut. */
bool wp_text_format(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/** Length in bytes (1 to 4) of the well-formed UTF-8 character at text, or 0 if there is none (RFC 3629). A
 * NUL counts 1. */
size_t wp_text_utf8_length(const char *text);

/** The same, but 0 also for what shows nothing and changes how other text is shown: control characters (C0,
 * DEL, C1), line separators, and marks that change the direction of writing. */
size_t wp_text_plain_length(const char *text);

/** Replaces the bytes of all that wp_text_plain_length() calls 0 with '?', in place: for terminals, logs and
 * pages. */
void wp_text_sanitize(char *text);

/** Whether text begins with, or ends with, part. */
bool wp_text_starts(const char *text, const char *part);
bool wp_text_ends(const char *text, const char *part);

/** ASCII comparison without regard to case; independent of the locale. */
bool wp_text_equal_nocase(const char *a, const char *b);

/**
 * The extension of a path or of a URL's path: lower case, without the dot, up to size - 1 letters and digits;
 * "" if there is none or it is longer. For URLs query and fragment are not looked at.
 */
void wp_text_extension(char *out, size_t size, const char *location, bool is_url);

#endif
