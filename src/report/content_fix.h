/* Ways out of what pictures show: the parts of fixes that depend on what was seen. */
#ifndef WP_REPORT_CONTENT_FIX_H
#define WP_REPORT_CONTENT_FIX_H

#include "report/variable.h"

/** ": COMMAND" that begins the video with a frame after which its rule has nothing to say; or that there is
 * none. */
void wp_content_fix_later(struct wp_buf *out, const struct wp_prose *prose);

/** ": COMMAND" that leaves the highest face alone in the image; or that there is none. */
void wp_content_fix_alone(struct wp_buf *out, const struct wp_prose *prose);

/** A sentence, with a command where the picture lies on its side. */
void wp_content_fix_straighten(struct wp_buf *out, const struct wp_prose *prose);

/** ": COMMAND" that crops so that the face is large enough; or that there is none. */
void wp_content_fix_closer(struct wp_buf *out, const struct wp_prose *prose);

/** ": COMMAND" that makes it lighter; or that there is none. */
void wp_content_fix_lighter(struct wp_buf *out, const struct wp_prose *prose);

/** ": COMMAND" that crops the image to the framing of the video; or what to do instead. */
void wp_content_fix_framing(struct wp_buf *out, const struct wp_prose *prose);

#endif
