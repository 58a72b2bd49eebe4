/* Pages of the reference. */
#ifndef WP_CLI_DOCGEN_H
#define WP_CLI_DOCGEN_H

#include "base/buf.h"

/** The man page wanprep(1), in man(7) macros. */
void wp_man_write(struct wp_buf *out);

#endif
