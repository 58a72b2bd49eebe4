/* What was seen, in words for people. */
#ifndef WP_REPORT_SIGHT_H
#define WP_REPORT_SIGHT_H

#include "base/buf.h"
#include "wanprep/content.h"

/** One picture: "3 faces, the highest 21 % of the height, turned by 44 degrees". */
void wp_sight_look(struct wp_buf *out, const struct wp_look *look);

/** Its light and sharpness: "brightness 80 %, sharpness 0.3". */
void wp_sight_light(struct wp_buf *out, const struct wp_look *look);

/** All pictures of a medium: the one of an image, or of a video "1 to 3 faces in 11 frames, the highest 14 to
 * 21 % of the height, at most turned by 44 degrees at 3.2 s". Only where it was looked at. */
void wp_sight_medium(struct wp_buf *out, const struct wp_content_facts *facts, bool is_video);

#endif
