/* Editing JSON texts as our writer makes them: compact and well-formed. Members are meant at any depth. */
#ifndef WP_SANDBOX_EDIT_H
#define WP_SANDBOX_EDIT_H

#include "base/buf.h"

/** Removes every member of that name. */
void sb_edit_omit(struct wp_buf *json, const char *name);

/** Puts a member of that name and another value before every member of that name. */
void sb_edit_repeat(struct wp_buf *json, const char *name);

/** Gives every member of that name a text value; value must need no escapes. */
void sb_edit_set(struct wp_buf *json, const char *name, const char *value);

#endif
