/* Loading libraries ahead of their first use. */
#ifndef WP_MEDIA_LOAD_H
#define WP_MEDIA_LOAD_H

#include <stdbool.h>

/** Loads the decoders of still images and what videos take (FFmpeg), for a process that will not be able to
 *  open files later; see late/late.h. */
void wp_media_load(bool images, bool videos);

#endif
