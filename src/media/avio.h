/* FFmpeg's input and output context over a bounded input: the only bytes that FFmpeg ever sees. */
#ifndef WP_MEDIA_AVIO_H
#define WP_MEDIA_AVIO_H

#include <libavformat/avio.h>

#include "media/input.h"

/** A context that reads in. NULL: out of memory. in must outlive it; freed by wp_avio_free(). */
AVIOContext *wp_avio_new(struct wp_input *in);

/** Frees a context and sets it to NULL. *io NULL is fine. */
void wp_avio_free(AVIOContext **io);

#endif
