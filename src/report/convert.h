/* Commands that make another format of an input: for what the service, or a decoder, does not read. */
#ifndef WP_REPORT_CONVERT_H
#define WP_REPORT_CONVERT_H

#include "report/variable.h"

/** A filter for videos whose sides are not known: H.264 in 4:2:0 needs even ones. */
#define WP_EVEN_SIDES "'scale=trunc(iw*sar/2)*2:trunc(ih/2)*2,setsar=1'"

/** ": COMMAND" that makes a format that the service takes, of what it does not take; or why there is none. */
void wp_convert(struct wp_buf *out, const struct wp_prose *prose);

/** Likewise the usual variant of an image, of one that is rarely read. */
void wp_convert_usual(struct wp_buf *out, const struct wp_prose *prose);

/** A command for 8 bits a sample. */
void wp_convert_reduce(struct wp_buf *out, const struct wp_prose *prose);

/** A little under the size of an image that is sure, in the kB of ImageMagick. */
void wp_convert_extent(struct wp_buf *out, const struct wp_prose *prose);

#endif
