/* Leaving a member out of a JSON text. */
#ifndef WP_SANDBOX_OMIT_H
#define WP_SANDBOX_OMIT_H

#include "base/buf.h"

/** Removes every member of that name, at any depth, from compact, well-formed JSON as our writer makes it. */
void sb_omit_member(struct wp_buf *json, const char *name);

#endif
