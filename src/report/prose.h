/*
 * From the templates of the catalogue to sentences and commands.
 *
 * A name in braces stands for a value; {(name)} for " (value)", or for nothing if the value is empty:
 * - file: the input as the user named it, fit for a terminal, without secrets and query of a URL; of a pair
 * both
 * - actual, limit: of the finding, with the rule's unit; detail: of the finding
 * - format, width, height, duration, container_duration: facts of the medium; duration.value: without a unit;
 *   image.width, …: of that medium of a pair
 * - encoded: the URL, percent-encoded
 * - in: the input as one word of a shell
 * - out, out.jpg, …: a new file beside it, as dir/person.fixed.jpg; out keeps the format of the image
 * - convert, usual, reduce, rename: the whole command that makes a format of it that is taken, its usual
 * variant, or 8 bits of it, or renames it; recover: words for a file that cannot be read
 * - geometry: options that bring the sides and their ratio within the limits
 * - crop: options that give the image the shape of the video
 * - extent, maxrate: values and options that bring the size of the file under the limit
 * - trim, length: options that bring the duration within the limits, and what they do in words
 * - even: an option that makes odd sides even, as H.264 wants them; ",even": within a list of filters
 * - fps: a whole frame rate within the limits
 * - later, alone, closer, lighter, framing: ": " and the whole command that trims, crops or lightens a medium
 * by what was seen in it, or words where there is none; straighten: a whole way out
 */
#ifndef WP_REPORT_PROSE_H
#define WP_REPORT_PROSE_H

#include "base/buf.h"
#include "wanprep/preflight.h"

/** Appends what one template of a finding says. */
typedef void wp_prose_fn(struct wp_buf *out, const struct wp_preflight *preflight,
                         const struct wp_finding *finding);

/** The finding's sentence. Free of control bytes. */
wp_prose_fn wp_prose_message;

/** The way out, with a command that can be pasted into a POSIX shell. Free of control bytes. */
wp_prose_fn wp_prose_fix;

/** Where in a way out the part begins that can be pasted, a command or a URL; its length if it has none. */
size_t wp_prose_command(const char *fix);

#endif
