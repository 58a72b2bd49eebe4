/* Loading FFmpeg ahead of its first use. */
#ifndef WP_MEDIA_LOAD_H
#define WP_MEDIA_LOAD_H

/** Has FFmpeg's libraries loaded, for a process that will not be able to open them later; see late/late.h. */
void wp_media_load(void);

#endif
