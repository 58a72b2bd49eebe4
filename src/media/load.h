/* Loading libraries ahead of their first use. */
#ifndef WP_MEDIA_LOAD_H
#define WP_MEDIA_LOAD_H

#include <stdbool.h>

/** Loads, for a process that will not be able to open files later; see late/late.h. */
typedef void wp_media_load_fn(void);

/** What loads the decoders of still images, or what videos take (FFmpeg), or both; NULL where it is neither.
 */
wp_media_load_fn *wp_media_loader(bool images, bool videos);

#endif
